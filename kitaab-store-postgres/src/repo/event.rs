//! Appending to the event log.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, Instance, Writes};
use kitaab_core::event::NewEvent;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::store::{Appended, Closing, EventRepo, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::query;

use super::rows::{FIRST, workspace_of};
use crate::engine::Unit;

#[async_trait]
impl EventRepo for Unit {
    async fn append_events(&mut self, closing: &Closing, events: &[NewEvent], access_changed: bool) -> StoreResult<Option<Appended>> {
        self.append_to_log(workspace_of(closing)?, events, access_changed).await
    }

    async fn sweep_events(&mut self, permit: &Writes<InWorkspace>, before: Timestamp) -> StoreResult<u64> {
        let workspace = permit.workspace();
        // The head first: what is appended after this look has a higher number and stays.
        let head = self.optional(query!("SELECT seq FROM event_head WHERE workspace_id = $1", workspace as _)).await?;
        let Some(head) = head else { return Ok(0) };
        let kept = query!("SELECT seq FROM events WHERE workspace_id = $1 AND at >= $2 ORDER BY seq LIMIT 1", workspace as _, before as _);
        let kept = self.optional(kept).await?;
        let floor = kept.map_or(head.seq, |first| (first.seq - 1).min(head.seq));
        let raise = query!("UPDATE event_head SET floor = $2 WHERE workspace_id = $1 AND floor < $2", workspace as _, floor);
        if !self.touch(raise).await? {
            return Ok(0);
        }
        self.execute(query!("DELETE FROM events WHERE workspace_id = $1 AND seq <= $2", workspace as _, floor)).await
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
