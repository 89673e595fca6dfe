//! Searching.

use axum::extract::State;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::search::{Results, SearchAsk};

use super::Reply;
use super::ask::{InWorkspace, ReasonParam, SearchParams};
use crate::app::App;
use crate::extract::{Caller, Ids, Query};
use crate::problem::Answer;

/// Search messages, projects, tasks, comments and, for the owner, clients.
///
/// A word is found wherever it is a part of a text, whatever its case and marks; all words must be there, and `"a phrase"` as
/// it stands. `-word` and `-"a phrase"` must not be there. `from:` takes `me`, a name or an id; `in:` the name or id of a
/// channel or a project; `before:` and `after:` a day; besides there are `has:link`, `has:file`, `has:image`, `is:pinned`,
/// `is:starred` and `mentions:me`. A moderator searches messages alone, and says why.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/search", tag = "search", operation_id = "search",
    params(InWorkspace, SearchParams, ReasonParam), responses((status = 200, body = Results)))]
pub(super) async fn find(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    Query(ask): Query<SearchAsk>,
) -> Answer<Reply<Results>> {
    Ok(Reply::ok(app.kitaab.search(&actor).find(workspace, ask).await?))
}
