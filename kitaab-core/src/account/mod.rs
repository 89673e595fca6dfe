//! Accounts: one human, one email, one password on an instance.
//!
//! Accounts cannot be discovered: sign-in, reset and magic link answer alike for known and unknown addresses, in body
//! and in work done. Sign-up is the one place that tells.

mod authenticate;
mod change_email;
mod delete;
mod introduce;
mod link;
mod magic_link;
mod model;
mod moderator;
mod password;
mod profile;
mod reset;
mod session;
mod sign_in;
mod sign_up;
mod verify;

pub use change_email::{ChangeEmail, ConfirmChangeEmail};
pub(crate) use link::{mail_link, token_of};
pub use magic_link::{AskMagicLink, ConfirmMagicLink, MagicLinkAsked};
pub use model::{AccountAct, AccountEntry, Belonging, Login, LoginToken, LoginTokenKind, Session, User};
pub use password::ChangePassword;
pub use profile::{OwnProfile, Profile, UpdateProfile};
pub use reset::{AskReset, ConfirmReset};
pub(crate) use session::start as start_session;
pub use session::{OwnSession, Reauthenticate, SessionToken, Signed, SignedIn};
pub use sign_in::SignIn;
pub(crate) use sign_up::new_user;
pub use sign_up::{SignUp, SignedUp};
pub use verify::VerifyEmail;

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// The use cases of accounts; see [`Kitaab::accounts`].
#[derive(Clone, Copy)]
pub struct Accounts<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Signing up and in, sessions, passwords, the own profile.
    #[must_use]
    pub fn accounts<'a>(&'a self, actor: &'a Actor) -> Accounts<'a> {
        Accounts { kitaab: self, actor }
    }
}

/// The user as they see themselves.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The id.
    pub id: crate::ids::UserId,
    /// The address they sign in with.
    pub email: String,
    /// The name that others see.
    pub display_name: String,
    /// Where they work.
    pub company: Option<String>,
    /// IANA name.
    pub time_zone: String,
    /// BCP 47 tag.
    pub locale: String,
    /// When the email was shown to be theirs; null until then.
    pub email_verified_at: Option<crate::time::Timestamp>,
}

impl From<User> for Me {
    fn from(user: User) -> Self {
        let User { id, email, display_name, company, time_zone, locale, email_verified_at, .. } = user;
        Self { id, email: email.unwrap_or_default(), display_name, company, time_zone, locale, email_verified_at }
    }
}
