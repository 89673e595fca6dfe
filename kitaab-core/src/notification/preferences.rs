//! What somebody wants to hear of.

use serde::{Deserialize, Serialize};

use super::{NotificationKind, Notifications};
use crate::access::{InWorkspace, OnChannel, action};
use crate::error::{Error, Problems, Result};
use crate::ids::{ChannelId, UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::sql::names;
use crate::work::{Work, again};
use crate::workspace::scope;

/// The most channels that are named at once.
const CHANNELS_MAX: usize = 500;

names! {
    /// Of what in a channel somebody wants to hear.
    pub enum Level {
        /// Of everything.
        All = "all",
        /// Of mentions, answers, and what is written to them alone.
        Mentions = "mentions",
        /// Of nothing.
        None = "none",
    }
}

/// Of what in one channel somebody wants to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelLevel {
    /// The channel.
    pub channel_id: ChannelId,
    /// Of what.
    pub level: Level,
}

/// What somebody wants to hear of in a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationPreferences {
    /// The kinds of notifications that are not made for them.
    pub silenced: Vec<NotificationKind>,
    /// The channels in which they want to hear of something else than `mentions`.
    pub channels: Vec<ChannelLevel>,
}

/// What one wants to hear of from now on; what is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetPreferences {
    /// All the kinds of notifications that are not to be made.
    pub silenced: Option<Vec<NotificationKind>>,
    /// Channels in which one wants to hear of something else than before.
    #[cfg_attr(feature = "openapi", schema(required = false, max_items = 500))]
    pub channels: Option<Vec<ChannelLevel>>,
}

impl Check for SetPreferences {
    fn check(&mut self, problems: &mut Problems) {
        if self.channels.as_ref().is_some_and(|channels| channels.len() > CHANNELS_MAX) {
            problems.add("channels", "too_many", format!("Name at most {CHANNELS_MAX} channels."));
        }
    }
}

impl Notifications<'_> {
    /// What the caller wants to hear of.
    pub async fn preferences(&self, workspace: WorkspaceId) -> Result<NotificationPreferences> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListNotifications>(InWorkspace(workspace)).await?;
        Ok(work.tx()?.notification_preferences(&permit, user).await?)
    }

    /// Changes what the caller wants to hear of. A channel that they are not in is an error, and nothing is changed.
    pub async fn set_preferences(&self, workspace: WorkspaceId, input: Input<SetPreferences>) -> Result<NotificationPreferences> {
        let user: UserId = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::SetNotificationPreferences>(InWorkspace(workspace)).await?;
            let SetPreferences { silenced, channels } = input.checked()?;
            if let Some(mut silenced) = silenced {
                silenced.sort();
                silenced.dedup();
                work.tx()?.silence(&permit, user, &silenced).await?;
            }
            for ChannelLevel { channel_id, level } in channels.unwrap_or_default() {
                let Some(inside) = work.permitted::<action::SetPreferences>(OnChannel(workspace, channel_id)).await? else {
                    return Err(Error::field("channels", "not_found", "There is no such channel."));
                };
                work.tx()?.set_level(&inside, user, level).await?;
            }
            let after = work.tx()?.notification_preferences(&permit, user).await?;
            work.commit().await?;
            Ok(after)
        })
        .await
    }
}
