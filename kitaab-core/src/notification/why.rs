//! Why somebody was notified, and why not.

use serde::{Deserialize, Serialize};

use super::{Level, NotificationKind, Notifications, Rule};
use crate::access::{InWorkspace, OnMessage, OnPerson, action};
use crate::error::{Error, Result};
use crate::ids::{MessageId, NotificationId, UserId, WorkspaceId};
use crate::sql::names;
use crate::work::Work;
use crate::workspace::scope;

/// Why there is a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Why {
    /// By which rule it was made.
    pub rule: Rule,
    /// The rule as a sentence.
    pub sentence: String,
    /// The kind that can be silenced, if one does not want to hear of such things.
    #[serde(rename = "type")]
    pub kind: NotificationKind,
}

names! {
    /// Why somebody is not notified of a message.
    pub enum Reason {
        /// They were.
        Notified = "notified",
        /// They wrote it.
        OwnMessage = "own_message",
        /// They are not in the channel.
        NotInChannel = "not_in_channel",
        /// They have muted the channel.
        Muted = "muted",
        /// They want to hear of nothing in the channel.
        ChannelSilenced = "channel_silenced",
        /// The message was deleted.
        Deleted = "deleted",
        /// It does not concern them by any rule, or they have silenced what it is.
        NotConcerned = "not_concerned",
    }
}

/// Why somebody was not notified of a message, as far as it can be told from how things are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhyNot {
    /// Whether there is a notification after all.
    pub notified: bool,
    /// Why, or why not.
    pub reason: Reason,
    /// The rule by which they were notified.
    pub rule: Option<Rule>,
    /// The same as a sentence.
    pub sentence: String,
}

/// How somebody stands to a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NotifiedStanding {
    /// The rule of the notification that there is.
    pub rule: Option<Rule>,
    /// Of what in the channel they want to hear; none if they are not in it.
    pub level: Option<Level>,
    /// Whether they have muted the channel.
    pub muted: bool,
}

impl Notifications<'_> {
    /// Why the caller has a notification.
    pub async fn why(&self, workspace: WorkspaceId, id: NotificationId) -> Result<Why> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListNotifications>(InWorkspace(workspace)).await?;
        let row = work.tx()?.notification(&permit, user, id).await?.ok_or(Error::NotFound)?;
        let rule = row.notification.notice.rule;
        Ok(Why { rule, sentence: rule.sentence().to_owned(), kind: rule.kind() })
    }

    /// Why somebody was notified of a message or not; for the owner, about messages in channels that they read.
    pub async fn why_not(&self, workspace: WorkspaceId, message: MessageId, person: UserId) -> Result<WhyNot> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewWhyNotNotified>(OnMessage(workspace, message)).await?;
        let row = work.tx()?.message(&permit, Some(user)).await?.ok_or(Error::NotFound)?;
        let now = work.now();
        // Somebody who is not here answers as somebody who is not.
        work.may::<action::ViewPerson>(OnPerson(workspace, person)).await?;
        let standing = work.tx()?.notified_of(&permit, person, now).await?;
        let (reason, sentence) = match standing {
            NotifiedStanding { rule: Some(rule), .. } => (Reason::Notified, rule.sentence()),
            _ if row.message.author_id == person => (Reason::OwnMessage, "Nobody is notified of what they said themselves."),
            NotifiedStanding { level: None, .. } => (Reason::NotInChannel, "They are not in the channel."),
            _ if row.message.deleted_at.is_some() => (Reason::Deleted, "The message was deleted."),
            NotifiedStanding { muted: true, .. } => (Reason::Muted, "They have muted the channel."),
            NotifiedStanding { level: Some(Level::None), .. } => (Reason::ChannelSilenced, "They want to hear of nothing in this channel."),
            _ => (Reason::NotConcerned, "It neither mentions them nor answers them, or they have silenced such notifications."),
        };
        Ok(WhyNot { notified: reason == Reason::Notified, reason, rule: standing.rule, sentence: sentence.to_owned() })
    }
}
