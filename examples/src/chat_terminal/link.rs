//! The connection: comes back after every end, goes on where it was, and delivers each line once.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use reqwest::Url;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, channel, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::header::{AUTHORIZATION, RETRY_AFTER, SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::tungstenite::http::{HeaderMap, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::shapes::{Event, Frame, Line, Op, Problem, Subscribed};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The first pause after an end is up to this long; each further one up to twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Longer than this nobody waits.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A connection that stood for so long was a good one: the pauses begin anew.
const STOOD: Duration = Duration::from_secs(10);
/// How long connecting, an answer and a write may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// After so much silence the server is asked whether it is there …
const QUIET: Duration = Duration::from_secs(20);
/// … and after so much it is not.
const SILENT: Duration = Duration::from_secs(40);
/// How long one who leaves hears what comes of their last line.
const LINGER: Duration = Duration::from_millis(300);
/// The id of `subscribe`; lines have those after it.
const SUBSCRIBE: u64 = 0;

/// What the connection is asked for.
pub enum Ask {
    /// Deliver a line, under a number of one's own (from 1).
    Post(u64, Line),
    /// Tell others that one is typing, if there is a connection.
    Typing(String),
    /// Note how far one has read, if there is a connection.
    Read(String, i64),
    /// Deliver what waits, and end.
    Leave,
}

/// What the connection tells.
pub enum Told {
    /// It stands. `anew`: what happened meanwhile does not follow as events.
    Up { anew: bool },
    /// It ended, and comes back after a pause.
    Down { why: String, pause: Duration },
    /// What happened, in order, each once.
    Events(Vec<Event>),
    /// Something that passes.
    Passing(Event),
    /// A line was delivered.
    Posted(u64),
    /// The lines that wait are sent after a pause.
    Held { why: String, pause: Duration },
    /// A line will never be delivered.
    Refused(u64, Problem),
    /// It will not come back.
    Over(String),
}

/// Why talking ended.
enum End {
    Left,
    Lost { why: String, pause: Duration },
    Over(String),
}

/// The connection to one workspace.
pub struct Link {
    url: Url,
    token: String,
    workspace: String,
    cursor: Option<String>,
    /// Lines that were not acknowledged, oldest first.
    outbox: VecDeque<(u64, Line)>,
    leaving: bool,
    /// Lines were on their way when one was about to leave: what comes of them is heard.
    lingers: bool,
    asks: UnboundedReceiver<Ask>,
    told: Sender<Told>,
}

impl Link {
    /// Connects in the background. The task ends after [`Told::Over`], or once it was asked to leave and nothing waits.
    pub fn start((url, token): (Url, String), workspace: String) -> (UnboundedSender<Ask>, Receiver<Told>, JoinHandle<()>) {
        let ((ask, asks), (told, hear)) = (unbounded_channel(), channel(64));
        let link = Self { url, token, workspace, cursor: None, outbox: VecDeque::new(), leaving: false, lingers: false, asks, told };
        (ask, hear, tokio::spawn(link.run()))
    }

    async fn run(mut self) {
        let mut failures = 0;
        while !self.is_done() {
            let end = match self.connect().await {
                Ok(socket) => {
                    let began = Instant::now();
                    let end = self.talk(socket).await;
                    failures = if began.elapsed() > STOOD { 0 } else { failures };
                    end
                }
                Err(end) => end,
            };
            match end {
                End::Left => return,
                End::Over(why) => return self.tell(Told::Over(why)).await,
                End::Lost { why, pause } => {
                    let pause = pause.max(backoff(failures));
                    failures += 1;
                    self.tell(Told::Down { why, pause }).await;
                    self.rest(Instant::now() + pause).await;
                }
            }
        }
    }

