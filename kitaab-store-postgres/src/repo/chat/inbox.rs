//! How people keep their conversations.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, OnChannel, Reach, Reads, Writes};
use kitaab_core::chat::{Channel, ChannelPreferences, ChannelRow, Draft, DraftPlace, InboxFilter, InboxPlace, InboxRow};
use kitaab_core::ids::{MessageId, UserId};
use kitaab_core::page::Span;
use kitaab_core::store::{InboxRepo, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::query;

use super::rows::{bare_channel, channel};
use crate::engine::Unit;
use crate::repo::rows::LAST;

/// The draft in a row.
macro_rules! draft {
    ($row:expr) => {{
        let row = $row;
        let thread_id = Some(row.thread_id).filter(|thread| !thread.0.is_nil());
        Draft { channel_id: row.channel_id, thread_id, text: row.text, version: row.version, updated_at: row.updated_at }
    }};
}

#[async_trait]
impl InboxRepo for Unit {
    async fn inbox(
        &mut self,
        permit: &Reads<InWorkspace>,
        user: UserId,
        filter: &InboxFilter,
        span: &Span<InboxPlace>,
    ) -> StoreResult<Vec<InboxRow>> {
        if permit.reach() != Reach::Inside {
            return Ok(Vec::new());
        }
        let (pinned, at, after) = match span.after {
            Some(place) => (place.pinned, place.at, place.channel.0),
            None => (true, Timestamp::from_micros(i64::MAX), LAST),
        };
        // Which conversations first, by their rows alone; what is said and unread in them is read for those of the page.
        let query = query!(
            r#"WITH page AS MATERIALIZED (
                SELECT i.channel_id, i.pinned, c.last_at
                FROM channel_members i JOIN channels c ON c.workspace_id = i.workspace_id AND c.id = i.channel_id
                JOIN memberships me ON me.workspace_id = i.workspace_id AND me.user_id = i.user_id
                WHERE i.workspace_id = $1 AND i.user_id = $2
                    AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL AND me.role = 'client')
                    AND CASE WHEN $4 = 'archived' THEN i.archived
                        WHEN i.archived OR (i.hidden_seq IS NOT NULL AND c.last_seq <= i.hidden_seq) THEN FALSE
                        WHEN $4 = 'unread' THEN EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = $1 AND m.channel_id = c.id
                            AND m.seq > i.read_seq AND m.author_id <> $2 AND m.deleted_at IS NULL)
                        WHEN $4 = 'mentions' THEN EXISTS (SELECT 1 FROM message_mentions n WHERE n.workspace_id = $1 AND n.channel_id = c.id
                            AND n.user_id IN ($2, $3) AND n.seq > i.read_seq AND n.author_id <> $2)
                        WHEN $4 = 'active' THEN c.archived_at IS NULL
                        WHEN $4 = 'category' THEN i.category IS NOT NULL AND i.category = $5
                        WHEN $4 = 'priority' THEN i.priority
                        ELSE TRUE END
                    AND (i.pinned, c.last_at, i.channel_id) < ($6, $7, $8)
                ORDER BY i.pinned DESC, c.last_at DESC, i.channel_id DESC LIMIT $9
            )
            SELECT c.id, c.kind, c.name, c.project_id, c.first_user_id, c.second_user_id, c.last_seq, c.archived_at, c.created_at,
                c.version, p.name AS "project_name?", u.id AS "peer_id?", u.display_name AS "peer_name?", x.role AS "peer_role?", i.read_seq,
                (SELECT COUNT(*) FROM messages m WHERE m.workspace_id = $1 AND m.channel_id = c.id AND m.seq > i.read_seq
                    AND m.author_id <> $2 AND m.deleted_at IS NULL) AS "unread_count!: i64",
                (SELECT COUNT(DISTINCT n.seq) FROM message_mentions n WHERE n.workspace_id = $1 AND n.channel_id = c.id
                    AND n.user_id IN ($2, $3) AND n.seq > i.read_seq AND n.author_id <> $2) AS "mention_count!: i64",
                i.muted_until, i.archived, i.pinned, i.category, i.priority,
                (i.hidden_seq IS NOT NULL AND c.last_seq <= i.hidden_seq) AS "hidden!: bool",
                l.id AS "last_message?", c.last_at
            FROM page g JOIN channel_members i ON i.workspace_id = $1 AND i.channel_id = g.channel_id AND i.user_id = $2
            JOIN channels c ON c.workspace_id = $1 AND c.id = g.channel_id
            LEFT JOIN messages l ON l.workspace_id = $1 AND l.channel_id = c.id AND l.seq = c.last_seq
            LEFT JOIN projects p ON p.workspace_id = $1 AND p.id = c.project_id
            LEFT JOIN users u ON u.id = CASE WHEN c.first_user_id = $2 THEN c.second_user_id ELSE c.first_user_id END
            LEFT JOIN memberships x ON x.workspace_id = $1 AND x.user_id = u.id
            ORDER BY g.pinned DESC, g.last_at DESC, g.channel_id DESC"#,
            permit.workspace() as _,
            user as _,
            uuid::Uuid::nil(),
            filter.name(),
            filter.category(),
            pinned,
            at as _,
            after,
            i64::from(span.limit)
        );
        let rows = self.all(query).await?.into_iter().map(|row| InboxRow {
            preferences: ChannelPreferences {
                muted_until: row.muted_until,
                archived: row.archived,
                pinned: row.pinned,
                hidden: row.hidden,
                category: row.category.clone(),
                priority: row.priority,
            },
            last_message: row.last_message,
            last_at: row.last_at,
            channel: channel!(row),
        });
        Ok(rows.collect())
    }

    async fn preferences(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Option<ChannelPreferences>> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            r#"SELECT i.muted_until, i.archived, i.pinned, i.category, i.priority,
                (i.hidden_seq IS NOT NULL AND c.last_seq <= i.hidden_seq) AS "hidden!: bool"
            FROM channel_members i JOIN channels c ON c.workspace_id = i.workspace_id AND c.id = i.channel_id
            WHERE i.workspace_id = $1 AND i.channel_id = $2 AND i.user_id = $3"#,
            workspace as _,
            id as _,
            user as _
        );
        Ok(self.optional(query).await?.map(|row| ChannelPreferences {
            muted_until: row.muted_until,
            archived: row.archived,
            pinned: row.pinned,
            hidden: row.hidden,
            category: row.category,
            priority: row.priority,
        }))
    }

    async fn set_preferences(&mut self, permit: &Writes<OnChannel>, user: UserId, preferences: &ChannelPreferences) -> StoreResult<()> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            "UPDATE channel_members SET muted_until = $4, archived = $5, pinned = $6, category = $7, priority = $8,
                hidden_seq = CASE WHEN $9 THEN (SELECT c.last_seq FROM channels c WHERE c.workspace_id = $1 AND c.id = $2) ELSE NULL END
            WHERE workspace_id = $1 AND channel_id = $2 AND user_id = $3",
            workspace as _,
            id as _,
            user as _,
            preferences.muted_until as _,
            preferences.archived,
            preferences.pinned,
            preferences.category.as_deref(),
            preferences.priority,
            preferences.hidden
        );
        self.execute(query).await.map(drop)
    }

    async fn drafts(&mut self, permit: &Reads<InWorkspace>, user: UserId, span: &Span<DraftPlace>) -> StoreResult<Vec<Draft>> {
        if permit.reach() != Reach::Inside {
            return Ok(Vec::new());
        }
        let (at, channel, thread) = match span.after {
            Some(place) => (place.at, place.channel.0, place.thread.0),
            None => (Timestamp::from_micros(i64::MAX), LAST, LAST),
        };
        let query = query!(
            "SELECT d.channel_id, d.thread_id, d.text, d.version, d.updated_at
            FROM drafts d JOIN channels c ON c.workspace_id = d.workspace_id AND c.id = d.channel_id
            JOIN memberships me ON me.workspace_id = d.workspace_id AND me.user_id = d.user_id
            WHERE d.workspace_id = $1 AND d.user_id = $2 AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL AND me.role = 'client')
                AND (d.updated_at, d.channel_id, d.thread_id) < ($3, $4, $5)
            ORDER BY d.updated_at DESC, d.channel_id DESC, d.thread_id DESC LIMIT $6",
            permit.workspace() as _,
            user as _,
            at as _,
            channel,
            thread,
            i64::from(span.limit)
        );
        Ok(self.all(query).await?.into_iter().map(|row| draft!(row)).collect())
    }

    async fn draft(&mut self, permit: &Reads<OnChannel>, user: UserId, thread: Option<MessageId>) -> StoreResult<Option<Draft>> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            "SELECT channel_id, thread_id, text, version, updated_at FROM drafts
            WHERE workspace_id = $1 AND user_id = $2 AND channel_id = $3 AND thread_id = $4",
            workspace as _,
            user as _,
            id as _,
            thread.map_or(uuid::Uuid::nil(), |thread| thread.0)
        );
        Ok(self.optional(query).await?.map(|row| draft!(row)))
    }

    async fn keep_draft(&mut self, permit: &Writes<OnChannel>, user: UserId, draft: &Draft) -> StoreResult<bool> {
        let OnChannel(workspace, id) = permit.target();
        // Whoever is not in the channel keeps nothing there.
        let query = query!(
            "INSERT INTO drafts (workspace_id, user_id, channel_id, thread_id, text, version, updated_at)
            SELECT i.workspace_id, i.user_id, i.channel_id, $4, $5, $6, $7 FROM channel_members i
            WHERE i.workspace_id = $1 AND i.user_id = $2 AND i.channel_id = $3
            ON CONFLICT (workspace_id, user_id, channel_id, thread_id) DO UPDATE
            SET text = excluded.text, version = excluded.version, updated_at = excluded.updated_at WHERE drafts.version <= excluded.version",
            workspace as _,
            user as _,
            id as _,
            draft.thread_id.map_or(uuid::Uuid::nil(), |thread| thread.0),
            draft.text,
            draft.version,
            draft.updated_at as _
        );
        self.touch(query).await
    }

    async fn drop_draft(&mut self, permit: &Writes<OnChannel>, user: UserId, thread: Option<MessageId>) -> StoreResult<bool> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            "DELETE FROM drafts WHERE workspace_id = $1 AND user_id = $2 AND channel_id = $3 AND thread_id = $4",
            workspace as _,
            user as _,
            id as _,
            thread.map_or(uuid::Uuid::nil(), |thread| thread.0)
        );
        self.touch(query).await
    }
}
