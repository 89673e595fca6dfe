//! Exports: who asked for what, and how far it is. The files themselves are kept elsewhere.

use async_trait::async_trait;

use super::StoreResult;
use crate::access::{InWorkspace, Reads, Writes};
use crate::export::{Export, MadeExport};
use crate::ids::{ExportId, UserId};
use crate::time::Timestamp;

/// Exports.
#[async_trait]
pub trait ExportRepo {
    /// Keeps a new one.
    async fn insert_export(&mut self, permit: &Writes<InWorkspace>, export: &Export) -> StoreResult<()>;
    /// One of this person's.
    async fn export(&mut self, permit: &Reads<InWorkspace>, user: UserId, id: ExportId) -> StoreResult<Option<Export>>;
    /// Anybody's, for making it.
    async fn export_to_make(&mut self, permit: &Writes<InWorkspace>, id: ExportId) -> StoreResult<Option<Export>>;
    /// Notes that one was made, or with nothing that it could not be; false if that was noted before.
    async fn end_export(
        &mut self,
        permit: &Writes<InWorkspace>,
        id: ExportId,
        made: Option<MadeExport>,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Those that were asked for before `before`.
    async fn exports_before(&mut self, permit: &Writes<InWorkspace>, before: Timestamp) -> StoreResult<Vec<ExportId>>;
    /// Forgets them.
    async fn delete_exports(&mut self, permit: &Writes<InWorkspace>, before: Timestamp) -> StoreResult<u64>;
}
