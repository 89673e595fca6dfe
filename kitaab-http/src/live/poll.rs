//! The long poll, the stream of the same path, and the sign that one is typing.

use std::time::Duration;

use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kitaab_core::Error;
use kitaab_core::access::Actor;
use kitaab_core::error::{Problems, Unauthenticated};
use kitaab_core::event::{BATCH, Batch, Feed, From, Heard};
use kitaab_core::ids::{ChannelId, WorkspaceId};
use kitaab_core::input::{Check, Input};
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};
use utoipa::IntoParams;

use super::sse;
use crate::app::App;
use crate::extract::{Ask, Caller, Ids, Query};
use crate::problem::{Answer, Problem};
use crate::routes::InWorkspace;

/// The longest wait, in seconds.
const LONGEST: u64 = 55;

/// What is asked of the events.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PollAsk {
    cursor: Option<String>,
    wait: Option<u64>,
    limit: Option<usize>,
}

impl Ask for PollAsk {
    const NAMES: &'static [&'static str] = &["cursor", "wait", "limit"];
}

impl Check for PollAsk {
    fn check(&mut self, problems: &mut Problems) {
        if self.wait.is_some_and(|wait| wait > LONGEST) {
            problems.add("wait", "out_of_range", format!("Wait at most {LONGEST} seconds."));
        }
        if self.limit.is_some_and(|limit| limit == 0 || limit > BATCH) {
            problems.add("limit", "out_of_range", format!("Ask for 1 to {BATCH} events."));
        }
    }
}

impl PollAsk {
    pub(super) fn cursor(self) -> Option<String> {
        self.cursor
    }
}

/// Which events.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the fields describe parameters")]
pub(crate) struct PollParams {
    /// The `cursor` of the answer before; `start` begins with the oldest event kept. Without one the answer is the
    /// cursor of now.
    #[param(required = false)]
    cursor: String,
    /// How many seconds to wait for events; 0 when absent.
    #[param(maximum = 55, required = false)]
    wait: u64,
    /// At most this many events; 300 when absent.
    #[param(minimum = 1, maximum = 300, required = false)]
    limit: u64,
}

/// What happened in a workspace, as far as the caller may see it: as a long poll, or with `Accept: text/event-stream` as a
/// stream.
#[utoipa::path(get, path = "/workspaces/{workspace_id}/events", tag = "live", operation_id = "follow_events",
    params(InWorkspace, PollParams),
    responses((status = 200, body = Object, description = "`{events,cursor,more}`"),
        (status = 410, description = "`cursor_invalid`: begin anew at the `cursor` in the answer")))]
pub(crate) async fn follow(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace,)): Ids<(WorkspaceId,)>,
    headers: HeaderMap,
    Query(ask): Query<PollAsk>,
) -> Answer<Response> {
    if wants_stream(&headers) {
        return sse::stream(&app, &actor, workspace, &headers, ask).await;
    }
    poll(&app, &actor, workspace, ask).await
}

fn wants_stream(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|media| media.trim().starts_with("text/event-stream"))
}

/// Opens the feed before the question is looked at: who may not follow learns nothing from how it is received.
pub(super) async fn begin(app: &App, actor: &Actor, workspace: WorkspaceId, from: From) -> Result<Feed, Error> {
    app.kitaab.follow(actor, workspace, from).await
}

async fn poll(app: &App, actor: &Actor, workspace: WorkspaceId, ask: Input<PollAsk>) -> Answer<Response> {
    app.kitaab.may_follow(actor, workspace).await?;
    let ask = ask.checked()?;
    let (from, now) = (From::from(ask.cursor.clone()), ask.cursor.is_none());
    let mut feed = begin(app, actor, workspace, from).await?;
    if now {
        return Ok(answer(&Batch { events: Vec::new(), prev: String::new(), cursor: feed.cursor().to_owned(), more: false }));
    }
    if !feed.recovered() {
        return Err(cursor_invalid(feed.cursor()));
    }
    let session = app.kitaab.watch_session(actor);
    let end = Instant::now() + Duration::from_secs(ask.wait.unwrap_or(0));
    let limit = ask.limit.unwrap_or(BATCH);
    loop {
        match feed.now(limit).await? {
            Heard::Batch(batch) if !batch.events.is_empty() || Instant::now() >= end => return Ok(answer(&batch)),
            Heard::Batch(batch) => {
                tokio::select! {
                    () = session.ended() => return Err(Error::Unauthenticated(Unauthenticated::NoSession).into()),
                    // Who comes back finds another server, or this one again.
                    () = app.config.live.stop.cancelled() => return Ok(answer(&batch)),
                    _ = timeout_at(end, feed.changed()) => {}
                }
            }
            Heard::Resync(cursor) => return Err(cursor_invalid(&cursor)),
            Heard::Ended | Heard::Passing(_) => return Err(Error::NotFound.into()),
        }
    }
}

fn cursor_invalid(cursor: &str) -> Problem {
    let detail = "Events since this cursor cannot be told without a gap. Load what you show anew, and go on from the cursor given here.";
    Problem::new(StatusCode::GONE, "cursor_invalid", detail).cursor(cursor.to_owned())
}

fn answer(batch: &Batch) -> Response {
    let mut out = String::with_capacity(128 + batch.events.len() * 768);
    out.push_str("{\"events\":[");
    for (place, event) in batch.events.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        event.write(&mut out);
    }
    out.push_str("],\"cursor\":\"");
    out.push_str(&batch.cursor);
    out.push_str(if batch.more { "\",\"more\":true}" } else { "\",\"more\":false}" });
    ([(axum::http::header::CONTENT_TYPE, "application/json")], out).into_response()
}

/// Shows the others in a channel that one is typing, for six seconds.
#[utoipa::path(post, path = "/workspaces/{workspace_id}/channels/{channel_id}/typing", tag = "chat", operation_id = "type_in_channel",
    params(InWorkspace, ("channel_id" = ChannelId, Path, description = "The channel")), responses((status = 204)))]
pub(crate) async fn typing(
    State(app): State<App>,
    Caller(actor): Caller,
    Ids((workspace, channel)): Ids<(WorkspaceId, ChannelId)>,
) -> Answer<StatusCode> {
    app.kitaab.chat(&actor).typing(workspace, channel).await?;
    Ok(StatusCode::NO_CONTENT)
}
