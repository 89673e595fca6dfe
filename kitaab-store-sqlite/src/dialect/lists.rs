//! Rows of many ids at once.

use kitaab_core::ids::{ProjectId, WorkspaceId};
use kitaab_core::store::StoreResult;
use sqlx::query;

use crate::engine::Unit;

/// JSON has no bytes, so ids go as the letters that `unhex` reads.
fn hex(ids: &[ProjectId]) -> String {
    ids.iter().map(|id| id.0.simple().to_string()).collect::<serde_json::Value>().to_string()
}

impl Unit {
    /// Those of the projects that exist and are not archived.
    pub(crate) async fn active_among(&mut self, workspace: WorkspaceId, ids: &[ProjectId]) -> StoreResult<Vec<ProjectId>> {
        let query = query!(
            "SELECT id FROM projects
            WHERE workspace_id = $1 AND id IN (SELECT unhex(value) FROM json_each($2)) AND archived_at IS NULL ORDER BY id",
            workspace as _,
            hex(ids)
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.id).collect())
    }
}
