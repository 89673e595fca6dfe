//! Client cards.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, OnClient, OnInvitation, OnPerson, Reach, Reads, Writes};
use kitaab_core::client::Client;
use kitaab_core::ids::{ClientId, UserId, WorkspaceId};
use kitaab_core::invitation::Milestones;
use kitaab_core::page::Span;
use kitaab_core::store::{ClientFilter, ClientPosition, ClientRepo, ClientRow, StoreResult};
use kitaab_core::text::folded;
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};

use super::rows::FIRST;
use crate::engine::Unit;

/// A card with its notes and the times of its newest invitation.
struct ListRow {
    id: ClientId,
    name: String,
    email: String,
    company: Option<String>,
    phone: Option<String>,
    user_id: Option<UserId>,
    archived_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
    notes: Option<String>,
    sent_at: Option<Timestamp>,
    opened_at: Option<Timestamp>,
    accepted_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
}

impl From<ListRow> for ClientRow {
    fn from(row: ListRow) -> Self {
        let ListRow { id, name, email, company, phone, user_id, archived_at, created_at, updated_at, version, notes, .. } = row;
        let ListRow { sent_at, opened_at, accepted_at, revoked_at, expires_at, .. } = row;
        let client = Client { id, name, email, company, phone, user_id, archived_at, created_at, updated_at, version };
        let invitation = expires_at.map(|expires_at| Milestones { sent_at, opened_at, accepted_at, revoked_at, expires_at });
        Self { client, notes, invitation }
    }
}

impl Unit {
    async fn put_client_notes(&mut self, workspace: WorkspaceId, client: ClientId, notes: &str) -> StoreResult<()> {
        let query = query!(
            "INSERT INTO client_notes (workspace_id, client_id, body) VALUES ($1, $2, $3)
            ON CONFLICT (workspace_id, client_id) DO UPDATE SET body = $3",
            workspace as _,
            client as _,
            notes
        );
        self.execute(query).await.map(drop)
    }
}

#[async_trait]
impl ClientRepo for Unit {
    async fn clients(
        &mut self,
        permit: &Reads<InWorkspace>,
        filter: &ClientFilter,
        span: &Span<ClientPosition>,
    ) -> StoreResult<Vec<ClientRow>> {
        let own = match permit.reach() {
            Reach::All => None,
            // Whoever has no card has none of their own.
            Reach::Own => Some(permit.card().unwrap_or(ClientId(FIRST))),
            Reach::Assigned(_) | Reach::Known | Reach::Inside | Reach::Nothing => return Ok(Vec::new()),
        };
        // The page is cut before anything is joined to it.
        let query = query_as!(
            ListRow,
            r#"SELECT c.id, c.name, c.email, c.company, c.phone, c.user_id, c.archived_at, c.created_at, c.updated_at, c.version,
                n.body AS "notes?", i.sent_at AS "sent_at?", i.opened_at AS "opened_at?", i.accepted_at AS "accepted_at?",
                i.revoked_at AS "revoked_at?", i.expires_at AS "expires_at?"
            FROM (SELECT clients.*, (SELECT l.id FROM invitations l WHERE l.workspace_id = $1 AND l.client_id = clients.id
                    ORDER BY l.id DESC LIMIT 1) AS newest
                FROM clients WHERE workspace_id = $1 AND (name_folded, id) > ($2, $3) AND CASE WHEN $4 THEN archived_at IS NOT NULL ELSE archived_at IS NULL END
                    AND CASE WHEN CAST($5 AS TEXT) IS NULL THEN TRUE ELSE instr(name_folded, $5) > 0 OR instr(company_folded, $5) > 0 OR instr(email, $5) > 0 END
                    AND CASE WHEN CAST($6 AS UUID) IS NULL THEN TRUE ELSE id = $6 END
                ORDER BY name_folded, id LIMIT $7) c
            LEFT JOIN client_notes n ON n.workspace_id = $1 AND n.client_id = c.id
            LEFT JOIN invitations i ON i.workspace_id = $1 AND i.id = c.newest
            ORDER BY c.name_folded, c.id"#,
            permit.workspace() as _,
            span.after.as_ref().map_or("", |after| &after.name),
            span.after.as_ref().map_or(FIRST, |after| after.id.0),
            filter.archived,
            filter.part.as_deref(),
            own as _,
            i64::from(span.limit)
        );
        Ok(self.all(query).await?.into_iter().map(ClientRow::from).collect())
    }

    async fn client(&mut self, permit: &Reads<OnClient>) -> StoreResult<Option<Client>> {
        let OnClient(workspace, client) = permit.target();
        let query = query_as!(
            Client,
            "SELECT id, name, email, company, phone, user_id, archived_at, created_at, updated_at, version FROM clients
            WHERE workspace_id = $1 AND id = $2",
            workspace as _,
            client as _
        );
        self.optional(query).await
    }

    async fn client_notes(&mut self, permit: &Reads<OnClient>) -> StoreResult<Option<String>> {
        let OnClient(workspace, client) = permit.target();
        let query = query!("SELECT body FROM client_notes WHERE workspace_id = $1 AND client_id = $2", workspace as _, client as _);
        Ok(self.optional(query).await?.map(|row| row.body))
    }

    async fn client_invitation(&mut self, permit: &Reads<OnClient>) -> StoreResult<Option<Milestones>> {
        let OnClient(workspace, client) = permit.target();
        let query = query_as!(
            Milestones,
            "SELECT sent_at, opened_at, accepted_at, revoked_at, expires_at FROM invitations
            WHERE workspace_id = $1 AND client_id = $2 ORDER BY id DESC LIMIT 1",
            workspace as _,
            client as _
        );
        self.optional(query).await
    }

