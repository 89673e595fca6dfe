//! Invitations, as those who send them see them.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::ids::{InvitationId, WorkspaceId};
use kitaab_core::invitation::{InvitationItem, NewInvitation};
use kitaab_core::page::{Page, PageAsk};

use super::Reply;
use super::ask::{IdempotencyParam, InWorkspace, PageParams};
use crate::app::App;
use crate::extract::{Caller, Ids, Json, Query};
use crate::problem::Answer;

/// Invitations, newest first; for owner and members.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/invitations", tag = "invitations", operation_id = "list_invitations",
    params(InWorkspace, PageParams), responses((status = 200, body = Page<InvitationItem>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<PageAsk>,
) -> Answer<Reply<Page<InvitationItem>>> {
    Ok(Reply::ok(app.kitaab.invitations(&actor).list(workspace, ask).await?))
}

/// Invite somebody. The answer has the link to copy, once.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/invitations", tag = "invitations", operation_id = "send_invitation",
    params(InWorkspace, IdempotencyParam), request_body = NewInvitation,
    responses((status = 201, body = Single<InvitationItem>),
        (status = 409, description = "`already_invited`, `already_member`, `duplicate_client`, `invitation_closed`, `in_progress`")))]
pub(super) async fn send(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Json(input): Json<NewInvitation>,
) -> Answer<Reply<Single<InvitationItem>>> {
    Ok(Reply::created(app.kitaab.invitations(&actor).send(workspace, input).await?))
}

/// An invitation.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/invitations/{invitation_id}", tag = "invitations", operation_id = "get_invitation",
    params(InWorkspace, ("invitation_id" = InvitationId, Path, description = "The invitation")),
    responses((status = 200, body = Single<InvitationItem>)))]
pub(super) async fn get(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, invitation)): Ids<(WorkspaceId, InvitationId)>,
) -> Answer<Reply<Single<InvitationItem>>> {
    Ok(Reply::ok(app.kitaab.invitations(&actor).get(workspace, invitation).await?))
}

/// Take an invitation back. The row stays; a second time does nothing.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/invitations/{invitation_id}", tag = "invitations",
    operation_id = "revoke_invitation", params(InWorkspace, ("invitation_id" = InvitationId, Path, description = "The invitation")),
    responses((status = 204), (status = 409, description = "`already_accepted`")))]
pub(super) async fn revoke(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, invitation)): Ids<(WorkspaceId, InvitationId)>,
) -> Answer<StatusCode> {
    app.kitaab.invitations(&actor).revoke(workspace, invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send an invitation again, with a new link; the old one is dead.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/invitations/{invitation_id}/resend", tag = "invitations",
    operation_id = "resend_invitation",
    params(InWorkspace, IdempotencyParam, ("invitation_id" = InvitationId, Path, description = "The invitation")),
    responses((status = 200, body = Single<InvitationItem>), (status = 409, description = "`already_invited`, `invitation_closed`")))]
pub(super) async fn resend(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, invitation)): Ids<(WorkspaceId, InvitationId)>,
) -> Answer<Reply<Single<InvitationItem>>> {
    Ok(Reply::ok(app.kitaab.invitations(&actor).resend(workspace, invitation).await?))
}
