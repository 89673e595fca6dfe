//! What a comment is, and how the caller sees it.

use serde::{Deserialize, Serialize};

use crate::access::{OnTaskComment, Reads, Target, action};
use crate::answer::Single;
use crate::error::{Error, Result};
use crate::event::Audience;
use crate::ids::{TaskCommentId, TaskId};
use crate::project::Task;
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::{Author, Person};

/// A comment as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskComment {
    /// The id.
    pub id: TaskCommentId,
    /// The task it is on.
    pub task_id: TaskId,
    /// Who wrote it.
    pub author: Author,
    /// What they wrote.
    pub text: String,
    /// False marks it internal: no client ever sees it.
    pub client_visible: bool,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskCommentView {
    /// The id.
    pub id: TaskCommentId,
    /// The task it is on.
    pub task_id: TaskId,
    /// Who wrote it.
    pub author: Person,
    /// What they wrote.
    pub text: String,
    /// False marks it internal: no client ever sees it.
    pub client_visible: bool,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change; the quoted number is the `ETag`.
    pub version: i64,
}

impl TaskCommentView {
    pub(crate) fn new<T: Target>(comment: TaskComment, reader: &Reads<T>) -> Self {
        let TaskComment { id, task_id, author, text, client_visible, created_at, updated_at, version } = comment;
        Self { id, task_id, author: author.seen_by(reader), text, client_visible, created_at, updated_at, version }
    }
}

/// Whom a comment on a task concerns.
pub(super) fn audience(task: &Task, client_visible: bool) -> Audience {
    if task.client_visible && client_visible { Audience::Comments(task.project_id) } else { Audience::Staff }
}

/// The comment and what the caller may do to it.
pub(super) async fn single(work: &mut Work<'_>, target: OnTaskComment) -> Result<Single<TaskCommentView>> {
    let permit = work.may::<action::ViewTaskComment>(target).await?;
    let comment = work.tx()?.task_comment(&permit).await?.ok_or(Error::NotFound)?;
    let can = work.can(target).await?;
    Ok(Single::new(TaskCommentView::new(comment, &permit), can))
}
