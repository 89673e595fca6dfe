//! A new password by a link in a mail.

use secrecy::SecretString;
use serde::Deserialize;

use super::link::open_link;
use super::{AccountAct, Accounts, LoginTokenKind};
use crate::access::{Own, Proof, action};
use crate::error::{Error, Problems, Result};
use crate::input::{Check, Input};
use crate::job::JobKind;
use crate::password::check_password;
use crate::store::Scope;
use crate::text;
use crate::token::GivenToken;
use crate::work::Work;

/// For whom a new password is wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskReset {
    /// The address of the account.
    #[cfg_attr(feature = "openapi", schema(required = true, format = Email, max_length = 254))]
    #[serde(default)]
    pub email: String,
}

impl Check for AskReset {
    fn check(&mut self, problems: &mut Problems) {
        text::email(&mut self.email, "email", problems);
    }
}

/// The mailed token and the new password.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfirmReset {
    /// The token of the link.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String))]
    #[serde(default)]
    pub token: GivenToken,
    /// 12 to 128 characters, and not easy to guess.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String, min_length = 12, max_length = 128))]
    #[serde(default)]
    pub password: SecretString,
}

impl Check for ConfirmReset {
    fn check(&mut self, problems: &mut Problems) {
        self.token.check(problems);
        check_password(&self.password, "password", &[], problems);
    }
}

impl Accounts<'_> {
    /// Mails a link for a new password, if the address has an account. Answers alike in any case.
    pub async fn ask_reset(&self, input: Input<AskReset>) -> Result<()> {
        let ask = input.checked()?;
        self.ask_link(LoginTokenKind::Reset, &ask.email, None).await
    }

    /// Whether a link for a new password still works; for the page that asks for the password. Uses nothing up.
    pub async fn look_at_reset(&self, token: &str) -> Result<()> {
        let mut work = Work::read(self.kitaab, self.actor, Scope::Nobody).await?;
        open_link(&mut work, &[LoginTokenKind::Reset], token).await.map(drop)
    }

    /// Sets a new password by a mailed link. Ends all sessions, closes all other links, tells the person.
    pub async fn confirm_reset(&self, input: Input<ConfirmReset>) -> Result<()> {
        let mut problems = Problems::default();
        let given = input.check_into(&mut problems)?;
        let mut work = Work::read(self.kitaab, self.actor, Scope::Nobody).await?;
        let (link, user_id) = open_link(&mut work, &[LoginTokenKind::Reset], given.token.text()).await?;
        let permit = work.may_with::<action::RecoverAccount>(Own(user_id), Proof::of_account(user_id)).await?;
        let user = work.tx()?.login(&permit).await?.ok_or(Error::NotFound)?.user;
        drop(work);
        let context = [user.email.as_deref().unwrap_or_default(), &user.display_name, user.company.as_deref().unwrap_or_default()];
        check_password(&given.password, "password", &context, &mut problems);
        problems.into_result()?;
        let hash = self.kitaab.hashing().hash(&given.password, self.kitaab.random()).await?;
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may_with::<action::RecoverAccount>(Own(user_id), Proof::of_account(user_id)).await?;
        let now = work.now();
        if !work.tx()?.use_login_token(&permit, link.id, now).await? {
            return Err(Error::NotFound);
        }
        super::verify::first_proof(&mut work, &permit).await?;
        let tx = work.tx()?;
        tx.set_password(&permit, Some(&hash)).await?;
        tx.delete_sessions(&permit, None).await?;
        tx.close_login_tokens(&permit, None, now).await?;
        work.enqueue(JobKind::PasswordChangedMail, user_id.0, 0, link.id);
        work.note(AccountAct::PasswordReset, Some(user_id)).await?;
        work.commit().await
    }
}
