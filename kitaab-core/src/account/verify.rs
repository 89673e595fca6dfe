//! Showing that an email is one's own.

use serde::Deserialize;

use super::link::{mail_link, open_link};
use super::session::recognise;
use super::{AccountAct, Accounts, LoginTokenKind};
use crate::access::{Own, Permit, Proof, action};
use crate::error::{Error, Problems, Result};
use crate::input::{Check, Input};
use crate::store::Scope;
use crate::token::GivenToken;
use crate::work::Work;

/// The mailed token.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerifyEmail {
    /// The token of the link.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String))]
    #[serde(default)]
    pub token: GivenToken,
}

impl Check for VerifyEmail {
    fn check(&mut self, problems: &mut Problems) {
        self.token.check(problems);
    }
}

/// What the first proof of a never verified email does: verifies it, ends all sessions, voids the old password.
/// Whoever made the account before may not have been the owner of the address.
pub(super) async fn first_proof(work: &mut Work<'_>, permit: &Permit<action::RecoverAccount>) -> Result<()> {
    let now = work.now();
    let tx = work.tx()?;
    let login = tx.login(permit).await?.ok_or(Error::NotFound)?;
    if login.user.email_verified_at.is_none() {
        tx.verify_email(permit, now).await?;
        tx.delete_sessions(permit, None).await?;
        tx.set_password(permit, None).await?;
        work.note(AccountAct::EmailVerified, Some(login.user.id)).await?;
    }
    Ok(())
}

impl Accounts<'_> {
    /// Verifies the email by the link that was mailed to it. Needs nobody signed in.
    pub async fn verify_email(&self, input: Input<VerifyEmail>) -> Result<()> {
        let given = input.checked()?;
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let (link, user_id) = open_link(&mut work, &[LoginTokenKind::Verification], given.token.text()).await?;
        let permit = work.may_with::<action::RecoverAccount>(Own(user_id), Proof::of_account(user_id)).await?;
        let now = work.now();
        if !work.tx()?.use_login_token(&permit, link.id, now).await? {
            return Err(Error::NotFound);
        }
        work.tx()?.verify_email(&permit, now).await?;
        work.note(AccountAct::EmailVerified, Some(user_id)).await?;
        work.commit().await
    }

    /// Mails a new link to verify the own email; nothing if it is verified, or beyond three an hour.
    pub async fn resend_verification(&self) -> Result<()> {
        let user_id = self.require()?;
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::EditAccount>(Own(user_id)).await?;
        let login = work.tx()?.login(&permit).await?.ok_or(Error::NotFound)?;
        if login.user.email_verified_at.is_some() {
            return work.commit().await;
        }
        let (limits, now) = (recognise(&mut work).await?, work.now());
        let mark = self.mark("verification", &user_id.to_string());
        let count = work.tx()?.count(&limits, &mark, now, now.before(super::link::WINDOW)).await?;
        if self.kitaab.settings().limits && count.hits > super::link::PER_WINDOW {
            return work.commit().await;
        }
        mail_link(&mut work, LoginTokenKind::Verification, Some(user_id), None, None).await?;
        work.note(AccountAct::LinkRequested, Some(user_id)).await?;
        work.commit().await
    }
}
