//! Destroying a comment. An audit entry and its lines of the activity feed stay.

use super::model;
use crate::access::{OnTask, OnTaskComment, action};
use crate::activity::{Deed, Verb};
use crate::error::{Error, Result};
use crate::event::{EventKind, Told};
use crate::ids::{TaskCommentId, WorkspaceId};
use crate::project::Tasks;
use crate::work::{Work, again};
use crate::workspace::scope;

impl Tasks<'_> {
    /// Destroys a comment; for owner and members.
    pub async fn delete_comment(&self, workspace: WorkspaceId, comment: TaskCommentId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::DeleteTaskComment>(OnTaskComment(workspace, comment)).await?;
            let row = work.tx()?.task_comment(&permit).await?.ok_or(Error::NotFound)?;
            let task = work.may::<action::ViewTask>(OnTask(workspace, row.task_id)).await?;
            let task = work.tx()?.task(&task).await?.ok_or(Error::NotFound)?;
            work.tx()?.close_comment_activity(&permit, row.client_visible).await?;
            if !work.tx()?.delete_task_comment(&permit).await? {
                return Err(Error::NotFound);
            }
            if row.client_visible {
                work.everybody_looks_again();
            }
            work.record(Deed::comment(Verb::Deleted, &task, &row));
            let audience = model::audience(&task, row.client_visible);
            work.tell(Told::within(EventKind::TaskCommentDeleted, task.project_id, audience, comment.0));
            work.commit().await
        })
        .await
    }
}
