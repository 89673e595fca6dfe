//! The activity feed, and what else looks across projects.

use async_trait::async_trait;

use super::{Closing, StoreResult};
use crate::access::{InWorkspace, Ledger, OnTask, OnTaskComment, Reads, Writes};
use crate::activity::{Activity, ActivityRow};
use crate::ids::{ActivityId, ProjectId};
use crate::page::Span;
use crate::project::Task;

/// Who did what.
#[async_trait]
pub trait ActivityRepo {
    /// Appends lines.
    async fn append_activity(&mut self, closing: &Closing, lines: &[Activity]) -> StoreResult<()>;
    /// Lines within the permit's reach, newest first; those about money for an owner alone; for a client those about things that are shown to them now.
    async fn activity(
        &mut self,
        permit: &Reads<InWorkspace>,
        project: Option<ProjectId>,
        span: &Span<ActivityId>,
    ) -> StoreResult<Vec<ActivityRow>>;
    /// Keeps in the lines about a task and its comments what is about to be destroyed: the title, and whether clients may
    /// know of it. Of its comments they may not any more.
    async fn close_task_activity(&mut self, permit: &Writes<OnTask>, task: &Task) -> StoreResult<()>;
    /// Keeps in the lines about a comment whether clients may know of it.
    async fn close_comment_activity(&mut self, permit: &Writes<OnTaskComment>, client_visible: bool) -> StoreResult<()>;
    /// The tags of projects that are not archived and of their tasks, within the permit's reach, and with a permit for
    /// money those of expenses and income; a list for each thing.
    async fn tags_in_use(&mut self, permit: &Reads<InWorkspace>, money: Option<&Reads<Ledger>>) -> StoreResult<Vec<Vec<String>>>;
}
