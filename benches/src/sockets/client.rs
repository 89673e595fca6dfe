//! A socket as a client holds it.

use std::time::Duration;

use anyhow::Context;
use futures_util::{SinkExt, StreamExt};
use kitaab_core::ids::{ChannelId, UserId, WorkspaceId};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::crowd::token;

/// What came over a socket.
pub enum Came {
    /// So many messages.
    Events(usize, String),
    /// The answer to what was asked.
    Answer(String),
    /// Nothing that counts here.
    Other,
}

pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Opens a socket as somebody.
    pub async fn open(port: u16, user: UserId) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://127.0.0.1:{port}/api/v1/ws").into_client_request()?;
        request.headers_mut().insert("Authorization", format!("Bearer {}", token(user).reveal()).parse()?);
        request.headers_mut().insert("Sec-WebSocket-Protocol", "kitaab.v1".parse()?);
        // The default would take 128 KiB for each, of this process.
        let config = WebSocketConfig::default().read_buffer_size(8 * 1024).write_buffer_size(0);
        Ok(Self(client_async_with_config(request, stream, Some(config)).await?.0))
    }

    /// Follows a workspace; the cursor that is answered, and whether what follows goes on from the one given.
    pub async fn subscribe(&mut self, workspace: WorkspaceId, cursor: Option<&str>) -> anyhow::Result<(String, bool)> {
        let cursor = cursor.map_or("null".to_owned(), |cursor| format!("\"{cursor}\""));
        self.say(format!("{{\"op\":\"subscribe\",\"workspace_id\":\"{workspace}\",\"cursor\":{cursor},\"id\":0}}")).await?;
        loop {
            if let Came::Answer(answer) = self.next().await? {
                return Ok((field(&answer, "cursor").context("a cursor")?.to_owned(), answer.contains("\"recovered\":true")));
            }
        }
    }

    /// Sends a message, without waiting for the answer.
    pub async fn post(&mut self, channel: ChannelId, name: &str, text: &str) -> anyhow::Result<()> {
        let send =
            format!("{{\"op\":\"send\",\"channel_id\":\"{channel}\",\"client_message_id\":\"{name}\",\"text\":\"{text}\",\"id\":1}}");
        self.say(send).await
    }

    async fn say(&mut self, text: String) -> anyhow::Result<()> {
        Ok(self.0.send(Message::Text(text.into())).await?)
    }

    /// What comes next. Cancelling it loses nothing.
    pub async fn next(&mut self) -> anyhow::Result<Came> {
        let text = match self.0.next().await.context("the server hung up")?? {
            Message::Text(text) => text,
            Message::Close(frame) => anyhow::bail!("closed: {frame:?}"),
            _ => return Ok(Came::Other),
        };
        anyhow::ensure!(!text.starts_with("{\"error\""), "{text}");
        Ok(if text.starts_with("{\"events\"") {
            Came::Events(text.matches("\"type\":\"message.created\"").count(), text.to_string())
        } else if text.starts_with("{\"id\"") {
            Came::Answer(text.to_string())
        } else {
            Came::Other
        })
    }

    pub async fn close(mut self) {
        tokio::time::timeout(Duration::from_secs(5), self.0.close(None)).await.ok();
    }
}

/// A field of text in a frame, from the end on: cursors stand there.
pub fn field<'f>(frame: &'f str, name: &str) -> Option<&'f str> {
    let rest = frame.rsplit_once(&format!("\"{name}\":\""))?.1;
    rest.split('"').next()
}
