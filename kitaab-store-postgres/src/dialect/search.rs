//! Searching: trigrams in a table that only functions of the database may touch.

use std::time::Duration;

use kitaab_core::ids::{ClientId, MessageId, ProjectId, UserId, WorkspaceId};
use kitaab_core::search::{Document, DocumentKind, FoundMessage, Thing};
use kitaab_core::store::{Candidates, DocumentPlace, Sought, StoreError, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};
use uuid::Uuid;

use super::lists::uuids;
use crate::engine::Unit;
use crate::repo::rows::first_of;
use crate::repo::thing;

fn lesser(a: Option<Uuid>, b: Option<Uuid>) -> Option<Uuid> {
    a.into_iter().chain(b).min()
}

impl Unit {
    /// Takes documents in. Those that are there already are written anew, or left when `renew` is false.
    pub(crate) async fn index(&mut self, workspace: WorkspaceId, renew: bool, documents: &[Document]) -> StoreResult<()> {
        if documents.is_empty() {
            return Ok(());
        }
        let each = |value: fn(&Document) -> Option<Uuid>| documents.iter().map(value).collect::<Vec<_>>();
        let texts = |value: fn(&Document) -> &str| documents.iter().map(value).collect::<Vec<_>>();
        let flags = |value: fn(&Document) -> bool| documents.iter().map(value).collect::<Vec<_>>();
        let query = query!(
            "SELECT kitaab_index($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            workspace as _,
            renew,
            each(|document| Some(document.id)) as _,
            texts(|document| document.kind.as_str()) as _,
            each(|document| document.channel.map(|id| id.0)) as _,
            each(|document| document.project.map(|id| id.0)) as _,
            each(|document| document.author.map(|id| id.0)) as _,
            &flags(|document| document.internal),
            &flags(|document| document.link),
            texts(|document| &document.folded) as _,
            texts(|document| &document.grams) as _
        );
        self.execute(query).await.map(drop)
    }

