//! How one person keeps one channel. Nobody else sees it.

use serde::{Deserialize, Serialize};

use crate::access::{OnChannel, action};
use crate::chat::Chat;
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ChannelId, WorkspaceId};
use crate::input::{Check, Input, Patch};
use crate::text;
use crate::time::Timestamp;
use crate::work::{Work, again};
use crate::workspace::scope;

/// The longest name of a category, in characters.
const CATEGORY_MAX: usize = 50;

/// How one person keeps a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "four switches that are set apart from one another")]
pub struct ChannelPreferences {
    /// Nothing is notified before this; null if it is not muted.
    pub muted_until: Option<Timestamp>,
    /// Whether it was put away.
    pub archived: bool,
    /// Whether it is at the top.
    pub pinned: bool,
    /// Whether it is left out until its next message.
    pub hidden: bool,
    /// Where it belongs, in the person's own words.
    pub category: Option<String>,
    /// Whether it matters more than others.
    pub priority: bool,
}

/// A change of how one keeps a channel; what is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdatePreferences {
    /// Until when nothing is notified; null ends it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Timestamp>))]
    #[serde(default)]
    pub muted_until: Patch<Timestamp>,
    /// Puts it away, or brings it back.
    pub archived: Option<bool>,
    /// Puts it to the top, or takes it from there.
    pub pinned: Option<bool>,
    /// Leaves it out until its next message, or shows it again.
    pub hidden: Option<bool>,
    /// Where it belongs; null is nowhere.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 50))]
    #[serde(default)]
    pub category: Patch<String>,
    /// Whether it matters more than others.
    pub priority: Option<bool>,
}

impl Check for UpdatePreferences {
    fn check(&mut self, problems: &mut Problems) {
        if let Patch::Set(category) = &mut self.category {
            check_category(category, "category", problems);
        }
    }
}

pub(super) fn check_category(category: &mut String, field: &str, problems: &mut Problems) {
    text::visible_line(category, field, CATEGORY_MAX, problems);
    if category.is_empty() {
        problems.add(field, "required", "Name a category.");
    }
}

impl UpdatePreferences {
    fn apply(self, to: ChannelPreferences) -> ChannelPreferences {
        ChannelPreferences {
            muted_until: self.muted_until.or(to.muted_until),
            archived: self.archived.unwrap_or(to.archived),
            pinned: self.pinned.unwrap_or(to.pinned),
            hidden: self.hidden.unwrap_or(to.hidden),
            category: self.category.or(to.category),
            priority: self.priority.unwrap_or(to.priority),
        }
    }
}

impl Chat<'_> {
    /// Changes how the caller keeps a channel. All their devices hear of it, and nobody else.
    pub async fn update_preferences(
        &self,
        workspace: WorkspaceId,
        channel: ChannelId,
        input: Input<UpdatePreferences>,
    ) -> Result<ChannelPreferences> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::SetPreferences>(OnChannel(workspace, channel)).await?;
            let change = input.checked()?;
            let before = work.tx()?.preferences(&permit, user).await?.ok_or(Error::NotFound)?;
            let after = change.apply(before.clone());
            if after != before {
                work.tx()?.set_preferences(&permit, user, &after).await?;
                work.tell(Told::own(EventKind::ChannelPreferencesChanged, user, Some(channel), channel.0));
            }
            let now = work.now();
            work.commit().await?;
            Ok(after.seen_at(now))
        })
        .await
    }

    /// How the caller keeps a channel, as an event tells it.
    pub(crate) async fn preferences_told(&self, workspace: WorkspaceId, channel: ChannelId) -> Result<serde_json::Value> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewChannel>(OnChannel(workspace, channel)).await?;
        let found = work.tx()?.preferences(&permit, user).await?.ok_or(Error::NotFound)?.seen_at(work.now());
        Ok(serde_json::json!({"channel_id": channel, "preferences": found}))
    }
}

impl ChannelPreferences {
    /// What was muted until then is not muted any more.
    pub(crate) fn seen_at(self, now: Timestamp) -> Self {
        Self { muted_until: self.muted_until.filter(|until| *until > now), ..self }
    }
}
