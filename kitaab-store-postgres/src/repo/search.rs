//! What is searched. How candidates are found is in `dialect`.

use std::time::Duration;

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, Reach, Reads, Writes};
use kitaab_core::ids::{MessageId, UserId, WorkspaceId};
use kitaab_core::project::ProjectGrant;
use kitaab_core::search::{Document, DocumentKind, FoundMessage, Mark, SearchedChannel, SearchedProject, Thing};
use kitaab_core::store::{Candidates, DocumentPlace, SearchRepo, Sought, StoreResult};
use sqlx::{query, query_as};
use uuid::Uuid;

use crate::engine::Unit;
use crate::repo::rows::{FIRST, LAST};

#[async_trait]
impl SearchRepo for Unit {
    async fn searched_channels(&mut self, permit: &Reads<InWorkspace>, user: Option<UserId>) -> StoreResult<Vec<SearchedChannel>> {
        let workspace = permit.workspace();
        match (permit.reach(), user) {
            (Reach::All, _) => {
                let query = query_as!(
                    SearchedChannel,
                    r#"SELECT c.id, c.project_id, COALESCE(c.name, p.name, a.display_name || ', ' || b.display_name, '') AS "title!: String"
                    FROM channels c LEFT JOIN projects p ON p.workspace_id = c.workspace_id AND p.id = c.project_id
                    LEFT JOIN users a ON a.id = c.first_user_id LEFT JOIN users b ON b.id = c.second_user_id WHERE c.workspace_id = $1"#,
                    workspace as _
                );
                self.all(query).await
            }
            (Reach::Inside, Some(user)) => {
                let query = query_as!(
                    SearchedChannel,
                    r#"SELECT c.id, c.project_id, COALESCE(c.name, p.name, u.display_name, '') AS "title!: String"
                    FROM channel_members i JOIN channels c ON c.workspace_id = i.workspace_id AND c.id = i.channel_id
                    JOIN memberships me ON me.workspace_id = i.workspace_id AND me.user_id = i.user_id
                    LEFT JOIN projects p ON p.workspace_id = c.workspace_id AND p.id = c.project_id
                    LEFT JOIN users u ON u.id = CASE WHEN c.first_user_id = $2 THEN c.second_user_id ELSE c.first_user_id END
                    WHERE i.workspace_id = $1 AND i.user_id = $2
                        AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL AND me.role = 'client')"#,
                    workspace as _,
                    user as _
                );
                self.all(query).await
            }
            _ => Ok(Vec::new()),
        }
    }

    async fn searched_projects(&mut self, permit: &Reads<InWorkspace>) -> StoreResult<Vec<SearchedProject>> {
        let workspace = permit.workspace();
        match permit.reach() {
            Reach::All => {
                let query = query!("SELECT id, name FROM projects WHERE workspace_id = $1", workspace as _);
                let rows = self.all(query).await?.into_iter();
                Ok(rows.map(|row| SearchedProject { id: row.id, name: row.name, grant: None }).collect())
            }
            Reach::Assigned(card) => {
                let query = query!(
                    "SELECT p.id, p.name, k.grant_tasks, k.grant_comments, k.grant_upload FROM collaborators k
                    JOIN projects p ON p.workspace_id = k.workspace_id AND p.id = k.project_id
                    WHERE k.workspace_id = $1 AND k.client_id = $2 AND p.archived_at IS NULL",
                    workspace as _,
                    card as _
                );
                let rows = self.all(query).await?.into_iter().map(|row| {
                    let grant = ProjectGrant { tasks: row.grant_tasks, comments: row.grant_comments, upload: row.grant_upload };
                    SearchedProject { id: row.id, name: row.name, grant: Some(grant) }
                });
                Ok(rows.collect())
            }
            Reach::Own | Reach::Known | Reach::Inside | Reach::Nothing => Ok(Vec::new()),
        }
    }

    async fn candidates(
        &mut self,
        permit: &Reads<InWorkspace>,
        sought: &Sought,
        below: Option<DocumentPlace>,
        limit: u32,
        within: Duration,
    ) -> StoreResult<Candidates> {
        self.may_match(permit.workspace(), sought, below, limit, within).await
    }

    async fn messages_found(
        &mut self,
        permit: &Reads<InWorkspace>,
        user: Option<UserId>,
        ids: &[MessageId],
    ) -> StoreResult<Vec<FoundMessage>> {
        self.found_among(permit.workspace(), user, ids).await
    }

    async fn things_found(&mut self, permit: &Reads<InWorkspace>, ids: &[Uuid]) -> StoreResult<Vec<Thing>> {
        match permit.reach() {
            Reach::All => self.things_among(permit.workspace(), ids).await,
            Reach::Assigned(card) => self.things_of_card_among(permit.workspace(), card, ids).await,
            Reach::Own | Reach::Known | Reach::Inside | Reach::Nothing => Ok(Vec::new()),
        }
    }

    async fn marked_messages(
        &mut self,
        permit: &Reads<InWorkspace>,
        user: UserId,
        mark: Mark,
        below: Option<MessageId>,
        limit: u32,
    ) -> StoreResult<Vec<MessageId>> {
        if permit.reach() != Reach::Inside {
            return Ok(Vec::new());
        }
        let (workspace, below, limit) = (permit.workspace(), below.map_or(LAST, |id| id.0), i64::from(limit));
        match mark {
            Mark::Starred => {
                let query = query!(
                    "SELECT s.message_id FROM stars s WHERE s.workspace_id = $1 AND s.user_id = $2 AND s.message_id < $3
                    ORDER BY s.message_id DESC LIMIT $4",
                    workspace as _,
                    user as _,
                    below,
                    limit
                );
                Ok(self.all(query).await?.into_iter().map(|row| row.message_id).collect())
            }
            Mark::Pinned => {
                let query = query!(
                    "SELECT p.message_id FROM channel_members i JOIN pins p ON p.workspace_id = i.workspace_id AND p.channel_id = i.channel_id
                    WHERE i.workspace_id = $1 AND i.user_id = $2 AND p.message_id < $3 ORDER BY p.message_id DESC LIMIT $4",
                    workspace as _,
                    user as _,
                    below,
                    limit
                );
                Ok(self.all(query).await?.into_iter().map(|row| row.message_id).collect())
            }
            Mark::Mentioned => {
                let query = query!(
                    "SELECT DISTINCT m.id FROM channel_members i CROSS JOIN message_mentions n CROSS JOIN messages m
                    WHERE i.workspace_id = $1 AND i.user_id = $2 AND n.workspace_id = i.workspace_id AND n.channel_id = i.channel_id
                        AND n.user_id IN ($2, $3) AND n.author_id <> $2
                        AND m.workspace_id = n.workspace_id AND m.channel_id = n.channel_id AND m.seq = n.seq AND m.id < $4
                    ORDER BY m.id DESC LIMIT $5",
                    workspace as _,
                    user as _,
                    Uuid::nil(),
                    below,
                    limit
                );
                Ok(self.all(query).await?.into_iter().map(|row| row.id).collect())
            }
        }
    }

    async fn index_next(
        &mut self,
        permit: &Writes<InWorkspace>,
        kind: DocumentKind,
        after: Option<Uuid>,
        limit: u32,
    ) -> StoreResult<Option<Uuid>> {
        let workspace = permit.workspace();
        let ids = self.hold_after(workspace, kind, after.unwrap_or(FIRST), i64::from(limit)).await?;
        let documents: Vec<Document> = if kind == DocumentKind::Message {
            let ids: Vec<MessageId> = ids.iter().copied().map(MessageId).collect();
            let found = self.messages_among(workspace, None, &ids).await?;
            found.iter().filter_map(|(row, _)| Document::of_message(&row.message)).collect()
        } else {
            self.things_among(workspace, &ids).await?.iter().map(Document::of_thing).collect()
        };
        self.index(workspace, false, &documents).await?;
        Ok(ids.last().copied())
    }
}

impl Unit {
    /// Takes a project, a task, a comment or a client in as it was just written.
    pub(crate) async fn index_again(&mut self, workspace: WorkspaceId, id: Uuid) -> StoreResult<()> {
        let things = self.things_among(workspace, &[id]).await?;
        let documents: Vec<Document> = things.iter().map(Document::of_thing).collect();
        self.index(workspace, true, &documents).await
    }
}

/// The thing in a row.
macro_rules! thing {
    ($row:expr) => {{
        let row = $row;
        Thing {
            kind: row.kind,
            id: row.id,
            project_id: row.project_id,
            title: row.title,
            name: row.name,
            text: row.text,
            author_id: row.author_id,
            internal: row.internal,
            created_at: row.created_at,
        }
    }};
}
pub(crate) use thing;
