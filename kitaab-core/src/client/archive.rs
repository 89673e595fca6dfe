//! Archiving a client, which ends their access at once, and destroying a card without history.

use super::{Client, Clients};
use crate::access::{OnClient, OnPerson, action};
use crate::error::{Error, Result};
use crate::event::{EventKind, Part, Told};
use crate::ids::{ClientId, WorkspaceId};
use crate::invitation::revoke_open_of;
use crate::work::{Work, again};
use crate::workspace::{put_out, scope};

/// Archives a card in a unit that then writes its row: the open invitation is taken back, the person put out,
/// nothing is shared with them any more.
pub(super) async fn archive(work: &mut Work<'_>, target: OnClient, row: &mut Client) -> Result<()> {
    let permit = work.may::<action::ArchiveClient>(target).await?;
    if row.archived_at.is_some() {
        work.unchanged::<action::ArchiveClient>();
        return Ok(());
    }
    revoke_open_of(work, &permit).await?;
    work.tx()?.unshare_client(&permit).await?;
    if let Some(person) = row.user_id.take() {
        let person_permit = work.may::<action::RemovePerson>(OnPerson(target.0, person)).await?;
        put_out(work, &person_permit).await?;
        work.access_changed(Told::lost(person, Part::Workspace(target.0)));
        // The card was untied from the person, which is a version of its own.
        *row = work.tx()?.client(&permit).await?.ok_or(Error::NotFound)?;
    }
    row.archived_at = Some(work.now());
    Ok(())
}

impl Clients<'_> {
    /// Archives the card and ends the person's access; an archived one stays so.
    pub async fn archive(&self, workspace: WorkspaceId, client: ClientId) -> Result<()> {
        again(self.kitaab, || async {
            let target = OnClient(workspace, client);
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::ArchiveClient>(target).await?;
            work.unchanged::<action::ArchiveClient>();
            let mut row = work.tx()?.client(&permit).await?.ok_or(Error::NotFound)?;
            if row.archived_at.is_some() {
                return work.commit().await;
            }
            archive(&mut work, target, &mut row).await?;
            row.updated_at = work.now();
            if !work.tx()?.update_client(&permit, &row, row.version).await? {
                return Err(crate::store::StoreError::Conflict.into());
            }
            work.tell(Told::staff(EventKind::ClientUpdated, client.0));
            work.commit().await
        })
        .await
    }

    /// Destroys a card that nothing refers to: no invitation, no project, no person. Otherwise `has_history`.
    pub async fn delete(&self, workspace: WorkspaceId, client: ClientId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::DeleteClient>(OnClient(workspace, client)).await?;
            if work.tx()?.client_has_history(&permit).await? {
                return Err(Error::conflict("has_history", "This client has been invited or has projects. Archive the card instead."));
            }
            if !work.tx()?.delete_client(&permit).await? {
                return Err(Error::NotFound);
            }
            work.tell(Told::staff(EventKind::ClientDeleted, client.0));
            work.commit().await
        })
        .await
    }
}
