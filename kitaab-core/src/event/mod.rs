//! The event log: one dense log for each workspace, written in the same transaction as the change.
//!
//! A row holds ids, kind and audience, no content: what is delivered is loaded as it is then and checked against what
//! its reader may see then. So somebody removed gets nothing, and erasing needs no rewriting.

mod cursor;
mod entry;
mod feed;
mod follower;
mod heard;
mod hub;
mod passing;
mod people;
mod room;
mod sight;
mod typing;
mod watch;
mod write;

pub use feed::{BATCH, Feed};
pub use heard::{Batch, Delivery, From, Heard};
pub(crate) use hub::Hub;
pub(crate) use passing::Passing;
pub(crate) use room::Fresh;
pub use sight::Seen;
pub use watch::SessionWatch;

use uuid::Uuid;

use crate::ids::{ChannelId, EventId, ProjectId, UserId, WorkspaceId};
use crate::sql::names;
use crate::time::Timestamp;

names! {
    /// What happened.
    pub enum EventKind {
        /// A client was added.
        ClientCreated = "client.created",
        /// A client's card changed.
        ClientUpdated = "client.updated",
        /// A client's card is gone.
        ClientDeleted = "client.deleted",
        /// Somebody was invited.
        InvitationCreated = "invitation.created",
        /// An invitation changed: sent, opened, accepted, renewed, taken back.
        InvitationUpdated = "invitation.updated",
        /// A project was started.
        ProjectCreated = "project.created",
        /// A project, or who it is shared with, changed.
        ProjectUpdated = "project.updated",
        /// A project is gone.
        ProjectDeleted = "project.deleted",
        /// A task was added, or is shown to clients from now on.
        TaskCreated = "task.created",
        /// A task changed.
        TaskUpdated = "task.updated",
        /// A task is gone, or is internal from now on.
        TaskDeleted = "task.deleted",
        /// Somebody commented on a task.
        TaskCommentCreated = "task_comment.created",
        /// A comment changed.
        TaskCommentUpdated = "task_comment.updated",
        /// A comment is gone, or is internal from now on.
        TaskCommentDeleted = "task_comment.deleted",
        /// An update was posted to a project.
        UpdateCreated = "update.created",
        /// An update changed.
        UpdateUpdated = "update.updated",
        /// An update is gone.
        UpdateDeleted = "update.deleted",
        /// An expense was written down.
        ExpenseCreated = "expense.created",
        /// An expense changed.
        ExpenseUpdated = "expense.updated",
        /// An expense was deleted.
        ExpenseDeleted = "expense.deleted",
        /// Income was written down.
        IncomeCreated = "income.created",
        /// Income changed.
        IncomeUpdated = "income.updated",
        /// Income was deleted.
        IncomeDeleted = "income.deleted",
        /// Time was written down, or a timer started.
        TimeEntryCreated = "time_entry.created",
        /// A time entry changed, or its timer stopped.
        TimeEntryUpdated = "time_entry.updated",
        /// A time entry was deleted.
        TimeEntryDeleted = "time_entry.deleted",
        /// A channel was opened, or comes with a project.
        ChannelCreated = "channel.created",
        /// A channel's name changed, or it was brought back.
        ChannelUpdated = "channel.updated",
        /// A channel was archived: it is only to be read.
        ChannelArchived = "channel.archived",
        /// Somebody came into a channel.
        ChannelMemberAdded = "channel.member_added",
        /// Somebody left a channel.
        ChannelMemberRemoved = "channel.member_removed",
        /// Somebody said something.
        MessageCreated = "message.created",
        /// A message was changed.
        MessageEdited = "message.edited",
        /// A message was deleted; a tombstone stays.
        MessageDeleted = "message.deleted",
        /// A message was pinned.
        MessagePinned = "message.pinned",
        /// A message is no longer pinned.
        MessageUnpinned = "message.unpinned",
        /// Somebody reacted to a message.
        ReactionAdded = "reaction.added",
        /// Somebody took a reaction back.
        ReactionRemoved = "reaction.removed",
        /// One has read further, or marked something unread.
        ReadMoved = "read.moved",
        /// One keeps a channel differently.
        ChannelPreferencesChanged = "channel.preferences_changed",
        /// One has written on at a draft, or it is gone.
        DraftChanged = "draft.changed",
        /// One is to hear of something.
        NotificationCreated = "notification.created",
        /// One has read notifications.
        NotificationsRead = "notifications.read",
        /// One has put a private mark on a message.
        StarAdded = "star.added",
        /// One has taken a private mark off a message.
        StarRemoved = "star.removed",
        /// What one may do changed. It is delivered to nobody: readers of the log take it as the moment to look again.
        AccessChanged = "access.changed",
        /// One can no longer see a project, a channel or the workspace.
        AccessLost = "access.lost",
        /// One can see a project, a channel or the workspace from now on.
        AccessGained = "access.gained",
    }
}

