//! A socket, as a client holds it.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{House, Person};

/// Nothing that is tried here takes longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl House {
    /// Opens a socket with these headers; the status of a refusal.
    pub async fn socket(&self, headers: &[(&'static str, String)]) -> Result<Socket, u16> {
        let mut request = format!("ws://{}/api/v1/ws", self.address).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "kitaab.v1".parse().unwrap());
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((socket, response)) => {
                assert_eq!(response.headers()["sec-websocket-protocol"], "kitaab.v1");
                Ok(Socket(socket))
            }
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    /// Opens a socket as somebody who is signed in.
    pub async fn socket_of(&self, person: &Person) -> Socket {
        self.socket(&[("authorization", format!("Bearer {}", person.token()))]).await.unwrap()
    }

    /// Opens a socket that follows a workspace from now on, or from a cursor; with the answer.
    pub async fn following(&self, person: &Person, workspace: &str, cursor: Option<&str>) -> (Socket, Value) {
        let mut socket = self.socket_of(person).await;
        let answer = socket.ask(json!({"op": "subscribe", "workspace_id": workspace, "cursor": cursor})).await["ok"].clone();
        (socket, answer)
    }
}

impl Socket {
    pub async fn send(&mut self, frame: &Value) {
        self.say(Message::text(frame.to_string())).await;
    }

    pub async fn say(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    /// The next frame; none once it is closed, with the code.
    pub async fn next(&mut self) -> Result<Value, u16> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("a frame in time") {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1005, |frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// Sends a frame and waits for its answer; what comes in between is left out.
    pub async fn ask(&mut self, mut frame: Value) -> Value {
        frame["id"] = json!("asked");
        self.send(&frame).await;
        loop {
            let next = self.next().await.expect("an answer");
            if next["id"] == "asked" {
                return next;
            }
        }
    }

    /// The next frame with events.
    pub async fn events(&mut self) -> Result<Value, u16> {
        loop {
            let frame = self.next().await?;
            if frame.get("events").is_some() {
                return Ok(frame);
            }
        }
    }

    /// Events until one of this kind has come; all of them.
    pub async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut heard = Vec::new();
        loop {
            let frame = self.events().await.unwrap_or_else(|code| panic!("closed with {code} before {kind}: {heard:?}"));
            heard.extend(frame["events"].as_array().unwrap().iter().cloned());
            if heard.iter().any(|event| event["type"] == kind) {
                return heard;
            }
        }
    }

    /// What passes and is not kept, of this kind.
    pub async fn passing(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await.expect("a frame");
            if frame["ephemeral"]["type"] == kind {
                return frame["ephemeral"].clone();
            }
        }
    }

    /// The code that it is closed with.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}
