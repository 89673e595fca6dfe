//! Reports on money and time; for owners.

use axum::extract::State;
use kitaab_core::finance::{ProfitReport, ReportAsk, TimeReport};
use kitaab_core::ids::WorkspaceId;

use super::Reply;
use super::ask::{FormatParam, InWorkspace, ReportParams};
use super::sheet::Tabled;
use crate::app::App;
use crate::extract::{Caller, Format, Ids, Tabular};
use crate::problem::Answer;

/// Income, expenses and profit, a line for each key and currency.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/reports/profit", tag = "money", operation_id = "get_profit_report",
    params(InWorkspace, ReportParams, FormatParam),
    responses((status = 200, content((ProfitReport = "application/json"), (String = "text/csv")))))]
pub(super) async fn profit(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Tabular(format, ask): Tabular<ReportAsk>,
) -> Answer<Tabled<ProfitReport>> {
    let finance = app.kitaab.finance(&actor);
    Ok(match format {
        Format::Json => Tabled::Json(Reply::ok(finance.profit(workspace, ask).await?)),
        Format::Csv => Tabled::Csv(finance.profit_table(workspace, ask).await?, "profit-report"),
    })
}

/// Time that has ended, a line for each key and currency of its rate.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/reports/time", tag = "money", operation_id = "get_time_report",
    params(InWorkspace, ReportParams, FormatParam),
    responses((status = 200, content((TimeReport = "application/json"), (String = "text/csv")))))]
pub(super) async fn time(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Tabular(format, ask): Tabular<ReportAsk>,
) -> Answer<Tabled<TimeReport>> {
    let finance = app.kitaab.finance(&actor);
    Ok(match format {
        Format::Json => Tabled::Json(Reply::ok(finance.time_report(workspace, ask).await?)),
        Format::Csv => Tabled::Csv(finance.time_report_table(workspace, ask).await?, "time-report"),
    })
}
