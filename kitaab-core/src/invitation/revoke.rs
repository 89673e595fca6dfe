//! Taking an invitation back.

use super::Invitations;
use crate::access::{InWorkspace, OnClient, OnInvitation, Writes, action};
use crate::error::{Error, Result};
use crate::event::{EventKind, Told};
use crate::ids::{InvitationId, WorkspaceId};
use crate::work::{Work, again};
use crate::workspace::scope;

/// Takes back whatever is open to a card, in the unit of what made it necessary: a new email, the archive.
pub(crate) async fn revoke_open_of(work: &mut Work<'_>, permit: &Writes<OnClient>) -> Result<()> {
    let now = work.now();
    let links = work.may::<action::SendInvitation>(InWorkspace(permit.workspace())).await?;
    work.unchanged::<action::SendInvitation>();
    for id in work.tx()?.revoke_invitations_of(permit, now).await? {
        work.tx()?.delete_links(&links, id).await?;
        work.tell(Told::staff(EventKind::InvitationUpdated, id.0));
    }
    Ok(())
}

impl Invitations<'_> {
    /// Takes the invitation back: its links are dead, its row stays. Again is no error; an accepted one is.
    pub async fn revoke(&self, workspace: WorkspaceId, invitation: InvitationId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::RevokeInvitation>(OnInvitation(workspace, invitation)).await?;
            let (row, _) = work.tx()?.invitation(&permit).await?.ok_or(Error::NotFound)?;
            if row.milestones.accepted_at.is_some() {
                return Err(Error::conflict("already_accepted", "This invitation was accepted. Remove the person instead."));
            }
            let now = work.now();
            if !work.tx()?.revoke_invitation(&permit, now).await? {
                work.unchanged::<action::RevokeInvitation>();
                return work.commit().await;
            }
            let links = work.may::<action::SendInvitation>(InWorkspace(workspace)).await?;
            work.unchanged::<action::SendInvitation>();
            work.tx()?.delete_links(&links, invitation).await?;
            work.tell(Told::staff(EventKind::InvitationUpdated, invitation.0));
            work.commit().await
        })
        .await
    }
}
