//! The event log: appended to, read, forgotten.

use async_trait::async_trait;

use super::{Closing, StoreResult};
use crate::access::{InWorkspace, Instance, Reads, Writes};
use crate::event::{NewEvent, Seen};
use crate::ids::{ChannelId, UserId, WorkspaceId};
use crate::time::Timestamp;

/// What appending answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The number of the last event of the workspace.
    pub seq: i64,
    /// The access epoch as it was before this unit moved it.
    pub access_epoch: i64,
}

/// Where a log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of the last event.
    pub seq: i64,
    /// The number of the last event that was forgotten; 0 if none was.
    pub floor: i64,
    /// Tells this log from the one that a backup was restored to.
    pub log_epoch: i64,
}

/// An event with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// The number in the workspace's log; from 1, without gaps.
    pub seq: i64,
    /// The event.
    pub event: NewEvent,
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
    /// Where the log is; none without such a workspace, or once it is deleted.
    async fn head(&mut self, permit: &Reads<InWorkspace>) -> StoreResult<Option<Head>>;
    /// Events after a number, in their order.
    async fn log(&mut self, permit: &Reads<InWorkspace>, after: i64, limit: u32) -> StoreResult<Vec<LogRow>>;
    /// The tag of an event; none if it was never there, or was forgotten.
    async fn log_tag(&mut self, permit: &Reads<InWorkspace>, seq: i64) -> StoreResult<Option<i64>>;
    /// What somebody may see now, and since which event.
    async fn seen_by(&mut self, permit: &Reads<InWorkspace>, user: UserId) -> StoreResult<Seen>;
    /// Whom a client knows in a channel: the staff, and whoever is in it; without a channel the staff alone.
    async fn known_in(&mut self, permit: &Reads<InWorkspace>, channel: Option<ChannelId>) -> StoreResult<Vec<UserId>>;
    /// The number of the last event of each of these workspaces. The head rows belong to no scope.
    async fn heads(&mut self, permit: &Reads<Instance>, workspaces: &[WorkspaceId]) -> StoreResult<Vec<(WorkspaceId, i64)>>;
    /// The workspaces there are, by id: a page after `after`. The head rows belong to no scope.
    async fn workspaces_after(
        &mut self,
        permit: &Writes<Instance>,
        after: Option<WorkspaceId>,
        limit: u32,
    ) -> StoreResult<Vec<WorkspaceId>>;
}
