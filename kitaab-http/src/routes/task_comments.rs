//! Comments on tasks.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::ids::{TaskCommentId, TaskId, WorkspaceId};
use kitaab_core::page::{Page, PageAsk};
use kitaab_core::project::{NewTaskComment, TaskCommentView, UpdateTaskComment};

use super::Reply;
use super::ask::{IdempotencyParam, IfMatchParam, InWorkspace, PageParams};
use crate::app::App;
use crate::extract::{Caller, Ids, IfMatch, Json, Query};
use crate::problem::Answer;

/// The comments on a task, oldest first; to a client those that are not internal.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/tasks/{task_id}/comments", tag = "tasks", operation_id = "list_task_comments",
    params(InWorkspace, ("task_id" = TaskId, Path, description = "The task"), PageParams),
    responses((status = 200, body = Page<TaskCommentView>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, task)): Ids<(WorkspaceId, TaskId)>,
    Query(ask): Query<PageAsk>,
) -> Answer<Reply<Page<TaskCommentView>>> {
    Ok(Reply::ok(app.kitaab.tasks(&actor).comments(workspace, task, ask).await?))
}

/// Comment on a task.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/tasks/{task_id}/comments", tag = "tasks", operation_id = "create_task_comment",
    params(InWorkspace, ("task_id" = TaskId, Path, description = "The task"), IdempotencyParam), request_body = NewTaskComment,
    responses((status = 201, body = Single<TaskCommentView>), (status = 409, description = "`in_progress`")))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, task)): Ids<(WorkspaceId, TaskId)>,
    Json(input): Json<NewTaskComment>,
) -> Answer<Reply<Single<TaskCommentView>>> {
    let comment = app.kitaab.tasks(&actor).comment(workspace, task, input).await?;
    let version = comment.item.version;
    Ok(Reply::created(comment).version(version))
}

/// Change a comment: any for owner and members, the own one for a client.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/task-comments/{comment_id}", tag = "tasks", operation_id = "update_task_comment",
    params(InWorkspace, ("comment_id" = TaskCommentId, Path, description = "The comment"), IfMatchParam), request_body = UpdateTaskComment,
    responses((status = 200, body = Single<TaskCommentView>)))]
pub(super) async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, comment)): Ids<(WorkspaceId, TaskCommentId)>,
    IfMatch(version): IfMatch,
    Json(input): Json<UpdateTaskComment>,
) -> Answer<Reply<Single<TaskCommentView>>> {
    let changed = app.kitaab.tasks(&actor).update_comment(workspace, comment, input, version).await?;
    let version = changed.item.version;
    Ok(Reply::ok(changed).version(version))
}

/// Destroy a comment; for owner and members.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/task-comments/{comment_id}", tag = "tasks", operation_id = "delete_task_comment",
    params(InWorkspace, ("comment_id" = TaskCommentId, Path, description = "The comment")), responses((status = 204)))]
pub(super) async fn delete(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, comment)): Ids<(WorkspaceId, TaskCommentId)>,
) -> Answer<StatusCode> {
    app.kitaab.tasks(&actor).delete_comment(workspace, comment).await?;
    Ok(StatusCode::NO_CONTENT)
}
