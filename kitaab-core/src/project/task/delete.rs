//! Destroying a task with its comments. An audit entry and its lines of the activity feed stay.

use super::Tasks;
use super::change;
use crate::access::{OnTask, action};
use crate::activity::{Deed, Verb};
use crate::error::{Error, Result};
use crate::event::{EventKind, Told};
use crate::ids::{TaskId, WorkspaceId};
use crate::work::{Work, again};
use crate::workspace::scope;

impl Tasks<'_> {
    /// Destroys a task and the comments on it.
    pub async fn delete(&self, workspace: WorkspaceId, task: TaskId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::DeleteTask>(OnTask(workspace, task)).await?;
            let row = work.tx()?.task(&permit).await?.ok_or(Error::NotFound)?;
            let held = change::hold(&mut work, row.project_id).await?;
            work.tx()?.close_task_activity(&permit, &row).await?;
            if !work.tx()?.delete_task(&permit).await? {
                return Err(Error::NotFound);
            }
            if row.client_visible {
                work.everybody_looks_again();
            }
            work.record(Deed::task(Verb::Deleted, &row));
            work.tell(Told::within(EventKind::TaskDeleted, row.project_id, row.audience(), task.0));
            change::count_progress(&mut work, &held).await?;
            work.commit().await
        })
        .await
    }
}
