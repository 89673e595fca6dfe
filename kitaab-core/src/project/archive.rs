//! Archiving a project, which hides it from its clients, bringing it back, and destroying it.

use super::{Project, Projects};
use crate::access::{OnProject, Reads, action};
use crate::activity::{Deed, Verb};
use crate::error::{Error, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ProjectId, WorkspaceId};
use crate::work::{Work, again};
use crate::workspace::scope;

/// Archives in a unit that then writes the row.
pub(super) async fn archive(work: &mut Work<'_>, target: OnProject, row: &mut Project) -> Result<()> {
    let permit = work.may::<action::ArchiveProject>(target).await?;
    if row.archived_at.is_some() {
        work.unchanged::<action::ArchiveProject>();
        return Ok(());
    }
    row.archived_at = Some(work.now());
    work.record(Deed::project(Verb::Archived, target.1));
    clients_look_again(work, &permit).await
}

/// Brings back in a unit that then writes the row.
pub(super) async fn restore(work: &mut Work<'_>, target: OnProject, row: &mut Project) -> Result<()> {
    let permit = work.may::<action::RestoreProject>(target).await?;
    if row.archived_at.take().is_none() {
        work.unchanged::<action::RestoreProject>();
        return Ok(());
    }
    work.record(Deed::project(Verb::Restored, target.1));
    clients_look_again(work, &permit).await
}

/// Those who see the project as clients lose or gain it.
async fn clients_look_again(work: &mut Work<'_>, permit: &Reads<OnProject>) -> Result<()> {
    let project = permit.target().1;
    for person in work.tx()?.collaborating_users(permit).await? {
        work.access_changed(Told::access_changed(person, Some(project)));
    }
    work.everybody_looks_again();
    Ok(())
}

impl Projects<'_> {
    /// Archives the project: read-only for staff, gone for its clients. An archived one stays so.
    pub async fn archive(&self, workspace: WorkspaceId, project: ProjectId) -> Result<()> {
        again(self.kitaab, || async {
            let target = OnProject(workspace, project);
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::ArchiveProject>(target).await?;
            let mut row = work.tx()?.project(&permit).await?.ok_or(Error::NotFound)?;
            if row.archived_at.is_some() {
                work.unchanged::<action::ArchiveProject>();
                return work.commit().await;
            }
            let expected = row.version;
            row.archived_at = Some(work.now());
            row.updated_at = work.now();
            work.record(Deed::project(Verb::Archived, project));
            clients_look_again(&mut work, &permit).await?;
            if !work.tx()?.update_project(&permit, &row, expected).await? {
                return Err(crate::store::StoreError::Conflict.into());
            }
            work.tell(Told::project(EventKind::ProjectUpdated, project));
            work.commit().await
        })
        .await
    }

    /// Destroys the project and everything in it. `has_ledger` if money or time was ever written down for it.
    pub async fn delete(&self, workspace: WorkspaceId, project: ProjectId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::DeleteProject>(OnProject(workspace, project)).await?;
            if work.tx()?.project_has_ledger(&permit).await? {
                return Err(Error::conflict("has_ledger", "There are expenses, income or time on this project. Archive it instead."));
            }
            clients_look_again(&mut work, &permit).await?;
            if !work.tx()?.delete_project(&permit).await? {
                return Err(Error::NotFound);
            }
            work.tell(Told { project: None, ..Told::staff(EventKind::ProjectDeleted, project.0) });
            work.commit().await
        })
        .await
    }
}
