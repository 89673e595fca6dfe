//! Signing up as a freelancer: an account and a workspace of one's own, in one commit.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::link::mail_link;
use super::session::{self, SessionToken};
use super::{AccountAct, Accounts, LoginTokenKind, Me, User};
use crate::access::{Instance, action};
use crate::error::{Error, Problems, Result};
use crate::ids::WorkspaceId;
use crate::input::{Check, Input};
use crate::password::check_password;
use crate::store::Scope;
use crate::text;
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::{WorkspaceForOwner, found};

/// What a freelancer signs up with.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignUp {
    /// The address to sign in with.
    #[cfg_attr(feature = "openapi", schema(required = true, max_length = 254))]
    #[serde(default)]
    pub email: String,
    /// 12 to 128 characters, and not easy to guess.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String, min_length = 12, max_length = 128))]
    #[serde(default)]
    pub password: SecretString,
    /// The name that others see.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 200))]
    #[serde(default)]
    pub display_name: String,
    /// The name of the workspace.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 200))]
    #[serde(default)]
    pub workspace_name: String,
}

impl Check for SignUp {
    fn check(&mut self, problems: &mut Problems) {
        text::email(&mut self.email, "email", problems);
        text::name(&mut self.display_name, "display_name", problems);
        text::name(&mut self.workspace_name, "workspace_name", problems);
        check_password(&self.password, "password", &[&self.email, &self.display_name, &self.workspace_name], problems);
    }
}

/// The new account, its workspace, and a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedUp {
    /// The person.
    pub user: Me,
    /// Their workspace.
    pub workspace: WorkspaceForOwner,
    /// They are signed in.
    pub session: SessionToken,
}

/// An account as it begins.
pub(crate) fn new_user(id: crate::ids::UserId, email: String, display_name: String, company: Option<String>, at: Timestamp) -> User {
    User {
        id,
        email: Some(email),
        display_name,
        company,
        time_zone: "UTC".into(),
        locale: "en".into(),
        avatar_url: None,
        email_verified_at: None,
        moderator: false,
        created_at: at,
        deleted_at: None,
    }
}

impl Accounts<'_> {
    /// Makes an account with a workspace and signs in. `email_taken` if the address has an account.
    pub async fn sign_up(&self, input: Input<SignUp>, user_agent: Option<&str>) -> Result<SignedUp> {
        let new = input.checked()?;
        let hash = self.kitaab.hashing().hash(&new.password, self.kitaab.random()).await?;
        // Made before its unit is opened, because the unit's scope needs it.
        let workspace_id: WorkspaceId = self.kitaab.id(self.kitaab.now());
        let mut work = Work::write(self.kitaab, self.actor, Scope::System(workspace_id)).await?;
        let permit = work.may::<action::OpenAccount>(Instance).await?;
        let user = new_user(work.id(), new.email, new.display_name, None, work.now());
        if !work.tx()?.insert_user(&permit, &user, Some(&hash)).await? {
            return Err(Error::conflict("email_taken", "There is an account with this email. Sign in, or set a new password."));
        }
        let workspace = found(&mut work, workspace_id, user.id, new.workspace_name).await?;
        let session = session::start(&mut work, &user, user_agent).await?;
        mail_link(&mut work, LoginTokenKind::Verification, Some(user.id), None, None).await?;
        work.note(AccountAct::SignedUp, Some(user.id)).await?;
        work.commit().await?;
        Ok(SignedUp { user: user.into(), workspace, session })
    }
}
