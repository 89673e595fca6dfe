//! Signing in with a password. Known and unknown addresses answer alike and cost the same.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::session::{self, Signed, SignedIn, recognise};
use super::{AccountAct, Accounts};
use crate::access::{Own, Proof, action};
use crate::error::{Error, Problems, Result, Unauthenticated};
use crate::ids::UserId;
use crate::input::{Check, Input};
use crate::keys::Purpose;
use crate::password::Hashing;
use crate::store::Scope;
use crate::work::Work;

/// Wrong passwords that cost nothing but their hashing; then each costs a wait (matrix-authentication-service, NIST).
const FREE_FAILURES: i64 = 10;
/// The longest wait. An account is never locked.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// Failures are forgotten after this long without one.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);

/// Address and password.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// The address of the account.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    #[serde(default)]
    pub email: String,
    /// Its password.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String))]
    #[serde(default)]
    pub password: SecretString,
}

impl Check for SignIn {
    fn check(&mut self, problems: &mut Problems) {
        self.email = self.email.trim().to_lowercase();
        if self.email.is_empty() {
            problems.add("email", "required", "Give your email address.");
        }
        if self.password.expose_secret().is_empty() {
            problems.add("password", "required", "Type your password.");
        }
    }
}

impl Accounts<'_> {
    /// Signs in. [`Unauthenticated::WrongCredentials`] whatever of the two is wrong; [`Error::TooMany`] while a wait is on.
    pub async fn sign_in(&self, input: Input<SignIn>, user_agent: Option<&str>) -> Result<SignedIn> {
        let given = input.checked()?;
        self.slow_down(&given.email).await?;
        let mut work = Work::read(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = recognise(&mut work).await?;
        let login = work.tx()?.login_by_email(&permit, &given.email).await?;
        drop(work);
        let hash = login.as_ref().and_then(|login| login.password_hash.as_deref());
        let right = self.kitaab.hashing().verify(&given.password, hash).await?;
        let known = login.as_ref().map(|login| login.user.id);
        let Some(login) = login.filter(|_| right) else {
            self.failed(&given.email, known).await?;
            return Err(Error::Unauthenticated(Unauthenticated::WrongCredentials));
        };
        let rehashed = match &login.password_hash {
            Some(old) if Hashing::is_outdated(old) => Some((old, self.kitaab.hashing().hash(&given.password, self.kitaab.random()).await?)),
            _ => None,
        };
        let mut work = Work::write(self.kitaab, self.actor, Scope::Person(login.user.id)).await?;
        let permit = work.may_with::<action::RecoverAccount>(Own(login.user.id), Proof::of_account(login.user.id)).await?;
        // The password may have been changed while it was hashed; what was right then opens nothing now.
        let now = work.tx()?.lock_login(&permit).await?;
        if now.and_then(|now| now.password_hash) != login.password_hash {
            return Err(Error::Unauthenticated(Unauthenticated::WrongCredentials));
        }
        let session = session::start(&mut work, &login.user, user_agent).await?;
        if let Some((old, new)) = &rehashed {
            work.tx()?.rehash_password(&permit, old, new).await?;
        }
        let limits = recognise(&mut work).await?;
        let mark = self.mark("sign_in", &given.email);
        work.tx()?.clear_tally(&limits, &mark).await?;
        let workspaces = work.tx()?.belongings(&permit).await?;
        work.note(AccountAct::SignedIn, Some(login.user.id)).await?;
        work.commit().await?;
        let signed = Signed { moderator: login.user.moderator, user: login.user.into(), workspaces };
        Ok(SignedIn { signed, session })
    }

    /// Refuses while the wait after too many wrong passwords is on. Unknown addresses wait too.
    async fn slow_down(&self, email: &str) -> Result<()> {
        if !self.kitaab.settings().limits {
            return Ok(());
        }
        let mut work = Work::read(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = recognise(&mut work).await?;
        let (mark, now) = (self.mark("sign_in", email), work.now());
        let tally = work.tx()?.tally(&permit, &mark, now.before(FORGOTTEN_AFTER)).await?;
        let Some(tally) = tally.filter(|tally| tally.hits > FREE_FAILURES) else { return Ok(()) };
        let until = tally.last_at.after(wait_after(tally.hits));
        if now < until {
            return Err(Error::TooMany { retry_after: until.since(now) });
        }
        Ok(())
    }

    /// Counts a wrong password and notes it, in a unit of its own: what it is about was refused.
    async fn failed(&self, email: &str, whose: Option<UserId>) -> Result<()> {
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = recognise(&mut work).await?;
        let (mark, now) = (self.mark("sign_in", email), work.now());
        work.tx()?.count(&permit, &mark, now, now.before(FORGOTTEN_AFTER)).await?;
        work.note(AccountAct::SignInFailed, whose).await?;
        work.commit().await
    }

    /// The same wait for somebody who is signed in and types their password again.
    pub(super) async fn slow_down_for(&self, user: UserId) -> Result<()> {
        self.slow_down(&user.to_string()).await
    }

    /// The same count for somebody who is signed in and types their password again.
    pub(super) async fn count_failure(&self, user: UserId) -> Result<()> {
        self.failed(&user.to_string(), Some(user)).await
    }

    /// The mark under which something is counted for an address.
    pub(super) fn mark(&self, what: &str, whose: &str) -> [u8; 32] {
        self.kitaab.keys().mark(Purpose::LimitKey, &format!("{what}:{whose}"))
    }
}

/// 1, 2, 4 … 60 seconds after the eleventh, twelfth, thirteenth … wrong password.
fn wait_after(failures: i64) -> Duration {
    let beyond = u32::try_from((failures - FREE_FAILURES - 1).clamp(0, 6)).unwrap_or(6);
    Duration::from_secs(1 << beyond).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_password_beyond_ten_doubles_the_wait_up_to_a_minute() {
        let waits: Vec<u64> = (11..=20).map(|failures| wait_after(failures).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    }
}
