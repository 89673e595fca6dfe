//! Changing the name of a group, archiving a channel and bringing it back.

use serde::Deserialize;

use super::{ChannelKind, ChannelView, view};
use crate::access::{OnChannel, action};
use crate::answer::Single;
use crate::chat::Chat;
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ChannelId, WorkspaceId};
use crate::input::{Check, Input};
use crate::text;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A change of a channel. Absent fields stay.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateChannel {
    /// What a group is called.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// True archives a group, which leaves it to be read; false brings it back. It stands alone.
    pub archived: Option<bool>,
}

impl Check for UpdateChannel {
    fn check(&mut self, problems: &mut Problems) {
        if self.archived.is_some() && self.name.is_some() {
            problems.add("archived", "alone", "Archive or bring back in a request of its own.");
        }
        if let Some(name) = &mut self.name {
            text::name(name, "name", problems);
        }
    }
}

impl Chat<'_> {
    /// Changes a group. With `if_match`, only if it still has this version. A direct channel and that of a project have
    /// nothing to change: 409 `channel_fixed`.
    pub async fn update_channel(
        &self,
        workspace: WorkspaceId,
        channel: ChannelId,
        input: Input<UpdateChannel>,
        if_match: Option<i64>,
    ) -> Result<Single<ChannelView>> {
        again(self.kitaab, || self.try_update(OnChannel(workspace, channel), &input, if_match)).await
    }

    async fn try_update(&self, target: OnChannel, input: &Input<UpdateChannel>, if_match: Option<i64>) -> Result<Single<ChannelView>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        let permit = work.may::<action::ArchiveChannel>(target).await?;
        work.unchanged::<action::ArchiveChannel>();
        let change = input.checked()?;
        let row = work.tx()?.channel(&permit, user).await?.ok_or(Error::NotFound)?.channel;
        let expected = if_match.unwrap_or(row.version);
        if expected != row.version {
            return Err(Error::Stale { current_version: row.version });
        }
        if row.kind != ChannelKind::Group {
            return Err(Error::conflict("channel_fixed", "Only a group has a name of its own and is archived by itself."));
        }
        let mut changed = row.clone();
        let mut kind = EventKind::ChannelUpdated;
        match change.archived {
            Some(true) => {
                changed.archived_at = row.archived_at.or(Some(work.now()));
                kind = EventKind::ChannelArchived;
            }
            Some(false) => changed.archived_at = None,
            None => changed.name = change.name.or(changed.name),
        }
        if changed != row {
            // Asked for again, so that the audit log names what was done.
            if change.archived.is_some() {
                work.may::<action::ArchiveChannel>(target).await?;
            } else {
                work.may::<action::EditChannel>(target).await?;
            }
            if !work.tx()?.update_channel(&permit, &changed, expected).await? {
                return Err(crate::store::StoreError::Conflict.into());
            }
            work.tell(Told::channel(kind, target.1, None, target.1.0));
        }
        let permit = work.may::<action::ViewChannel>(target).await?;
        let answer = view::single(&mut work, &permit, user).await?;
        work.commit().await?;
        Ok(answer)
    }
}
