//! Changing a comment, marking it internal.

use serde::Deserialize;

use super::create::internal;
use super::{TEXT_MAX, TaskComment, TaskCommentView, model};
use crate::access::{OnTask, OnTaskComment, action};
use crate::activity::{Deed, Verb};
use crate::answer::Single;
use crate::error::{Error, Problems, Result};
use crate::event::{Audience, EventKind, Told};
use crate::ids::{TaskCommentId, WorkspaceId};
use crate::input::{Check, Input};
use crate::project::{Task, Tasks};
use crate::store::StoreError;
use crate::text;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A change of a comment. Absent fields stay.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateTaskComment {
    /// What to say.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10_000))]
    pub text: Option<String>,
    /// False marks it internal, which is for owner and members.
    pub client_visible: Option<bool>,
}

impl Check for UpdateTaskComment {
    fn check(&mut self, problems: &mut Problems) {
        if let Some(said) = &mut self.text {
            text::required_text(said, "text", TEXT_MAX, problems);
        }
    }
}

impl Tasks<'_> {
    /// Changes a comment: any for owner and members, the own one for a client. With `if_match`, only if it still has
    /// this version.
    pub async fn update_comment(
        &self,
        workspace: WorkspaceId,
        comment: TaskCommentId,
        input: Input<UpdateTaskComment>,
        if_match: Option<i64>,
    ) -> Result<Single<TaskCommentView>> {
        again(self.kitaab, || self.try_update_comment(OnTaskComment(workspace, comment), &input, if_match)).await
    }

    async fn try_update_comment(
        &self,
        target: OnTaskComment,
        input: &Input<UpdateTaskComment>,
        if_match: Option<i64>,
    ) -> Result<Single<TaskCommentView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        let permit = work.may::<action::EditTaskComment>(target).await?;
        let mut problems = Problems::default();
        let change = input.check_into(&mut problems)?;
        internal(permit.role(), change.client_visible, &mut problems);
        problems.into_result()?;
        let before = work.tx()?.task_comment(&permit).await?.ok_or(Error::NotFound)?;
        let expected = if_match.unwrap_or(before.version);
        if expected != before.version {
            return Err(Error::Stale { current_version: before.version });
        }
        let task = work.may::<action::ViewTask>(OnTask(target.0, before.task_id)).await?;
        let task = work.tx()?.task(&task).await?.ok_or(Error::NotFound)?;
        let after = TaskComment {
            text: change.text.unwrap_or_else(|| before.text.clone()),
            client_visible: change.client_visible.unwrap_or(before.client_visible),
            updated_at: work.now(),
            ..before.clone()
        };
        if !work.tx()?.update_task_comment(&permit, &after, expected).await? {
            return Err(StoreError::Conflict.into());
        }
        work.record(Deed::comment(Verb::Updated, &task, &after));
        tell(&mut work, &task, &before, &after);
        let answer = model::single(&mut work, target).await?;
        work.commit().await?;
        Ok(answer)
    }
}

/// To clients a comment that turns internal is gone, and one that is no longer internal is new.
fn tell(work: &mut Work<'_>, task: &Task, before: &TaskComment, after: &TaskComment) {
    let project = task.project_id;
    let to_clients = match (before.client_visible, after.client_visible) {
        (true, false) => {
            work.everybody_looks_again();
            EventKind::TaskCommentDeleted
        }
        (false, true) => EventKind::TaskCommentCreated,
        _ => {
            let audience = model::audience(task, after.client_visible);
            return work.tell(Told::within(EventKind::TaskCommentUpdated, project, audience, after.id.0));
        }
    };
    if task.client_visible {
        work.tell(Told::within(to_clients, project, Audience::CommentsClients(project), after.id.0));
    }
    work.tell(Told::within(EventKind::TaskCommentUpdated, project, Audience::Staff, after.id.0));
}
