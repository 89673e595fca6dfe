//! Sending an invitation again: new links, a new expiry, and the old links are dead.

use super::link::put_links;
use super::{Delivery, DeliveryState, InvitationItem, Invitations, Milestones, PROJECTS_MAX, RESEND_AFTER};
use crate::access::{InWorkspace, OnInvitation, action};
use crate::answer::Single;
use crate::error::{Error, Result};
use crate::event::{EventKind, Told};
use crate::ids::{InvitationId, WorkspaceId};
use crate::job::JobKind;
use crate::store::StoreError;
use crate::work::{Work, again};
use crate::workspace::scope;

impl Invitations<'_> {
    /// Sends an open or expired invitation again. What was accepted, taken back or replaced is not revived.
    pub async fn resend(&self, workspace: WorkspaceId, invitation: InvitationId) -> Result<Single<InvitationItem>> {
        again(self.kitaab, || self.try_resend(OnInvitation(workspace, invitation))).await
    }

    async fn try_resend(&self, target: OnInvitation) -> Result<Single<InvitationItem>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        let permit = work.may::<action::ResendInvitation>(target).await?;
        if let Some(first) = work.repeated().await? {
            work.commit().await?;
            return Ok(first);
        }
        let (mut invitation, invited) = work.tx()?.invitation(&permit).await?.ok_or(Error::NotFound)?;
        debug_assert!(invited.projects.len() <= PROJECTS_MAX);
        let now = work.now();
        if invitation.closed_at.is_some() {
            return Err(self.why_closed(&mut work, &invitation).await?);
        }
        let pause_ends = invitation.queued_at.after(RESEND_AFTER);
        if self.kitaab.settings().limits && now < pause_ends {
            return Err(Error::TooMany { retry_after: pause_ends.since(now) });
        }
        let withheld = self.count_recipient(&mut work, &invitation.email).await?;
        invitation.generation += 1;
        invitation.key_id = self.kitaab.keys().id();
        invitation.queued_at = now;
        invitation.milestones = Milestones {
            sent_at: None,
            opened_at: None,
            accepted_at: None,
            revoked_at: None,
            expires_at: now.after(self.kitaab.settings().invitation_ttl),
        };
        let state = if withheld { DeliveryState::Withheld } else { DeliveryState::Queued };
        invitation.delivery = Delivery { state, error: None, at: now };
        if !work.tx()?.renew_invitation(&permit, &invitation).await? {
            return Err(StoreError::Conflict.into());
        }
        let links = work.may::<action::SendInvitation>(InWorkspace(target.0)).await?;
        work.unchanged::<action::SendInvitation>();
        let link = put_links(&mut work, &links, &invitation).await?;
        if !withheld {
            work.enqueue(JobKind::InvitationMail, target.1.0, invitation.generation, invitation.generation);
        }
        work.tell(Told::staff(EventKind::InvitationUpdated, target.1.0));
        let can = work.can(target).await?;
        let mut answer = Single::new(InvitationItem::new(invitation, invited, now), can);
        work.answer(&answer)?;
        work.commit().await?;
        answer.item.link = Some(link);
        Ok(answer)
    }

    /// Says why a closed invitation is not sent again.
    async fn why_closed(&self, work: &mut Work<'_>, invitation: &super::Invitation) -> Result<Error> {
        if invitation.milestones.accepted_at.is_some() {
            return Ok(Error::conflict("already_accepted", "This invitation was accepted."));
        }
        let list = work.may::<action::ListInvitations>(InWorkspace(work.here()?)).await?;
        let now = work.now();
        let newer = work.tx()?.unclosed_invitation(&list, &invitation.email).await?;
        Ok(match newer.filter(|newer| invitation.milestones.revoked_at.is_none() && now < newer.milestones.expires_at) {
            Some(newer) => Error::duplicate("already_invited", "A newer invitation took the place of this one.", newer.id.0),
            None => Error::conflict("invitation_closed", "This invitation is over. Invite the person anew."),
        })
    }
}
