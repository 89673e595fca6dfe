//! Appending to the event log.

use async_trait::async_trait;

use super::{Closing, StoreResult};
use crate::access::{InWorkspace, Instance, Writes};
use crate::event::NewEvent;
use crate::ids::WorkspaceId;
use crate::time::Timestamp;

/// What appending answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The number of the last event of the workspace.
    pub seq: i64,
    /// The access epoch as it was before this unit moved it.
    pub access_epoch: i64,
}

/// The log.
#[async_trait]
pub trait EventRepo {
    /// Takes numbers off the workspace's head row and appends the events: the last statements of a unit. The row is
    /// locked until the commit, so the order of numbers is the order of commits, without gaps. Moves the access epoch
    /// on if `access_changed`. `None` if the workspace does not exist.
    async fn append_events(&mut self, closing: &Closing, events: &[NewEvent], access_changed: bool) -> StoreResult<Option<Appended>>;
    /// Forgets the oldest events up to the first one of `before` or later, and notes in the head row how far; how many
    /// went. What is numbered higher stays, whatever its time.
    async fn sweep_events(&mut self, permit: &Writes<InWorkspace>, before: Timestamp) -> StoreResult<u64>;
    /// The workspaces there are, by id: a page after `after`. The head rows belong to no scope.
    async fn workspaces_after(
        &mut self,
        permit: &Writes<Instance>,
        after: Option<WorkspaceId>,
        limit: u32,
    ) -> StoreResult<Vec<WorkspaceId>>;
}