impl EventKind {
    /// Whether it is about a message and what hangs on it.
    pub(crate) fn is_about_message(self) -> bool {
        matches!(
            self,
            Self::MessageCreated
                | Self::MessageEdited
                | Self::MessageDeleted
                | Self::MessagePinned
                | Self::MessageUnpinned
                | Self::ReactionAdded
                | Self::ReactionRemoved
        )
    }
}

/// Whom an event is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The owner alone: money, audit, settings.
    Owner,
    /// Owner and members.
    Staff,
    /// Everybody who sees this project.
    Project(ProjectId),
    /// Owner and members, and clients on this project who see its tasks.
    Tasks(ProjectId),
    /// Clients on this project who see its tasks, and nobody else.
    TasksClients(ProjectId),
    /// Owner and members, and clients on this project who read comments.
    Comments(ProjectId),
    /// Clients on this project who read comments, and nobody else.
    CommentsClients(ProjectId),
    /// Everybody in this channel.
    Channel(ChannelId),
    /// One person.
    Person(UserId),
}

impl Audience {
    /// Its name in the table.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Staff => "staff",
            Self::Project(_) => "project",
            Self::Tasks(_) => "tasks",
            Self::TasksClients(_) => "tasks_clients",
            Self::Comments(_) => "comments",
            Self::CommentsClients(_) => "comments_clients",
            Self::Channel(_) => "channel",
            Self::Person(_) => "user",
        }
    }

    /// The project, channel or person.
    #[must_use]
    pub fn id(self) -> Option<Uuid> {
        match self {
            Self::Owner | Self::Staff => None,
            Self::Project(project)
            | Self::Tasks(project)
            | Self::TasksClients(project)
            | Self::Comments(project)
            | Self::CommentsClients(project) => Some(project.0),
            Self::Channel(channel) => Some(channel.0),
            Self::Person(person) => Some(person.0),
        }
    }

    /// From its name and id in the table; none if they do not go together.
    #[must_use]
    pub fn of(kind: &str, id: Option<Uuid>) -> Option<Self> {
        Some(match (kind, id) {
            ("owner", None) => Self::Owner,
            ("staff", None) => Self::Staff,
            ("project", Some(id)) => Self::Project(ProjectId(id)),
            ("tasks", Some(id)) => Self::Tasks(ProjectId(id)),
            ("tasks_clients", Some(id)) => Self::TasksClients(ProjectId(id)),
            ("comments", Some(id)) => Self::Comments(ProjectId(id)),
            ("comments_clients", Some(id)) => Self::CommentsClients(ProjectId(id)),
            ("channel", Some(id)) => Self::Channel(ChannelId(id)),
            ("user", Some(id)) => Self::Person(UserId(id)),
            _ => return None,
        })
    }
}

