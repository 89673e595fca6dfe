//! What goes over the wire, as far as a terminal needs it. Fields that are not named here are skipped.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Somebody; without an id, one whom the reader may not know.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    pub id: Option<String>,
    pub display_name: String,
}

/// The answer to signing in.
#[derive(Debug, Deserialize)]
pub struct SignedIn {
    pub user: Person,
    pub workspaces: Vec<Named>,
    pub session: Session,
}

/// Something with a name.
#[derive(Debug, Clone, Deserialize)]
pub struct Named {
    pub id: String,
    pub name: String,
}

/// A session.
#[derive(Debug, Deserialize)]
pub struct Session {
    pub token: String,
}

/// A channel that one is in.
#[derive(Debug, Clone, Deserialize)]
pub struct Channel {
    pub id: String,
    name: Option<String>,
    peer: Option<Person>,
    pub last_seq: i64,
    #[serde(default)]
    pub unread_count: i64,
    pub archived_at: Option<Timestamp>,
}

impl Channel {
    /// A direct channel is called by the other one's name.
    pub fn name(&self) -> &str {
        let peer = self.peer.as_ref().map(|peer| peer.display_name.as_str());
        self.name.as_deref().or(peer).unwrap_or("Someone")
    }
}

/// A page of something.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(default)]
    pub next_cursor: Option<String>,
    #[serde(default)]
    pub has_after: bool,
}

/// A message; a deleted one has no text.
#[derive(Debug, Clone, Deserialize)]
pub struct Message {
    pub id: String,
    pub channel_id: String,
    pub seq: i64,
    pub author: Person,
    pub text: Option<String>,
    pub reply_to: Option<String>,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
}

/// Something that happened.
#[derive(Debug, Deserialize)]
pub struct Event {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub channel_id: Option<String>,
    pub data: Value,
}

/// What went wrong (RFC 9457).
#[derive(Debug, Clone, Deserialize)]
pub struct Problem {
    pub status: u16,
    pub detail: String,
    #[serde(default)]
    pub temporary: bool,
    #[serde(default)]
    pub retry_after: Option<u64>,
    #[serde(default)]
    fields: Vec<Field>,
}

/// A bad field.
#[derive(Debug, Clone, Deserialize)]
struct Field {
    message: String,
}

impl Problem {
    /// For people.
    pub fn said(&self) -> String {
        let fields: Vec<_> = self.fields.iter().map(|field| field.message.as_str()).collect();
        if fields.is_empty() { self.detail.clone() } else { fields.join(" ") }
    }

    /// Whether the same may work later.
    pub fn passes(&self) -> bool {
        self.temporary || self.retry_after.is_some() || self.status == 429
    }
}

/// What the client says on the socket. Only what has an id is answered.
#[derive(Debug, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    Subscribe {
        id: u64,
        workspace_id: String,
        cursor: Option<String>,
    },
    Send {
        id: u64,
        #[serde(flatten)]
        line: Line,
    },
    Typing {
        channel_id: String,
    },
    Read {
        channel_id: String,
        seq: i64,
    },
    Ping,
}

/// A line that somebody typed. Its `client_message_id` stays the same however often it is sent, so it is said once.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    pub channel_id: String,
    pub client_message_id: String,
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
}

/// What the server says on the socket: an answer (`id`), events, or something that passes.
#[derive(Debug, Deserialize)]
pub struct Frame {
    pub id: Option<u64>,
    pub ok: Option<Value>,
    pub error: Option<Problem>,
    pub events: Option<Vec<Event>>,
    pub ephemeral: Option<Event>,
    pub cursor: Option<String>,
    pub prev: Option<String>,
}

/// The answer to `subscribe`.
#[derive(Debug, Deserialize)]
pub struct Subscribed {
    pub recovered: bool,
    pub cursor: String,
}
