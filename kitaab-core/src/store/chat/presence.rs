//! Who is there: leases of connections. They belong to people, and to no workspace.

use async_trait::async_trait;

use crate::access::{InWorkspace, Instance, Own, Reads, Writes};
use crate::chat::{Lease, PresenceRow};
use crate::ids::{LeaseId, UserId};
use crate::store::StoreResult;
use crate::time::Timestamp;

/// Leases.
#[async_trait]
pub trait PresenceRepo {
    /// Takes or renews a lease; false if it has ended.
    async fn hold_lease(&mut self, permit: &Writes<Own>, lease: &Lease) -> StoreResult<bool>;
    /// Ends a lease and notes when the person was last there.
    async fn give_lease_back(&mut self, permit: &Writes<Own>, lease: LeaseId, at: Timestamp) -> StoreResult<()>;
    /// How one person is: leases renewed since `since` count.
    async fn presence_of(&mut self, permit: &Reads<Own>, since: Timestamp) -> StoreResult<PresenceRow>;
    /// How those of the people are who are in the workspace.
    async fn presences(&mut self, permit: &Reads<InWorkspace>, people: &[UserId], since: Timestamp) -> StoreResult<Vec<PresenceRow>>;
    /// Ends leases that were not renewed since; their people were last there when they last were.
    async fn end_lapsed_leases(&mut self, permit: &Writes<Instance>, since: Timestamp, now: Timestamp) -> StoreResult<Vec<UserId>>;
    /// Removes leases that ended before that; how many.
    async fn sweep_leases(&mut self, permit: &Writes<Instance>, before: Timestamp) -> StoreResult<u64>;
}
