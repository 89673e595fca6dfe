//! How far each has read.

use async_trait::async_trait;
use kitaab_core::access::{OnChannel, OnMessage, Reads, Writes};
use kitaab_core::chat::{OwnPosition, Position, Receipt};
use kitaab_core::ids::UserId;
use kitaab_core::store::{PositionRepo, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::query;

use crate::engine::Unit;

#[async_trait]
impl PositionRepo for Unit {
    async fn move_position(&mut self, permit: &Writes<OnChannel>, user: UserId, to: Position, at: Timestamp) -> StoreResult<bool> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query!("SELECT last_seq FROM channels WHERE workspace_id = $1 AND id = $2", workspace as _, channel as _);
        let last = self.optional(query).await?.map_or(0, |row| row.last_seq);
        match to {
            Position::Before(seq) => {
                let query = query!(
                    "UPDATE channel_members SET read_seq = $4
                    WHERE workspace_id = $1 AND channel_id = $2 AND user_id = $3 AND read_seq <> $4",
                    workspace as _,
                    channel as _,
                    user as _,
                    (seq - 1).min(last)
                );
                self.touch(query).await
            }
            Position::Forward(seq) => {
                let seq = seq.min(last);
                let see = query!(
                    "UPDATE channel_members SET seen_seq = $4, seen_at = $5
                    WHERE workspace_id = $1 AND channel_id = $2 AND user_id = $3 AND seen_seq < $4",
                    workspace as _,
                    channel as _,
                    user as _,
                    seq,
                    at as _
                );
                let seen = self.touch(see).await?;
                let read = query!(
                    "UPDATE channel_members SET read_seq = $4
                    WHERE workspace_id = $1 AND channel_id = $2 AND user_id = $3 AND read_seq < $4",
                    workspace as _,
                    channel as _,
                    user as _,
                    seq
                );
                Ok(self.touch(read).await? || seen)
            }
        }
    }

    async fn own_position(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Option<(OwnPosition, Option<i64>)>> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query!(
            r#"SELECT i.read_seq, i.seen_seq, i.seen_at,
                (SELECT COUNT(*) FROM messages m WHERE m.workspace_id = $1 AND m.channel_id = $2 AND m.seq > i.read_seq
                    AND m.author_id <> $3 AND m.deleted_at IS NULL) AS "unread_count!: i64",
                (SELECT COUNT(DISTINCT n.seq) FROM message_mentions n WHERE n.workspace_id = $1 AND n.channel_id = $2
                    AND n.user_id IN ($3, $4) AND n.seq > i.read_seq AND n.author_id <> $3) AS "mention_count!: i64"
            FROM channel_members i WHERE i.workspace_id = $1 AND i.channel_id = $2 AND i.user_id = $3"#,
            workspace as _,
            channel as _,
            user as _,
            uuid::Uuid::nil()
        );
        Ok(self.optional(query).await?.map(|row| {
            let own = OwnPosition { read_seq: row.read_seq, unread_count: row.unread_count, mention_count: row.mention_count };
            (own, row.seen_at.map(|_| row.seen_seq))
        }))
    }

    async fn receipts(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Vec<Receipt>> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query!(
            r#"SELECT user_id, seen_seq, seen_at AS "seen_at!" FROM channel_members
            WHERE workspace_id = $1 AND channel_id = $2 AND seen_at IS NOT NULL ORDER BY user_id"#,
            workspace as _,
            channel as _
        );
        let rows = self.all(query).await?.into_iter();
        Ok(rows.map(|row| Receipt { user_id: row.user_id, seq: row.seen_seq, at: row.seen_at }).collect())
    }

    async fn move_thread_position(&mut self, permit: &Writes<OnMessage>, user: UserId, to: Position, at: Timestamp) -> StoreResult<bool> {
        let OnMessage(workspace, root) = permit.target();
        let query = query!(
            r#"SELECT COALESCE(MAX(seq), 0) AS "last!: i64" FROM messages WHERE workspace_id = $1 AND thread_id = $2"#,
            workspace as _,
            root as _
        );
        let last = self.one(query).await?.last;
        let (seq, back) = match to {
            Position::Forward(seq) => (seq.min(last), false),
            Position::Before(seq) => ((seq - 1).min(last), true),
        };
        let query = query!(
            "INSERT INTO thread_positions (workspace_id, thread_id, user_id, read_seq, read_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (workspace_id, thread_id, user_id) DO UPDATE SET read_seq = excluded.read_seq, read_at = excluded.read_at
            WHERE thread_positions.read_seq < excluded.read_seq OR ($6 AND thread_positions.read_seq <> excluded.read_seq)",
            workspace as _,
            root as _,
            user as _,
            seq,
            at as _,
            back
        );
        self.touch(query).await
    }
}
