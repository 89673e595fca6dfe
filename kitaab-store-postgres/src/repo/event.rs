//! Appending to the event log.

use async_trait::async_trait;
use kitaab_core::access::{Instance, Writes};
use kitaab_core::event::NewEvent;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::store::{Appended, Closing, EventRepo, StoreResult};
use sqlx::query;

use super::rows::{FIRST, workspace_of};
use crate::engine::Unit;

#[async_trait]
impl EventRepo for Unit {
    async fn append_events(&mut self, closing: &Closing, events: &[NewEvent], access_changed: bool) -> StoreResult<Option<Appended>> {
        self.append_to_log(workspace_of(closing)?, events, access_changed).await
    }

    async fn workspaces_after(&mut self, _: &Writes<Instance>, after: Option<WorkspaceId>, limit: u32) -> StoreResult<Vec<WorkspaceId>> {
        let query = query!(
            "SELECT workspace_id FROM event_head WHERE workspace_id > $1 ORDER BY workspace_id LIMIT $2",
            after.map_or(FIRST, |after| after.0),
            i64::from(limit)
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.workspace_id).collect())
    }
}