    pub(crate) async fn may_match(
        &mut self,
        workspace: WorkspaceId,
        sought: &Sought,
        below: Option<DocumentPlace>,
        limit: u32,
        within: Duration,
    ) -> StoreResult<Candidates> {
        let most = i32::try_from(limit).unwrap_or(i32::MAX);
        let kinds: Vec<&str> = sought.kinds.iter().map(|kind| kind.as_str()).collect();
        let ids = |list: &Option<Vec<ProjectId>>| list.as_ref().map(|ids| uuids(ids.iter().map(|id| id.0)));
        let channels = sought.channels.as_ref().map(|ids| uuids(ids.iter().map(|id| id.0)));
        let authors = sought.authors.as_ref().map(|ids| uuids(ids.iter().map(|id| id.0)));
        let (part, newest) = sought.part.as_ref().map(|(part, newest)| (part.as_str(), i32::try_from(*newest).unwrap_or(i32::MAX))).unzip();
        self.limit_statements(within).await?;
        let query = query!(
            r#"SELECT kind AS "kind!: DocumentKind", id AS "id!"
            FROM kitaab_search($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"#,
            workspace as _,
            kinds as _,
            channels as _,
            ids(&sought.projects) as _,
            ids(&sought.task_projects) as _,
            ids(&sought.comment_projects) as _,
            sought.internal,
            &sought.terms,
            &sought.grams,
            part,
            newest,
            authors as _,
            sought.link,
            sought.from.map(first_of),
            lesser(below.map(|place| place.id), sought.until.map(first_of)),
            most
        );
        let rows = match self.all(query).await {
            Ok(rows) => rows,
            // Cancelled, because the time was up.
            Err(StoreError::Unavailable(_)) => return Ok(Candidates { late: true, ..Candidates::default() }),
            Err(error) => return Err(error),
        };
        self.limit_statements(Duration::ZERO).await?;
        let found: Vec<_> = rows.into_iter().map(|row| (DocumentPlace { at: 0, id: row.id }, row.kind)).collect();
        let more = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(Candidates { found, more, late: false })
    }

    /// How long a statement may take from here on, in this unit; nought is for ever.
    async fn limit_statements(&mut self, time: Duration) -> StoreResult<()> {
        let millis = if time.is_zero() { 0 } else { time.as_millis().max(1) };
        self.all(query!("SELECT set_config('statement_timeout', $1, true)", millis.to_string())).await.map(drop)
    }

    pub(crate) async fn found_among(
        &mut self,
        workspace: WorkspaceId,
        user: Option<UserId>,
        ids: &[MessageId],
    ) -> StoreResult<Vec<FoundMessage>> {
        let query = query_as!(
            FoundMessage,
            r#"SELECT m.id, m.channel_id, m.author_id, m.text, m.created_at,
                EXISTS (SELECT 1 FROM pins p WHERE p.workspace_id = m.workspace_id AND p.message_id = m.id) AS "pinned!: bool",
                EXISTS (SELECT 1 FROM stars s WHERE s.workspace_id = m.workspace_id AND s.user_id = $3 AND s.message_id = m.id) AS "starred!: bool"
            FROM messages m WHERE m.workspace_id = $1 AND m.id = ANY($2)"#,
            workspace as _,
            &uuids(ids.iter().map(|id| id.0)),
            user as _
        );
        self.all(query).await
    }

    pub(crate) async fn things_among(&mut self, workspace: WorkspaceId, ids: &[Uuid]) -> StoreResult<Vec<Thing>> {
        let query = query!(
            r#"SELECT 'project' AS "kind!: DocumentKind", p.id AS "id!", p.id AS "project_id?: ProjectId", p.name AS "title!", p.name AS "name?",
                p.description AS "text?", NULL::uuid AS "author_id?: UserId", p.created_at AS "created_at!: Timestamp",
                FALSE AS "internal!"
            FROM projects p WHERE p.workspace_id = $1 AND p.id = ANY($2)
            UNION ALL SELECT 'task', t.id, t.project_id, t.title, t.title, t.description, NULL, t.created_at, NOT t.client_visible
            FROM tasks t WHERE t.workspace_id = $1 AND t.id = ANY($2)
            UNION ALL SELECT 'task_comment', c.id, t.project_id, t.title, NULL, c.text, c.author_id, c.created_at, NOT c.client_visible
            FROM task_comments c JOIN tasks t ON t.workspace_id = c.workspace_id AND t.id = c.task_id WHERE c.workspace_id = $1 AND c.id = ANY($2)
            UNION ALL SELECT 'client', k.id, NULL, k.name, k.name, COALESCE(k.company || chr(10), '') || k.email, NULL, k.created_at, TRUE
            FROM clients k WHERE k.workspace_id = $1 AND k.id = ANY($2)"#,
            workspace as _,
            &uuids(ids.iter().copied())
        );
        Ok(self.all(query).await?.into_iter().map(|row| thing!(row)).collect())
    }

    pub(crate) async fn things_of_card_among(&mut self, workspace: WorkspaceId, card: ClientId, ids: &[Uuid]) -> StoreResult<Vec<Thing>> {
        let query = query!(
            r#"WITH reached AS MATERIALIZED (
                SELECT p.id, p.name, p.description, p.created_at, k.grant_tasks, k.grant_comments FROM collaborators k
                JOIN projects p ON p.workspace_id = k.workspace_id AND p.id = k.project_id
                WHERE k.workspace_id = $1 AND k.client_id = $3 AND p.archived_at IS NULL
            )
            SELECT 'project' AS "kind!: DocumentKind", p.id AS "id!", p.id AS "project_id?: ProjectId", p.name AS "title!", p.name AS "name?",
                p.description AS "text?", NULL::uuid AS "author_id?: UserId", p.created_at AS "created_at!: Timestamp",
                FALSE AS "internal!"
            FROM reached p WHERE p.id = ANY($2)
            UNION ALL SELECT 'task', t.id, t.project_id, t.title, t.title, t.description, NULL, t.created_at, NOT t.client_visible
            FROM tasks t JOIN reached p ON p.id = t.project_id AND p.grant_tasks
            WHERE t.workspace_id = $1 AND t.id = ANY($2) AND t.client_visible
            UNION ALL SELECT 'task_comment', c.id, t.project_id, t.title, NULL, c.text, c.author_id, c.created_at, NOT c.client_visible
            FROM task_comments c JOIN tasks t ON t.workspace_id = c.workspace_id AND t.id = c.task_id AND t.client_visible
            JOIN reached p ON p.id = t.project_id AND p.grant_tasks AND p.grant_comments
            WHERE c.workspace_id = $1 AND c.id = ANY($2) AND c.client_visible"#,
            workspace as _,
            &uuids(ids.iter().copied()),
            card as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| thing!(row)).collect())
    }

    /// The next ids of a kind, whose rows stay as they are until the unit ends: what is taken in is what they say.
    pub(crate) async fn hold_after(
        &mut self,
        workspace: WorkspaceId,
        kind: DocumentKind,
        after: Uuid,
        limit: i64,
    ) -> StoreResult<Vec<Uuid>> {
        macro_rules! ids {
            ($sql:literal) => {{
                let query = query!($sql, workspace as _, after, limit);
                Ok(self.all(query).await?.into_iter().map(|row| row.id.0).collect())
            }};
        }
        match kind {
            DocumentKind::Message => ids!("SELECT id FROM messages WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3 FOR SHARE"),
            DocumentKind::Project => ids!("SELECT id FROM projects WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3 FOR SHARE"),
            DocumentKind::Task => ids!("SELECT id FROM tasks WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3 FOR SHARE"),
            DocumentKind::TaskComment => {
                ids!("SELECT id FROM task_comments WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3 FOR SHARE")
            }
            DocumentKind::Client => ids!("SELECT id FROM clients WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3 FOR SHARE"),
        }
    }
}
