//! Exports.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, Reads, Writes};
use kitaab_core::export::{Export, ExportState, MadeExport};
use kitaab_core::ids::{ExportId, UserId};
use kitaab_core::store::{ExportRepo, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};

use crate::engine::Unit;

#[async_trait]
impl ExportRepo for Unit {
    async fn insert_export(&mut self, permit: &Writes<InWorkspace>, export: &Export) -> StoreResult<()> {
        let query = query!(
            "INSERT INTO exports (workspace_id, id, user_id, scope, state, role, access_epoch, size, created_at, ended_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            permit.workspace() as _,
            export.id as _,
            export.user_id as _,
            export.scope as _,
            export.state as _,
            export.role as _,
            export.access_epoch,
            export.size,
            export.created_at as _,
            export.ended_at as _
        );
        self.execute(query).await.map(drop)
    }

    async fn export(&mut self, permit: &Reads<InWorkspace>, user: UserId, id: ExportId) -> StoreResult<Option<Export>> {
        let query = query_as!(
            Export,
            "SELECT id, user_id, scope, state, role, access_epoch, size, created_at, ended_at
            FROM exports WHERE workspace_id = $1 AND id = $2 AND user_id = $3",
            permit.workspace() as _,
            id as _,
            user as _
        );
        self.optional(query).await
    }

    async fn export_to_make(&mut self, permit: &Writes<InWorkspace>, id: ExportId) -> StoreResult<Option<Export>> {
        let query = query_as!(
            Export,
            "SELECT id, user_id, scope, state, role, access_epoch, size, created_at, ended_at
            FROM exports WHERE workspace_id = $1 AND id = $2",
            permit.workspace() as _,
            id as _
        );
        self.optional(query).await
    }

    async fn end_export(
        &mut self,
        permit: &Writes<InWorkspace>,
        id: ExportId,
        made: Option<MadeExport>,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let state = if made.is_some() { ExportState::Ready } else { ExportState::Failed };
        let query = query!(
            "UPDATE exports SET state = $3, access_epoch = $4, size = $5, ended_at = $6
            WHERE workspace_id = $1 AND id = $2 AND state = 'pending'",
            permit.workspace() as _,
            id as _,
            state as _,
            made.map(|made| made.access_epoch),
            made.map(|made| made.size),
            at as _
        );
        self.touch(query).await
    }

    async fn exports_before(&mut self, permit: &Writes<InWorkspace>, before: Timestamp) -> StoreResult<Vec<ExportId>> {
        let query =
            query!("SELECT id FROM exports WHERE workspace_id = $1 AND created_at < $2 ORDER BY id", permit.workspace() as _, before as _);
        Ok(self.all(query).await?.into_iter().map(|row| row.id).collect())
    }

    async fn delete_exports(&mut self, permit: &Writes<InWorkspace>, before: Timestamp) -> StoreResult<u64> {
        let query = query!("DELETE FROM exports WHERE workspace_id = $1 AND created_at < $2", permit.workspace() as _, before as _);
        self.execute(query).await
    }
}
