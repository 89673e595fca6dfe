//! Messages.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, OnChannel, OnMessage, Reach, Reads, Writes};
use kitaab_core::away::Look;
use kitaab_core::chat::{Around, Message, MessageFlags, MessageRow, Numbered, PostFacts, PostKey, ThreadPosition, Version};
use kitaab_core::ids::{ChannelId, MessageId, ProjectId, UserId, WorkspaceId};
use kitaab_core::search::Document;
use kitaab_core::store::{Closing, MessageRepo, StoreResult};
use kitaab_core::time::Timestamp;
use kitaab_core::workspace::Author;
use sqlx::query;

use super::rows::{bare_message, message};
use crate::engine::Unit;
use crate::repo::rows::workspace_of;

#[async_trait]
impl MessageRepo for Unit {
    async fn post_facts(&mut self, workspace: WorkspaceId, keys: &[PostKey]) -> StoreResult<Vec<PostFacts>> {
        self.facts_of_posts(workspace, keys).await
    }

    async fn number_messages(
        &mut self,
        closing: &Closing,
        counts: &[(ChannelId, i64)],
        now: Timestamp,
        look: Look,
    ) -> StoreResult<Vec<Numbered>> {
        self.give_numbers_out(workspace_of(closing)?, counts, now, look).await
    }

    async fn insert_messages(&mut self, messages: &[(&Writes<OnChannel>, &Message)], seen: bool) -> StoreResult<()> {
        self.keep_messages(messages, seen).await?;
        let documents: Vec<Document> = messages.iter().filter_map(|(_, message)| Document::of_message(message)).collect();
        let Some((first, _)) = messages.first() else { return Ok(()) };
        self.index(first.workspace(), true, &documents).await
    }

    async fn insert_mentions(&mut self, closing: &Closing, mentions: &[(&Message, UserId)]) -> StoreResult<()> {
        let workspace = workspace_of(closing)?;
        for (message, person) in mentions {
            let query = query!(
                "INSERT INTO message_mentions (workspace_id, channel_id, user_id, seq, author_id) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (workspace_id, channel_id, user_id, seq) DO NOTHING",
                workspace as _,
                message.channel_id as _,
                person as _,
                message.seq,
                message.author_id as _
            );
            self.execute(query).await?;
        }
        Ok(())
    }

    async fn clear_mentions(&mut self, permit: &Writes<OnMessage>, message: &Message) -> StoreResult<()> {
        let query = query!(
            "DELETE FROM message_mentions WHERE workspace_id = $1 AND channel_id = $2 AND seq = $3",
            permit.workspace() as _,
            message.channel_id as _,
            message.seq
        );
        self.execute(query).await.map(drop)
    }

    async fn channel_people(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Vec<UserId>> {
        let OnChannel(workspace, channel) = permit.target();
        self.people_in(workspace, channel).await
    }

    async fn people_around(&mut self, permit: &Reads<OnMessage>) -> StoreResult<Vec<UserId>> {
        let OnMessage(workspace, id) = permit.target();
        let query = query!("SELECT channel_id FROM messages WHERE workspace_id = $1 AND id = $2", workspace as _, id as _);
        let Some(row) = self.optional(query).await? else { return Ok(Vec::new()) };
        self.people_in(workspace, row.channel_id).await
    }

    async fn thread_of(&mut self, permit: &Reads<OnChannel>, message: MessageId) -> StoreResult<Option<MessageId>> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query!(
            "SELECT id, thread_id FROM messages WHERE workspace_id = $1 AND id = $2 AND channel_id = $3",
            workspace as _,
            message as _,
            channel as _
        );
        Ok(self.optional(query).await?.map(|row| row.thread_id.unwrap_or(row.id)))
    }

