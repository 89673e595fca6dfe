//! Counts for limits that must hold on every node and over restarts.

use async_trait::async_trait;

use super::StoreResult;
use crate::access::{Instance, Writes};
use crate::time::Timestamp;

/// How often something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How often since `since`.
    pub hits: i64,
    /// When the count began.
    pub since: Timestamp,
    /// When it was last counted.
    pub last_at: Timestamp,
}

/// Counts. Marks are keyed hashes: the table does not say of whom.
#[async_trait]
pub trait LimitRepo {
    /// The count, if there is one that began after `since`.
    async fn tally(&mut self, permit: &Writes<Instance>, mark: &[u8; 32], since: Timestamp) -> StoreResult<Option<Tally>>;
    /// Counts one more; a count that began at or before `since` begins anew.
    async fn count(&mut self, permit: &Writes<Instance>, mark: &[u8; 32], now: Timestamp, since: Timestamp) -> StoreResult<Tally>;
    /// Forgets the count.
    async fn clear_tally(&mut self, permit: &Writes<Instance>, mark: &[u8; 32]) -> StoreResult<()>;
    /// Removes counts last counted before `before`.
    async fn sweep_tallies(&mut self, permit: &Writes<Instance>, before: Timestamp) -> StoreResult<u64>;
}
