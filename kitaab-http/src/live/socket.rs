//! The WebSocket, subprotocol `kitaab.v1`.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::future::BoxFuture;
use kitaab_core::Error;
use kitaab_core::access::Actor;
use kitaab_core::chat::Present;
use kitaab_core::event::{BATCH, Feed, Heard};
use kitaab_core::ids::WorkspaceId;
use tokio::time::{Instant, sleep_until, timeout};

use super::frame;
use super::op::{Done, Op, failed, ok};
use crate::app::App;
use crate::extract::{Context, Jar, Kept, MaybeCaller, OwnOrigin, bearer, by_token};
use crate::problem::{Answer, Problem};

/// The name of the protocol.
const PROTOCOL: &str = "kitaab.v1";
/// The largest frame of a client.
const FRAME: usize = 64 * 1024;
/// What a connection reads at once. The default would take 128 KiB for each.
const BUFFER: usize = 1024;
/// Within this time somebody says who they are.
const AUTH: Duration = Duration::from_secs(5);
/// How often is asked whether the other end is there, and how long it has to answer (Centrifugo).
const PING: Duration = Duration::from_secs(25);
const PONG: Duration = Duration::from_secs(8);
/// A connection that takes nothing for so long is given up.
const BLOCKED: Duration = Duration::from_secs(10);
/// How often a lease on presence is renewed: at most one write in so long.
const RENEW: Duration = Duration::from_secs(55);

/// Why a socket is closed. 4000 to 4499 come back, 4500 to 4999 do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Close {
    Stopping = 4001,
    TooSlow = 4008,
    NoPong = 4012,
    Protocol = 4400,
    TooLarge = 1009,
    SessionEnded = 4501,
    /// The other end went away.
    Gone = 1000,
}

/// Everything live: events of the workspaces that are subscribed to, and what can be asked for in frames.
#[utoipa::path(get, path = "/ws", tag = "live", operation_id = "open_socket",
    description = "The WebSocket, subprotocol `kitaab.v1`. Authenticated by header, cookie, or a first frame \
        `{\"op\":\"auth\",\"token\":\"…\"}` within five seconds.",
    responses((status = 101, description = "The connection is a WebSocket from now on"),
        (status = 400, description = "No WebSocket handshake"), (status = 426, description = "No WebSocket handshake")))]
