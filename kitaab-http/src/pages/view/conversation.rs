//! A conversation to be read.

use askama::Template;

use super::field::Moment;
use super::paths;

/// The newest messages of a conversation.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "pages/conversation.html")]
pub struct Conversation {
    /// What it is called.
    pub title: String,
    /// The messages, oldest first.
    pub said: Vec<Said>,
    /// Whether there are older ones.
    pub more: bool,
    /// How many messages the reader has not read.
    pub unread: i64,
    /// The number of the newest message.
    pub last_seq: i64,
    /// Where the page stands.
    pub path: String,
}

/// A message.
#[derive(Debug, Clone)]
pub struct Said {
    /// Who said it.
    pub author: String,
    /// When.
    pub at: Moment,
    /// What, without marks; none once it was deleted.
    pub text: Option<String>,
    /// Whether the reader has not read it.
    pub new: bool,
}
