//! Invitations and their links.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, Instance, OnClient, OnInvitation, Reads, Role, Writes};
use kitaab_core::ids::{ChannelId, ClientId, InvitationId, ProjectId, UserId, WorkspaceId};
use kitaab_core::invitation::{Delivery, DeliveryState, Facing, Invitation, Invited, Link, LinkKind, Milestones};
use kitaab_core::page::Span;
use kitaab_core::store::{InvitationRepo, StoreResult};
use kitaab_core::time::Timestamp;
use kitaab_core::token::TokenHash;
use sqlx::{query, query_as};

use super::rows::LAST;
use crate::engine::Unit;

struct InvitationRow {
    id: InvitationId,
    email: String,
    role: Role,
    client_id: Option<ClientId>,
    message: Option<String>,
    invited_by: UserId,
    created_at: Timestamp,
    sent_at: Option<Timestamp>,
    opened_at: Option<Timestamp>,
    accepted_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    expires_at: Timestamp,
    closed_at: Option<Timestamp>,
    delivery_state: DeliveryState,
    delivery_error: Option<String>,
    delivery_at: Timestamp,
    generation: i64,
    key_id: i64,
    queued_at: Timestamp,
}

impl From<InvitationRow> for Invitation {
    fn from(row: InvitationRow) -> Self {
        let InvitationRow { id, email, role, client_id, message, invited_by, created_at, closed_at, .. } = row;
        let InvitationRow { sent_at, opened_at, accepted_at, revoked_at, expires_at, generation, key_id, queued_at, .. } = row;
        let milestones = Milestones { sent_at, opened_at, accepted_at, revoked_at, expires_at };
        let delivery = Delivery { state: row.delivery_state, error: row.delivery_error, at: row.delivery_at };
        Self { id, email, role, client_id, message, invited_by, created_at, milestones, closed_at, delivery, generation, key_id, queued_at }
    }
}

impl Unit {
    /// The projects that the invitations from `from` to `to` name, in the order given.
    async fn named_projects(
        &mut self,
        workspace: WorkspaceId,
        from: InvitationId,
        to: InvitationId,
    ) -> StoreResult<Vec<(InvitationId, ProjectId)>> {
        let query = query!(
            "SELECT invitation_id, project_id FROM invitation_projects
            WHERE workspace_id = $1 AND invitation_id >= $2 AND invitation_id <= $3 ORDER BY invitation_id, place",
            workspace as _,
            from as _,
            to as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| (row.invitation_id, row.project_id)).collect())
    }
}

impl Unit {
    /// The groups that the invitations from `from` to `to` name.
    async fn named_channels(
        &mut self,
        workspace: WorkspaceId,
        from: InvitationId,
        to: InvitationId,
    ) -> StoreResult<Vec<(InvitationId, ChannelId)>> {
        let query = query!(
            "SELECT invitation_id, channel_id FROM invitation_channels
            WHERE workspace_id = $1 AND invitation_id >= $2 AND invitation_id <= $3 ORDER BY invitation_id, channel_id",
            workspace as _,
            from as _,
            to as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| (row.invitation_id, row.channel_id)).collect())
    }
}

#[async_trait]
impl InvitationRepo for Unit {
    async fn invitations(&mut self, permit: &Reads<InWorkspace>, span: &Span<InvitationId>) -> StoreResult<Vec<(Invitation, Invited)>> {
        let query = query_as!(
            InvitationRow,
            "SELECT id, email, role, client_id, message, invited_by, created_at, sent_at, opened_at, accepted_at, revoked_at, expires_at,
                closed_at, delivery_state, delivery_error, delivery_at, generation, key_id, queued_at
            FROM invitations WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            permit.workspace() as _,
            span.after.map_or(LAST, |after| after.0),
            i64::from(span.limit)
        );
        let page = self.all(query).await?;
        let (Some(newest), Some(oldest)) = (page.first(), page.last()) else { return Ok(Vec::new()) };
        let named = self.named_projects(permit.workspace(), oldest.id, newest.id).await?;
        let groups = self.named_channels(permit.workspace(), oldest.id, newest.id).await?;
        let with_what = |row: InvitationRow| {
            let projects = named.iter().filter(|(invitation, _)| *invitation == row.id).map(|(_, project)| *project).collect();
            let channels = groups.iter().filter(|(invitation, _)| *invitation == row.id).map(|(_, channel)| *channel).collect();
            (Invitation::from(row), Invited { projects, channels })
        };
        Ok(page.into_iter().map(with_what).collect())
    }

