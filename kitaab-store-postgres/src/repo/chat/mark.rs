//! Reactions, pins and stars.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, OnChannel, OnMessage, Reach, Reads, Writes};
use kitaab_core::chat::{Emoji, Marks, Message, MessageFlags, MessageRow, ReactionRow};
use kitaab_core::ids::{MessageId, UserId};
use kitaab_core::page::Span;
use kitaab_core::store::{MarkRepo, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::query;

use super::rows::message;
use crate::engine::Unit;
use crate::repo::rows::LAST;

#[async_trait]
impl MarkRepo for Unit {
    async fn different_reactions(&mut self, permit: &Reads<OnMessage>, emoji: &Emoji) -> StoreResult<usize> {
        let OnMessage(workspace, id) = permit.target();
        let query = query!(
            r#"SELECT COUNT(DISTINCT emoji) AS "different!: i64" FROM reactions WHERE workspace_id = $1 AND message_id = $2 AND emoji <> $3"#,
            workspace as _,
            id as _,
            emoji.as_str()
        );
        Ok(usize::try_from(self.one(query).await?.different).unwrap_or(usize::MAX))
    }

    async fn add_reaction(&mut self, permit: &Writes<OnMessage>, user: UserId, emoji: &Emoji, at: Timestamp) -> StoreResult<bool> {
        let OnMessage(workspace, id) = permit.target();
        let query = query!(
            "INSERT INTO reactions (workspace_id, message_id, emoji, user_id, created_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (workspace_id, message_id, emoji, user_id) DO NOTHING",
            workspace as _,
            id as _,
            emoji.as_str(),
            user as _,
            at as _
        );
        self.touch(query).await
    }

    async fn remove_reaction(&mut self, permit: &Writes<OnMessage>, user: UserId, emoji: &Emoji) -> StoreResult<bool> {
        let OnMessage(workspace, id) = permit.target();
        let query = query!(
            "DELETE FROM reactions WHERE workspace_id = $1 AND message_id = $2 AND emoji = $3 AND user_id = $4",
            workspace as _,
            id as _,
            emoji.as_str(),
            user as _
        );
        self.touch(query).await
    }

    async fn reactions_told(&mut self, permit: &Reads<InWorkspace>, message: MessageId) -> StoreResult<Vec<ReactionRow>> {
        let rows = self.reactions_to(permit.workspace(), None, &[message]).await?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    async fn add_pin(&mut self, permit: &Writes<OnMessage>, message: &Message, by: UserId, at: Timestamp) -> StoreResult<bool> {
        let query = query!(
            "INSERT INTO pins (workspace_id, channel_id, message_id, pinned_by, created_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (workspace_id, channel_id, message_id) DO NOTHING",
            permit.workspace() as _,
            message.channel_id as _,
            message.id as _,
            by as _,
            at as _
        );
        self.touch(query).await
    }

    async fn remove_pin(&mut self, permit: &Writes<OnMessage>, message: &Message) -> StoreResult<bool> {
        let query = query!(
            "DELETE FROM pins WHERE workspace_id = $1 AND channel_id = $2 AND message_id = $3",
            permit.workspace() as _,
            message.channel_id as _,
            message.id as _
        );
        self.touch(query).await
    }

    async fn count_pins(&mut self, permit: &Reads<OnMessage>, message: &Message) -> StoreResult<usize> {
        let query = query!(
            r#"SELECT COUNT(*) AS "pins!: i64" FROM pins WHERE workspace_id = $1 AND channel_id = $2"#,
            permit.workspace() as _,
            message.channel_id as _
        );
        Ok(usize::try_from(self.one(query).await?.pins).unwrap_or(usize::MAX))
    }

    async fn pins(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Vec<MessageRow>> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query!(
            r#"SELECT m.id, m.channel_id, m.seq AS "seq!", m.author_id, m.client_message_id, m.text, m.reply_to, m.thread_id, m.quote_of, m.created_at,
                m.edited_at, m.deleted_at, m.deleted_by, u.display_name, w.role AS "author_role?",
                i.user_id IS NOT NULL AS "author_inside!: bool",
                CASE WHEN m.thread_id IS NULL THEN (SELECT COUNT(*) FROM messages r WHERE r.workspace_id = m.workspace_id
                    AND r.thread_id = m.id AND r.thread_id IS NOT NULL AND r.deleted_at IS NULL) ELSE 0 END AS "reply_count!: i64",
                EXISTS (SELECT 1 FROM pins p WHERE p.workspace_id = m.workspace_id AND p.message_id = m.id) AS "pinned!: bool",
                EXISTS (SELECT 1 FROM stars s WHERE s.workspace_id = m.workspace_id AND s.user_id = $3 AND s.message_id = m.id) AS "starred!: bool",
                EXISTS (SELECT 1 FROM reactions e WHERE e.workspace_id = m.workspace_id AND e.message_id = m.id) AS "reacted!: bool"
            FROM pins n JOIN messages m ON m.workspace_id = n.workspace_id AND m.id = n.message_id
            JOIN users u ON u.id = m.author_id
            LEFT JOIN memberships w ON w.workspace_id = m.workspace_id AND w.user_id = m.author_id
            LEFT JOIN channel_members i ON i.workspace_id = m.workspace_id AND i.channel_id = m.channel_id AND i.user_id = m.author_id
            WHERE n.workspace_id = $1 AND n.channel_id = $2 ORDER BY n.created_at DESC, n.message_id DESC"#,
            workspace as _,
            channel as _,
            user as _
        );
        let found = self.all(query).await?.into_iter().map(|row| message!(row)).collect();
        self.with_reactions(workspace, Some(user), found).await
    }

    async fn add_star(&mut self, permit: &Writes<OnMessage>, user: UserId, at: Timestamp) -> StoreResult<bool> {
        let OnMessage(workspace, id) = permit.target();
        let query = query!(
            "INSERT INTO stars (workspace_id, user_id, message_id, created_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (workspace_id, user_id, message_id) DO NOTHING",
            workspace as _,
            user as _,
            id as _,
            at as _
        );
        self.touch(query).await
    }

    async fn remove_star(&mut self, permit: &Writes<OnMessage>, user: UserId) -> StoreResult<bool> {
        let OnMessage(workspace, id) = permit.target();
        let query =
            query!("DELETE FROM stars WHERE workspace_id = $1 AND user_id = $2 AND message_id = $3", workspace as _, user as _, id as _);
        self.touch(query).await
    }

    async fn starred(
        &mut self,
        permit: &Reads<InWorkspace>,
        user: UserId,
        span: &Span<Marks>,
    ) -> StoreResult<Vec<(MessageRow, Timestamp)>> {
        if permit.reach() != Reach::Inside {
            return Ok(Vec::new());
        }
        let workspace = permit.workspace();
        // The year 9999, which both engines can hold.
        let (at, last) = span.after.map_or((Timestamp::from_micros(253_402_300_799_000_000), LAST), |after| (after.at, after.message.0));
        let query = query!(
            r#"SELECT m.id, m.channel_id, m.seq AS "seq!", m.author_id, m.client_message_id, m.text, m.reply_to, m.thread_id, m.quote_of, m.created_at,
                m.edited_at, m.deleted_at, m.deleted_by, u.display_name, w.role AS "author_role?",
                i.user_id IS NOT NULL AS "author_inside!: bool",
                CASE WHEN m.thread_id IS NULL THEN (SELECT COUNT(*) FROM messages r WHERE r.workspace_id = m.workspace_id
                    AND r.thread_id = m.id AND r.thread_id IS NOT NULL AND r.deleted_at IS NULL) ELSE 0 END AS "reply_count!: i64",
                EXISTS (SELECT 1 FROM pins p WHERE p.workspace_id = m.workspace_id AND p.message_id = m.id) AS "pinned!: bool",
                EXISTS (SELECT 1 FROM stars s WHERE s.workspace_id = m.workspace_id AND s.user_id = $2 AND s.message_id = m.id) AS "starred!: bool",
                EXISTS (SELECT 1 FROM reactions e WHERE e.workspace_id = m.workspace_id AND e.message_id = m.id) AS "reacted!: bool", t.created_at AS starred_at
            FROM stars t JOIN messages m ON m.workspace_id = t.workspace_id AND m.id = t.message_id
            JOIN channels c ON c.workspace_id = m.workspace_id AND c.id = m.channel_id
            JOIN channel_members o ON o.workspace_id = m.workspace_id AND o.channel_id = m.channel_id AND o.user_id = t.user_id
            JOIN memberships b ON b.workspace_id = t.workspace_id AND b.user_id = t.user_id
            JOIN users u ON u.id = m.author_id
            LEFT JOIN memberships w ON w.workspace_id = m.workspace_id AND w.user_id = m.author_id
            LEFT JOIN channel_members i ON i.workspace_id = m.workspace_id AND i.channel_id = m.channel_id AND i.user_id = m.author_id
            WHERE t.workspace_id = $1 AND t.user_id = $2 AND (t.created_at < $3 OR t.created_at = $3 AND t.message_id < $4)
                AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL AND b.role = 'client')
            ORDER BY t.created_at DESC, t.message_id DESC LIMIT $5"#,
            workspace as _,
            user as _,
            at as _,
            last,
            i64::from(span.limit)
        );
        let rows = self.all(query).await?;
        let times: Vec<Timestamp> = rows.iter().map(|row| row.starred_at).collect();
        let found = rows.into_iter().map(|row| message!(row)).collect();
        Ok(self.with_reactions(workspace, Some(user), found).await?.into_iter().zip(times).collect())
    }
}
