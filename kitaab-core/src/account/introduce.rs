//! People whom an embedding application already knows.

use super::verify::first_proof;
use crate::access::{Actor, Instance, Own, Proof, action};
use crate::account::{AccountAct, new_user};
use crate::error::{Error, Problems, Result};
use crate::ids::UserId;
use crate::kitaab::Kitaab;
use crate::store::Scope;
use crate::text;
use crate::work::Work;

impl Kitaab {
    /// The account of a person whom the application around this library has signed in itself: the one with this email,
    /// or a new one without a password. One that was never verified loses its sessions and its password: somebody else
    /// may have made it. The application vouches that the email is theirs; it then acts for them with
    /// [`Actor::person`].
    pub async fn introduce(&self, email: &str, display_name: &str) -> Result<UserId> {
        let (mut email, mut name, mut problems) = (email.to_owned(), display_name.to_owned(), Problems::default());
        text::email(&mut email, "email", &mut problems);
        text::name(&mut name, "display_name", &mut problems);
        problems.into_result()?;
        let nobody = Actor::nobody();
        let mut work = Work::write(self, &nobody, Scope::Nobody).await?;
        let (open, known) = (work.may::<action::OpenAccount>(Instance).await?, super::session::recognise(&mut work).await?);
        let mut user = new_user(work.id(), email.clone(), name, None, work.now());
        user.email_verified_at = Some(work.now());
        if work.tx()?.insert_user(&open, &user, None).await? {
            work.note(AccountAct::SignedUp, Some(user.id)).await?;
            work.commit().await?;
            return Ok(user.id);
        }
        let user = work.tx()?.login_by_email(&known, &email).await?.ok_or(Error::NotFound)?.user.id;
        let permit = work.may_with::<action::RecoverAccount>(Own(user), Proof::of_account(user)).await?;
        first_proof(&mut work, &permit).await?;
        work.commit().await?;
        Ok(user)
    }
}
