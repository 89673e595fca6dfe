//! Commenting on a task.

use serde::Deserialize;

use super::{TEXT_MAX, TaskComment, TaskCommentView, model};
use crate::access::{OnTask, OnTaskComment, Role, action};
use crate::activity::{Deed, Verb};
use crate::answer::Single;
use crate::error::{Error, Problems, Result, Unauthenticated};
use crate::event::{EventKind, Told};
use crate::ids::{TaskId, WorkspaceId};
use crate::input::{Check, Input};
use crate::project::Tasks;
use crate::text;
use crate::work::{Work, again};
use crate::workspace::{Author, scope};

/// A new comment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewTaskComment {
    /// What to say.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 10_000))]
    #[serde(default)]
    pub text: String,
    /// False marks it internal, which is for owner and members; true when absent.
    pub client_visible: Option<bool>,
}

impl Check for NewTaskComment {
    fn check(&mut self, problems: &mut Problems) {
        text::required_text(&mut self.text, "text", TEXT_MAX, problems);
    }
}

/// What a client writes is never internal.
pub(super) fn internal(role: Role, client_visible: Option<bool>, problems: &mut Problems) {
    if role == Role::Client && client_visible == Some(false) {
        problems.add("client_visible", "not_allowed", "What you write is seen by all who may read comments.");
    }
}

impl Tasks<'_> {
    /// Comments on a task: owner, members, and clients whose grant says *comments*.
    pub async fn comment(&self, workspace: WorkspaceId, task: TaskId, input: Input<NewTaskComment>) -> Result<Single<TaskCommentView>> {
        again(self.kitaab, || self.try_comment(OnTask(workspace, task), &input)).await
    }

    async fn try_comment(&self, target: OnTask, input: &Input<NewTaskComment>) -> Result<Single<TaskCommentView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        let permit = work.may::<action::CreateTaskComment>(target).await?;
        if let Some(first) = work.repeated().await? {
            work.commit().await?;
            return Ok(first);
        }
        let mut problems = Problems::default();
        let new = input.check_into(&mut problems)?;
        internal(permit.role(), new.client_visible, &mut problems);
        problems.into_result()?;
        let task = work.tx()?.task(&permit).await?.ok_or(Error::NotFound)?;
        let author = permit.who().user().ok_or(Error::Unauthenticated(Unauthenticated::NoSession))?;
        let now = work.now();
        let comment = TaskComment {
            id: work.id(),
            task_id: task.id,
            author: Author { id: author, display_name: String::new(), role: Some(permit.role()) },
            text: new.text,
            client_visible: new.client_visible.unwrap_or(true),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        work.tx()?.insert_task_comment(&permit, &comment).await?;
        work.made::<action::CreateTaskComment>(comment.id.0);
        work.record(Deed::comment(Verb::Created, &task, &comment));
        let audience = model::audience(&task, comment.client_visible);
        work.tell(Told::within(EventKind::TaskCommentCreated, task.project_id, audience, comment.id.0));
        let answer = model::single(&mut work, OnTaskComment(target.0, comment.id)).await?;
        work.answer(&answer)?;
        work.commit().await?;
        Ok(answer)
    }
}