    async fn messages(&mut self, permit: &Reads<OnChannel>, user: UserId, around: Around, limit: u32) -> StoreResult<Vec<MessageRow>> {
        let OnChannel(workspace, channel) = permit.target();
        let found = match around {
            Around::Before(seq) => {
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
            WHERE m.workspace_id = $1 AND m.channel_id = $2 AND m.seq < $4 ORDER BY m.seq DESC LIMIT $5"#,
                    workspace as _,
                    channel as _,
                    user as _,
                    seq,
                    i64::from(limit)
                );
                self.all(query).await?.into_iter().rev().map(|row| message!(row)).collect()
            }
            Around::After(seq) => {
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
            WHERE m.workspace_id = $1 AND m.channel_id = $2 AND m.seq > $4 ORDER BY m.seq LIMIT $5"#,
                    workspace as _,
                    channel as _,
                    user as _,
                    seq,
                    i64::from(limit)
                );
                self.all(query).await?.into_iter().map(|row| message!(row)).collect()
            }
        };
        self.with_reactions(workspace, Some(user), found).await
    }

    async fn replies(&mut self, permit: &Reads<OnMessage>, user: UserId, around: Around, limit: u32) -> StoreResult<Vec<MessageRow>> {
        let OnMessage(workspace, root) = permit.target();
        let found = match around {
            Around::Before(seq) => {
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
            WHERE m.workspace_id = $1 AND m.thread_id = $2 AND m.seq < $4 ORDER BY m.seq DESC LIMIT $5"#,
                    workspace as _,
                    root as _,
                    user as _,
                    seq,
                    i64::from(limit)
                );
                self.all(query).await?.into_iter().rev().map(|row| message!(row)).collect()
            }
            Around::After(seq) => {
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
            WHERE m.workspace_id = $1 AND m.thread_id = $2 AND m.seq > $4 ORDER BY m.seq LIMIT $5"#,
                    workspace as _,
                    root as _,
                    user as _,
                    seq,
                    i64::from(limit)
                );
                self.all(query).await?.into_iter().map(|row| message!(row)).collect()
            }
        };
        self.with_reactions(workspace, Some(user), found).await
    }

    async fn message(&mut self, permit: &Reads<OnMessage>, user: Option<UserId>) -> StoreResult<Option<MessageRow>> {
        let OnMessage(workspace, id) = permit.target();
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
            WHERE m.workspace_id = $1 AND m.id = $2"#,
            workspace as _,
            id as _,
            user as _
        );
        let found = self.optional(query).await?.map(|row| message!(row));
        Ok(self.with_reactions(workspace, user, found.into_iter().collect()).await?.pop())
    }

    async fn messages_told(&mut self, permit: &Reads<InWorkspace>, ids: &[MessageId]) -> StoreResult<Vec<MessageRow>> {
        let found = self.messages_among(permit.workspace(), None, ids).await?;
        self.with_reactions(permit.workspace(), None, found).await
    }

    async fn messages_seen(
        &mut self,
        permit: &Reads<InWorkspace>,
        user: Option<UserId>,
        ids: &[MessageId],
    ) -> StoreResult<Vec<MessageRow>> {
        let found = self.messages_among(permit.workspace(), user, ids).await?;
        self.with_reactions(permit.workspace(), user, found).await
    }

    async fn unread(&mut self, permit: &Reads<InWorkspace>, user: UserId) -> StoreResult<i64> {
        if permit.reach() != Reach::Inside {
            return Ok(0);
        }
        let query = query!(
            r#"SELECT COUNT(*) AS "count!: i64" FROM channel_members i
            JOIN channels c ON c.workspace_id = i.workspace_id AND c.id = i.channel_id
            JOIN memberships me ON me.workspace_id = i.workspace_id AND me.user_id = i.user_id
            JOIN messages m ON m.workspace_id = i.workspace_id AND m.channel_id = i.channel_id AND m.seq > i.read_seq
            WHERE i.workspace_id = $1 AND i.user_id = $2 AND m.author_id <> $2 AND m.deleted_at IS NULL
                AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL AND me.role = 'client')"#,
            permit.workspace() as _,
            user as _
        );
        Ok(self.one(query).await?.count)
    }

    async fn newest_messages(&mut self, permit: &Reads<InWorkspace>, user: UserId, limit: u32) -> StoreResult<Vec<MessageId>> {
        if permit.reach() != Reach::Inside {
            return Ok(Vec::new());
        }
        // From each channel its newest ones, so that a busy workspace is not walked for somebody in a quiet channel: SQLite
        // keeps the order of a CROSS JOIN.
        let query = query!(
            "SELECT m.id FROM channel_members i
            JOIN channels c ON c.workspace_id = i.workspace_id AND c.id = i.channel_id
            JOIN memberships me ON me.workspace_id = i.workspace_id AND me.user_id = i.user_id
            CROSS JOIN messages m
            WHERE i.workspace_id = $1 AND i.user_id = $2 AND m.workspace_id = i.workspace_id AND m.channel_id = i.channel_id
                AND m.seq > c.last_seq - $3 AND m.deleted_at IS NULL
                AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL AND me.role = 'client')
            ORDER BY m.id DESC LIMIT $3",
            permit.workspace() as _,
            user as _,
            i64::from(limit)
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.id).collect())
    }

    async fn hold_message(&mut self, permit: &Writes<OnMessage>) -> StoreResult<Option<(Message, Option<ProjectId>)>> {
        let OnMessage(workspace, id) = permit.target();
        if !self.touch(query!("UPDATE messages SET text = text WHERE workspace_id = $1 AND id = $2", workspace as _, id as _)).await? {
            return Ok(None);
        }
        let query = query!(
            r#"SELECT m.id, m.channel_id, m.seq AS "seq!", m.author_id, m.client_message_id, m.text, m.reply_to, m.thread_id, m.quote_of, m.created_at,
                m.edited_at, m.deleted_at, m.deleted_by, c.project_id
            FROM messages m JOIN channels c ON c.workspace_id = m.workspace_id AND c.id = m.channel_id
            WHERE m.workspace_id = $1 AND m.id = $2"#,
            workspace as _,
            id as _
        );
        let row = self.one(query).await?;
        let project = row.project_id;
        Ok(Some((bare_message!(row), project)))
    }

    async fn edit_message(&mut self, permit: &Writes<OnMessage>, before: &Message, edited: &Message) -> StoreResult<i64> {
        let OnMessage(workspace, id) = permit.target();
        let count = query!(
            r#"SELECT COUNT(*) AS "versions!: i64" FROM message_versions WHERE workspace_id = $1 AND message_id = $2"#,
            workspace as _,
            id as _
        );
        let version = self.one(count).await?.versions + 1;
        let keep = query!(
            "INSERT INTO message_versions (workspace_id, message_id, version, text, at) VALUES ($1, $2, $3, $4, $5)",
            workspace as _,
            id as _,
            version,
            before.text.as_deref().unwrap_or_default(),
            before.edited_at.unwrap_or(before.created_at) as _
        );
        self.execute(keep).await?;
        let write = query!(
            "UPDATE messages SET text = $3, edited_at = $4 WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL",
            workspace as _,
            id as _,
            edited.text.as_deref(),
            edited.edited_at as _
        );
        if self.touch(write).await?
            && let Some(document) =
                Document::of_message(&Message { id, channel_id: before.channel_id, author_id: before.author_id, ..edited.clone() })
        {
            self.index(workspace, true, &[document]).await?;
        }
        Ok(version)
    }

    async fn bury_message(&mut self, permit: &Writes<OnMessage>, by: UserId, at: Timestamp) -> StoreResult<()> {
        let OnMessage(workspace, id) = permit.target();
        let bury = query!(
            "UPDATE messages SET text = NULL, quote_of = NULL, edited_at = NULL, deleted_at = $3, deleted_by = $4
            WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL",
            workspace as _,
            id as _,
            at as _,
            by as _
        );
        self.execute(bury).await?;
        self.execute(query!("DELETE FROM message_versions WHERE workspace_id = $1 AND message_id = $2", workspace as _, id as _)).await?;
        self.execute(query!("DELETE FROM reactions WHERE workspace_id = $1 AND message_id = $2", workspace as _, id as _)).await?;
        self.execute(query!("DELETE FROM pins WHERE workspace_id = $1 AND message_id = $2", workspace as _, id as _)).await?;
        self.execute(query!("DELETE FROM stars WHERE workspace_id = $1 AND message_id = $2", workspace as _, id as _)).await.map(drop)
    }

    async fn message_versions(&mut self, permit: &Reads<OnMessage>) -> StoreResult<Vec<Version>> {
        let OnMessage(workspace, id) = permit.target();
        let query = sqlx::query_as!(
            Version,
            "SELECT version, text, at FROM message_versions WHERE workspace_id = $1 AND message_id = $2 ORDER BY version",
            workspace as _,
            id as _
        );
        self.all(query).await
    }

    async fn thread_people(&mut self, permit: &Reads<OnMessage>) -> StoreResult<Vec<(Author, bool)>> {
        let OnMessage(workspace, root) = permit.target();
        let query = query!(
            r#"SELECT m.author_id AS "author_id!: UserId", u.display_name AS "display_name!", w.role AS "author_role?", i.user_id IS NOT NULL AS "inside!: bool",
                MIN(m.seq) AS "first!: i64"
            FROM messages m JOIN users u ON u.id = m.author_id
            LEFT JOIN memberships w ON w.workspace_id = m.workspace_id AND w.user_id = m.author_id
            LEFT JOIN channel_members i ON i.workspace_id = m.workspace_id AND i.channel_id = m.channel_id AND i.user_id = m.author_id
            WHERE m.workspace_id = $1 AND (m.id = $2 OR m.thread_id = $2) AND m.deleted_at IS NULL
            GROUP BY m.author_id, u.display_name, w.role, i.user_id ORDER BY MIN(m.seq)"#,
            workspace as _,
            root as _
        );
        let people = self
            .all(query)
            .await?
            .into_iter()
            .map(|row| (Author { id: row.author_id, display_name: row.display_name, role: row.author_role }, row.inside));
        Ok(people.collect())
    }

    async fn thread_position(&mut self, permit: &Reads<OnMessage>, user: UserId) -> StoreResult<ThreadPosition> {
        let OnMessage(workspace, root) = permit.target();
        let query = query!(
            "SELECT read_seq FROM thread_positions WHERE workspace_id = $1 AND thread_id = $2 AND user_id = $3",
            workspace as _,
            root as _,
            user as _
        );
        let read_seq = self.optional(query).await?.map_or(0, |row| row.read_seq);
        let count = query!(
            r#"SELECT COUNT(*) AS "unread!: i64" FROM messages WHERE workspace_id = $1 AND thread_id = $2 AND seq > $3 AND author_id <> $4
                AND deleted_at IS NULL"#,
            workspace as _,
            root as _,
            read_seq,
            user as _
        );
        Ok(ThreadPosition { read_seq, unread_count: self.one(count).await?.unread })
    }
}

impl Unit {
    async fn people_in(&mut self, workspace: WorkspaceId, channel: ChannelId) -> StoreResult<Vec<UserId>> {
        let query = query!("SELECT user_id FROM channel_members WHERE workspace_id = $1 AND channel_id = $2", workspace as _, channel as _);
        Ok(self.all(query).await?.into_iter().map(|row| row.user_id).collect())
    }
}