/// An event as a use case tells it; [`Work`](crate::work::Work) adds id, time, actor and tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub kind: EventKind,
    /// Whom it is for.
    pub audience: Audience,
    /// The thing it happened to.
    pub subject: Uuid,
    /// The project it happened in.
    pub project: Option<ProjectId>,
    /// The channel it happened in.
    pub channel: Option<ChannelId>,
    /// The emoji of a reaction.
    pub detail: Option<String>,
}

/// What somebody can see from now on, or no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The workspace and everything in it.
    Workspace(WorkspaceId),
    /// A project, and the channel that comes with it.
    Project(ProjectId, Option<ChannelId>),
    /// A channel.
    Channel(ChannelId),
}

impl Told {
    /// Something that owner and members are told.
    #[must_use]
    pub fn staff(kind: EventKind, subject: Uuid) -> Self {
        Self::to(Audience::Staff, kind, subject)
    }

    /// Something that the owner alone is told: money.
    #[must_use]
    pub fn owner(kind: EventKind, subject: Uuid, project: Option<ProjectId>) -> Self {
        Self { project, ..Self::to(Audience::Owner, kind, subject) }
    }

    /// Something that everybody on the project is told.
    #[must_use]
    pub fn project(kind: EventKind, project: ProjectId) -> Self {
        Self::within(kind, project, Audience::Project(project), project.0)
    }

    /// Something in a project, for some of those who see it.
    #[must_use]
    pub fn within(kind: EventKind, project: ProjectId, audience: Audience, subject: Uuid) -> Self {
        Self { project: Some(project), ..Self::to(audience, kind, subject) }
    }

    /// Something in a channel, for everybody in it. All staff are in the channel of a project, so it is named too.
    #[must_use]
    pub fn channel(kind: EventKind, channel: ChannelId, project: Option<ProjectId>, subject: Uuid) -> Self {
        Self { channel: Some(channel), project, ..Self::to(Audience::Channel(channel), kind, subject) }
    }

    /// Something for one person's own devices.
    #[must_use]
    pub fn own(kind: EventKind, person: UserId, channel: Option<ChannelId>, subject: Uuid) -> Self {
        Self { channel, ..Self::to(Audience::Person(person), kind, subject) }
    }

    /// What one person may do changed, and not what they may see.
    #[must_use]
    pub fn access_changed(person: UserId) -> Self {
        Self::to(Audience::Person(person), EventKind::AccessChanged, person.0)
    }

    /// One person can no longer see this.
    #[must_use]
    pub fn lost(person: UserId, part: Part) -> Self {
        Self::part(EventKind::AccessLost, person, part)
    }

    /// One person can see this from now on.
    #[must_use]
    pub fn gained(person: UserId, part: Part) -> Self {
        Self::part(EventKind::AccessGained, person, part)
    }

    fn part(kind: EventKind, person: UserId, part: Part) -> Self {
        let (subject, project, channel) = match part {
            Part::Workspace(workspace) => (workspace.0, None, None),
            Part::Project(project, channel) => (project.0, Some(project), channel),
            Part::Channel(channel) => (channel.0, None, Some(channel)),
        };
        Self { project, channel, ..Self::to(Audience::Person(person), kind, subject) }
    }

    fn to(audience: Audience, kind: EventKind, subject: Uuid) -> Self {
        Self { kind, audience, subject, project: None, channel: None, detail: None }
    }

    /// Whether it says that somebody's access changed, and whose.
    pub(crate) fn whose_access(&self) -> Option<UserId> {
        match (self.kind, self.audience) {
            (EventKind::AccessChanged | EventKind::AccessLost | EventKind::AccessGained, Audience::Person(person)) => Some(person),
            _ => None,
        }
    }
}

/// An event as it is kept. Its number is given when it is appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The id that a reader sees, also on a repeat.
    pub id: EventId,
    /// What was told.
    pub told: Told,
    /// When.
    pub at: Timestamp,
    /// Who did it; none for the system.
    pub actor_id: Option<UserId>,
    /// Random; a cursor carries it, so that one of a restored database is known for what it is.
    pub tag: i64,
}