pub(crate) async fn open(
    State(app): State<App>,
    _: OwnOrigin,
    MaybeCaller(actor): MaybeCaller,
    context: Context,
    headers: axum::http::HeaderMap,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Answer<Response> {
    let upgrade = upgrade.map_err(|rejection| Problem::new(rejection.status(), "no_websocket", "Open this as a WebSocket."))?;
    let token = bearer(&headers).or_else(|| Jar(&app.site).read(Kept::Session, &headers)).map(str::to_owned);
    let tracker = app.config.live.sockets.clone();
    let upgrade = upgrade.protocols([PROTOCOL]).read_buffer_size(BUFFER).write_buffer_size(0).max_message_size(FRAME).max_frame_size(FRAME);
    Ok(upgrade.on_upgrade(move |socket| {
        let connection = Connection { app, socket, context, token };
        tracker.track_future(connection.run(actor))
    }))
}

struct Connection {
    app: App,
    socket: WebSocket,
    context: Context,
    token: Option<String>,
}

/// What happens next on a connection.
enum Next {
    Frame(Option<Result<Message, axum::Error>>),
    Done(Answer<Done>),
    /// There is something to hear of the workspace at this place.
    Ready(usize),
    Tick,
}

impl Connection {
    async fn run(mut self, actor: Actor) {
        let actor = if actor.user().is_some() { Ok(actor) } else { Box::pin(self.auth()).await };
        let close = match actor {
            Ok(actor) => Box::pin(self.serve(actor)).await,
            Err(close) => close,
        };
        if close != Close::Gone {
            let frame = CloseFrame { code: close as u16, reason: "".into() };
            // Best effort: who is too slow to be told finds out.
            timeout(Duration::from_secs(1), self.socket.send(Message::Close(Some(frame)))).await.ok();
            timeout(Duration::from_secs(1), self.drain()).await.ok();
        }
    }

    /// Reads what is left until the other end closes too, so that our last frame arrives.
    async fn drain(&mut self) {
        while let Some(Ok(message)) = self.socket.recv().await {
            if matches!(message, Message::Close(_)) {
                return;
            }
        }
    }

    /// Waits for the first frame, which says who calls.
    async fn auth(&mut self) -> Result<Actor, Close> {
        let first = timeout(AUTH, self.socket.recv()).await.map_err(|_| Close::Protocol)?;
        let text = match first {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(_)) => return Err(Close::Protocol),
            Some(Err(error)) => return Err(broken(&error)),
            None => return Err(Close::Gone),
        };
        let op = Op::read(&text).ok_or(Close::Protocol)?;
        if op.asks != "auth" {
            return Err(Close::Protocol);
        }
        let token = op.token().ok_or(Close::SessionEnded)?.to_owned();
        self.app.limits.check_frame(self.context.address, Some(&token)).map_err(|_| Close::Stopping)?;
        match by_token(&token, &self.context, &self.app).await {
            Ok(Some(actor)) => {
                self.token = Some(token);
                self.send(ok(op.id.as_ref(), &serde_json::json!({}))).await?;
                Ok(actor)
            }
            Ok(None) => Err(Close::SessionEnded),
            Err(_) => Err(Close::Stopping),
        }
    }

    async fn send(&mut self, text: String) -> Result<(), Close> {
        match timeout(BLOCKED, self.socket.send(Message::Text(text.into()))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Close::Gone),
            Err(_) => Err(Close::TooSlow),
        }
    }

    async fn serve(&mut self, actor: Actor) -> Close {
        let session = self.app.kitaab.watch_session(&actor);
        let stop = self.app.config.live.stop.clone();
        let served = Box::pin(self.serve_until(actor));
        tokio::select! {
            biased;
            () = session.ended() => Close::SessionEnded,
            () = stop.cancelled() => Close::Stopping,
            close = served => close,
        }
    }

    async fn serve_until(&mut self, actor: Actor) -> Close {
        // Nobody is kept out because their presence cannot be shown.
        let present = Box::pin(self.app.kitaab.present(&actor)).await.ok();
        let mut serving =
            Serving { actor, feeds: Vec::new(), present, pinged: None, tick: Instant::now() + PING, renew: Instant::now() + RENEW };
        let mut running: Option<(Option<serde_json::Value>, BoxFuture<'static, Answer<Done>>)> = None;
        loop {
            let next = serving.next(&mut self.socket, running.as_mut().map(|(_, op)| op)).await;
            // Most sockets wait most of the time: what is done about it is made when there is something to do.
            let stays = match next {
                Next::Frame(None) => Err(Close::Gone),
                Next::Frame(Some(Err(error))) => Err(broken(&error)),
                Next::Frame(Some(Ok(message))) => Box::pin(self.take(message, &mut serving, &mut running)).await,
                Next::Done(done) => {
                    let id = running.take().and_then(|(id, _)| id);
                    Box::pin(self.answer(id.as_ref(), done, &mut serving)).await
                }
                Next::Ready(place) => Box::pin(self.hear(place, &mut serving)).await,
                Next::Tick => Box::pin(self.tick(&mut serving, running.is_some())).await,
            };
            if let Err(close) = stays {
                return close;
            }
        }
    }

    /// Takes a frame in: one operation runs at a time, and what comes after it waits its turn on the wire.
    async fn take(
        &mut self,
        message: Message,
        serving: &mut Serving,
        running: &mut Option<(Option<serde_json::Value>, BoxFuture<'static, Answer<Done>>)>,
    ) -> Result<(), Close> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Close::Protocol),
            Message::Pong(_) => {
                serving.pinged = None;
                return Ok(());
            }
            Message::Ping(_) => return Ok(()),
            Message::Close(_) => return Err(Close::Gone),
        };
        let mut op = Op::read(&text).ok_or(Close::Protocol)?;
        if let Err(retry_after) = self.app.limits.check_frame(self.context.address, self.token.as_deref()) {
            let problem = Problem::from(Error::TooMany { retry_after });
            return self.send(failed(op.id.as_ref(), &problem)).await;
        }
        let (app, actor) = (self.app.clone(), serving.actor.clone());
        let followed: Vec<WorkspaceId> = serving.feeds.iter().map(Feed::workspace).collect();
        let id = op.id.clone();
        *running = Some((id, Box::pin(async move { op.perform(&app, &actor, &followed).await })));
        Ok(())
    }

    async fn answer(&mut self, id: Option<&serde_json::Value>, done: Answer<Done>, serving: &mut Serving) -> Result<(), Close> {
        match done {
            // A frame without an id wants no answer, unless it came to nothing.
            Ok(Done::Said(_)) if id.is_none() => Ok(()),
            Ok(Done::Said(answer)) => self.send(ok(id, &answer)).await,
            Ok(Done::Subscribed(feed, answer)) => {
                // The answer comes before every event.
                self.send(ok(id, &answer)).await?;
                serving.feeds.retain(|other| other.workspace() != feed.workspace());
                serving.feeds.push(*feed);
                Ok(())
            }
            Ok(Done::Unsubscribed(workspace)) => {
                serving.feeds.retain(|feed| feed.workspace() != workspace);
                self.send(ok(id, &serde_json::json!({}))).await
            }
            Ok(Done::Presence(away)) => {
                serving.renew(away).await;
                self.send(ok(id, &serde_json::json!({}))).await
            }
            Err(problem) => self.send(failed(id, &problem)).await,
        }
    }

    async fn hear(&mut self, place: usize, serving: &mut Serving) -> Result<(), Close> {
        // A busy workspace waits for the others: whoever was heard is the last to be asked again.
        let mut feed = serving.feeds.remove(place);
        let workspace = feed.workspace();
        let heard = feed.take(BATCH).await;
        if !matches!(heard, Ok(Some(Heard::Ended)) | Err(Error::NotFound)) {
            serving.feeds.push(feed);
        }
        match heard {
            Ok(Some(Heard::Batch(batch))) => self.send(frame::events(workspace, &batch)).await,
            Ok(Some(Heard::Passing(passing))) => self.send(frame::ephemeral(workspace, &passing)).await,
            // The log went on without this connection: it comes back with its cursor and is told so.
            Ok(Some(Heard::Resync(_))) => Err(Close::TooSlow),
            Ok(None | Some(Heard::Ended)) | Err(Error::NotFound) => Ok(()),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a socket could not be told what happened");
                Err(Close::Stopping)
            }
        }
    }

    async fn tick(&mut self, serving: &mut Serving, busy: bool) -> Result<(), Close> {
        let now = Instant::now();
        // While an operation runs nothing is read, and so no pong either.
        if busy {
            serving.pinged = serving.pinged.map(|_| now);
        }
        if serving.pinged.is_some_and(|pinged| now >= pinged + PONG) {
            return Err(Close::NoPong);
        }
        if now >= serving.renew {
            let away = serving.present.as_ref().is_some_and(Present::is_away);
            serving.renew(away).await;
        }
        if serving.pinged.is_none() && now >= serving.tick {
            match timeout(BLOCKED, self.socket.send(Message::Ping(bytes::Bytes::new()))).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Err(Close::Gone),
                Err(_) => return Err(Close::TooSlow),
            }
            serving.pinged = Some(now);
            serving.tick = now + PING;
        }
        Ok(())
    }
}

