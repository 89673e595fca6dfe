//! The greeting of somebody who joined.

use super::{Composed, reader};
use crate::access::{Actor, InWorkspace, OnPerson, Role, action};
use crate::error::{Error, Result, found};
use crate::ids::UserId;
use crate::job::Job;
use crate::kitaab::Kitaab;
use crate::mail;
use crate::store::Scope;
use crate::work::Work;

/// The greeting, unless the person has left or been put out already.
pub(super) async fn welcome(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Option<Composed>> {
    let Some(workspace) = job.workspace_id else { return Ok(None) };
    let user = UserId(job.subject);
    let mut work = Work::read(kitaab, system, Scope::System(workspace)).await?;
    let Some(permit) = found(work.may::<action::ViewPerson>(OnPerson(workspace, user)).await)? else { return Ok(None) };
    let Some(member) = work.tx()?.person(&permit).await? else { return Ok(None) };
    let view = work.may::<action::ViewWorkspace>(InWorkspace(workspace)).await?;
    let Some(place) = work.tx()?.workspace(&view).await? else { return Ok(None) };
    let Some(reader_) = reader(&mut work, user).await? else { return Ok(None) };
    let inviter = match member.invited_by {
        Some(inviter) => reader(&mut work, inviter).await?.map(|inviter| inviter.display_name),
        None => None,
    };
    drop(work);
    let link = kitaab.url("/sign-in");
    let content = mail::Welcome {
        name: &reader_.display_name,
        inviter: inviter.as_deref().unwrap_or(&place.name),
        workspace: &place.name,
        role_is_client: member.role == Role::Client,
        link: &link,
    };
    let content = content.render().map_err(Error::internal)?;
    Ok(reader_.email.map(|to| Composed::new(to, content)))
}
