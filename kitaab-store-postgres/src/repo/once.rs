//! The answers to calls that carried an idempotency key.

use async_trait::async_trait;
use kitaab_core::access::{IdempotencyKey, InWorkspace, Writes};
use kitaab_core::ids::UserId;
use kitaab_core::store::{Closing, OnceRepo, Repeat, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::query;

use super::rows::workspace_of;
use crate::engine::Unit;

#[async_trait]
impl OnceRepo for Unit {
    async fn claim_key(&mut self, closing: &Closing, user: UserId, key: &IdempotencyKey, since: Timestamp) -> StoreResult<Repeat> {
        let workspace = workspace_of(closing)?;
        if !self.claim_alone(workspace, user, key).await? {
            return Ok(Repeat::Running);
        }
        let IdempotencyKey { key, call } = key;
        let query = query!(
            "SELECT answer FROM idempotency_keys WHERE workspace_id = $1 AND user_id = $2 AND key = $3 AND call = $4 AND kept_at > $5",
            workspace as _,
            user as _,
            key,
            call,
            since as _
        );
        Ok(self.optional(query).await?.map_or(Repeat::First, |row| Repeat::Answered(row.answer)))
    }

    async fn keep_answer(&mut self, closing: &Closing, user: UserId, key: &IdempotencyKey, answer: &str, at: Timestamp) -> StoreResult<()> {
        let workspace = workspace_of(closing)?;
        let IdempotencyKey { key, call } = key;
        let query = query!(
            "INSERT INTO idempotency_keys (workspace_id, user_id, key, call, answer, kept_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (workspace_id, user_id, key, call) DO UPDATE SET answer = $5, kept_at = $6",
            workspace as _,
            user as _,
            key,
            call,
            answer,
            at as _
        );
        self.execute(query).await.map(drop)
    }

    async fn sweep_answers(&mut self, permit: &Writes<InWorkspace>, before: Timestamp) -> StoreResult<u64> {
        let query = query!("DELETE FROM idempotency_keys WHERE workspace_id = $1 AND kept_at < $2", permit.workspace() as _, before as _);
        self.execute(query).await
    }
}