    async fn client_by_email(&mut self, permit: &Reads<InWorkspace>, email: &str) -> StoreResult<Option<ClientId>> {
        let query =
            query!("SELECT id FROM clients WHERE workspace_id = $1 AND email = $2 AND archived_at IS NULL", permit.workspace() as _, email);
        Ok(self.optional(query).await?.map(|row| row.id))
    }

    async fn active_client(&mut self, permit: &Reads<InWorkspace>, id: ClientId) -> StoreResult<Option<Client>> {
        let query = query_as!(
            Client,
            "SELECT id, name, email, company, phone, user_id, archived_at, created_at, updated_at, version FROM clients
            WHERE workspace_id = $1 AND id = $2 AND archived_at IS NULL",
            permit.workspace() as _,
            id as _
        );
        self.optional(query).await
    }

    async fn insert_client(&mut self, permit: &Writes<InWorkspace>, client: &Client) -> StoreResult<bool> {
        let Client { id, name, email, company, phone, user_id, archived_at, created_at, updated_at, version } = client;
        let query = query!(
            "INSERT INTO clients (workspace_id, id, name, name_folded, email, company, company_folded, phone, user_id, archived_at,
                created_at, updated_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (workspace_id, email) WHERE archived_at IS NULL DO NOTHING",
            permit.workspace() as _,
            id as _,
            name,
            folded(name),
            email,
            company.as_deref(),
            company.as_deref().map(folded),
            phone.as_deref(),
            user_id as _,
            archived_at as _,
            created_at as _,
            updated_at as _,
            version
        );
        let done = self.touch(query).await?;
        if done {
            self.index_again(permit.workspace(), id.0).await?;
        }
        Ok(done)
    }

    async fn update_client(&mut self, permit: &Writes<OnClient>, client: &Client, expected: i64) -> StoreResult<bool> {
        let OnClient(workspace, id) = permit.target();
        let Client { id: _, name, email, company, phone, user_id, archived_at, created_at: _, updated_at, version: _ } = client;
        let query = query!(
            "UPDATE clients SET name = $4, name_folded = $5, email = $6, company = $7, company_folded = $8, phone = $9, user_id = $10,
                archived_at = $11, updated_at = $12, version = version + 1
            WHERE workspace_id = $1 AND id = $2 AND version = $3",
            workspace as _,
            id as _,
            expected,
            name,
            folded(name),
            email,
            company.as_deref(),
            company.as_deref().map(folded),
            phone.as_deref(),
            user_id as _,
            archived_at as _,
            updated_at as _
        );
        let done = self.touch(query).await?;
        if done {
            self.index_again(workspace, id.0).await?;
        }
        Ok(done)
    }

    async fn set_client_notes(&mut self, permit: &Writes<OnClient>, notes: Option<&str>) -> StoreResult<()> {
        let OnClient(workspace, client) = permit.target();
        if let Some(notes) = notes {
            return self.put_client_notes(workspace, client, notes).await;
        }
        let query = query!("DELETE FROM client_notes WHERE workspace_id = $1 AND client_id = $2", workspace as _, client as _);
        self.execute(query).await.map(drop)
    }

    async fn insert_client_notes(&mut self, permit: &Writes<InWorkspace>, client: ClientId, notes: &str) -> StoreResult<()> {
        self.put_client_notes(permit.workspace(), client, notes).await
    }

    async fn join_client(&mut self, permit: &Writes<OnInvitation>, client: ClientId, user: UserId, at: Timestamp) -> StoreResult<bool> {
        let query = query!(
            "UPDATE clients SET user_id = $3, updated_at = $4, version = version + 1
            WHERE workspace_id = $1 AND id = $2 AND archived_at IS NULL AND (user_id IS NULL OR user_id = $3)",
            permit.workspace() as _,
            client as _,
            user as _,
            at as _
        );
        self.touch(query).await
    }

    async fn leave_client(&mut self, permit: &Writes<OnPerson>, at: Timestamp) -> StoreResult<()> {
        let OnPerson(workspace, person) = permit.target();
        let query = query!(
            "UPDATE clients SET user_id = NULL, updated_at = $3, version = version + 1 WHERE workspace_id = $1 AND user_id = $2",
            workspace as _,
            person as _,
            at as _
        );
        self.execute(query).await.map(drop)
    }

    async fn client_has_history(&mut self, permit: &Reads<OnClient>) -> StoreResult<bool> {
        let OnClient(workspace, client) = permit.target();
        let query = query!(
            r#"SELECT id FROM clients WHERE workspace_id = $1 AND id = $2 AND (user_id IS NOT NULL
                OR EXISTS (SELECT 1 FROM invitations i WHERE i.workspace_id = $1 AND i.client_id = $2)
                OR EXISTS (SELECT 1 FROM projects p WHERE p.workspace_id = $1 AND p.client_id = $2)
                OR EXISTS (SELECT 1 FROM ledger_entries e WHERE e.workspace_id = $1 AND e.client_id = $2)
                OR EXISTS (SELECT 1 FROM collaborators k WHERE k.workspace_id = $1 AND k.client_id = $2)
                OR EXISTS (SELECT 1 FROM memberships m WHERE m.workspace_id = $1 AND m.client_id = $2))"#,
            workspace as _,
            client as _
        );
        Ok(self.optional(query).await?.is_some())
    }

    async fn delete_client(&mut self, permit: &Writes<OnClient>) -> StoreResult<bool> {
        let OnClient(workspace, client) = permit.target();
        self.touch(query!("DELETE FROM clients WHERE workspace_id = $1 AND id = $2", workspace as _, client as _)).await
    }
}
