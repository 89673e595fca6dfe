//! Rows of many ids at once.

use kitaab_core::ids::{ProjectId, WorkspaceId};
use kitaab_core::store::StoreResult;
use sqlx::query;
use uuid::Uuid;

use crate::engine::Unit;

fn uuids(ids: &[ProjectId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
}

impl Unit {
    /// Those of the projects that exist and are not archived.
    pub(crate) async fn active_among(&mut self, workspace: WorkspaceId, ids: &[ProjectId]) -> StoreResult<Vec<ProjectId>> {
        let query = query!(
            "SELECT id FROM projects WHERE workspace_id = $1 AND id = ANY($2) AND archived_at IS NULL ORDER BY id",
            workspace as _,
            &uuids(ids)
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.id).collect())
    }
}
