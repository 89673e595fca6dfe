//! Looking at what one is invited to. It never uses the link up.

use serde::{Deserialize, Serialize};

use super::link::follow;
use super::{Invitation, InvitationStatus, InvitationToken, Invitations, Link};
use crate::access::{Instance, Own, Permit, Role, action};
use crate::error::{Error, Result, found};
use crate::event::{EventKind, Told};
use crate::ids::WorkspaceId;
use crate::input::Input;
use crate::store::Scope;
use crate::time::Timestamp;
use crate::work::Work;

/// A project by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedProject {
    /// The name.
    pub name: String,
}

/// A channel by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedChannel {
    /// The name.
    pub name: String,
}

/// What one is invited to: no more than the mail says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The name of who invites.
    pub inviter: String,
    /// The name of the workspace.
    pub workspace_name: String,
    /// What one becomes.
    pub role: Role,
    /// The personal message.
    pub message: Option<String>,
    /// The projects that still exist.
    pub projects: Vec<NamedProject>,
    /// The channels that still exist.
    pub channels: Vec<NamedChannel>,
    /// The address that the invitation went to.
    pub email: String,
    /// The name on the card, for filling in.
    pub display_name: Option<String>,
    /// The company on the card, for filling in.
    pub company: Option<String>,
    /// It is good until then.
    pub expires_at: Timestamp,
}

/// Who stands at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visitor {
    /// Nobody has an account with the invited address.
    New,
    /// There is an account with the address, and nobody is signed in.
    SignInFirst,
    /// The invited person is signed in.
    Invited,
    /// Somebody else is signed in.
    SomebodyElse,
}

/// What the page behind a link shows. Only a holder of a real link learns that it expired or was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// It can be accepted.
    Open {
        /// What one is invited to.
        preview: Preview,
        /// Who stands there.
        visitor: Visitor,
    },
    /// Its time is over; one may ask for a new one.
    Expired,
    /// It was accepted: its person is led to the workspace.
    Used(WorkspaceId),
    /// No such link: never made, replaced, taken back.
    Unknown,
}

impl Invitations<'_> {
    /// What a link leads to, and marks the invitation opened. Every link that cannot be accepted is the same missing thing.
    pub async fn preview(&self, input: Input<InvitationToken>) -> Result<Preview> {
        let given = input.checked()?;
        match self.look(given.token.text(), true).await? {
            Door::Open { preview, .. } => Ok(preview),
            Door::Expired | Door::Used(_) | Door::Unknown => Err(Error::NotFound),
        }
    }

    /// What the page behind a link shows. `mark_opened` is false for machines that look before people do.
    pub async fn look(&self, token: &str, mark_opened: bool) -> Result<Door> {
        let Some(link) = found(follow(self.kitaab, token).await)? else { return Ok(Door::Unknown) };
        let mut work = Work::read(self.kitaab, self.actor, Scope::Guest(link.workspace())).await?;
        let Some(permit) = found(work.may_with::<action::PreviewInvitation>(link.target(), link.proof()).await)? else {
            return Ok(Door::Unknown);
        };
        let Some((invitation, _)) = work.tx()?.invitation(&permit).await? else { return Ok(Door::Unknown) };
        let status = invitation.milestones.status(work.now());
        match status {
            InvitationStatus::Accepted => return Ok(Door::Used(link.workspace())),
            InvitationStatus::Expired => return Ok(Door::Expired),
            InvitationStatus::Revoked => return Ok(Door::Unknown),
            InvitationStatus::Pending | InvitationStatus::Sent | InvitationStatus::Opened => {}
        }
        let visitor = visitor(&mut work, &invitation.email).await?;
        let unopened = invitation.milestones.opened_at.is_none();
        let preview = preview(&mut work, &permit, invitation).await?;
        drop(work);
        if mark_opened && unopened {
            self.open(&link).await?;
        }
        Ok(Door::Open { preview, visitor })
    }

    /// Notes the first look.
    async fn open(&self, link: &Link) -> Result<()> {
        let mut work = Work::write(self.kitaab, self.actor, Scope::Guest(link.workspace())).await?;
        let permit = work.may_with::<action::PreviewInvitation>(link.target(), link.proof()).await?;
        let now = work.now();
        if work.tx()?.open_invitation(&permit, now).await? {
            work.tell(Told::staff(EventKind::InvitationUpdated, link.invitation_id.0));
        }
        work.commit().await
    }
}

/// Who stands at the door of an invitation to `email`.
async fn visitor(work: &mut Work<'_>, email: &str) -> Result<Visitor> {
    if let Some(user) = work.actor().user() {
        let own = work.may::<action::ViewAccount>(Own(user)).await?;
        let signed_in_as = work.tx()?.login(&own).await?.and_then(|login| login.user.email);
        return Ok(if signed_in_as.as_deref() == Some(email) { Visitor::Invited } else { Visitor::SomebodyElse });
    }
    let permit = work.may::<action::Recognise>(Instance).await?;
    let known = work.tx()?.login_by_email(&permit, email).await?.is_some();
    Ok(if known { Visitor::SignInFirst } else { Visitor::New })
}

async fn preview(work: &mut Work<'_>, permit: &Permit<action::PreviewInvitation>, invitation: Invitation) -> Result<Preview> {
    let projects = work.tx()?.invited_projects(permit).await?;
    let channels = work.tx()?.invited_channels(permit).await?;
    let facing = work.tx()?.invitation_facing(permit).await?.ok_or(Error::NotFound)?;
    Ok(Preview {
        inviter: facing.inviter,
        workspace_name: facing.workspace_name,
        role: invitation.role,
        message: invitation.message,
        projects: projects.into_iter().map(|(_, name)| NamedProject { name }).collect(),
        channels: channels.into_iter().map(|(_, name)| NamedChannel { name }).collect(),
        email: invitation.email,
        display_name: facing.name,
        company: facing.company,
        expires_at: invitation.milestones.expires_at,
    })
}
