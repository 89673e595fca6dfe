//! Locks that last until the commit.

use kitaab_core::access::IdempotencyKey;
use kitaab_core::ids::{UserId, WorkspaceId};
use kitaab_core::store::StoreResult;
use sqlx::query;

use crate::engine::Unit;

impl Unit {
    /// Others who lock the same account wait.
    pub(crate) async fn lock_user(&mut self, user: UserId) -> StoreResult<()> {
        self.optional(query!("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", user as _)).await.map(drop)
    }

    /// How many owners there are once all who change one have committed.
    pub(crate) async fn count_owners_locked(&mut self, workspace: WorkspaceId) -> StoreResult<i64> {
        let query = query!(
            "SELECT user_id FROM memberships WHERE workspace_id = $1 AND role = 'owner' ORDER BY user_id FOR UPDATE",
            workspace as _
        );
        Ok(i64::try_from(self.all(query).await?.len()).unwrap_or(i64::MAX))
    }

    /// False if another unit has this key and is still running.
    pub(crate) async fn claim_alone(&mut self, workspace: WorkspaceId, user: UserId, key: &IdempotencyKey) -> StoreResult<bool> {
        let name = format!("{workspace} {user} {} {}", key.key, key.call);
        let query = query!(r#"SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS "claimed!""#, name);
        Ok(self.one(query).await?.claimed)
    }
}
