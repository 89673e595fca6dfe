//! What a scheduled message is.

use serde::{Deserialize, Serialize};

use crate::ids::{ChannelId, MessageId, ScheduledId, UserId};
use crate::sql::names;
use crate::time::Timestamp;

names! {
    /// Where a scheduled message is. Once it is sent it is a message, and scheduled no more.
    pub enum ScheduledState {
        /// It waits for its time.
        Waiting = "waiting",
        /// It could not be sent when its time came.
        Failed = "failed",
    }
}

/// A message that is sent later, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// The id; the message that it becomes has it as its `client_message_id`.
    pub id: ScheduledId,
    /// Where it goes.
    pub channel_id: ChannelId,
    /// Whose it is.
    pub author_id: UserId,
    /// Markdown.
    pub text: String,
    /// The message of the channel that it answers.
    pub reply_to: Option<MessageId>,
    /// When it is sent.
    pub due_at: Timestamp,
    /// Where it is.
    pub state: ScheduledState,
    /// Why it could not be sent: the code of the refusal.
    pub reason: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

/// A message that is sent later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScheduledView {
    /// The id; the message that it becomes has it as its `client_message_id`.
    pub id: ScheduledId,
    /// Where it goes.
    pub channel_id: ChannelId,
    /// Markdown.
    pub text: String,
    /// The message of the channel that it answers.
    pub reply_to: Option<MessageId>,
    /// When it is sent.
    pub due_at: Timestamp,
    /// Where it is.
    pub state: ScheduledState,
    /// Why it could not be sent: the code of the refusal, or `too_late`.
    pub reason: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// Grows with each change; the quoted number is the `ETag`.
    pub version: i64,
}

impl From<Scheduled> for ScheduledView {
    fn from(row: Scheduled) -> Self {
        let Scheduled { id, channel_id, text, reply_to, due_at, state, reason, created_at, version, .. } = row;
        Self { id, channel_id, text, reply_to, due_at, state, reason, created_at, version }
    }
}
