//! Expenses and income; for owners.

use axum::extract::State;
use axum::http::StatusCode;
use kitaab_core::answer::Single;
use kitaab_core::finance::{EntriesAsk, EntryKind, EntryVersion, LedgerEntry, NewEntry, UpdateEntry};
use kitaab_core::ids::{LedgerEntryId, WorkspaceId};
use kitaab_core::page::Page;

use super::Reply;
use super::ask::{EntriesParams, FormatParam, IdempotencyParam, IfMatchParam, InWorkspace};
use super::sheet::Tabled;
use crate::app::App;
use crate::extract::{Caller, Format, Ids, IfMatch, Json, Tabular};
use crate::problem::Answer;

/// The same operations for each kind of entry, under the kind's own path.
macro_rules! entries {
    ($module:ident, $kind:ident, $path:literal, $item:literal, $history:literal, $id:literal,
        $list:literal, $create:literal, $get:literal, $update:literal, $delete:literal, $versions:literal) => {
        pub(super) mod $module {
            use super::*;

            /// Latest day first.
            #[utoipa::path(get, path = $path, tag = "money", operation_id = $list, params(InWorkspace, EntriesParams, FormatParam),
                responses((status = 200, content((Page<LedgerEntry> = "application/json"), (String = "text/csv")))))]
            pub(in crate::routes) async fn list(
                State(app): State<App>,
                Caller(actor): Caller,
                Ids((workspace,)): Ids<(WorkspaceId,)>,
                Tabular(format, ask): Tabular<EntriesAsk>,
            ) -> Answer<Tabled<Page<LedgerEntry>>> {
                let finance = app.kitaab.finance(&actor);
                Ok(match format {
                    Format::Json => Tabled::Json(Reply::ok(finance.list(workspace, EntryKind::$kind, ask).await?)),
                    Format::Csv => Tabled::Csv(finance.table(workspace, EntryKind::$kind, ask).await?, stringify!($module)),
                })
            }

            /// Write one down.
            #[utoipa::path(post, path = $path, tag = "money", operation_id = $create, params(InWorkspace, IdempotencyParam),
                request_body = NewEntry,
                responses((status = 201, body = Single<LedgerEntry>), (status = 409, description = "`in_progress`")))]
            pub(in crate::routes) async fn create(
                State(app): State<App>,
                Caller(actor): Caller,
                Ids((workspace,)): Ids<(WorkspaceId,)>,
                Json(input): Json<NewEntry>,
            ) -> Answer<Reply<Single<LedgerEntry>>> {
                let entry = app.kitaab.finance(&actor).create(workspace, EntryKind::$kind, input).await?;
                let version = entry.item.version;
                Ok(Reply::created(entry).version(version))
            }

            /// One of them.
            #[utoipa::path(get, path = $item, tag = "money", operation_id = $get,
                params(InWorkspace, ($id = LedgerEntryId, Path, description = "The entry")),
                responses((status = 200, body = Single<LedgerEntry>)))]
            pub(in crate::routes) async fn get(
                State(app): State<App>,
                Caller(actor): Caller,
                Ids((workspace, entry)): Ids<(WorkspaceId, LedgerEntryId)>,
            ) -> Answer<Reply<Single<LedgerEntry>>> {
                let found = app.kitaab.finance(&actor).get(workspace, EntryKind::$kind, entry).await?;
                let version = found.item.version;
                Ok(Reply::ok(found).version(version))
            }

            /// Change one; what it was before is kept.
            #[utoipa::path(patch, path = $item, tag = "money", operation_id = $update,
                params(InWorkspace, ($id = LedgerEntryId, Path, description = "The entry"), IfMatchParam), request_body = UpdateEntry,
                responses((status = 200, body = Single<LedgerEntry>)))]
            pub(in crate::routes) async fn update(
                State(app): State<App>,
                Caller(actor): Caller,
                Ids((workspace, entry)): Ids<(WorkspaceId, LedgerEntryId)>,
                IfMatch(version): IfMatch,
                Json(input): Json<UpdateEntry>,
            ) -> Answer<Reply<Single<LedgerEntry>>> {
                let changed = app.kitaab.finance(&actor).update(workspace, EntryKind::$kind, entry, input, version).await?;
                let version = changed.item.version;
                Ok(Reply::ok(changed).version(version))
            }

            /// Take one out of lists, sums and exports; its history stays.
            #[utoipa::path(delete, path = $item, tag = "money", operation_id = $delete,
                params(InWorkspace, ($id = LedgerEntryId, Path, description = "The entry")), responses((status = 204)))]
            pub(in crate::routes) async fn delete(
                State(app): State<App>,
                Caller(actor): Caller,
                Ids((workspace, entry)): Ids<(WorkspaceId, LedgerEntryId)>,
            ) -> Answer<StatusCode> {
                app.kitaab.finance(&actor).delete(workspace, EntryKind::$kind, entry).await?;
                Ok(StatusCode::NO_CONTENT)
            }

            /// Everything that one ever was, newest first, also when it was deleted.
            #[utoipa::path(get, path = $history, tag = "money", operation_id = $versions,
                params(InWorkspace, ($id = LedgerEntryId, Path, description = "The entry")),
                responses((status = 200, body = Page<EntryVersion>)))]
            pub(in crate::routes) async fn history(
                State(app): State<App>,
                Caller(actor): Caller,
                Ids((workspace, entry)): Ids<(WorkspaceId, LedgerEntryId)>,
            ) -> Answer<Reply<Page<EntryVersion>>> {
                Ok(Reply::ok(app.kitaab.finance(&actor).history(workspace, EntryKind::$kind, entry).await?))
            }
        }
    };
}

entries!(
    expenses,
    Expense,
    "/workspaces/{workspace_id}/expenses",
    "/workspaces/{workspace_id}/expenses/{expense_id}",
    "/workspaces/{workspace_id}/expenses/{expense_id}/history",
    "expense_id",
    "list_expenses",
    "create_expense",
    "get_expense",
    "update_expense",
    "delete_expense",
    "get_expense_history"
);
entries!(
    income,
    Income,
    "/workspaces/{workspace_id}/income",
    "/workspaces/{workspace_id}/income/{income_id}",
    "/workspaces/{workspace_id}/income/{income_id}/history",
    "income_id",
    "list_income",
    "create_income",
    "get_income",
    "update_income",
    "delete_income",
    "get_income_history"
);
