//! Mails that belong to an account: links, and word of what changed.

use super::{Composed, key_gone, reader, span, when};
use crate::access::{Actor, Instance, action};
use crate::account::{LoginToken, LoginTokenKind, User, token_of};
use crate::error::{Error, Result};
use crate::ids::{LoginTokenId, UserId};
use crate::job::Job;
use crate::kitaab::Kitaab;
use crate::mail;
use crate::store::Scope;
use crate::work::Work;

async fn row(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Option<(LoginToken, User)>> {
    let mut work = Work::read(kitaab, system, Scope::Nobody).await?;
    let permit = work.may::<action::Recognise>(Instance).await?;
    let Some(row) = work.tx()?.login_token(&permit, LoginTokenId(job.subject)).await? else { return Ok(None) };
    let Some(user_id) = row.user_id else { return Ok(None) };
    Ok(reader(&mut work, user_id).await?.map(|user| (row, user)))
}

/// The mail that carries a link into an account.
pub(super) async fn link(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Option<Composed>> {
    let Some((row, user)) = row(kitaab, system, job).await? else { return Ok(None) };
    if row.used_at.is_some() || row.expires_at <= kitaab.now() {
        return Ok(None);
    }
    let token = token_of(kitaab.keys(), row.id, row.kind, row.key_id).ok_or_else(key_gone)?;
    let page = match row.kind {
        LoginTokenKind::Reset => "/reset-password/choose",
        LoginTokenKind::Verification => "/verify-email",
        LoginTokenKind::MagicLink => "/sign-in/confirm",
        LoginTokenKind::ChangeEmail => "/change-email",
    };
    let link = kitaab.url(&format!("{page}?token={}", token.reveal()));
    let (name, valid_for) = (user.display_name.as_str(), span(row.expires_at.since(row.created_at)));
    let (link, valid_for) = (link.as_str(), valid_for.as_str());
    let content = match (row.kind, row.email.as_deref()) {
        (LoginTokenKind::Reset, _) => mail::Reset { name, link, valid_for }.render(),
        (LoginTokenKind::Verification, _) => mail::Verify { name, link, valid_for }.render(),
        (LoginTokenKind::MagicLink, _) => mail::MagicLink { name, link, valid_for }.render(),
        (LoginTokenKind::ChangeEmail, Some(new_email)) => mail::ChangeEmail { name, new_email, link, valid_for }.render(),
        (LoginTokenKind::ChangeEmail, None) => return Ok(None),
    };
    let to = row.email.clone().or(user.email);
    to.map(|to| Ok(Composed::new(to, content.map_err(Error::internal)?))).transpose()
}

/// Word that the password was changed.
pub(super) async fn password_changed(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Option<Composed>> {
    let mut work = Work::read(kitaab, system, Scope::Nobody).await?;
    let Some(user) = reader(&mut work, UserId(job.subject)).await? else { return Ok(None) };
    drop(work);
    let (at, link) = (when(job.created_at, &user.time_zone), kitaab.url("/reset-password"));
    let content = mail::PasswordChanged { name: &user.display_name, at: &at, link: &link }.render().map_err(Error::internal)?;
    Ok(user.email.map(|to| Composed::new(to, content)))
}

/// Word to the old address that the account has a new one.
pub(super) async fn email_changed(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Option<Composed>> {
    let Some((row, user)) = row(kitaab, system, job).await? else { return Ok(None) };
    let (Some(new_email), Some(to)) = (user.email.as_deref(), row.email) else { return Ok(None) };
    let (at, link) = (when(job.created_at, &user.time_zone), kitaab.url("/"));
    let content = mail::EmailChanged { name: &user.display_name, new_email, at: &at, link: &link }.render().map_err(Error::internal)?;
    Ok(Some(Composed::new(to, content)))
}
