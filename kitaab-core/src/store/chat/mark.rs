//! Reactions, pins and stars.

use async_trait::async_trait;

use crate::access::{InWorkspace, OnChannel, OnMessage, Reads, Writes};
use crate::chat::{Emoji, Marks, Message, MessageRow, ReactionRow};
use crate::ids::UserId;
use crate::page::Span;
use crate::store::StoreResult;
use crate::time::Timestamp;

/// What people put on messages.
#[async_trait]
pub trait MarkRepo {
    /// How many different emoji the message has besides this one.
    async fn different_reactions(&mut self, permit: &Reads<OnMessage>, emoji: &Emoji) -> StoreResult<usize>;
    /// False if it is there already.
    async fn add_reaction(&mut self, permit: &Writes<OnMessage>, user: UserId, emoji: &Emoji, at: Timestamp) -> StoreResult<bool>;
    /// False if it is not there.
    async fn remove_reaction(&mut self, permit: &Writes<OnMessage>, user: UserId, emoji: &Emoji) -> StoreResult<bool>;
    /// All reactions to a message, by emoji, for telling.
    async fn reactions_told(&mut self, permit: &Reads<InWorkspace>, message: crate::ids::MessageId) -> StoreResult<Vec<ReactionRow>>;

    /// False if it is pinned already.
    async fn add_pin(&mut self, permit: &Writes<OnMessage>, message: &Message, by: UserId, at: Timestamp) -> StoreResult<bool>;
    /// False if it is not pinned.
    async fn remove_pin(&mut self, permit: &Writes<OnMessage>, message: &Message) -> StoreResult<bool>;
    /// How many pins the channel of a message has.
    async fn count_pins(&mut self, permit: &Reads<OnMessage>, message: &Message) -> StoreResult<usize>;
    /// What is pinned, newest pin first.
    async fn pins(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Vec<MessageRow>>;

    /// False if it has the person's star already.
    async fn add_star(&mut self, permit: &Writes<OnMessage>, user: UserId, at: Timestamp) -> StoreResult<bool>;
    /// False if it has not.
    async fn remove_star(&mut self, permit: &Writes<OnMessage>, user: UserId) -> StoreResult<bool>;
    /// What a person has starred in channels they are in, newest star first.
    async fn starred(&mut self, permit: &Reads<InWorkspace>, user: UserId, span: &Span<Marks>)
    -> StoreResult<Vec<(MessageRow, Timestamp)>>;
}
