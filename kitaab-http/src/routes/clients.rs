//! Client cards.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::client::{ClientForStaff, ClientView, ClientsAsk, NewClient, UpdateClient};
use kitaab_core::ids::{ClientId, WorkspaceId};
use kitaab_core::page::Page;

use super::Reply;
use super::ask::{ClientsParams, IdempotencyParam, IfMatchParam, InWorkspace, Removal, RemovalParams};
use crate::app::App;
use crate::extract::{Caller, Ids, IfMatch, Json, Query};
use crate::problem::Answer;

/// Client cards by name; for owner and members.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/clients", tag = "clients", operation_id = "list_clients",
    params(InWorkspace, ClientsParams), responses((status = 200, body = Page<ClientForStaff>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<ClientsAsk>,
) -> Answer<Reply<Page<ClientForStaff>>> {
    Ok(Reply::ok(app.kitaab.clients(&actor).list(workspace, ask).await?))
}

/// Add a client.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/clients", tag = "clients", operation_id = "create_client",
    params(InWorkspace, IdempotencyParam), request_body = NewClient,
    responses((status = 201, body = Single<ClientForStaff>), (status = 409, description = "`duplicate_client`, `in_progress`")))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Json(input): Json<NewClient>,
) -> Answer<Reply<Single<ClientForStaff>>> {
    let client = app.kitaab.clients(&actor).create(workspace, input).await?;
    let version = client.item.version;
    Ok(Reply::created(client).version(version))
}

/// A client's card as one may see it; a client sees their own.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/clients/{client_id}", tag = "clients", operation_id = "get_client",
    params(InWorkspace, ("client_id" = ClientId, Path, description = "The card")), responses((status = 200, body = Single<ClientView>)))]
pub(super) async fn get(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, client)): Ids<(WorkspaceId, ClientId)>,
) -> Answer<Reply<Single<ClientView>>> {
    let found = app.kitaab.clients(&actor).get(workspace, client).await?;
    let version = found.item.version();
    Ok(Reply::ok(found).version(version))
}

/// Change a card, archive it or bring it back; a member changes the notes alone.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/clients/{client_id}", tag = "clients", operation_id = "update_client",
    params(InWorkspace, ("client_id" = ClientId, Path, description = "The card"), IfMatchParam), request_body = UpdateClient,
    responses((status = 200, body = Single<ClientView>), (status = 409, description = "`duplicate_client`")))]
pub(super) async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, client)): Ids<(WorkspaceId, ClientId)>,
    IfMatch(version): IfMatch,
    Json(input): Json<UpdateClient>,
) -> Answer<Reply<Single<ClientView>>> {
    let changed = app.kitaab.clients(&actor).update(workspace, client, input, version).await?;
    let version = changed.item.version();
    Ok(Reply::ok(changed).version(version))
}

/// Archive a client, which ends their access at once; or destroy a card without history.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/clients/{client_id}", tag = "clients", operation_id = "delete_client",
    params(InWorkspace, ("client_id" = ClientId, Path, description = "The card"), RemovalParams),
    responses((status = 204), (status = 409, description = "`has_history`")))]
pub(super) async fn delete(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, client)): Ids<(WorkspaceId, ClientId)>,
    Query(removal): Query<Removal>,
) -> Answer<StatusCode> {
    let clients = app.kitaab.clients(&actor);
    match removal.checked() {
        Ok(Removal { permanent: false }) => clients.archive(workspace, client).await?,
        Ok(Removal { permanent: true }) => clients.delete(workspace, client).await?,
        Err(error) => {
            let can = clients.get(workspace, client).await?.can;
            super::ask::refuse(&can, "archive", error)?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