    async fn invitation(&mut self, permit: &Reads<OnInvitation>) -> StoreResult<Option<(Invitation, Invited)>> {
        let OnInvitation(workspace, id) = permit.target();
        let query = query_as!(
            InvitationRow,
            "SELECT id, email, role, client_id, message, invited_by, created_at, sent_at, opened_at, accepted_at, revoked_at, expires_at,
                closed_at, delivery_state, delivery_error, delivery_at, generation, key_id, queued_at
            FROM invitations WHERE workspace_id = $1 AND id = $2",
            workspace as _,
            id as _
        );
        let Some(row) = self.optional(query).await? else { return Ok(None) };
        let projects = self.named_projects(workspace, id, id).await?.into_iter().map(|(_, project)| project).collect();
        let channels = self.named_channels(workspace, id, id).await?.into_iter().map(|(_, channel)| channel).collect();
        Ok(Some((row.into(), Invited { projects, channels })))
    }

    async fn invitation_facing(&mut self, permit: &Reads<OnInvitation>) -> StoreResult<Option<Facing>> {
        let OnInvitation(workspace, id) = permit.target();
        let query = query_as!(
            Facing,
            r#"SELECT u.display_name AS inviter, w.name AS workspace_name, c.name AS "name?", c.company AS "company?"
            FROM invitations i JOIN workspaces w ON w.id = i.workspace_id JOIN users u ON u.id = i.invited_by
            LEFT JOIN clients c ON c.workspace_id = i.workspace_id AND c.id = i.client_id
            WHERE i.workspace_id = $1 AND i.id = $2"#,
            workspace as _,
            id as _
        );
        self.optional(query).await
    }

