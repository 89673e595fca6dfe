//! The event log: one dense log for each workspace, written in the same transaction as the change.
//!
//! A row holds ids, kind and audience, no content: what is delivered is loaded as it is then and checked against what
//! its reader may see then. So somebody removed gets nothing, and erasing needs no rewriting.

use uuid::Uuid;

use crate::ids::{EventId, ProjectId, UserId};
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
        /// What one person may see changed. Readers of the log take it as the moment to look again.
        AccessChanged = "access.changed",
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
            Self::Person(_) => "user",
        }
    }

    /// The project or person.
    #[must_use]
    pub fn id(self) -> Option<Uuid> {
        match self {
            Self::Owner | Self::Staff => None,
            Self::Project(project)
            | Self::Tasks(project)
            | Self::TasksClients(project)
            | Self::Comments(project)
            | Self::CommentsClients(project) => Some(project.0),
            Self::Person(person) => Some(person.0),
        }
    }
}

/// An event as a use case tells it; [`Work`](crate::work::Work) adds id, time, actor and tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub kind: EventKind,
    /// Whom it is for.
    pub audience: Audience,
    /// The thing it happened to.
    pub subject: Uuid,
    /// The project it happened in.
    pub project: Option<ProjectId>,
}

impl Told {
    /// Something that owner and members are told.
    #[must_use]
    pub fn staff(kind: EventKind, subject: Uuid) -> Self {
        Self { kind, audience: Audience::Staff, subject, project: None }
    }

    /// Something that everybody on the project is told.
    #[must_use]
    pub fn project(kind: EventKind, project: ProjectId) -> Self {
        Self { kind, audience: Audience::Project(project), subject: project.0, project: Some(project) }
    }

    /// Something in a project, for some of those who see it.
    #[must_use]
    pub fn within(kind: EventKind, project: ProjectId, audience: Audience, subject: Uuid) -> Self {
        Self { kind, audience, subject, project: Some(project) }
    }

    /// One person's access changed: in a project, or in the whole workspace.
    #[must_use]
    pub fn access_changed(person: UserId, project: Option<ProjectId>) -> Self {
        Self { kind: EventKind::AccessChanged, audience: Audience::Person(person), subject: person.0, project }
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
