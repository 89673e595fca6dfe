//! Reports on money and time; for owners.

use axum::extract::State;
use kitaab_core::finance::{ProfitReport, ReportAsk, TimeReport};
use kitaab_core::ids::WorkspaceId;

use super::Reply;
use super::ask::{InWorkspace, ReportParams};
use crate::app::App;
use crate::extract::{Caller, Ids, Query};
use crate::problem::Answer;

/// Income, expenses and profit, a line for each key and currency.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/reports/profit", tag = "money", operation_id = "get_profit_report",
    params(InWorkspace, ReportParams), responses((status = 200, body = ProfitReport)))]
pub(super) async fn profit(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<ReportAsk>,
) -> Answer<Reply<ProfitReport>> {
    Ok(Reply::ok(app.kitaab.finance(&actor).profit(workspace, ask).await?))
}

/// Time that has ended, a line for each key and currency of its rate.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/reports/time", tag = "money", operation_id = "get_time_report",
    params(InWorkspace, ReportParams), responses((status = 200, body = TimeReport)))]
pub(super) async fn time(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<ReportAsk>,
) -> Answer<Reply<TimeReport>> {
    Ok(Reply::ok(app.kitaab.finance(&actor).time_report(workspace, ask).await?))
}
