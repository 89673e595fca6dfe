//! The comments on a task, oldest first.

use super::TaskCommentView;
use crate::access::{OnTask, OnTaskComment, action};
use crate::answer::Single;
use crate::error::Result;
use crate::ids::{TaskCommentId, TaskId, WorkspaceId};
use crate::input::Input;
use crate::page::{Page, PageAsk, Span};
use crate::project::Tasks;
use crate::work::Work;
use crate::workspace::scope;

impl Tasks<'_> {
    /// One comment, as far as the caller reads comments.
    pub async fn read_comment(&self, workspace: WorkspaceId, comment: TaskCommentId) -> Result<Single<TaskCommentView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        super::model::single(&mut work, OnTaskComment(workspace, comment)).await
    }

    /// The comments on a task, oldest first: all for staff, for a client those that are not internal.
    pub async fn comments(&self, workspace: WorkspaceId, task: TaskId, ask: Input<PageAsk>) -> Result<Page<TaskCommentView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListTaskComments>(OnTask(workspace, task)).await?;
        let ask = ask.checked()?;
        let span = Span { after: ask.position::<TaskCommentId>(self.kitaab.keys(), "task_comments")?, limit: ask.limit() + 1 };
        let found = work.tx()?.task_comments(&permit, &span).await?;
        let found = Page::cut(found, ask.limit(), self.kitaab.keys(), self.kitaab.random(), "task_comments", |comment| comment.id)?;
        Ok(found.map(|comment| TaskCommentView::new(comment, &permit)))
    }
}
