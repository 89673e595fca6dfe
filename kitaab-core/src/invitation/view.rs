//! An invitation as owner and members see it.

use serde::{Deserialize, Serialize};

use super::{Delivery, Invitation, InvitationStatus, Invitations, Invited};
use crate::access::{OnInvitation, Permit, Role, action};
use crate::answer::Single;
use crate::error::{Error, Result};
use crate::ids::{ChannelId, ClientId, InvitationId, ProjectId, WorkspaceId};
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::scope;

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationItem {
    /// The id.
    pub id: InvitationId,
    /// Where it is now.
    pub status: InvitationStatus,
    /// The address it goes to.
    pub email: String,
    /// What the person becomes: `client` or `member`.
    pub role: Role,
    /// The card, for a client.
    pub client_id: Option<ClientId>,
    /// The projects that it shares.
    pub project_ids: Vec<ProjectId>,
    /// The groups that it takes one into, besides the channels of its projects.
    pub channel_ids: Vec<ChannelId>,
    /// The personal message.
    pub message: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a mail server took the mail.
    pub sent_at: Option<Timestamp>,
    /// When somebody first looked at it.
    pub opened_at: Option<Timestamp>,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// It is good until then.
    pub expires_at: Timestamp,
    /// How its mail fares.
    pub delivery: Delivery,
    /// The link to copy: only in the answers to create and resend.
    pub link: Option<String>,
}

impl InvitationItem {
    pub(crate) fn new(invitation: Invitation, invited: Invited, now: Timestamp) -> Self {
        let times = invitation.milestones;
        Self {
            id: invitation.id,
            status: times.status(now),
            email: invitation.email,
            role: invitation.role,
            client_id: invitation.client_id,
            project_ids: invited.projects,
            channel_ids: invited.channels,
            message: invitation.message,
            created_at: invitation.created_at,
            sent_at: times.sent_at,
            opened_at: times.opened_at,
            accepted_at: times.accepted_at,
            revoked_at: times.revoked_at,
            expires_at: times.expires_at,
            delivery: invitation.delivery,
            link: None,
        }
    }
}

/// The invitation and what the caller may do to it.
pub(super) async fn single(work: &mut Work<'_>, permit: &Permit<action::ViewInvitation>) -> Result<Single<InvitationItem>> {
    let (invitation, invited) = work.tx()?.invitation(permit).await?.ok_or(Error::NotFound)?;
    let can = work.can(permit.target()).await?;
    Ok(Single::new(InvitationItem::new(invitation, invited, work.now()), can))
}

impl Invitations<'_> {
    /// An invitation, without its link.
    pub async fn get(&self, workspace: WorkspaceId, invitation: InvitationId) -> Result<Single<InvitationItem>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewInvitation>(OnInvitation(workspace, invitation)).await?;
        single(&mut work, &permit).await
    }
}
