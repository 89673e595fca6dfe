//! Messages that are sent later.

use async_trait::async_trait;

use crate::access::{OnChannel, OnScheduled, Reads, Writes};
use crate::chat::Scheduled;
use crate::ids::UserId;
use crate::store::StoreResult;

/// Messages that are sent later.
#[async_trait]
pub trait ScheduledRepo {
    /// Those of a person in a channel, soonest first.
    async fn scheduled_in(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Vec<Scheduled>>;
    /// How many of a person's wait in the whole workspace.
    async fn count_scheduled(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<i64>;
    /// The message.
    async fn scheduled(&mut self, permit: &Reads<OnScheduled>) -> StoreResult<Option<Scheduled>>;
    /// Keeps a new one.
    async fn insert_scheduled(&mut self, permit: &Writes<OnChannel>, scheduled: &Scheduled) -> StoreResult<()>;
    /// Writes text, time and state, and its version in the place of `expected`; false if it has another one by now.
    async fn update_scheduled(&mut self, permit: &Writes<OnScheduled>, scheduled: &Scheduled, expected: i64) -> StoreResult<bool>;
    /// False if it is gone.
    async fn delete_scheduled(&mut self, permit: &Writes<OnScheduled>) -> StoreResult<bool>;
}
