//! A task as the caller sees it.

use serde::{Deserialize, Serialize};

use super::{Task, TaskState, Tasks};
use crate::access::{OnTask, Permit, Reads, Role, Target, action};
use crate::answer::Single;
use crate::error::{Error, Result};
use crate::ids::{ProjectId, TaskId, UserId, WorkspaceId};
use crate::time::{Date, Timestamp};
use crate::work::Work;
use crate::workspace::scope;

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskView {
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
    /// Who does it; to a client null for somebody whom they may not know.
    pub assignee_id: Option<UserId>,
    /// Last day.
    pub due_on: Option<Date>,
    /// Labels.
    pub tags: Vec<String>,
    /// False marks it internal: no client ever sees it.
    pub client_visible: bool,
    /// Its place: tasks are in the order of these texts, compared byte by byte.
    pub position: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change; the quoted number is the `ETag`.
    pub version: i64,
}

impl TaskView {
    /// As the holder of a permit sees it: a client knows the staff and themselves.
    pub(crate) fn new<T: Target>(task: Task, reader: &Reads<T>) -> Self {
        let known =
            reader.role() != Role::Client || task.assignee_id == reader.who().user() || task.assignee_role.is_some_and(Role::is_staff);
        Self {
            id: task.id,
            project_id: task.project_id,
            title: task.title,
            description: task.description,
            state: task.state,
            assignee_id: task.assignee_id.filter(|_| known),
            due_on: task.due_on,
            tags: task.tags,
            client_visible: task.client_visible,
            position: task.position,
            created_at: task.created_at,
            updated_at: task.updated_at,
            version: task.version,
        }
    }
}

/// The task and what the caller may do to it.
pub(super) async fn single(work: &mut Work<'_>, permit: &Permit<action::ViewTask>) -> Result<Single<TaskView>> {
    let task = work.tx()?.task(permit).await?.ok_or(Error::NotFound)?;
    let can = work.can(permit.target()).await?;
    Ok(Single::new(TaskView::new(task, permit), can))
}

impl Tasks<'_> {
    /// A task: every one for staff; for a client those not internal, of projects whose grant says *tasks*.
    pub async fn get(&self, workspace: WorkspaceId, task: TaskId) -> Result<Single<TaskView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewTask>(OnTask(workspace, task)).await?;
        single(&mut work, &permit).await
    }
}
