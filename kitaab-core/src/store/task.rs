//! Tasks, comments on them, and updates.

use async_trait::async_trait;

use super::StoreResult;
use crate::access::{InWorkspace, OnProject, OnTask, OnTaskComment, OnUpdate, Reads, Role, Writes};
use crate::ids::{TaskCommentId, UpdateId, UserId};
use crate::page::Span;
use crate::project::{Place, Task, TaskComment, TaskState, Update};
use crate::time::Timestamp;

/// Which tasks a list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// In this state.
    pub state: Option<TaskState>,
    /// Done by this person.
    pub assignee_id: Option<UserId>,
    /// With this tag.
    pub tag: Option<String>,
    /// A part of the folded title or description.
    pub part: Option<String>,
}

/// The positions between which a task goes; none where there is no task on that side.
pub type Gap = (Option<String>, Option<String>);

/// Tasks and the comments on them.
#[async_trait]
pub trait TaskRepo {
    /// The tasks of a project in their order, after a position: for a client those that are not internal.
    async fn tasks(&mut self, permit: &Reads<OnProject>, filter: &TaskFilter, span: &Span<String>) -> StoreResult<Vec<Task>>;
    /// The task.
    async fn task(&mut self, permit: &Reads<OnTask>) -> StoreResult<Option<Task>>;
    /// Where a task goes that is put there, not looking at the one that is moved; none if there is no such place.
    async fn task_gap(&mut self, permit: &Reads<OnProject>, place: Place, moving: Option<crate::ids::TaskId>) -> StoreResult<Option<Gap>>;
    /// What a person is to the workspace, if they may do tasks of the project: owner, member, or a client on it.
    async fn role_on_project(&mut self, permit: &Reads<OnProject>, person: UserId) -> StoreResult<Option<Role>>;
    /// Keeps a new task.
    async fn insert_task(&mut self, permit: &Writes<OnProject>, task: &Task) -> StoreResult<()>;
    /// Writes all fields and moves the version on from `expected`; false if it is another one by now.
    async fn update_task(&mut self, permit: &Writes<OnTask>, task: &Task, expected: i64) -> StoreResult<bool>;
    /// Destroys the task and the comments on it.
    async fn delete_task(&mut self, permit: &Writes<OnTask>) -> StoreResult<bool>;
    /// Holds the project's row until the unit ends; false if there is none.
    async fn hold_project(&mut self, permit: &Writes<OnProject>) -> StoreResult<bool>;
    /// Sets the progress of a project that counts it from tasks: done ÷ not cancelled of those not internal, in whole
    /// percent, rounded down, 0 without any. True if that changed it.
    async fn count_progress(&mut self, permit: &Writes<OnProject>, at: Timestamp) -> StoreResult<bool>;

    /// The comments on a task, oldest first: for a client those that are not internal.
    async fn task_comments(&mut self, permit: &Reads<OnTask>, span: &Span<TaskCommentId>) -> StoreResult<Vec<TaskComment>>;
    /// The comments on all tasks of a project, oldest first: for a client those that are not internal, on tasks that are not.
    async fn project_comments(&mut self, permit: &Reads<OnProject>, span: &Span<TaskCommentId>) -> StoreResult<Vec<TaskComment>>;
    /// The comment.
    async fn task_comment(&mut self, permit: &Reads<OnTaskComment>) -> StoreResult<Option<TaskComment>>;
    /// Keeps a new comment.
    async fn insert_task_comment(&mut self, permit: &Writes<OnTask>, comment: &TaskComment) -> StoreResult<()>;
    /// Writes text and mark and moves the version on from `expected`; false if it is another one by now.
    async fn update_task_comment(&mut self, permit: &Writes<OnTaskComment>, comment: &TaskComment, expected: i64) -> StoreResult<bool>;
    /// Destroys the comment.
    async fn delete_task_comment(&mut self, permit: &Writes<OnTaskComment>) -> StoreResult<bool>;
}

/// Updates of projects.
#[async_trait]
pub trait UpdateRepo {
    /// The updates of a project, newest first.
    async fn updates(&mut self, permit: &Reads<OnProject>, span: &Span<UpdateId>) -> StoreResult<Vec<Update>>;
    /// The updates of all projects within the permit's reach, newest first.
    async fn updates_reached(&mut self, permit: &Reads<InWorkspace>, span: &Span<UpdateId>) -> StoreResult<Vec<Update>>;
    /// The update.
    async fn update(&mut self, permit: &Reads<OnUpdate>) -> StoreResult<Option<Update>>;
    /// Keeps a new update.
    async fn insert_update(&mut self, permit: &Writes<OnProject>, update: &Update) -> StoreResult<()>;
    /// Writes the text and moves the version on from `expected`; false if it is another one by now.
    async fn update_update(&mut self, permit: &Writes<OnUpdate>, update: &Update, expected: i64) -> StoreResult<bool>;
    /// Destroys the update.
    async fn delete_update(&mut self, permit: &Writes<OnUpdate>) -> StoreResult<bool>;
}