/// A connection of somebody who said who they are.
struct Serving {
    actor: Actor,
    feeds: Vec<Feed>,
    present: Option<Present>,
    /// When the other end was asked whether it is there, and has not answered yet.
    pinged: Option<Instant>,
    tick: Instant,
    renew: Instant,
}

impl Serving {
    async fn renew(&mut self, away: bool) {
        self.renew = Instant::now() + RENEW;
        if let Some(present) = &mut self.present
            && let Err(error) = present.renew(away).await
        {
            tracing::debug!(error = &error as &dyn std::error::Error, "a presence could not be shown");
        }
    }

    async fn next(&mut self, socket: &mut WebSocket, running: Option<&mut BoxFuture<'static, Answer<Done>>>) -> Next {
        let idle = running.is_none();
        let due = self.pinged.map_or(self.tick, |pinged| pinged + PONG).min(self.renew);
        let done = async {
            match running {
                Some(running) => running.await,
                None => std::future::pending().await,
            }
        };
        let ready = poll_fn(|context| {
            let ready = self.feeds.iter().position(|feed| feed.poll_ready(context).is_ready());
            ready.map_or(Poll::Pending, Poll::Ready)
        });
        tokio::select! {
            done = done => Next::Done(done),
            workspace = ready => Next::Ready(workspace),
            frame = socket.recv(), if idle => Next::Frame(frame),
            () = sleep_until(due) => Next::Tick,
        }
    }
}

/// Why a connection broke.
fn broken(error: &axum::Error) -> Close {
    let text = error.to_string().to_lowercase();
    if text.contains("too long") || text.contains("too big") || text.contains("capacity") {
        Close::TooLarge
    } else if text.contains("utf-8") || text.contains("protocol") {
        Close::Protocol
    } else {
        Close::Gone
    }
}
