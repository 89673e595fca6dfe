//! Workspaces.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, Own, Reads, Writes};
use kitaab_core::ids::WorkspaceId;
use kitaab_core::store::{StoreResult, WorkspaceRepo};
use kitaab_core::text::folded;
use kitaab_core::time::Timestamp;
use kitaab_core::workspace::{Membership, Workspace};
use sqlx::{query, query_as};

use crate::engine::Unit;

impl Unit {
    pub(super) async fn keep_membership(&mut self, workspace: WorkspaceId, membership: &Membership) -> StoreResult<bool> {
        let Membership { user_id, role, client_id, invited_by, invitation_accepted_at, created_at } = membership;
        let query = query!(
            "INSERT INTO memberships (workspace_id, user_id, role, client_id, invited_by, invitation_accepted_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            workspace as _,
            user_id as _,
            role as _,
            client_id as _,
            invited_by as _,
            invitation_accepted_at as _,
            created_at as _
        );
        self.touch(query).await
    }
}

#[async_trait]
impl WorkspaceRepo for Unit {
    async fn found_workspace(&mut self, _: &Writes<Own>, workspace: &Workspace, owner: &Membership, log_epoch: i64) -> StoreResult<()> {
        let Workspace { id, name, brand_color, time_zone, currency, created_at, version } = workspace;
        let query = query!(
            "INSERT INTO workspaces (id, name, name_folded, brand_color, time_zone, currency, created_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            id as _,
            name,
            folded(name),
            brand_color.as_deref(),
            time_zone,
            currency,
            created_at as _,
            version
        );
        self.execute(query).await?;
        let head = query!(
            "INSERT INTO event_head (workspace_id, seq, floor, log_epoch, access_epoch) VALUES ($1, 0, 0, $2, 0)",
            id as _,
            log_epoch
        );
        self.execute(head).await?;
        self.keep_membership(*id, owner).await.map(drop)
    }

    async fn workspace(&mut self, permit: &Reads<InWorkspace>) -> StoreResult<Option<Workspace>> {
        let query = query_as!(
            Workspace,
            "SELECT id, name, brand_color, time_zone, currency, created_at, version FROM workspaces WHERE id = $1",
            permit.workspace() as _
        );
        self.optional(query).await
    }

    async fn update_workspace(&mut self, permit: &Writes<InWorkspace>, workspace: &Workspace, expected: i64) -> StoreResult<bool> {
        let Workspace { id: _, name, brand_color, time_zone, currency, created_at: _, version: _ } = workspace;
        let query = query!(
            "UPDATE workspaces SET name = $3, name_folded = $4, brand_color = $5, time_zone = $6, currency = $7, version = version + 1
            WHERE id = $1 AND version = $2",
            permit.workspace() as _,
            expected,
            name,
            folded(name),
            brand_color.as_deref(),
            time_zone,
            currency
        );
        self.touch(query).await
    }

    async fn delete_workspace(&mut self, permit: &Writes<InWorkspace>, at: Timestamp) -> StoreResult<bool> {
        let query = query!("UPDATE workspaces SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL", permit.workspace() as _, at as _);
        self.touch(query).await
    }

    async fn erase_workspace(&mut self, permit: &Writes<InWorkspace>, deleted_before: Timestamp) -> StoreResult<bool> {
        let id = permit.workspace();
        let deleted =
            query!(r#"SELECT id AS "id!: WorkspaceId" FROM workspaces WHERE id = $1 AND deleted_at <= $2"#, id as _, deleted_before as _);
        if self.optional(deleted).await?.is_none() {
            return Ok(false);
        }
        // Children before parents; what refers to a row with ON DELETE CASCADE goes with it.
        self.execute(query!("DELETE FROM link_tokens WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM idempotency_keys WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM exports WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM collaborators WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM invitations WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM ledger_entries WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM time_entries WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM activity WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM templates WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM channels WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM projects WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM memberships WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM clients WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM events WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM audit_log WHERE workspace_id = $1", id as _)).await?;
        self.execute(query!("DELETE FROM event_head WHERE workspace_id = $1", id as _)).await?;
        // The job that does this is still running; it holds an id and nothing else.
        self.execute(query!("DELETE FROM jobs WHERE workspace_id = $1 AND kind <> 'workspace.erase'", id as _)).await?;
        self.touch(query!("DELETE FROM workspaces WHERE id = $1", id as _)).await
    }
}
