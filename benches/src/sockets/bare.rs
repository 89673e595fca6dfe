//! A broadcast over sockets and nothing else, in axum: what the same bytes cost without Kitaab.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use tokio::process::{Child, Command};
use tokio::sync::broadcast;

use crate::process;

/// What is said: an event's frame to all, an answer to the sender.
#[derive(Clone)]
struct Said {
    event: Utf8Bytes,
    answer: Utf8Bytes,
    all: broadcast::Sender<()>,
}

/// Serves until it is killed: whatever comes is answered, and broadcast to all who subscribed.
pub async fn serve(port: u16, event: usize, answer: usize) -> anyhow::Result<()> {
    let event = format!("{{\"events\":[{{\"type\":\"message.created\",\"pad\":\"{}\"}}]}}", "x".repeat(event.saturating_sub(52)));
    let answer = format!("{{\"id\":1,\"cursor\":\"{}\"}}", "x".repeat(answer.saturating_sub(20)));
    let said = Said { event: event.into(), answer: answer.into(), all: broadcast::Sender::new(65_536) };
    let app = Router::new().route("/api/v1/ws", get(open)).with_state(said);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    Ok(axum::serve(listener, app).await?)
}

async fn open(State(said): State<Said>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.protocols(["kitaab.v1"]).read_buffer_size(4096).write_buffer_size(0).on_upgrade(|mut socket| async move {
        let mut heard = said.all.subscribe();
        loop {
            let text = tokio::select! {
                came = socket.recv() => match came {
                    Some(Ok(Message::Text(text))) => {
                        if !text.contains("subscribe") {
                            said.all.send(()).ok();
                        }
                        said.answer.clone()
                    }
                    Some(Ok(_)) => continue,
                    _ => return,
                },
                _ = heard.recv() => said.event.clone(),
            };
            if socket.send(Message::Text(text)).await.is_err() {
                return;
            }
        }
    })
}

/// This program, serving as that.
pub struct Bare {
    child: Child,
    pub port: u16,
}

impl Bare {
    pub async fn start((event, answer): (usize, usize)) -> anyhow::Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let program: PathBuf = std::env::current_exe()?;
        let mut command = Command::new(program);
        command.args(["bare-broadcast", &port.to_string(), &event.to_string(), &answer.to_string()]);
        let child = command.stdout(Stdio::null()).kill_on_drop(true).spawn()?;
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(Self { child, port })
    }

    pub fn cpu(&self) -> f64 {
        process::cpu(self.child.id().unwrap_or_default())
    }
}
