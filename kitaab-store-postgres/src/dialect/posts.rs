//! Posts, many at once: a statement for all of them.

use kitaab_core::access::{FactSet, OnChannel, Role, Standing, Writes};
use kitaab_core::away::Look;
use kitaab_core::chat::{ChannelKind, Message, MessageFlags, MessageRow, Numbered, PostFacts, PostKey, ReactionRow};
use kitaab_core::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use kitaab_core::store::StoreResult;
use kitaab_core::time::Timestamp;
use sqlx::query;
use uuid::Uuid;

use super::lists::uuids;
use crate::engine::Unit;
use crate::repo::{in_channel, message};

impl Unit {
    pub(crate) async fn facts_of_posts(&mut self, workspace: WorkspaceId, keys: &[PostKey]) -> StoreResult<Vec<PostFacts>> {
        let authors: Vec<Uuid> = keys.iter().map(|key| key.author.0).collect();
        let channels: Vec<Uuid> = keys.iter().map(|key| key.channel.0).collect();
        let names: Vec<&str> = keys.iter().map(|key| key.client_message_id.as_str()).collect();
        // Whether each is a repeat is looked up by its name: joined, all messages of the room were read for each batch.
        let query = query!(
            r#"SELECT h.access_epoch AS "epoch?", m.role AS "role?: Role", m.client_id AS "card?", c.kind AS "kind?: ChannelKind",
                c.archived_at AS "archived_at?", c.project_id AS "project_id?", i.user_id IS NOT NULL AS "inside!",
                u.display_name AS "display_name?", (SELECT x.id FROM messages x WHERE x.workspace_id = $1 AND x.channel_id = k.channel_id
                    AND x.author_id = k.user_id AND x.client_message_id = k.name) AS "repeated?: MessageId",
                EXISTS (SELECT 1 FROM drafts d WHERE d.workspace_id = $1 AND d.user_id = k.user_id AND d.channel_id = k.channel_id) AS "drafted!",
                EXISTS (SELECT 1 FROM channel_members f WHERE f.workspace_id = $1 AND f.channel_id = k.channel_id AND f.notify = 'all') AS "followed!"
            FROM UNNEST($2::uuid[], $3::uuid[], $4::text[]) WITH ORDINALITY AS k (user_id, channel_id, name, place)
            LEFT JOIN (SELECT e.access_epoch FROM workspaces w JOIN event_head e ON e.workspace_id = w.id
                WHERE w.id = $1 AND w.deleted_at IS NULL) h ON TRUE
            LEFT JOIN memberships m ON m.workspace_id = $1 AND m.user_id = k.user_id
            LEFT JOIN users u ON u.id = m.user_id
            LEFT JOIN channels c ON c.workspace_id = $1 AND c.id = k.channel_id
            LEFT JOIN channel_members i ON i.workspace_id = $1 AND i.channel_id = k.channel_id AND i.user_id = k.user_id
            ORDER BY k.place"#,
            workspace as _,
            &authors,
            &channels,
            names as _
        );
        let rows = self.all(query).await?.into_iter().map(|row| {
            let set = row.kind.map_or(FactSet::NONE, |kind| in_channel(row.role, kind, row.archived_at, row.inside));
            let standing =
                row.epoch.map(|epoch| Standing { role: row.role, card: row.card, epoch, found: row.kind.is_some(), set, said_at: None });
            let author_name = row.display_name.unwrap_or_default();
            PostFacts {
                standing,
                project_id: row.project_id,
                author_name,
                repeated: row.repeated,
                drafted: row.drafted,
                direct: row.kind == Some(ChannelKind::Direct),
                followed: row.followed,
            }
        });
        Ok(rows.collect())
    }

    pub(crate) async fn give_numbers_out(
        &mut self,
        workspace: WorkspaceId,
        counts: &[(ChannelId, i64)],
        now: Timestamp,
        look: Look,
    ) -> StoreResult<Vec<Numbered>> {
        let ids: Vec<Uuid> = counts.iter().map(|(channel, _)| channel.0).collect();
        let many: Vec<i64> = counts.iter().map(|(_, count)| *count).collect();
        let query = query!(
            r#"UPDATE channels c SET last_seq = c.last_seq + n.count, last_at = $6,
                away_due_at = CASE WHEN c.away_due_at <= $4 AND c.away_due_at >= $5 THEN c.away_due_at ELSE $4 END
            FROM UNNEST($2::uuid[], $3::bigint[]) AS n (id, count)
            WHERE c.workspace_id = $1 AND c.id = n.id
            RETURNING c.id AS "id!: ChannelId", c.last_seq AS "last_seq!", c.away_due_at = $4 AS "planned!""#,
            workspace as _,
            &ids,
            &many,
            look.at as _,
            look.lost_before as _,
            now as _
        );
        let rows = self.all(query).await?.into_iter();
        Ok(rows.map(|row| Numbered { channel_id: row.id, last_seq: row.last_seq, planned: row.planned }).collect())
    }

