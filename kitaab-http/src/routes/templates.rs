//! Canned messages of the staff.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::chat::{NewTemplate, TemplateView, TemplatesAsk, UpdateTemplate};
use kitaab_core::ids::{TemplateId, WorkspaceId};
use kitaab_core::page::Page;

use super::Reply;
use super::ask::{IdempotencyParam, IfMatchParam, InWorkspace, TemplatesParams};
use crate::app::App;
use crate::extract::{Caller, Ids, IfMatch, Json, Query};
use crate::problem::Answer;

/// One's own templates and the shared ones, newest first; with a channel, filled in for it.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/templates", tag = "chat", operation_id = "list_templates",
    params(InWorkspace, TemplatesParams), responses((status = 200, body = Page<TemplateView>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<TemplatesAsk>,
) -> Answer<Reply<Page<TemplateView>>> {
    Ok(Reply::ok(app.kitaab.chat(&actor).templates(workspace, ask).await?))
}

/// Write a template, for oneself or for all of the staff.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/templates", tag = "chat", operation_id = "create_template",
    params(InWorkspace, IdempotencyParam), request_body = NewTemplate,
    responses((status = 201, body = Single<TemplateView>), (status = 409, description = "`in_progress`, `too_many_templates`"),
        (status = 422, description = "`unknown_placeholder`")))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Json(input): Json<NewTemplate>,
) -> Answer<Reply<Single<TemplateView>>> {
    let made = app.kitaab.chat(&actor).create_template(workspace, input).await?;
    let version = made.item.version;
    Ok(Reply::made(made, true).version(version))
}

/// Change a template: one's own, and for the owner any that is shared.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/templates/{template_id}", tag = "chat", operation_id = "update_template",
    params(InWorkspace, ("template_id" = TemplateId, Path, description = "The template"), IfMatchParam), request_body = UpdateTemplate,
    responses((status = 200, body = Single<TemplateView>)))]
pub(super) async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, template)): Ids<(WorkspaceId, TemplateId)>,
    IfMatch(version): IfMatch,
    Json(input): Json<UpdateTemplate>,
) -> Answer<Reply<Single<TemplateView>>> {
    let changed = app.kitaab.chat(&actor).update_template(workspace, template, input, version).await?;
    let version = changed.item.version;
    Ok(Reply::ok(changed).version(version))
}

/// Throw a template away.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/templates/{template_id}", tag = "chat", operation_id = "delete_template",
    params(InWorkspace, ("template_id" = TemplateId, Path, description = "The template")), responses((status = 204)))]
pub(super) async fn delete(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, template)): Ids<(WorkspaceId, TemplateId)>,
) -> Answer<StatusCode> {
    app.kitaab.chat(&actor).delete_template(workspace, template).await?;
    Ok(StatusCode::NO_CONTENT)
}
