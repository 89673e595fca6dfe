//! Time entries and the running timer; for owners.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::finance::{NewTimeEntry, RunningTimer, StartTimer, TimeAsk, TimeEntryView, UpdateTimeEntry};
use kitaab_core::ids::{TimeEntryId, WorkspaceId};
use kitaab_core::page::Page;

use super::Reply;
use super::ask::{FormatParam, IdempotencyParam, IfMatchParam, InWorkspace, TimeParams};
use super::sheet::Tabled;
use crate::app::App;
use crate::extract::{Caller, Format, Ids, IfMatch, Json, Tabular};
use crate::problem::Answer;

/// Time entries, latest start first.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/time-entries", tag = "money", operation_id = "list_time_entries",
    params(InWorkspace, TimeParams, FormatParam),
    responses((status = 200, content((Page<TimeEntryView> = "application/json"), (String = "text/csv")))))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Tabular(format, ask): Tabular<TimeAsk>,
) -> Answer<Tabled<Page<TimeEntryView>>> {
    let time = app.kitaab.time(&actor);
    Ok(match format {
        Format::Json => Tabled::Json(Reply::ok(time.list(workspace, ask).await?)),
        Format::Csv => Tabled::Csv(time.table(workspace, ask).await?, "time-entries"),
    })
}

/// Write time down by hand.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/time-entries", tag = "money", operation_id = "create_time_entry",
    params(InWorkspace, IdempotencyParam), request_body = NewTimeEntry,
    responses((status = 201, body = Single<TimeEntryView>), (status = 409, description = "`in_progress`")))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Json(input): Json<NewTimeEntry>,
) -> Answer<Reply<Single<TimeEntryView>>> {
    let entry = app.kitaab.time(&actor).create(workspace, input).await?;
    let version = entry.item.version;
    Ok(Reply::created(entry).version(version))
}

/// Start one's timer.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/time-entries/start", tag = "money", operation_id = "start_timer",
    params(InWorkspace, IdempotencyParam), request_body = StartTimer,
    responses((status = 201, body = Single<TimeEntryView>), (status = 409, description = "`timer_running`, `in_progress`")))]
pub(super) async fn start(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Json(input): Json<StartTimer>,
) -> Answer<Reply<Single<TimeEntryView>>> {
    let entry = app.kitaab.time(&actor).start(workspace, input).await?;
    let version = entry.item.version;
    Ok(Reply::created(entry).version(version))
}

/// Stop a timer; one that was stopped stays as it is.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/time-entries/{time_entry_id}/stop", tag = "money", operation_id = "stop_timer",
    params(InWorkspace, ("time_entry_id" = TimeEntryId, Path, description = "The entry")),
    responses((status = 200, body = Single<TimeEntryView>)))]
pub(super) async fn stop(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, entry)): Ids<(WorkspaceId, TimeEntryId)>,
) -> Answer<Reply<Single<TimeEntryView>>> {
    let entry = app.kitaab.time(&actor).stop(workspace, entry).await?;
    let version = entry.item.version;
    Ok(Reply::ok(entry).version(version))
}

/// One's running timer, if one runs.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/time-entries/running", tag = "money", operation_id = "get_running_timer",
    params(InWorkspace), responses((status = 200, body = RunningTimer)))]
pub(super) async fn running(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
) -> Answer<Reply<RunningTimer>> {
    Ok(Reply::ok(app.kitaab.time(&actor).running(workspace).await?))
}

/// A time entry.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/time-entries/{time_entry_id}", tag = "money", operation_id = "get_time_entry",
    params(InWorkspace, ("time_entry_id" = TimeEntryId, Path, description = "The entry")),
    responses((status = 200, body = Single<TimeEntryView>)))]
pub(super) async fn get(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, entry)): Ids<(WorkspaceId, TimeEntryId)>,
) -> Answer<Reply<Single<TimeEntryView>>> {
    let found = app.kitaab.time(&actor).get(workspace, entry).await?;
    let version = found.item.version;
    Ok(Reply::ok(found).version(version))
}

/// Change a time entry.
#[utoipa::path(patch, path = "/workspaces/{workspace_id}/time-entries/{time_entry_id}", tag = "money", operation_id = "update_time_entry",
    params(InWorkspace, ("time_entry_id" = TimeEntryId, Path, description = "The entry"), IfMatchParam), request_body = UpdateTimeEntry,
    responses((status = 200, body = Single<TimeEntryView>)))]
pub(super) async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, entry)): Ids<(WorkspaceId, TimeEntryId)>,
    IfMatch(version): IfMatch,
    Json(input): Json<UpdateTimeEntry>,
) -> Answer<Reply<Single<TimeEntryView>>> {
    let changed = app.kitaab.time(&actor).update(workspace, entry, input, version).await?;
    let version = changed.item.version;
    Ok(Reply::ok(changed).version(version))
}

/// Delete a time entry for good.
#[utoipa::path(delete, path = "/workspaces/{workspace_id}/time-entries/{time_entry_id}", tag = "money", operation_id = "delete_time_entry",
    params(InWorkspace, ("time_entry_id" = TimeEntryId, Path, description = "The entry")), responses((status = 204)))]
pub(super) async fn delete(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, entry)): Ids<(WorkspaceId, TimeEntryId)>,
) -> Answer<StatusCode> {
    app.kitaab.time(&actor).delete(workspace, entry).await?;
    Ok(StatusCode::NO_CONTENT)
}
