//! What somebody wants to hear of.

use serde::{Deserialize, Serialize};

use super::{NotificationKind, Notifications, QuietHours};
use crate::access::{InWorkspace, OnChannel, action};
use crate::error::{Error, Problems, Result};
use crate::ids::{ChannelId, UserId, WorkspaceId};
use crate::input::{Check, Input, Patch};
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelLevel {
    /// The channel.
    pub channel_id: ChannelId,
    /// Of what. Of nothing also ends mail.
    pub level: Level,
    /// Of what by mail while away; null is as for all channels.
    pub email: Option<Level>,
}

/// What somebody wants to hear of in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationPreferences {
    /// The kinds of notifications that are not made for them.
    pub silenced: Vec<NotificationKind>,
    /// The channels in which they want something else than in all others.
    pub channels: Vec<ChannelLevel>,
    /// Of what in conversations they are told by mail while they are away: `all` at first.
    pub email: Level,
    /// Whether such a mail shows what was said, or only that something was. To an address that was never verified no mail
    /// shows it.
    pub email_content: bool,
    /// The hours in which no such mail is sent; it waits until they are over.
    pub quiet_hours: Option<QuietHours>,
}

impl Default for NotificationPreferences {
    fn default() -> Self {
        Self { silenced: Vec::new(), channels: Vec::new(), email: Level::All, email_content: true, quiet_hours: None }
    }
}

/// What one wants to hear of in one channel from now on; what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetChannelLevel {
    /// The channel.
    pub channel_id: ChannelId,
    /// Of what.
    pub level: Option<Level>,
    /// Of what by mail while away; null is as for all channels.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Level>))]
    #[serde(default)]
    pub email: Patch<Level>,
}

/// What one wants to hear of from now on; what is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetPreferences {
    /// All the kinds of notifications that are not to be made.
    pub silenced: Option<Vec<NotificationKind>>,
    /// Channels in which one wants to hear of something else than before.
    #[cfg_attr(feature = "openapi", schema(required = false, max_items = 500))]
    pub channels: Option<Vec<SetChannelLevel>>,
    /// Of what in conversations one is told by mail while away.
    pub email: Option<Level>,
    /// Whether such a mail shows what was said.
    pub email_content: Option<bool>,
    /// The hours in which no such mail is sent; null ends them.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<QuietHours>))]
    #[serde(default)]
    pub quiet_hours: Patch<QuietHours>,
}

/// What changes of what somebody wants to hear of; all else stays as it is, also if it changes at the same time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreferencesChange {
    /// The kinds of notifications that are not to be made, sorted.
    pub silenced: Option<Vec<NotificationKind>>,
    /// Of what in conversations one is told by mail.
    pub email: Option<Level>,
    /// Whether mail shows what was said.
    pub email_content: Option<bool>,
    /// The hours without mail.
    pub quiet_hours: Patch<QuietHours>,
}

impl Check for SetPreferences {
    fn check(&mut self, problems: &mut Problems) {
        if self.channels.as_ref().is_some_and(|channels| channels.len() > CHANNELS_MAX) {
            problems.add("channels", "too_many", format!("Name at most {CHANNELS_MAX} channels."));
        }
        if let Patch::Set(quiet) = &self.quiet_hours {
            quiet.check(problems);
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
            let SetPreferences { silenced, channels, email, email_content, quiet_hours } = input.checked()?;
            let change = PreferencesChange {
                silenced: silenced.map(|mut silenced| {
                    silenced.sort();
                    silenced.dedup();
                    silenced
                }),
                email,
                email_content,
                quiet_hours,
            };
            work.tx()?.change_notification_preferences(&permit, user, &change).await?;
            for level in channels.unwrap_or_default() {
                let Some(inside) = work.permitted::<action::SetPreferences>(OnChannel(workspace, level.channel_id)).await? else {
                    return Err(Error::field("channels", "not_found", "There is no such channel."));
                };
                work.tx()?.set_level(&inside, user, &level).await?;
            }
            let after = work.tx()?.notification_preferences(&permit, user).await?;
            work.commit().await?;
            Ok(after)
        })
        .await
    }
}
