//! What a notification is.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::chat::Called;
use crate::ids::{ChannelId, NotificationId, ProjectId, UserId};
use crate::sql::names;
use crate::time::Timestamp;
use crate::workspace::Person;

/// The longest text that a notification shows, in characters.
const TEXT_MAX: usize = 140;

names! {
    /// What a notification is about.
    pub enum NotificationKind {
        /// One was mentioned, by name or with everybody.
        Mention = "mention",
        /// Somebody wrote to one alone.
        DirectMessage = "direct_message",
        /// Somebody answered what one said.
        Reply = "reply",
        /// Something was said in a channel of which one wants to hear all.
        Message = "message",
        /// An update was posted to a project.
        ProjectUpdate = "project_update",
        /// One was given a task.
        TaskAssigned = "task_assigned",
        /// Somebody accepted an invitation of one's own.
        InvitationAccepted = "invitation_accepted",
        /// An invitation could not be mailed, or a scheduled message not be sent.
        DeliveryFailed = "delivery_failed",
    }
}

names! {
    /// By which rule a notification was made.
    pub enum Rule {
        /// The message names the person.
        MentionedByName = "mentioned_by_name",
        /// The message names everybody in the channel.
        MentionedWithAll = "mentioned_with_all",
        /// The channel is of the two alone.
        WrittenTo = "written_to",
        /// It answers a message of the person's.
        Answered = "answered",
        /// It is in a thread that the person began.
        InOwnThread = "in_own_thread",
        /// The person wants to hear of everything in the channel.
        AllOfChannel = "all_of_channel",
        /// The update is of a project that is shared with the person.
        UpdateOfProject = "update_of_project",
        /// The task was given to the person by somebody else.
        GivenTask = "given_task",
        /// The person sent the invitation.
        OwnInvitationAccepted = "own_invitation_accepted",
        /// The person sent the invitation whose mail failed for good.
        OwnInvitationFailed = "own_invitation_failed",
        /// The person scheduled the message that could not be sent.
        OwnMessageFailed = "own_message_failed",
    }
}

impl Rule {
    /// What such notifications are about.
    #[must_use]
    pub fn kind(self) -> NotificationKind {
        match self {
            Self::MentionedByName | Self::MentionedWithAll => NotificationKind::Mention,
            Self::WrittenTo => NotificationKind::DirectMessage,
            Self::Answered | Self::InOwnThread => NotificationKind::Reply,
            Self::AllOfChannel => NotificationKind::Message,
            Self::UpdateOfProject => NotificationKind::ProjectUpdate,
            Self::GivenTask => NotificationKind::TaskAssigned,
            Self::OwnInvitationAccepted => NotificationKind::InvitationAccepted,
            Self::OwnInvitationFailed | Self::OwnMessageFailed => NotificationKind::DeliveryFailed,
        }
    }

    /// The rule as a sentence to its person.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::MentionedByName => "The message mentions you by name.",
            Self::MentionedWithAll => "The message mentions everybody in the channel.",
            Self::WrittenTo => "The message is in a channel of the two of you.",
            Self::Answered => "The message answers something that you said.",
            Self::InOwnThread => "The message is in a thread that you began.",
            Self::AllOfChannel => "You want to hear of everything in this channel.",
            Self::UpdateOfProject => "The update is of a project that is shared with you.",
            Self::GivenTask => "Somebody gave you the task.",
            Self::OwnInvitationAccepted => "You sent the invitation that was accepted.",
            Self::OwnInvitationFailed => "You sent the invitation whose mail could not be delivered.",
            Self::OwnMessageFailed => "You scheduled the message that could not be sent.",
        }
    }
}

/// That something concerns somebody; said to a unit of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whom.
    pub user: UserId,
    /// Why.
    pub rule: Rule,
    /// Who did it.
    pub actor: Option<UserId>,
    /// The message, task, update, invitation or scheduled message.
    pub subject: Uuid,
    /// The channel that it is in.
    pub channel: Option<ChannelId>,
    /// The project that it is in.
    pub project: Option<ProjectId>,
}

/// A notification as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The id; later ones are greater.
    pub id: NotificationId,
    /// What it says.
    pub notice: Notice,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A notification with what it is about, as that is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationRow {
    /// The notification.
    pub notification: Notification,
    /// The actor's name.
    pub actor_name: Option<String>,
    /// The channel or the project.
    pub title: Option<String>,
    /// What the message, the task or the update says, or whom the invitation was for.
    pub text: Option<String>,
    /// Whether it was read, or the channel that far.
    pub read: bool,
}

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationView {
    /// The id.
    pub id: NotificationId,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: NotificationKind,
    /// Who did it; null if nobody did.
    pub actor: Option<Person>,
    /// The message, task, update, invitation or scheduled message.
    pub subject_id: Uuid,
    /// The channel that it is in.
    pub channel_id: Option<ChannelId>,
    /// The project that it is in.
    pub project_id: Option<ProjectId>,
    /// The name of the channel or of the project.
    pub title: Option<String>,
    /// What the message, the task or the update says now, or whom the invitation was for; at most 140 characters.
    pub text: Option<String>,
    /// Whether it was read, or the channel that far: marking the channel unread from before it makes it unread again.
    pub read: bool,
    /// When it was made.
    pub at: Timestamp,
}

impl NotificationRow {
    /// The text of the message that it is about.
    pub(super) fn message(&self) -> Option<&str> {
        let is_message = matches!(
            self.notification.notice.rule.kind(),
            NotificationKind::Mention | NotificationKind::DirectMessage | NotificationKind::Reply | NotificationKind::Message
        );
        self.text.as_deref().filter(|_| is_message)
    }
}

impl NotificationView {
    pub(super) fn new(row: NotificationRow, called: &Called) -> Self {
        let message = row.message().map(|text| called.plain(text));
        let NotificationRow { notification: Notification { id, notice, created_at }, actor_name, title, text, read } = row;
        let kind = notice.rule.kind();
        let text = message.or(text).map(|text| short(&text));
        let actor = notice.actor.zip(actor_name).map(|(id, display_name)| Person { id: Some(id), display_name });
        let Notice { subject: subject_id, channel: channel_id, project: project_id, .. } = notice;
        Self { id, kind, actor, subject_id, channel_id, project_id, title, text, read, at: created_at }
    }
}

/// One line, cut where it is too long.
fn short(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= TEXT_MAX { line } else { line.chars().take(TEXT_MAX - 1).chain(['…']).collect() }
}
