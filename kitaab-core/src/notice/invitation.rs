//! Mails about invitations.

use super::{Composed, key_gone, reader, when};
use crate::access::{Actor, InWorkspace, OnInvitation, Role, action};
use crate::account::User;
use crate::error::{Error, Result, found};
use crate::ids::{InvitationId, UserId, WorkspaceId};
use crate::invitation::{LinkKind, token_of, url_of};
use crate::job::Job;
use crate::kitaab::Kitaab;
use crate::mail;

use crate::store::Scope;
use crate::work::Work;

/// The invitation itself, if it is still the same and open.
pub(super) async fn invitation(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Option<Composed>> {
    let Some(workspace) = job.workspace_id else { return Ok(None) };
    let mut work = Work::read(kitaab, system, Scope::System(workspace)).await?;
    let Some(permit) = found(work.may::<action::ViewInvitation>(OnInvitation(workspace, InvitationId(job.subject))).await)? else {
        return Ok(None);
    };
    let Some((invitation, _)) = work.tx()?.invitation(&permit).await? else { return Ok(None) };
    let over = invitation.closed_at.is_some() || invitation.milestones.expires_at <= work.now();
    if over || invitation.generation != job.detail {
        return Ok(None);
    }
    let Some(facing) = work.tx()?.invitation_facing(&permit).await? else { return Ok(None) };
    let channels: Vec<String> = work.tx()?.invited_channels(&permit).await?.into_iter().map(|(_, name)| name).collect();
    let projects: Vec<String> = work.tx()?.invited_projects(&permit).await?.into_iter().map(|(_, name)| name).collect();
    drop(work);
    let token = token_of(kitaab.keys(), invitation.id, invitation.key_id, invitation.generation, LinkKind::Mailed);
    let token = token.ok_or_else(key_gone)?;
    let (link, expires) = (url_of(kitaab, &token), when(invitation.milestones.expires_at, "UTC"));
    let content = mail::Invitation {
        inviter: &facing.inviter,
        workspace: &facing.workspace_name,
        role_is_client: invitation.role == Role::Client,
        message: invitation.message.as_deref(),
        projects: &projects,
        channels: &channels,
        link: &link,
        expires: &expires,
        recipient_name: facing.name.as_deref(),
    };
    let content = content.render().map_err(Error::internal)?;
    Ok(Some(Composed::new(invitation.email, content)))
}

/// Word to the owner that a new invitation is asked for, if it was not sent meanwhile.
pub(super) async fn asked_again(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Option<Composed>> {
    let Some(workspace) = job.workspace_id else { return Ok(None) };
    let mut work = Work::read(kitaab, system, Scope::System(workspace)).await?;
    let Some(permit) = found(work.may::<action::ViewInvitation>(OnInvitation(workspace, InvitationId(job.subject))).await)? else {
        return Ok(None);
    };
    let Some((invitation, _)) = work.tx()?.invitation(&permit).await? else { return Ok(None) };
    if invitation.closed_at.is_some() || work.now() < invitation.milestones.expires_at {
        return Ok(None);
    }
    let Some(facing) = work.tx()?.invitation_facing(&permit).await? else { return Ok(None) };
    let Some(owner) = owner(&mut work, workspace, invitation.invited_by).await? else { return Ok(None) };
    drop(work);
    let (expired, link) = (when(invitation.milestones.expires_at, &owner.time_zone), kitaab.url("/"));
    let content = mail::AskedAgain {
        owner_name: &owner.display_name,
        who: facing.name.as_deref().unwrap_or(&invitation.email),
        email: &invitation.email,
        workspace: &facing.workspace_name,
        expired: &expired,
        link: &link,
    };
    let content = content.render().map_err(Error::internal)?;
    Ok(owner.email.map(|to| Composed::new(to, content)))
}

/// Who invited, if that is an owner still; otherwise the one who has been owner for longest.
async fn owner(work: &mut Work<'_>, workspace: WorkspaceId, inviter: UserId) -> Result<Option<User>> {
    let permit = work.may::<action::ViewWorkspace>(InWorkspace(workspace)).await?;
    let owners = work.tx()?.owners(&permit).await?;
    match owners.iter().find(|owner| **owner == inviter).or(owners.first()) {
        Some(owner) => reader(work, *owner).await,
        None => Ok(None),
    }
}
