//! The answers to calls that carried an idempotency key, so that a repeat has effect once.

use async_trait::async_trait;

use super::{Closing, StoreResult};
use crate::access::{IdempotencyKey, InWorkspace, Writes};
use crate::ids::UserId;
use crate::time::Timestamp;

/// What is known of a call with this key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeat {
    /// It is new, and now this unit's; others with the same key wait for its end or are told that it runs.
    First,
    /// Another unit with the same key is still running.
    Running,
    /// It was answered before: the answer as JSON, without secrets.
    Answered(String),
}

/// Idempotency keys: by workspace, person, call and key.
#[async_trait]
pub trait OnceRepo {
    /// Claims the key for this unit, unless it was answered since `since`.
    async fn claim_key(&mut self, closing: &Closing, user: UserId, key: &IdempotencyKey, since: Timestamp) -> StoreResult<Repeat>;
    /// Keeps the answer; in the same unit as the effect.
    async fn keep_answer(&mut self, closing: &Closing, user: UserId, key: &IdempotencyKey, answer: &str, at: Timestamp) -> StoreResult<()>;
    /// Removes answers kept before `before`.
    async fn sweep_answers(&mut self, permit: &Writes<InWorkspace>, before: Timestamp) -> StoreResult<u64>;
}