    async fn connect(&self) -> Result<Socket, End> {
        let over = |error: &dyn std::fmt::Display| End::Over(error.to_string());
        let mut request = self.url.as_str().into_client_request().map_err(|error| over(&error))?;
        let bearer = HeaderValue::from_str(&format!("Bearer {}", self.token)).map_err(|error| over(&error))?;
        request.headers_mut().insert(AUTHORIZATION, bearer);
        request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("kitaab.v1"));
        match timeout(PATIENCE, connect_async(request)).await {
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(Error::Http(answer))) if matches!(answer.status().as_u16(), 401 | 403 | 404) => {
                Err(End::Over(format!("the server answers {}: sign in again", answer.status())))
            }
            Ok(Err(Error::Http(answer))) => {
                Err(End::Lost { why: format!("the server answers {}", answer.status()), pause: retry_after(answer.headers()) })
            }
            Ok(Err(error)) => Err(lost(error)),
            Err(_) => Err(lost("the server does not answer")),
        }
    }

    /// Talks until the connection ends.
    async fn talk(&mut self, socket: Socket) -> End {
        let (sink, mut stream) = socket.split();
        let mut talk =
            Talk { sink, began: Instant::now(), heard: Instant::now(), pinged: Instant::now(), up: false, sent: None, hold: None };
        let subscribe = Op::Subscribe { id: SUBSCRIBE, workspace_id: self.workspace.clone(), cursor: self.cursor.clone() };
        match talk.write(&subscribe).await {
            Ok(()) => self.go_on(&mut talk, &mut stream).await.unwrap_or_else(|end| end),
            Err(end) => end,
        }
    }

    async fn go_on(&mut self, talk: &mut Talk, stream: &mut SplitStream<Socket>) -> Result<End, End> {
        let mut ticks = interval(Duration::from_millis(500));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // One line at a time, so that they stay in order whatever is refused or lost.
            if let Some((id, line)) = self.outbox.front().filter(|_| talk.may_send()) {
                talk.write(&Op::Send { id: *id, line: line.clone() }).await?;
                talk.sent = Some(Instant::now());
            }
            if self.is_done() && (!self.lingers || talk.heard.elapsed() > LINGER) {
                timeout(Duration::from_secs(1), talk.sink.close()).await.ok();
                return Ok(End::Left);
            }
            tokio::select! {
                message = stream.next() => {
                    let message = message.ok_or_else(|| lost("the connection ended"))?.map_err(lost)?;
                    talk.heard = Instant::now();
                    match message {
                        Message::Text(text) => self.hear(talk, &text).await?,
                        Message::Close(close) => return Err(closed(close.map(|close| (close.code.into(), close.reason.to_string())))),
                        _ => {}
                    }
                }
                ask = self.asks.recv(), if !self.leaving => {
                    if let Some(op) = self.take(ask).filter(|_| talk.up) {
                        talk.write(&op).await?;
                    }
                }
                _ = ticks.tick() => talk.look_after().await?,
            }
        }
    }

    async fn hear(&mut self, talk: &mut Talk, text: &str) -> Result<(), End> {
        let frame: Frame = serde_json::from_str(text).map_err(|_| lost("the server says what nobody understands"))?;
        if frame.id == Some(SUBSCRIBE) && !talk.up {
            if let Some(problem) = frame.error {
                return Err(if problem.passes() { lost_for(&problem) } else { End::Over(problem.said()) });
            }
            let answer: Subscribed = serde_json::from_value(frame.ok.unwrap_or_default()).map_err(lost)?;
            let anew = self.cursor.is_some() && !answer.recovered;
            (self.cursor, talk.up) = (Some(answer.cursor), true);
            self.tell(Told::Up { anew }).await;
        } else if let Some(id) = frame.id.filter(|id| self.outbox.front().is_some_and(|(front, _)| front == id)) {
            talk.sent = None;
            match frame.error {
                Some(problem) if problem.passes() => {
                    let pause = pause_of(&problem);
                    talk.hold = Some(Instant::now() + pause);
                    self.tell(Told::Held { why: problem.said(), pause }).await;
                }
                Some(problem) => {
                    self.outbox.pop_front();
                    self.tell(Told::Refused(id, problem)).await;
                }
                None => {
                    self.outbox.pop_front();
                    self.tell(Told::Posted(id)).await;
                }
            }
        } else if let (Some(events), Some(cursor)) = (frame.events, frame.cursor) {
            // Each frame says which one it follows: a gap would not go unnoticed.
            if frame.prev != self.cursor {
                return Err(lost("something was missed"));
            }
            self.cursor = Some(cursor);
            if !events.is_empty() {
                self.tell(Told::Events(events)).await;
            }
        } else if let Some(event) = frame.ephemeral {
            self.tell(Told::Passing(event)).await;
        }
        Ok(())
    }

    /// Takes up what was asked for; what is left is for the moment only.
    fn take(&mut self, ask: Option<Ask>) -> Option<Op> {
        match ask {
            Some(Ask::Post(id, line)) => self.outbox.push_back((id, line)),
            Some(Ask::Typing(channel_id)) => return Some(Op::Typing { channel_id }),
            Some(Ask::Read(channel_id, seq)) => return Some(Op::Read { channel_id, seq }),
            Some(Ask::Leave) | None => (self.leaving, self.lingers) = (true, !self.outbox.is_empty()),
        }
        None
    }

    /// Waits; what is typed meanwhile is sent later.
    async fn rest(&mut self, until: Instant) {
        while !self.is_done() {
            tokio::select! {
                () = sleep_until(until) => return,
                ask = self.asks.recv(), if !self.leaving => drop(self.take(ask)),
            }
        }
    }

    fn is_done(&self) -> bool {
        self.leaving && self.outbox.is_empty()
    }

    async fn tell(&self, told: Told) {
        // Nobody listens any more once the program ends.
        self.told.send(told).await.ok();
    }
}

