//! How people keep their conversations.

use async_trait::async_trait;

use crate::access::{InWorkspace, OnChannel, Reads, Writes};
use crate::chat::{ChannelPreferences, Draft, DraftPlace, InboxFilter, InboxPlace, InboxRow};
use crate::ids::{MessageId, UserId};
use crate::page::Span;
use crate::store::StoreResult;

/// The inbox.
#[async_trait]
pub trait InboxRepo {
    /// A person's conversations: what is pinned first, then what was said last first.
    async fn inbox(
        &mut self,
        permit: &Reads<InWorkspace>,
        user: UserId,
        filter: &InboxFilter,
        span: &Span<InboxPlace>,
    ) -> StoreResult<Vec<InboxRow>>;
    /// How a person keeps the channel; none if they are not in it.
    async fn preferences(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Option<ChannelPreferences>>;
    /// Writes how a person keeps the channel. Hidden is hidden until the next message from now.
    async fn set_preferences(&mut self, permit: &Writes<OnChannel>, user: UserId, preferences: &ChannelPreferences) -> StoreResult<()>;

    /// What a person has begun to write in channels that they see, newest first.
    async fn drafts(&mut self, permit: &Reads<InWorkspace>, user: UserId, span: &Span<DraftPlace>) -> StoreResult<Vec<Draft>>;
    /// A person's draft in a channel, or in a thread of it.
    async fn draft(&mut self, permit: &Reads<OnChannel>, user: UserId, thread: Option<MessageId>) -> StoreResult<Option<Draft>>;
    /// Keeps a draft; false if a newer version is kept.
    async fn keep_draft(&mut self, permit: &Writes<OnChannel>, user: UserId, draft: &Draft) -> StoreResult<bool>;
    /// Throws a draft away; false if there was none.
    async fn drop_draft(&mut self, permit: &Writes<OnChannel>, user: UserId, thread: Option<MessageId>) -> StoreResult<bool>;
}
