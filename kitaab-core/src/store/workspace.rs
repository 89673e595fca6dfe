//! Workspaces.

use async_trait::async_trait;

use super::StoreResult;
use crate::access::{InWorkspace, Own, Reads, Writes};
use crate::time::Timestamp;
use crate::workspace::{Membership, Workspace};

/// Workspaces.
#[async_trait]
pub trait WorkspaceRepo {
    /// Founds a workspace with its event head (`log_epoch` is random) and its owner. Wants the system's scope of it.
    async fn found_workspace(&mut self, permit: &Writes<Own>, workspace: &Workspace, owner: &Membership, log_epoch: i64)
    -> StoreResult<()>;
    /// The workspace.
    async fn workspace(&mut self, permit: &Reads<InWorkspace>) -> StoreResult<Option<Workspace>>;
    /// Writes all fields and moves the version from `expected` to the next; false if it is another one by now.
    async fn update_workspace(&mut self, permit: &Writes<InWorkspace>, workspace: &Workspace, expected: i64) -> StoreResult<bool>;
    /// Hides the workspace from everybody; false if it was already.
    async fn delete_workspace(&mut self, permit: &Writes<InWorkspace>, at: Timestamp) -> StoreResult<bool>;
    /// Destroys every row of a workspace that was deleted at `deleted_before` or earlier; false if it was not. Wants the
    /// system's scope of it.
    async fn erase_workspace(&mut self, permit: &Writes<InWorkspace>, deleted_before: Timestamp) -> StoreResult<bool>;
}
