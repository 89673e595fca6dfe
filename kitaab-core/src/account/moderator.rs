//! Moderators: made and removed by whoever has the server's shell.

use secrecy::SecretString;

use super::AccountAct;
use super::session::recognise;
use super::sign_up::new_user;
use crate::access::{Actor, Instance, Own, Proof, action};
use crate::error::{Error, Problems, Result};
use crate::kitaab::Kitaab;
use crate::password::check_password;
use crate::store::Scope;
use crate::text;
use crate::work::Work;

impl Kitaab {
    /// Makes a moderator: a new account with this password. An address that has an account is refused, so that no
    /// client or freelancer becomes one by mistake.
    pub async fn create_moderator(&self, email: &str, name: &str, password: &SecretString) -> Result<()> {
        let (mut email, mut name, mut problems) = (email.to_owned(), name.to_owned(), Problems::default());
        text::email(&mut email, "email", &mut problems);
        text::name(&mut name, "name", &mut problems);
        check_password(password, "password", &[&email, &name], &mut problems);
        problems.into_result()?;
        let hash = self.hashing().hash(password, self.random()).await?;
        let system = Actor::system();
        let mut work = Work::write(self, &system, Scope::Nobody).await?;
        let permit = work.may::<action::AppointModerator>(Instance).await?;
        let mut user = new_user(work.id(), email.clone(), name, None, work.now());
        // Whoever has the shell vouches for the address.
        user.email_verified_at = Some(work.now());
        if !work.tx()?.insert_user(&permit, &user, Some(&hash)).await? {
            return Err(Error::conflict("email_taken", "There is an account with this email. Moderators have one of their own."));
        }
        work.tx()?.set_moderator(&permit, &email, true).await?;
        work.note(AccountAct::ModeratorMade, Some(user.id)).await?;
        work.commit().await
    }

    /// Takes the role from a moderator and ends their sessions. The account stays, and belongs to no workspace.
    pub async fn remove_moderator(&self, email: &str) -> Result<()> {
        let system = Actor::system();
        let mut work = Work::write(self, &system, Scope::Nobody).await?;
        let permit = work.may::<action::AppointModerator>(Instance).await?;
        let email = email.trim().to_lowercase();
        let lookup = recognise_as_system(&mut work, &email).await?;
        work.tx()?.set_moderator(&permit, &email, false).await?;
        let own = work.may_with::<action::EndSessions>(Own(lookup), Proof::of_account(lookup)).await?;
        work.tx()?.delete_sessions(&own, None).await?;
        work.note(AccountAct::ModeratorRemoved, Some(lookup)).await?;
        work.commit().await
    }
}

async fn recognise_as_system(work: &mut Work<'_>, email: &str) -> Result<crate::ids::UserId> {
    let permit = recognise(work).await?;
    let login = work.tx()?.login_by_email(&permit, email).await?;
    let moderator = login.filter(|login| login.user.moderator);
    Ok(moderator.ok_or_else(|| Error::field("email", "not_found", "No moderator has this email."))?.user.id)
}
