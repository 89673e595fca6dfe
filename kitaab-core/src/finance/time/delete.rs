//! Deleting a time entry.

use super::Time;
use super::model;
use crate::access::{Ledger, action};
use crate::error::{Error, Result};
use crate::event::EventKind;
use crate::ids::{TimeEntryId, WorkspaceId};
use crate::work::{Work, again};
use crate::workspace::scope;

impl Time<'_> {
    /// Deletes a time entry for good; an audit entry stays.
    pub async fn delete(&self, workspace: WorkspaceId, id: TimeEntryId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::DeleteFromLedger>(Ledger(workspace)).await?;
            let entry = work.tx()?.time_entry(&permit, id).await?.ok_or(Error::NotFound)?;
            if !work.tx()?.delete_time_entry(&permit, id).await? {
                return Err(Error::NotFound);
            }
            work.made::<action::DeleteFromLedger>(id.0);
            model::tell(&mut work, EventKind::TimeEntryDeleted, &entry);
            work.commit().await
        })
        .await
    }
}
