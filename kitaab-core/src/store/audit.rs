//! The audit log.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Closing, StoreResult};
use crate::access::{ActionKind, InWorkspace, Reads, Writes};
use crate::audit::{AuditEntry, AuditItem};
use crate::ids::{AuditId, UserId};
use crate::page::Span;
use crate::time::Timestamp;

/// Which entries a list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Done by this person.
    pub actor_id: Option<UserId>,
    /// This action.
    pub action: Option<ActionKind>,
    /// Done to this thing.
    pub target_id: Option<Uuid>,
}

/// The audit log.
#[async_trait]
pub trait AuditRepo {
    /// Appends entries to the log of the unit's workspace.
    async fn append_audit(&mut self, closing: &Closing, entries: &[AuditEntry]) -> StoreResult<()>;
    /// Entries, newest first.
    async fn audit(&mut self, permit: &Reads<InWorkspace>, filter: &AuditFilter, span: &Span<AuditId>) -> StoreResult<Vec<AuditItem>>;
    /// Removes entries from before `before`.
    async fn sweep_audit(&mut self, permit: &Writes<InWorkspace>, before: Timestamp) -> StoreResult<u64>;
}
