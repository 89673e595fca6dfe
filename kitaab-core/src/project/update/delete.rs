//! Destroying an update. An audit entry stays.

use super::Updates;
use crate::access::{OnUpdate, action};
use crate::activity::{Deed, Verb};
use crate::error::{Error, Result};
use crate::event::{Audience, EventKind, Told};
use crate::ids::{UpdateId, WorkspaceId};
use crate::work::{Work, again};
use crate::workspace::scope;

impl Updates<'_> {
    /// Destroys an update; for the owner.
    pub async fn delete(&self, workspace: WorkspaceId, update: UpdateId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::DeleteUpdate>(OnUpdate(workspace, update)).await?;
            let row = work.tx()?.update(&permit).await?.ok_or(Error::NotFound)?;
            if !work.tx()?.delete_update(&permit).await? {
                return Err(Error::NotFound);
            }
            work.everybody_looks_again();
            work.record(Deed::update(Verb::Deleted, &row));
            work.tell(Told::within(EventKind::UpdateDeleted, row.project_id, Audience::Project(row.project_id), update.0));
            work.commit().await
        })
        .await
    }
}
