//! Where PostgreSQL locks, a unit has the writer alone here.

use kitaab_core::access::IdempotencyKey;
use kitaab_core::ids::{UserId, WorkspaceId};
use kitaab_core::store::StoreResult;
use sqlx::query;

use crate::engine::Unit;

#[expect(clippy::unused_async, reason = "the other engine asks the database")]
impl Unit {
    pub(crate) async fn lock_user(&mut self, _: UserId) -> StoreResult<()> {
        Ok(())
    }

    /// A unit that runs cannot be seen from here, and one that was answered is on its way to the disk before this one.
    pub(crate) async fn claim_alone(&mut self, _: WorkspaceId, _: UserId, _: &IdempotencyKey) -> StoreResult<bool> {
        Ok(true)
    }
}

impl Unit {
    pub(crate) async fn count_owners_locked(&mut self, workspace: WorkspaceId) -> StoreResult<i64> {
        let query =
            query!(r#"SELECT COUNT(*) AS "owners!: i64" FROM memberships WHERE workspace_id = $1 AND role = 'owner'"#, workspace as _);
        Ok(self.one(query).await?.owners)
    }
}