    pub(crate) async fn keep_messages(&mut self, messages: &[(&Writes<OnChannel>, &Message)], seen: bool) -> StoreResult<()> {
        let Some((first, _)) = messages.first() else { return Ok(()) };
        let workspace = first.workspace();
        let each = |value: fn(&Message) -> Option<Uuid>| messages.iter().map(|(_, message)| value(message)).collect::<Vec<_>>();
        let seqs: Vec<i64> = messages.iter().map(|(_, message)| message.seq).collect();
        let names: Vec<&str> = messages.iter().map(|(_, message)| message.client_message_id.as_str()).collect();
        let texts: Vec<Option<&str>> = messages.iter().map(|(_, message)| message.text.as_deref()).collect();
        let times: Vec<i64> = messages.iter().map(|(_, message)| message.created_at.micros()).collect();
        let query = query!(
            r#"WITH posted AS (
                SELECT n.channel_id, n.seq, n.id, n.author_id, n.name, n.text, n.reply_to, n.thread_id, n.quote_of,
                    TIMESTAMPTZ 'epoch' + n.at * INTERVAL '1 microsecond' AS at
                FROM UNNEST($2::uuid[], $3::bigint[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::uuid[],
                    $11::bigint[]) AS n (channel_id, seq, id, author_id, name, text, reply_to, thread_id, quote_of, at)
            ), seen AS (
                UPDATE channel_members i SET read_seq = GREATEST(i.read_seq, p.seq), seen_seq = CASE WHEN $12 THEN p.seq ELSE i.seen_seq END,
                    seen_at = CASE WHEN $12 THEN p.at ELSE i.seen_at END
                FROM (SELECT channel_id, author_id, MAX(seq) AS seq, MAX(at) AS at FROM posted GROUP BY channel_id, author_id) p
                WHERE i.workspace_id = $1 AND i.channel_id = p.channel_id AND i.user_id = p.author_id
            )
            INSERT INTO messages (workspace_id, channel_id, seq, id, author_id, client_message_id, text, reply_to, thread_id, quote_of,
                created_at)
            SELECT $1, channel_id, seq, id, author_id, name, text, reply_to, thread_id, quote_of, at FROM posted"#,
            workspace as _,
            each(|message| Some(message.channel_id.0)) as _,
            &seqs,
            each(|message| Some(message.id.0)) as _,
            each(|message| Some(message.author_id.0)) as _,
            names as _,
            texts as _,
            each(|message| message.reply_to.map(|id| id.0)) as _,
            each(|message| message.thread_id.map(|id| id.0)) as _,
            each(|message| message.quote_of.map(|id| id.0)) as _,
            &times,
            seen
        );
        self.execute(query).await.map(drop)
    }

    pub(crate) async fn messages_among(
        &mut self,
        workspace: WorkspaceId,
        user: Option<UserId>,
        ids: &[MessageId],
    ) -> StoreResult<Vec<(MessageRow, bool)>> {
        let query = query!(
            r#"SELECT m.id, m.channel_id, m.seq AS "seq!", m.author_id, m.client_message_id, m.text, m.reply_to, m.thread_id, m.quote_of, m.created_at,
                m.edited_at, m.deleted_at, m.deleted_by, u.display_name, w.role AS "author_role?",
                i.user_id IS NOT NULL AS "author_inside!: bool",
                CASE WHEN m.thread_id IS NULL THEN (SELECT COUNT(*) FROM messages r WHERE r.workspace_id = m.workspace_id
                    AND r.thread_id = m.id AND r.thread_id IS NOT NULL AND r.deleted_at IS NULL) ELSE 0 END AS "reply_count!: i64",
                EXISTS (SELECT 1 FROM pins p WHERE p.workspace_id = m.workspace_id AND p.message_id = m.id) AS "pinned!: bool",
                EXISTS (SELECT 1 FROM stars s WHERE s.workspace_id = m.workspace_id AND s.user_id = $3 AND s.message_id = m.id) AS "starred!: bool",
                EXISTS (SELECT 1 FROM reactions e WHERE e.workspace_id = m.workspace_id AND e.message_id = m.id) AS "reacted!: bool"
            FROM messages m JOIN users u ON u.id = m.author_id
            LEFT JOIN memberships w ON w.workspace_id = m.workspace_id AND w.user_id = m.author_id
            LEFT JOIN channel_members i ON i.workspace_id = m.workspace_id AND i.channel_id = m.channel_id AND i.user_id = m.author_id
            WHERE m.workspace_id = $1 AND m.id = ANY($2)"#,
            workspace as _,
            &uuids(ids.iter().map(|id| id.0)),
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
            r#"SELECT message_id, emoji, COUNT(*) AS "count!", COALESCE(BOOL_OR(user_id = $3), FALSE) AS "me!" FROM reactions
            WHERE workspace_id = $1 AND message_id = ANY($2) GROUP BY message_id, emoji ORDER BY message_id, MIN(created_at), emoji"#,
            workspace as _,
            &uuids(messages.iter().map(|id| id.0)),
            user as _
        );
        let rows = self.all(query).await?.into_iter();
        Ok(rows.map(|row| (row.message_id, ReactionRow { emoji: row.emoji, count: row.count, me: row.me })).collect())
    }
}
