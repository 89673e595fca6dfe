//! Server-sent events (WHATWG HTML, 9.2): each event with its own cursor as `id`, so that a browser resumes by itself.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use kitaab_core::access::Actor;
use kitaab_core::chat::Present;
use kitaab_core::event::{Feed, From, Heard, SessionWatch};
use kitaab_core::ids::WorkspaceId;
use kitaab_core::input::Input;
use tokio_util::sync::CancellationToken;

use super::poll::{PollAsk, begin};
use crate::app::App;
use crate::problem::Answer;

/// A comment so often tells proxies that the stream lives.
const ALIVE: Duration = Duration::from_secs(15);
/// How long a browser waits before it comes back.
const RETRY: Duration = Duration::from_secs(3);

/// Where a stream is.
struct Streaming {
    feed: Feed,
    session: SessionWatch,
    stop: CancellationToken,
    /// Shows the person as there.
    _present: Option<Present>,
    step: Step,
    /// Whether what they missed cannot be shown.
    forgotten: bool,
}

enum Step {
    Ready,
    Resync,
    Going,
    Over,
}

pub(super) async fn stream(app: &App, actor: &Actor, workspace: WorkspaceId, headers: &HeaderMap, ask: Input<PollAsk>) -> Answer<Response> {
    app.kitaab.may_follow(actor, workspace).await?;
    let cursor = ask.checked()?.cursor();
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).filter(|id| !id.is_empty());
    let cursor = last.map(str::to_owned).or(cursor);
    let resumes = cursor.is_some();
    let feed = begin(app, actor, workspace, From::from(cursor)).await?;
    let forgotten = resumes && !feed.recovered();
    let streaming = Streaming {
        feed,
        session: app.kitaab.watch_session(actor),
        stop: app.config.live.stop.clone(),
        _present: app.kitaab.present(actor).await.ok(),
        step: Step::Ready,
        forgotten,
    };
    Ok(Sse::new(events(streaming)).keep_alive(KeepAlive::new().interval(ALIVE)).into_response())
}

fn events(streaming: Streaming) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(streaming, |mut streaming| async move {
        let event = streaming.next().await?;
        Some((Ok(event), streaming))
    })
}

impl Streaming {
    async fn next(&mut self) -> Option<Event> {
        match self.step {
            Step::Over => return None,
            Step::Ready => {
                self.step = if self.forgotten { Step::Resync } else { Step::Going };
                return Some(Event::default().event("ready").id(self.feed.cursor()).retry(RETRY).data("{}"));
            }
            Step::Resync => {
                self.step = Step::Going;
                return Some(Event::default().event("resync").id(self.feed.cursor()).data("{}"));
            }
            Step::Going => {}
        }
        let heard = tokio::select! {
            () = self.session.ended() => return Some(self.end("session_ended")),
            () = self.stop.cancelled() => return None,
            heard = self.feed.next_few(1) => heard,
        };
        match heard {
            Ok(Heard::Batch(batch)) => {
                let id = batch.cursor;
                Some(match batch.events.first() {
                    Some(event) => Event::default().id(id).data(event.json()),
                    // The cursor alone moved on.
                    None => Event::default().event("ready").id(id).data("{}"),
                })
            }
            Ok(Heard::Passing(passing)) => Some(Event::default().event("ephemeral").data(&*passing)),
            Ok(Heard::Resync(cursor)) => Some(Event::default().event("resync").id(cursor).data("{}")),
            Ok(Heard::Ended) => Some(self.end("access_lost")),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a stream could not be told what happened");
                None
            }
        }
    }

    /// The last word before the stream closes for good.
    fn end(&mut self, code: &str) -> Event {
        self.step = Step::Over;
        Event::default().event("end").data(serde_json::json!({"code": code}).to_string())
    }
}