    async fn invited_projects(&mut self, permit: &Reads<OnInvitation>) -> StoreResult<Vec<(ProjectId, String)>> {
        let OnInvitation(workspace, id) = permit.target();
        let query = query!(
            "SELECT p.id, p.name FROM invitation_projects i JOIN projects p ON p.workspace_id = i.workspace_id AND p.id = i.project_id
            WHERE i.workspace_id = $1 AND i.invitation_id = $2 AND p.archived_at IS NULL ORDER BY i.place",
            workspace as _,
            id as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| (row.id, row.name)).collect())
    }

    async fn invited_channels(&mut self, permit: &Reads<OnInvitation>) -> StoreResult<Vec<(ChannelId, String)>> {
        let OnInvitation(workspace, id) = permit.target();
        let query = query!(
            r#"SELECT c.id AS "id!", c.name AS "name!" FROM invitation_channels i
            JOIN channels c ON c.workspace_id = i.workspace_id AND c.id = i.channel_id
            WHERE i.workspace_id = $1 AND i.invitation_id = $2 AND c.kind = 'group' AND c.archived_at IS NULL ORDER BY c.id"#,
            workspace as _,
            id as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| (row.id, row.name)).collect())
    }

    async fn unclosed_invitation(&mut self, permit: &Reads<InWorkspace>, email: &str) -> StoreResult<Option<Invitation>> {
        let query = query_as!(
            InvitationRow,
            "SELECT id, email, role, client_id, message, invited_by, created_at, sent_at, opened_at, accepted_at, revoked_at, expires_at,
                closed_at, delivery_state, delivery_error, delivery_at, generation, key_id, queued_at
            FROM invitations WHERE workspace_id = $1 AND email = $2 AND closed_at IS NULL",
            permit.workspace() as _,
            email
        );
        Ok(self.optional(query).await?.map(Invitation::from))
    }

    async fn count_open_invitations(&mut self, permit: &Reads<InWorkspace>, now: Timestamp) -> StoreResult<i64> {
        let query = query!(
            r#"SELECT COUNT(*) AS "open!: i64" FROM invitations WHERE workspace_id = $1 AND closed_at IS NULL AND expires_at > $2"#,
            permit.workspace() as _,
            now as _
        );
        Ok(self.one(query).await?.open)
    }

    async fn insert_invitation(&mut self, permit: &Writes<InWorkspace>, invitation: &Invitation, invited: &Invited) -> StoreResult<bool> {
        let workspace = permit.workspace();
        let Invitation { id, email, role, client_id, message, invited_by, created_at, milestones, closed_at, delivery, .. } = invitation;
        let query = query!(
            "INSERT INTO invitations (workspace_id, id, email, role, client_id, message, invited_by, created_at, sent_at, opened_at,
                accepted_at, revoked_at, expires_at, closed_at, delivery_state, delivery_error, delivery_at, generation, key_id, queued_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
            ON CONFLICT (workspace_id, email) WHERE closed_at IS NULL DO NOTHING",
            workspace as _,
            id as _,
            email,
            role as _,
            client_id as _,
            message.as_deref(),
            invited_by as _,
            created_at as _,
            milestones.sent_at as _,
            milestones.opened_at as _,
            milestones.accepted_at as _,
            milestones.revoked_at as _,
            milestones.expires_at as _,
            closed_at as _,
            delivery.state as _,
            delivery.error.as_deref(),
            delivery.at as _,
            invitation.generation,
            invitation.key_id,
            invitation.queued_at as _
        );
        if !self.touch(query).await? {
            return Ok(false);
        }
        for channel in &invited.channels {
            let query = query!(
                "INSERT INTO invitation_channels (workspace_id, invitation_id, channel_id) VALUES ($1, $2, $3)
                ON CONFLICT (workspace_id, invitation_id, channel_id) DO NOTHING",
                workspace as _,
                id as _,
                channel as _
            );
            self.execute(query).await?;
        }
        for (place, project) in (0i64..).zip(&invited.projects) {
            let query = query!(
                "INSERT INTO invitation_projects (workspace_id, invitation_id, project_id, place) VALUES ($1, $2, $3, $4)
                ON CONFLICT (workspace_id, invitation_id, project_id) DO NOTHING",
                workspace as _,
                id as _,
                project as _,
                place
            );
            self.execute(query).await?;
        }
        Ok(true)
    }

    async fn close_invitation(&mut self, permit: &Writes<InWorkspace>, id: InvitationId, at: Timestamp) -> StoreResult<bool> {
        let query = query!(
            "UPDATE invitations SET closed_at = $3 WHERE workspace_id = $1 AND id = $2 AND closed_at IS NULL",
            permit.workspace() as _,
            id as _,
            at as _
        );
        self.touch(query).await
    }

    async fn renew_invitation(&mut self, permit: &Writes<OnInvitation>, invitation: &Invitation) -> StoreResult<bool> {
        let OnInvitation(workspace, id) = permit.target();
        let Invitation { milestones, delivery, generation, key_id, queued_at, .. } = invitation;
        let query = query!(
            "UPDATE invitations SET sent_at = $3, opened_at = $4, expires_at = $5, delivery_state = $6, delivery_error = $7,
                delivery_at = $8, generation = $9, key_id = $10, queued_at = $11
            WHERE workspace_id = $1 AND id = $2 AND closed_at IS NULL",
            workspace as _,
            id as _,
            milestones.sent_at as _,
            milestones.opened_at as _,
            milestones.expires_at as _,
            delivery.state as _,
            delivery.error.as_deref(),
            delivery.at as _,
            generation,
            key_id,
            queued_at as _
        );
        self.touch(query).await
    }

    async fn revoke_invitation(&mut self, permit: &Writes<OnInvitation>, at: Timestamp) -> StoreResult<bool> {
        let OnInvitation(workspace, id) = permit.target();
        let query = query!(
            "UPDATE invitations SET revoked_at = $3, closed_at = $3 WHERE workspace_id = $1 AND id = $2 AND closed_at IS NULL",
            workspace as _,
            id as _,
            at as _
        );
        self.touch(query).await
    }

    async fn revoke_invitations_of(&mut self, permit: &Writes<OnClient>, at: Timestamp) -> StoreResult<Vec<InvitationId>> {
        let OnClient(workspace, client) = permit.target();
        let query = query!(
            r#"UPDATE invitations SET revoked_at = $3, closed_at = $3
            WHERE workspace_id = $1 AND client_id = $2 AND closed_at IS NULL RETURNING id AS "id!: InvitationId""#,
            workspace as _,
            client as _,
            at as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.id).collect())
    }

    async fn open_invitation(&mut self, permit: &Writes<OnInvitation>, at: Timestamp) -> StoreResult<bool> {
        let OnInvitation(workspace, id) = permit.target();
        let query = query!(
            "UPDATE invitations SET opened_at = $3 WHERE workspace_id = $1 AND id = $2 AND closed_at IS NULL AND opened_at IS NULL",
            workspace as _,
            id as _,
            at as _
        );
        self.touch(query).await
    }

    async fn accept_invitation(&mut self, permit: &Writes<OnInvitation>, at: Timestamp) -> StoreResult<bool> {
        let OnInvitation(workspace, id) = permit.target();
        let query = query!(
            "UPDATE invitations SET accepted_at = $3, closed_at = $3
            WHERE workspace_id = $1 AND id = $2 AND closed_at IS NULL AND expires_at > $3",
            workspace as _,
            id as _,
            at as _
        );
        self.touch(query).await
    }

    async fn record_delivery(&mut self, permit: &Writes<OnInvitation>, generation: i64, delivery: &Delivery) -> StoreResult<bool> {
        let OnInvitation(workspace, id) = permit.target();
        let query = query!(
            "UPDATE invitations SET delivery_state = $4, delivery_error = $5, delivery_at = $6,
                sent_at = CASE WHEN $4 = 'sent' THEN $6 ELSE sent_at END
            WHERE workspace_id = $1 AND id = $2 AND generation = $3",
            workspace as _,
            id as _,
            generation,
            delivery.state as _,
            delivery.error.as_deref(),
            delivery.at as _
        );
        self.touch(query).await
    }

    async fn put_links(&mut self, permit: &Writes<InWorkspace>, id: InvitationId, links: &[(LinkKind, TokenHash)]) -> StoreResult<()> {
        self.delete_links(permit, id).await?;
        for (kind, token_hash) in links {
            let query = query!(
                "INSERT INTO link_tokens (token_hash, kind, workspace_id, subject_id) VALUES ($1, $2, $3, $4)",
                token_hash.as_slice(),
                kind as _,
                permit.workspace() as _,
                id as _
            );
            self.execute(query).await?;
        }
        Ok(())
    }

    async fn delete_links(&mut self, permit: &Writes<InWorkspace>, id: InvitationId) -> StoreResult<()> {
        let query = query!("DELETE FROM link_tokens WHERE workspace_id = $1 AND subject_id = $2", permit.workspace() as _, id as _);
        self.execute(query).await.map(drop)
    }

    async fn link(&mut self, _: &Reads<Instance>, token_hash: &TokenHash) -> StoreResult<Option<Link>> {
        let query = query_as!(
            Link,
            r#"SELECT workspace_id, subject_id AS "invitation_id: InvitationId", kind FROM link_tokens WHERE token_hash = $1"#,
            token_hash.as_slice()
        );
        self.optional(query).await
    }
}
