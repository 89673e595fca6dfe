//! Taking an expense or income out of lists, sums and exports. Its history stays.

use super::model::Change;
use super::{EntryKind, LedgerEntry, change};
use crate::access::{Ledger, action};
use crate::error::{Error, Result};
use crate::finance::Finance;
use crate::ids::{LedgerEntryId, WorkspaceId};
use crate::store::StoreError;
use crate::work::{Work, again};
use crate::workspace::scope;

impl Finance<'_> {
    /// Deletes an expense or income; its history still answers.
    pub async fn delete(&self, workspace: WorkspaceId, kind: EntryKind, id: LedgerEntryId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::DeleteFromLedger>(Ledger(workspace)).await?;
            let entry = work.tx()?.entry(&permit, kind, id).await?.ok_or(Error::NotFound)?;
            let now = work.now();
            let entry = LedgerEntry { updated_at: now, version: entry.version + 1, ..entry };
            if !work.tx()?.update_entry(&permit, &entry, Some(now)).await? {
                return Err(StoreError::Conflict.into());
            }
            work.made::<action::DeleteFromLedger>(id.0);
            change::record(&mut work, &permit, &entry, Change::Deleted).await?;
            work.commit().await
        })
        .await
    }
}
