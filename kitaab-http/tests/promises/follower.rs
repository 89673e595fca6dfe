//! Somebody who follows a channel over a socket, drops at random, and comes back with their cursor.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tokio_util::sync::CancellationToken;

use crate::breach::{Breach, Breaches};

pub type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A number that is as good as random, and the same in each run.
pub struct Seeded(u64);

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// What somebody shows: each message by its number, with its text; none once it is deleted.
pub type View = BTreeMap<i64, Option<String>>;

/// What somebody has seen.
#[derive(Default)]
pub struct Seen {
    pub view: View,
    pub drops: usize,
    pub breaches: Breaches,
    events: HashSet<String>,
    newest: i64,
}

impl Seen {
    /// Takes in what is told of a message.
    pub fn take(&mut self, event: &Value) {
        let id = event["id"].as_str().expect("an id");
        if !self.events.insert(id.to_owned()) {
            return self.breaches.note(Breach::Twice, format!("the event {id}"));
        }
        let kind = event["type"].as_str().expect("a type");
        if !matches!(kind, "message.created" | "message.edited" | "message.deleted") {
            return;
        }
        let Some(seq) = event["data"]["seq"].as_i64() else { return };
        if kind == "message.created" {
            if seq < self.newest {
                self.breaches.note(Breach::OutOfOrder, format!("message {seq} after {}", self.newest));
            }
            self.newest = self.newest.max(seq);
        }
        self.view.insert(seq, event["data"]["text"].as_str().map(str::to_owned));
    }
}

/// Opens a socket and subscribes; the answer says whether everything since the cursor follows.
pub async fn subscribe(url: &str, token: &str, workspace: &str, cursor: Option<&str>) -> Option<(Stream, Value)> {
    let mut request = format!("{}/api/v1/ws", url.replace("http", "ws")).into_client_request().expect("an address");
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().expect("a header"));
    let (mut socket, _) = timeout(Duration::from_secs(5), connect_async(request)).await.ok()?.ok()?;
    let ask = json!({"op": "subscribe", "workspace_id": workspace, "cursor": cursor, "id": 1});
    socket.send(Message::text(ask.to_string())).await.ok()?;
    let answer = next(&mut socket).await?;
    answer.get("ok").is_some().then_some((socket, answer["ok"].clone()))
}

/// The next frame that says something; none once the connection is gone.
pub async fn next(socket: &mut Stream) -> Option<Value> {
    loop {
        match socket.next().await? {
            Ok(Message::Text(text)) => return serde_json::from_str(&text).ok(),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// Takes in what comes over a socket, until so many frames with events came or it is gone; `cursor` is moved along.
pub async fn listen(socket: &mut Stream, cursor: &mut String, seen: &Mutex<Seen>, frames: u64) {
    let mut left = frames;
    while left > 0 {
        let Some(frame) = next(socket).await else { return };
        let Some(events) = frame["events"].as_array() else { continue };
        let mut seen = seen.lock().expect("nobody panicked");
        if frame["prev"] != cursor.as_str() {
            seen.breaches.note(Breach::Gap, format!("a frame with {} events does not join the one before", events.len()));
        }
        for event in events {
            seen.take(event);
        }
        frame["cursor"].as_str().expect("a cursor").clone_into(cursor);
        left -= 1;
    }
}

/// Follows until `stop`, from one server or another, and drops now and then.
pub async fn follow(urls: Vec<String>, token: String, workspace: String, chance: u64, seen: Arc<Mutex<Seen>>, stop: CancellationToken) {
    let mut random = Seeded::new(chance);
    let mut cursor = "start".to_owned();
    while !stop.is_cancelled() {
        let url = &urls[usize::try_from(random.below(urls.len() as u64)).expect("small")];
        let Some((mut socket, answer)) = subscribe(url, &token, &workspace, Some(&cursor)).await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        if answer["recovered"] != true {
            seen.lock().expect("nobody panicked").breaches.note(Breach::Resync, format!("with the cursor {cursor}"));
        }
        answer["cursor"].as_str().expect("a cursor").clone_into(&mut cursor);
        tokio::select! {
            () = stop.cancelled() => return,
            () = listen(&mut socket, &mut cursor, &seen, 1 + random.below(40)) => {}
        }
        seen.lock().expect("nobody panicked").drops += 1;
    }
}

/// In how many messages a view is not what it should be.
pub fn differences(view: &View, expected: &View) -> usize {
    let wrong = expected.iter().filter(|(seq, text)| view.get(seq) != Some(text)).count();
    wrong + view.keys().filter(|seq| !expected.contains_key(seq)).count()
}

/// What is wrong with what the followers have seen, when they all show what is expected or the time is over.
pub async fn compare_views(followers: &[Arc<Mutex<Seen>>], expected: &View, patience: Duration) -> Breaches {
    let (begun, mut found) = (Instant::now(), Breaches::default());
    for (seen, number) in followers.iter().zip(0..) {
        let differing = || differences(&seen.lock().expect("nobody panicked").view, expected);
        while differing() > 0 && begun.elapsed() < patience {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if differing() > 0 {
            found.note(Breach::Differs, format!("follower {number} in {} of {}", differing(), expected.len()));
        }
        found.add(&seen.lock().expect("nobody panicked").breaches);
    }
    found
}
