//! Messages.

use async_trait::async_trait;

use crate::access::{InWorkspace, OnChannel, OnMessage, Reads, Writes};
use crate::away::Look;
use crate::chat::{Around, Message, MessageRow, Numbered, PostFacts, PostKey, ThreadPosition, Version};
use crate::ids::{ChannelId, MessageId, ProjectId, UserId, WorkspaceId};
use crate::store::{Closing, StoreResult};
use crate::time::Timestamp;
use crate::workspace::Author;

/// Messages.
#[async_trait]
pub trait MessageRepo {
    /// What the permits of several posts rest on, and which of them are repeats: one query, in their order. Like all
    /// facts it is asked before there is a permit.
    async fn post_facts(&mut self, workspace: WorkspaceId, keys: &[PostKey]) -> StoreResult<Vec<PostFacts>>;
    /// Gives out as many numbers of each channel for what is said `now`, and notes that it is to be looked at for people who are
    /// away. Channels come in the order of their ids; one that is not there is left out.
    async fn number_messages(
        &mut self,
        closing: &Closing,
        counts: &[(ChannelId, i64)],
        now: Timestamp,
        look: Look,
    ) -> StoreResult<Vec<Numbered>>;
    /// Keeps new messages and moves their authors' positions to them; `seen` says whether their authors were there, and have seen
    /// what was said before.
    async fn insert_messages(&mut self, messages: &[(&Writes<OnChannel>, &Message)], seen: bool) -> StoreResult<()>;
    /// Keeps by whom a message is to be counted as a mention; the nil id is everybody.
    async fn insert_mentions(&mut self, closing: &Closing, mentions: &[(&Message, UserId)]) -> StoreResult<()>;
    /// Takes back what is counted as a mention.
    async fn clear_mentions(&mut self, permit: &Writes<OnMessage>, message: &Message) -> StoreResult<()>;
    /// Who is in the channel, to be mentioned.
    async fn channel_people(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Vec<UserId>>;
    /// The same, by a message of the channel.
    async fn people_around(&mut self, permit: &Reads<OnMessage>) -> StoreResult<Vec<UserId>>;
    /// The first message of the thread that a message of this channel is in, or begins; none if it is not of this channel.
    async fn thread_of(&mut self, permit: &Reads<OnChannel>, message: MessageId) -> StoreResult<Option<MessageId>>;

    /// Messages of a channel, oldest first, with what `user` sees beside them.
    async fn messages(&mut self, permit: &Reads<OnChannel>, user: UserId, around: Around, limit: u32) -> StoreResult<Vec<MessageRow>>;
    /// Replies in the thread that a message begins, oldest first.
    async fn replies(&mut self, permit: &Reads<OnMessage>, user: UserId, around: Around, limit: u32) -> StoreResult<Vec<MessageRow>>;
    /// The message, with what `user` sees beside it.
    async fn message(&mut self, permit: &Reads<OnMessage>, user: Option<UserId>) -> StoreResult<Option<MessageRow>>;
    /// Messages by their ids, for telling what happened to them; those that are gone are left out.
    async fn messages_told(&mut self, permit: &Reads<InWorkspace>, ids: &[MessageId]) -> StoreResult<Vec<MessageRow>>;
    /// Messages by their ids, of channels that `user` is in, with what they see beside them.
    async fn messages_seen(&mut self, permit: &Reads<InWorkspace>, user: Option<UserId>, ids: &[MessageId])
    -> StoreResult<Vec<MessageRow>>;
    /// How many messages of all their channels a person has not read.
    async fn unread(&mut self, permit: &Reads<InWorkspace>, user: UserId) -> StoreResult<i64>;
    /// The newest messages of all channels that a person is in, newest first, without deleted ones: of each channel those
    /// among its last `limit`.
    async fn newest_messages(&mut self, permit: &Reads<InWorkspace>, user: UserId, limit: u32) -> StoreResult<Vec<MessageId>>;
    /// Holds the message until the unit ends; with the project of its channel.
    async fn hold_message(&mut self, permit: &Writes<OnMessage>) -> StoreResult<Option<(Message, Option<ProjectId>)>>;
    /// Writes the new text and keeps what the message said before; how many earlier versions there are now.
    async fn edit_message(&mut self, permit: &Writes<OnMessage>, before: &Message, edited: &Message) -> StoreResult<i64>;
    /// Leaves a tombstone; text, earlier versions, reactions, pins and stars go.
    async fn bury_message(&mut self, permit: &Writes<OnMessage>, by: UserId, at: Timestamp) -> StoreResult<()>;
    /// What the message said before it was changed, oldest first.
    async fn message_versions(&mut self, permit: &Reads<OnMessage>) -> StoreResult<Vec<Version>>;

    /// Who has written in the thread that a message begins, first its author; and whether they are in the channel now.
    async fn thread_people(&mut self, permit: &Reads<OnMessage>) -> StoreResult<Vec<(Author, bool)>>;
    /// How far a person has read the thread that a message begins.
    async fn thread_position(&mut self, permit: &Reads<OnMessage>, user: UserId) -> StoreResult<ThreadPosition>;
}
