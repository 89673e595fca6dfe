//! What a task is.

use crate::access::Role;
use crate::event::Audience;
use crate::ids::{ProjectId, TaskId, UserId};
use crate::sql::names;
use crate::time::{Date, Timestamp};

names! {
    /// How far a task is.
    pub enum TaskState {
        /// Not begun.
        Todo = "todo",
        /// Under way.
        Doing = "doing",
        /// Somebody looks at the result.
        Review = "review",
        /// Finished.
        Done = "done",
        /// Given up; it counts for nothing.
        Cancelled = "cancelled",
    }
}

/// A task as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The id.
    pub id: TaskId,
    /// The project it is in.
    pub project_id: ProjectId,
    /// What is to be done.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// How far it is.
    pub state: TaskState,
    /// Who does it.
    pub assignee_id: Option<UserId>,
    /// What the assignee is to the workspace now; none once they left.
    pub assignee_role: Option<Role>,
    /// Last day.
    pub due_on: Option<Date>,
    /// Labels, in the order given.
    pub tags: Vec<String>,
    /// False marks it internal: no client ever sees it.
    pub client_visible: bool,
    /// Its place: tasks are in the order of these texts, compared byte by byte.
    pub position: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

impl Task {
    /// Whom a change of it concerns.
    pub(crate) fn audience(&self) -> Audience {
        if self.client_visible { Audience::Tasks(self.project_id) } else { Audience::Staff }
    }
}
