//! Posts, many at once: a statement costs microseconds here, so each has its own.

use kitaab_core::access::{FactSet, OnChannel, Role, Standing, Writes};
use kitaab_core::away::Look;
use kitaab_core::chat::{ChannelKind, Message, MessageFlags, MessageRow, Numbered, PostFacts, PostKey, ReactionRow};
use kitaab_core::ids::{ChannelId, ClientId, MessageId, ProjectId, UserId, WorkspaceId};
use kitaab_core::store::StoreResult;
use kitaab_core::time::Timestamp;
use sqlx::query;

use super::lists::hex;
use crate::engine::Unit;
use crate::repo::{in_channel, message};

impl Unit {
    pub(crate) async fn facts_of_posts(&mut self, workspace: WorkspaceId, keys: &[PostKey]) -> StoreResult<Vec<PostFacts>> {
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            found.push(self.facts_of_post(workspace, key).await?);
        }
        Ok(found)
    }

    async fn facts_of_post(&mut self, workspace: WorkspaceId, key: &PostKey) -> StoreResult<PostFacts> {
        let query = query!(
            r#"SELECT h.access_epoch AS "epoch!", m.role AS "role?: Role", m.client_id AS "card?: ClientId", c.kind AS "kind?: ChannelKind",
                c.archived_at AS "archived_at?: Timestamp", c.project_id AS "project_id?: ProjectId",
                i.user_id IS NOT NULL AS "inside!: bool", u.display_name AS "display_name?: String", x.id AS "repeated?: MessageId",
                EXISTS (SELECT 1 FROM drafts d WHERE d.workspace_id = w.id AND d.user_id = $2 AND d.channel_id = $3) AS "drafted!: bool",
                EXISTS (SELECT 1 FROM channel_members f WHERE f.workspace_id = w.id AND f.channel_id = $3 AND f.notify = 'all') AS "followed!: bool"
            FROM workspaces w JOIN event_head h ON h.workspace_id = w.id
            LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
            LEFT JOIN users u ON u.id = m.user_id
            LEFT JOIN channels c ON c.workspace_id = w.id AND c.id = $3
            LEFT JOIN channel_members i ON i.workspace_id = w.id AND i.channel_id = $3 AND i.user_id = $2
            LEFT JOIN messages x ON x.workspace_id = w.id AND x.channel_id = $3 AND x.author_id = $2 AND x.client_message_id = $4
            WHERE w.id = $1 AND w.deleted_at IS NULL"#,
            workspace as _,
            key.author as _,
            key.channel as _,
            key.client_message_id
        );
        let Some(row) = self.optional(query).await? else {
            return Ok(PostFacts::default());
        };
        let set = row.kind.map_or(FactSet::NONE, |kind| in_channel(row.role, kind, row.archived_at, row.inside));
        let standing = Standing { role: row.role, card: row.card, epoch: row.epoch, found: row.kind.is_some(), set, said_at: None };
        let author_name = row.display_name.unwrap_or_default();
        Ok(PostFacts {
            standing: Some(standing),
            project_id: row.project_id,
            author_name,
            repeated: row.repeated,
            drafted: row.drafted,
            direct: row.kind == Some(ChannelKind::Direct),
            followed: row.followed,
        })
    }

    pub(crate) async fn give_numbers_out(
        &mut self,
        workspace: WorkspaceId,
        counts: &[(ChannelId, i64)],
        now: Timestamp,
        look: Look,
    ) -> StoreResult<Vec<Numbered>> {
        let mut numbered = Vec::with_capacity(counts.len());
        for (channel_id, count) in counts {
            let query = query!(
                r#"UPDATE channels SET last_seq = last_seq + $3, last_at = $6,
                    away_due_at = CASE WHEN away_due_at <= $4 AND away_due_at >= $5 THEN away_due_at ELSE $4 END
                WHERE workspace_id = $1 AND id = $2 RETURNING last_seq AS "last_seq!: i64", away_due_at = $4 AS "planned!: bool""#,
                workspace as _,
                channel_id as _,
                count,
                look.at as _,
                look.lost_before as _,
                now as _
            );
            if let Some(row) = self.optional(query).await? {
                numbered.push(Numbered { channel_id: *channel_id, last_seq: row.last_seq, planned: row.planned });
            }
        }
        Ok(numbered)
    }

    pub(crate) async fn keep_messages(&mut self, messages: &[(&Writes<OnChannel>, &Message)], seen: bool) -> StoreResult<()> {
        for (permit, message) in messages {
            let Message { id, channel_id, seq, author_id, client_message_id, text, reply_to, thread_id, quote_of, created_at, .. } =
                message;
            let insert = query!(
                "INSERT INTO messages (workspace_id, channel_id, seq, id, author_id, client_message_id, text, reply_to, thread_id, quote_of,
                    created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                permit.workspace() as _,
                channel_id as _,
                seq,
                id as _,
                author_id as _,
                client_message_id,
                text.as_deref(),
                reply_to as _,
                thread_id as _,
                quote_of as _,
                created_at as _
            );
            self.execute(insert).await?;
            let moved = query!(
                "UPDATE channel_members SET read_seq = MAX(read_seq, $4), seen_seq = CASE WHEN $6 THEN $4 ELSE seen_seq END,
                    seen_at = CASE WHEN $6 THEN $5 ELSE seen_at END
                WHERE workspace_id = $1 AND channel_id = $2 AND user_id = $3",
                permit.workspace() as _,
                channel_id as _,
                author_id as _,
                seq,
                created_at as _,
                seen
            );
            self.execute(moved).await?;
        }
        Ok(())
    }

    pub(crate) async fn messages_among(
        &mut self,
        workspace: WorkspaceId,
        user: Option<UserId>,
        ids: &[MessageId],
    ) -> StoreResult<Vec<(MessageRow, bool)>> {
        // The planner takes a list of ids for longer than the workspace, and would walk it: the ids come first.
        let query = query!(
            r#"SELECT m.id, m.channel_id, m.seq AS "seq!", m.author_id, m.client_message_id, m.text, m.reply_to, m.thread_id, m.quote_of, m.created_at,
                m.edited_at, m.deleted_at, m.deleted_by, u.display_name, w.role AS "author_role?",
                i.user_id IS NOT NULL AS "author_inside!: bool",
                CASE WHEN m.thread_id IS NULL THEN (SELECT COUNT(*) FROM messages r WHERE r.workspace_id = m.workspace_id
                    AND r.thread_id = m.id AND r.thread_id IS NOT NULL AND r.deleted_at IS NULL) ELSE 0 END AS "reply_count!: i64",
                EXISTS (SELECT 1 FROM pins p WHERE p.workspace_id = m.workspace_id AND p.message_id = m.id) AS "pinned!: bool",
                EXISTS (SELECT 1 FROM stars s WHERE s.workspace_id = m.workspace_id AND s.user_id = $3 AND s.message_id = m.id) AS "starred!: bool",
                EXISTS (SELECT 1 FROM reactions e WHERE e.workspace_id = m.workspace_id AND e.message_id = m.id) AS "reacted!: bool"
            FROM json_each($2) j CROSS JOIN messages m ON m.workspace_id = $1 AND m.id = unhex(j.value)
            JOIN users u ON u.id = m.author_id
            LEFT JOIN memberships w ON w.workspace_id = m.workspace_id AND w.user_id = m.author_id
            LEFT JOIN channel_members i ON i.workspace_id = m.workspace_id AND i.channel_id = m.channel_id AND i.user_id = m.author_id"#,
            workspace as _,
            hex(ids.iter().map(|id| id.0)),
            user as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| message!(row)).collect())
    }

    pub(crate) async fn reactions_to(
        &mut self,
        workspace: WorkspaceId,
        user: Option<UserId>,
        messages: &[MessageId],
    ) -> StoreResult<Vec<(MessageId, ReactionRow)>> {
        let query = query!(
            r#"SELECT message_id AS "message_id!: MessageId", emoji AS "emoji!", COUNT(*) AS "count!: i64",
                COALESCE(MAX(user_id = $3), FALSE) AS "me!: bool" FROM reactions
            WHERE workspace_id = $1 AND message_id IN (SELECT unhex(value) FROM json_each($2)) GROUP BY message_id, emoji ORDER BY message_id, MIN(created_at), emoji"#,
            workspace as _,
            hex(messages.iter().map(|id| id.0)),
            user as _
        );
        let rows = self.all(query).await?.into_iter();
        Ok(rows.map(|row| (row.message_id, ReactionRow { emoji: row.emoji, count: row.count, me: row.me })).collect())
    }
}
