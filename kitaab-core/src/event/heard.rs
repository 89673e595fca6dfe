//! What a follower is told, as a transport takes it.

use std::sync::Arc;

use super::cursor::START;
use super::entry::Words;

/// Where a follower begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum From {
    /// Now.
    #[default]
    Now,
    /// With the oldest event that is kept.
    Start,
    /// After the last event of an earlier batch.
    Cursor(String),
}

impl std::convert::From<Option<String>> for From {
    fn from(cursor: Option<String>) -> Self {
        match cursor {
            None => Self::Now,
            Some(cursor) if cursor == START => Self::Start,
            Some(cursor) => Self::Cursor(cursor),
        }
    }
}

/// One event, as its follower is told.
#[derive(Debug, Clone)]
pub struct Delivery {
    words: Words,
    own: bool,
}

impl Delivery {
    pub(super) fn new(words: Words, own: bool) -> Self {
        Self { words, own }
    }

    /// Writes the event as JSON. The author's own devices besides hear by what name they sent a message.
    pub fn write(&self, out: &mut String) {
        match (&self.words.own, self.own) {
            (Some((_, name)), true) => {
                out.push_str(self.words.json.strip_suffix('}').unwrap_or_default());
                out.push_str(",\"client_message_id\":");
                out.push_str(name);
                out.push('}');
            }
            _ => out.push_str(&self.words.json),
        }
    }

    pub(super) fn size(&self) -> usize {
        self.words.json.len()
    }

    /// The event as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let mut out = String::with_capacity(self.words.json.len() + 64);
        self.write(&mut out);
        out
    }
}

/// Events in order, and the place after them.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The events; none if the place moved on alone.
    pub events: Vec<Delivery>,
    /// The cursor before them.
    pub prev: String,
    /// The cursor after them.
    pub cursor: String,
    /// Whether there are more at once.
    pub more: bool,
}

/// What a follower hears next.
#[derive(Debug, Clone)]
pub enum Heard {
    /// Events, which count.
    Batch(Batch),
    /// Something that passes, as JSON: typing, presence, receipts.
    Passing(Arc<str>),
    /// Events after the place are no longer kept: begin anew, at this cursor.
    Resync(String),
    /// The workspace is no longer theirs.
    Ended,
}
