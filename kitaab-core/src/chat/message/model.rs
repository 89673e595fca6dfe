//! What a message is, as it is kept.

use crate::access::Standing;
use crate::ids::{ChannelId, MessageId, ProjectId, UserId};
use crate::time::Timestamp;
use crate::workspace::Author;

/// A message. A deleted one is a tombstone: it keeps its place, and says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The id.
    pub id: MessageId,
    /// Where it was said.
    pub channel_id: ChannelId,
    /// Its number in the channel; from 1, without gaps.
    pub seq: i64,
    /// Who said it.
    pub author_id: UserId,
    /// The author's own name for it, by which a repeat is known.
    pub client_message_id: String,
    /// Markdown; none once it is deleted.
    pub text: Option<String>,
    /// The message of the channel that it answers.
    pub reply_to: Option<MessageId>,
    /// The first message of its thread; none on that itself.
    pub thread_id: Option<MessageId>,
    /// A message that it quotes, or was forwarded from.
    pub quote_of: Option<MessageId>,
    /// When it was said.
    pub created_at: Timestamp,
    /// When it was changed.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Who deleted it.
    pub deleted_by: Option<UserId>,
}

/// What is read together with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// The message.
    pub message: Message,
    /// Who said it, as they are now.
    pub author: Author,
    /// Whether the author is in the channel now: then all in it know them.
    pub author_inside: bool,
    /// What hangs on it.
    pub flags: MessageFlags,
    /// Reactions to it, by emoji.
    pub reactions: Vec<ReactionRow>,
}

/// What hangs on a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MessageFlags {
    /// Replies in its thread that were not deleted.
    pub reply_count: i64,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether the reader has starred it.
    pub starred: bool,
}

/// How many reacted to a message with one emoji.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReactionRow {
    /// With what.
    pub emoji: String,
    /// How many.
    pub count: i64,
    /// Whether the reader is one of them.
    pub me: bool,
}

/// By what a post is looked up before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostKey {
    /// Who posts.
    pub author: UserId,
    /// Where.
    pub channel: ChannelId,
    /// The author's own name for it.
    pub client_message_id: String,
}

/// What is known of a post before it is written: what a permit rests on, and whether it is a repeat.
#[derive(Debug, Clone, Default)]
pub struct PostFacts {
    /// What the author is to the channel; none if there is no such workspace.
    pub standing: Option<Standing>,
    /// The project of the channel.
    pub project_id: Option<ProjectId>,
    /// The author's name.
    pub author_name: String,
    /// The message that was made of the same post before.
    pub repeated: Option<MessageId>,
    /// Whether the author has begun to write something in the channel.
    pub drafted: bool,
    /// Whether the channel is of two people.
    pub direct: bool,
    /// Whether somebody wants to hear of everything in the channel.
    pub followed: bool,
}

/// Numbers that a channel gave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered {
    /// Which channel.
    pub channel_id: ChannelId,
    /// The last of them.
    pub last_seq: i64,
    /// Whether it was not yet noted that the channel is to be looked at by then for people who are away.
    pub planned: bool,
}
