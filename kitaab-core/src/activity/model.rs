//! A line of the feed.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::{Reads, Target};
use crate::ids::{ActivityId, ClientId, ProjectId, TaskId, UserId};
use crate::project::{Task, TaskComment, Update};
use crate::sql::names;
use crate::time::Timestamp;
use crate::workspace::{Author, Person};

names! {
    /// What was done.
    pub enum Verb {
        /// Made.
        Created = "created",
        /// Changed.
        Updated = "updated",
        /// A task was finished.
        Completed = "completed",
        /// Put away.
        Archived = "archived",
        /// Brought back.
        Restored = "restored",
        /// Destroyed.
        Deleted = "deleted",
        /// An invitation was accepted.
        Joined = "joined",
    }
}

names! {
    /// To what kind of thing.
    pub enum DeedKind {
        /// A project.
        Project = "project",
        /// A task.
        Task = "task",
        /// A comment on a task.
        TaskComment = "task_comment",
        /// An update of a project.
        Update = "update",
        /// A client's card.
        Client = "client",
        /// An expense; for owners.
        Expense = "expense",
        /// Income; for owners.
        Income = "income",
    }
}

/// What somebody did, as a use case records it; [`Work`](crate::work::Work) adds id, time and actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What was done.
    pub verb: Verb,
    /// To what kind of thing.
    pub kind: DeedKind,
    /// To which one.
    pub subject_id: Uuid,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// The task that it is, or is on.
    pub task_id: Option<TaskId>,
    /// What it was called, if it is gone.
    pub title: Option<String>,
    /// Whether clients may know of it, if it is gone.
    pub client_visible: bool,
}

impl Deed {
    /// Done to a project.
    #[must_use]
    pub fn project(verb: Verb, project: ProjectId) -> Self {
        let subject_id = project.0;
        Self { verb, kind: DeedKind::Project, subject_id, project_id: Some(project), task_id: None, title: None, client_visible: true }
    }

    /// Done to a client's card.
    #[must_use]
    pub fn client(verb: Verb, client: ClientId) -> Self {
        Self { verb, kind: DeedKind::Client, subject_id: client.0, project_id: None, task_id: None, title: None, client_visible: false }
    }

    /// Done to money.
    #[must_use]
    pub(crate) fn money(verb: Verb, kind: DeedKind, subject_id: Uuid, project_id: Option<ProjectId>) -> Self {
        Self { verb, kind, subject_id, project_id, task_id: None, title: None, client_visible: false }
    }

    /// Done to a task.
    #[must_use]
    pub fn task(verb: Verb, task: &Task) -> Self {
        Self {
            verb,
            kind: DeedKind::Task,
            subject_id: task.id.0,
            project_id: Some(task.project_id),
            task_id: Some(task.id),
            title: (verb == Verb::Deleted).then(|| task.title.clone()),
            client_visible: task.client_visible,
        }
    }

    /// Done to a comment on a task.
    #[must_use]
    pub fn comment(verb: Verb, task: &Task, comment: &TaskComment) -> Self {
        Self {
            verb,
            kind: DeedKind::TaskComment,
            subject_id: comment.id.0,
            project_id: Some(task.project_id),
            task_id: Some(task.id),
            title: None,
            client_visible: comment.client_visible,
        }
    }

    /// Done to an update.
    #[must_use]
    pub fn update(verb: Verb, update: &Update) -> Self {
        let project_id = Some(update.project_id);
        Self { verb, kind: DeedKind::Update, subject_id: update.id.0, project_id, task_id: None, title: None, client_visible: true }
    }
}

/// A line as it is kept, before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The id.
    pub id: ActivityId,
    /// When.
    pub at: Timestamp,
    /// Who; none for the system.
    pub actor_id: Option<UserId>,
    /// What.
    pub deed: Deed,
}

/// A line with the names it is told with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityRow {
    /// The id.
    pub id: ActivityId,
    /// When.
    pub at: Timestamp,
    /// Who; none for the system.
    pub actor: Option<Author>,
    /// What was done.
    pub verb: Verb,
    /// To what kind of thing.
    pub kind: DeedKind,
    /// To which one.
    pub subject_id: Uuid,
    /// What it is called now, or was called when it went.
    pub title: Option<String>,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// What the project is called now.
    pub project_name: Option<String>,
}

/// Somebody did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivityView {
    /// The id.
    pub id: ActivityId,
    /// When.
    pub at: Timestamp,
    /// Who; null for Kitaab itself.
    pub actor: Option<Person>,
    /// What was done.
    pub verb: Verb,
    /// To what kind of thing.
    pub kind: DeedKind,
    /// To which one.
    pub subject_id: Uuid,
    /// What it is called now, or was called when it went: of a comment the task, of an update nothing.
    pub title: Option<String>,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// What the project is called now.
    pub project_name: Option<String>,
}

impl ActivityView {
    pub(crate) fn new<T: Target>(row: ActivityRow, reader: &Reads<T>) -> Self {
        let ActivityRow { id, at, actor, verb, kind, subject_id, title, project_id, project_name } = row;
        let actor = actor.map(|actor| actor.seen_by(reader));
        Self { id, at, actor, verb, kind, subject_id, title, project_id, project_name }
    }
}
