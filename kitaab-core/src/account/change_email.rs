//! Changing one's own email: the new address must show itself before it counts.

use serde::Deserialize;

use super::link::{mail_link, open_link};
use super::{AccountAct, Accounts, LoginTokenKind};
use crate::access::{Own, Proof, action};
use crate::error::{Error, Problems, Result};
use crate::input::{Check, Input};
use crate::job::JobKind;
use crate::store::Scope;
use crate::text;
use crate::token::GivenToken;
use crate::work::Work;

/// The address wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeEmail {
    /// The new address.
    #[cfg_attr(feature = "openapi", schema(required = true, format = Email, max_length = 254))]
    #[serde(default)]
    pub email: String,
}

impl Check for ChangeEmail {
    fn check(&mut self, problems: &mut Problems) {
        text::email(&mut self.email, "email", problems);
    }
}

/// The mailed token.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfirmChangeEmail {
    /// The token of the link.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String))]
    #[serde(default)]
    pub token: GivenToken,
}

impl Check for ConfirmChangeEmail {
    fn check(&mut self, problems: &mut Problems) {
        self.token.check(problems);
    }
}

impl Accounts<'_> {
    /// Mails a link to the new address. Needs a fresh sign-in. An address that has an account answers alike, and the
    /// link then does nothing.
    pub async fn change_email(&self, input: Input<ChangeEmail>) -> Result<()> {
        let user_id = self.require()?;
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        work.may::<action::ChangeEmail>(Own(user_id)).await?;
        let wanted = input.checked()?;
        let (limits, now) = (super::session::recognise(&mut work).await?, work.now());
        let mark = self.mark("change_email", &user_id.to_string());
        let count = work.tx()?.count(&limits, &mark, now, now.before(super::link::WINDOW)).await?;
        if self.kitaab.settings().limits && count.hits > super::link::PER_WINDOW {
            return Err(Error::TooMany { retry_after: super::link::WINDOW.saturating_sub(now.since(count.since)) });
        }
        mail_link(&mut work, LoginTokenKind::ChangeEmail, Some(user_id), Some(wanted.email), None).await?;
        work.note(AccountAct::LinkRequested, Some(user_id)).await?;
        work.commit().await
    }

    /// Takes the new address over by the link that was mailed to it, ends the other sessions and tells the old address.
    pub async fn confirm_change_email(&self, input: Input<ConfirmChangeEmail>) -> Result<()> {
        let given = input.checked()?;
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let (link, user_id) = open_link(&mut work, &[LoginTokenKind::ChangeEmail], given.token.text()).await?;
        let permit = work.may_with::<action::RecoverAccount>(Own(user_id), Proof::of_account(user_id)).await?;
        let now = work.now();
        let old = work.tx()?.login(&permit).await?.and_then(|login| login.user.email).ok_or(Error::NotFound)?;
        let new = link.email.clone().ok_or(Error::NotFound)?;
        if !work.tx()?.use_login_token(&permit, link.id, now).await? || !work.tx()?.set_email(&permit, &new, now).await? {
            return Err(Error::NotFound);
        }
        let tx = work.tx()?;
        tx.delete_sessions(&permit, self.actor.session()).await?;
        tx.close_login_tokens(&permit, None, now).await?;
        tx.remember_old_email(&permit, link.id, &old).await?;
        work.enqueue(JobKind::EmailChangedMail, link.id.0, 0, "changed");
        work.note(AccountAct::EmailChanged, Some(user_id)).await?;
        work.commit().await
    }
}