/// One connection.
struct Talk {
    sink: SplitSink<Socket, Message>,
    began: Instant,
    heard: Instant,
    pinged: Instant,
    /// Whether `subscribe` was answered.
    up: bool,
    /// When the first line of the outbox was sent.
    sent: Option<Instant>,
    /// Until when the server wants no more lines.
    hold: Option<Instant>,
}

impl Talk {
    fn may_send(&self) -> bool {
        self.up && self.sent.is_none() && self.hold.is_none_or(|until| until <= Instant::now())
    }

    async fn write(&mut self, op: &Op) -> Result<(), End> {
        let text = serde_json::to_string(op).map_err(lost)?;
        timeout(PATIENCE, self.sink.send(Message::text(text))).await.map_err(lost)?.map_err(lost)
    }

    /// Notices what does not happen.
    async fn look_after(&mut self) -> Result<(), End> {
        if self.heard.elapsed() > SILENT || (!self.up && self.began.elapsed() > PATIENCE) {
            return Err(lost("the server fell silent"));
        }
        if self.heard.elapsed() > QUIET && self.pinged < self.heard + QUIET {
            self.pinged = Instant::now();
            self.write(&Op::Ping).await?;
        }
        if self.sent.is_some_and(|sent| sent.elapsed() > PATIENCE) {
            self.sent = None;
        }
        Ok(())
    }
}

fn lost(why: impl std::fmt::Display) -> End {
    End::Lost { why: why.to_string(), pause: Duration::ZERO }
}

fn lost_for(problem: &Problem) -> End {
    End::Lost { why: problem.said(), pause: pause_of(problem) }
}

fn pause_of(problem: &Problem) -> Duration {
    Duration::from_secs(problem.retry_after.unwrap_or(1).max(1))
}

/// The codes from 4500 on say that coming back is of no use.
fn closed(close: Option<(u16, String)>) -> End {
    let close = close.map(|(code, reason)| (code, if reason.is_empty() { reason } else { format!(": {reason}") }));
    match close {
        Some((code @ 4500..=4999, reason)) => End::Over(format!("the server ended the connection for good ({code}{reason})")),
        Some((code, reason)) => lost(format!("the server ended the connection ({code}{reason})")),
        None => lost("the server ended the connection"),
    }
}

fn retry_after(headers: &HeaderMap) -> Duration {
    let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(0))
}

/// Exponential, with full jitter: after an outage not everybody comes at once.
fn backoff(failures: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << failures.min(16)).min(LONGEST_PAUSE);
    longest.mul_f64(f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX))
}
