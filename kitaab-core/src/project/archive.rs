//! Archiving a project, which hides it from its clients, bringing it back, and destroying it.

use super::{Project, Projects};
use crate::access::{OnProject, Reads, action};
use crate::activity::{Deed, Verb};
use crate::error::{Error, Result};
use crate::event::{EventKind, Part, Told};
use crate::ids::{ChannelId, ProjectId, UserId, WorkspaceId};
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
    let channel = work.tx()?.archive_project_channel(&permit, row.archived_at).await?;
    clients_look_again(work, &permit, channel, Told::lost).await?;
    tell_channel(work, EventKind::ChannelArchived, target.1, channel);
    Ok(())
}

/// Brings back in a unit that then writes the row.
pub(super) async fn restore(work: &mut Work<'_>, target: OnProject, row: &mut Project) -> Result<()> {
    let permit = work.may::<action::RestoreProject>(target).await?;
    if row.archived_at.take().is_none() {
        work.unchanged::<action::RestoreProject>();
        return Ok(());
    }
    work.record(Deed::project(Verb::Restored, target.1));
    let channel = work.tx()?.archive_project_channel(&permit, None).await?;
    clients_look_again(work, &permit, channel, Told::gained).await?;
    tell_channel(work, EventKind::ChannelUpdated, target.1, channel);
    Ok(())
}

fn tell_channel(work: &mut Work<'_>, kind: EventKind, project: ProjectId, channel: Option<ChannelId>) {
    if let Some(channel) = channel {
        work.tell(Told::channel(kind, channel, Some(project), channel.0));
    }
}

/// Those who see the project as clients lose or gain it.
async fn clients_look_again(
    work: &mut Work<'_>,
    permit: &Reads<OnProject>,
    channel: Option<ChannelId>,
    told: fn(UserId, Part) -> Told,
) -> Result<()> {
    let part = Part::Project(permit.target().1, channel);
    for person in work.tx()?.collaborating_users(permit).await? {
        work.access_changed(told(person, part));
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
            work.unchanged::<action::ArchiveProject>();
            let mut row = work.tx()?.project(&permit).await?.ok_or(Error::NotFound)?;
            if row.archived_at.is_some() {
                return work.commit().await;
            }
            let expected = row.version;
            archive(&mut work, target, &mut row).await?;
            row.updated_at = work.now();
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
            let channel = work.tx()?.channel_of_project(&permit).await?;
            clients_look_again(&mut work, &permit, channel, Told::lost).await?;
            if !work.tx()?.delete_project(&permit).await? {
                return Err(Error::NotFound);
            }
            work.tell(Told::staff(EventKind::ProjectDeleted, project.0));
            work.commit().await
        })
        .await
    }
}
