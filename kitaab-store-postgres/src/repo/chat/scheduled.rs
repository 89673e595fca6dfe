//! Messages that are sent later.

use async_trait::async_trait;
use kitaab_core::access::{OnChannel, OnScheduled, Reads, Writes};
use kitaab_core::chat::Scheduled;
use kitaab_core::ids::UserId;
use kitaab_core::store::{ScheduledRepo, StoreResult};
use sqlx::{query, query_as};

use crate::engine::Unit;

#[async_trait]
impl ScheduledRepo for Unit {
    async fn scheduled_in(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Vec<Scheduled>> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query_as!(
            Scheduled,
            "SELECT id, channel_id, author_id, text, reply_to, due_at, state, reason, created_at, version FROM scheduled_messages
            WHERE workspace_id = $1 AND author_id = $2 AND channel_id = $3 ORDER BY due_at, id",
            workspace as _,
            user as _,
            channel as _
        );
        self.all(query).await
    }

    async fn count_scheduled(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<i64> {
        let query = query!(
            r#"SELECT COUNT(*) AS "count!: i64" FROM scheduled_messages WHERE workspace_id = $1 AND author_id = $2"#,
            permit.workspace() as _,
            user as _
        );
        Ok(self.one(query).await?.count)
    }

    async fn scheduled(&mut self, permit: &Reads<OnScheduled>) -> StoreResult<Option<Scheduled>> {
        let OnScheduled(workspace, id) = permit.target();
        let query = query_as!(
            Scheduled,
            "SELECT id, channel_id, author_id, text, reply_to, due_at, state, reason, created_at, version FROM scheduled_messages
            WHERE workspace_id = $1 AND id = $2",
            workspace as _,
            id as _
        );
        self.optional(query).await
    }

    async fn insert_scheduled(&mut self, permit: &Writes<OnChannel>, scheduled: &Scheduled) -> StoreResult<()> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query!(
            "INSERT INTO scheduled_messages (workspace_id, id, channel_id, author_id, text, reply_to, due_at, state, reason, created_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            workspace as _,
            scheduled.id as _,
            channel as _,
            scheduled.author_id as _,
            scheduled.text,
            scheduled.reply_to as _,
            scheduled.due_at as _,
            scheduled.state as _,
            scheduled.reason.as_deref(),
            scheduled.created_at as _,
            scheduled.version
        );
        self.execute(query).await.map(drop)
    }

    async fn update_scheduled(&mut self, permit: &Writes<OnScheduled>, scheduled: &Scheduled, expected: i64) -> StoreResult<bool> {
        let OnScheduled(workspace, id) = permit.target();
        let query = query!(
            "UPDATE scheduled_messages SET text = $4, due_at = $5, state = $6, reason = $7, version = $8
            WHERE workspace_id = $1 AND id = $2 AND version = $3",
            workspace as _,
            id as _,
            expected,
            scheduled.text,
            scheduled.due_at as _,
            scheduled.state as _,
            scheduled.reason.as_deref(),
            scheduled.version
        );
        self.touch(query).await
    }

    async fn delete_scheduled(&mut self, permit: &Writes<OnScheduled>) -> StoreResult<bool> {
        let OnScheduled(workspace, id) = permit.target();
        self.touch(query!("DELETE FROM scheduled_messages WHERE workspace_id = $1 AND id = $2", workspace as _, id as _)).await
    }
}
