//! Somebody who follows a channel over a socket, drops at random, and comes back with their cursor.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tokio_util::sync::CancellationToken;

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

#[derive(Default)]
pub struct Seen {
    pub view: View,
    pub drops: usize,
    pub doubles: usize,
    pub resyncs: usize,
    events: HashSet<String>,
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

/// Follows until `stop`, from one server or another, and notes what is seen.
pub async fn follow(urls: Vec<String>, token: String, workspace: String, chance: u64, seen: Arc<Mutex<Seen>>, stop: CancellationToken) {
    let mut random = Seeded::new(chance);
    let mut cursor: Option<String> = None;
    while !stop.is_cancelled() {
        let url = &urls[usize::try_from(random.below(urls.len() as u64)).expect("small")];
        let from = cursor.clone().unwrap_or_else(|| "start".into());
        let Some((mut socket, answer)) = subscribe(url, &token, &workspace, Some(&from)).await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        if answer["recovered"] != true {
            seen.lock().expect("nobody panicked").resyncs += 1;
        }
        // So many frames until the connection breaks.
        let mut frames = 1 + random.below(40);
        while frames > 0 {
            let frame = tokio::select! {
                () = stop.cancelled() => return,
                frame = next(&mut socket) => frame,
            };
            let Some(frame) = frame else { break };
            let Some(events) = frame["events"].as_array() else { continue };
            let mut seen = seen.lock().expect("nobody panicked");
            for event in events {
                let id = event["id"].as_str().expect("an id").to_owned();
                if !seen.events.insert(id) {
                    seen.doubles += 1;
                }
                if let (Some("message.created" | "message.edited" | "message.deleted"), Some(seq)) =
                    (event["type"].as_str(), event["data"]["seq"].as_i64())
                {
                    seen.view.insert(seq, event["data"]["text"].as_str().map(str::to_owned));
                }
            }
            cursor = frame["cursor"].as_str().map(str::to_owned);
            frames -= 1;
        }
        seen.lock().expect("nobody panicked").drops += 1;
    }
}
