//! Tasks.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::ids::{ProjectId, TaskId, WorkspaceId};
use kitaab_core::page::Page;
use kitaab_core::project::{NewTask, TaskView, TasksAsk, UpdateTask};

use super::Reply;
use super::ask::{IdempotencyParam, IfMatchParam, InWorkspace, TasksParams};
use crate::app::App;
use crate::extract::{Caller, Ids, IfMatch, Json, Query};
use crate::problem::Answer;

/// The tasks of a project, in their order; to a client those that are not internal.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/projects/{project_id}/tasks", tag = "tasks", operation_id = "list_tasks",
    params(InWorkspace, ("project_id" = ProjectId, Path, description = "The project"), TasksParams),
    responses((status = 200, body = Page<TaskView>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, project)): Ids<(WorkspaceId, ProjectId)>,
    Query(ask): Query<TasksAsk>,
) -> Answer<Reply<Page<TaskView>>> {
    Ok(Reply::ok(app.kitaab.tasks(&actor).list(workspace, project, ask).await?))
}

/// Add a task.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/projects/{project_id}/tasks", tag = "tasks", operation_id = "create_task",
    params(InWorkspace, ("project_id" = ProjectId, Path, description = "The project"), IdempotencyParam), request_body = NewTask,
    responses((status = 201, body = Single<TaskView>), (status = 409, description = "`in_progress`")))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, project)): Ids<(WorkspaceId, ProjectId)>,
    Json(input): Json<NewTask>,
) -> Answer<Reply<Single<TaskView>>> {
    let task = app.kitaab.tasks(&actor).create(workspace, project, input).await?;
    let version = task.item.version;
    Ok(Reply::created(task).version(version))
}

/// A task.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/tasks/{task_id}", tag = "tasks", operation_id = "get_task",
    params(InWorkspace, ("task_id" = TaskId, Path, description = "The task")), responses((status = 200, body = Single<TaskView>)))]
pub(super) async fn get(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, task)): Ids<(WorkspaceId, TaskId)>,
) -> Answer<Reply<Single<TaskView>>> {
    let found = app.kitaab.tasks(&actor).get(workspace, task).await?;
    let version = found.item.version;
    Ok(Reply::ok(found).version(version))
}

/// Change a task, move it, mark it internal.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/tasks/{task_id}", tag = "tasks", operation_id = "update_task",
    params(InWorkspace, ("task_id" = TaskId, Path, description = "The task"), IfMatchParam), request_body = UpdateTask,
    responses((status = 200, body = Single<TaskView>)))]
pub(super) async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, task)): Ids<(WorkspaceId, TaskId)>,
    IfMatch(version): IfMatch,
    Json(input): Json<UpdateTask>,
) -> Answer<Reply<Single<TaskView>>> {
    let changed = app.kitaab.tasks(&actor).update(workspace, task, input, version).await?;
    let version = changed.item.version;
    Ok(Reply::ok(changed).version(version))
}

/// Destroy a task and the comments on it.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/tasks/{task_id}", tag = "tasks", operation_id = "delete_task",
    params(InWorkspace, ("task_id" = TaskId, Path, description = "The task")), responses((status = 204)))]
pub(super) async fn delete(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, task)): Ids<(WorkspaceId, TaskId)>,
) -> Answer<StatusCode> {
    app.kitaab.tasks(&actor).delete(workspace, task).await?;
    Ok(StatusCode::NO_CONTENT)
}
