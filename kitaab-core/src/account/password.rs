//! Changing one's own password.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{AccountAct, Accounts};
use crate::access::{Own, action};
use crate::error::{Error, Problems, Refusal, Result};
use crate::input::{Check, Input};
use crate::job::JobKind;
use crate::password::check_password;
use crate::store::Scope;
use crate::work::Work;

/// The old password and the new one.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePassword {
    /// The password until now.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String))]
    #[serde(default)]
    pub current_password: SecretString,
    /// 12 to 128 characters, and not easy to guess.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String, min_length = 12, max_length = 128))]
    #[serde(default)]
    pub new_password: SecretString,
}

impl Check for ChangePassword {
    fn check(&mut self, problems: &mut Problems) {
        if self.current_password.expose_secret().is_empty() {
            problems.add("current_password", "required", "Type your current password.");
        }
        check_password(&self.new_password, "new_password", &[], problems);
    }
}

impl Accounts<'_> {
    /// Changes the password, ends the other sessions, closes open links and tells the person by mail.
    pub async fn change_password(&self, input: Input<ChangePassword>) -> Result<()> {
        let user_id = self.require()?;
        let mut problems = Problems::default();
        let given = input.check_into(&mut problems)?;
        let mut work = Work::read(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::ViewAccount>(Own(user_id)).await?;
        let user = work.tx()?.login(&permit).await?.ok_or(Error::NotFound)?.user;
        drop(work);
        let context = [user.email.as_deref().unwrap_or_default(), &user.display_name, user.company.as_deref().unwrap_or_default()];
        check_password(&given.new_password, "new_password", &context, &mut problems);
        problems.into_result()?;
        self.slow_down_for(user_id).await?;
        let Some(known) = self.known_password(&given.current_password).await? else {
            self.count_failure(user_id).await?;
            return Err(Error::Forbidden(Refusal::WrongPassword));
        };
        let hash = self.kitaab.hashing().hash(&given.new_password, self.kitaab.random()).await?;
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::EditAccount>(Own(user_id)).await?;
        let now = work.now();
        let tx = work.tx()?;
        // It may have been reset meanwhile: by its owner, from somebody who is still signed in.
        if tx.lock_login(&permit).await?.and_then(|login| login.password_hash) != Some(known) {
            return Err(Error::Forbidden(Refusal::WrongPassword));
        }
        tx.set_password(&permit, Some(&hash)).await?;
        tx.delete_sessions(&permit, self.actor.session()).await?;
        tx.close_login_tokens(&permit, None, now).await?;
        work.enqueue(JobKind::PasswordChangedMail, user_id.0, 0, now.micros());
        work.note(AccountAct::PasswordChanged, Some(user_id)).await?;
        work.commit().await
    }
}
