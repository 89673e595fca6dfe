//! What an account is.

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::ids::{ClientId, LoginTokenId, SessionId, UserId, WorkspaceId};
use crate::sql::names;
use crate::time::Timestamp;
use crate::token::TokenHash;

/// One human on this instance: one email, one password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// Trimmed and in lower case; none once the account is deleted.
    pub email: Option<String>,
    /// The name that others see.
    pub display_name: String,
    /// Where they work.
    pub company: Option<String>,
    /// IANA name; all times are shown in it.
    pub time_zone: String,
    /// BCP 47 tag.
    pub locale: String,
    /// Where the picture is.
    pub avatar_url: Option<String>,
    /// When the email was shown to be theirs.
    pub email_verified_at: Option<Timestamp>,
    /// Platform staff.
    pub moderator: bool,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When the account was deleted; its texts stay.
    pub deleted_at: Option<Timestamp>,
}

/// An account as sign-in finds it.
#[derive(Clone)]
pub struct Login {
    /// Whose it is.
    pub user: User,
    /// The argon2id hash; none where the password was voided.
    pub password_hash: Option<String>,
}

/// A signed-in browser or application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was used last, to five minutes.
    pub last_seen_at: Timestamp,
    /// It ends then, however much it is used.
    pub expires_at: Timestamp,
    /// When the password was last typed in it.
    pub authenticated_at: Timestamp,
    /// What the browser says it is, cut to 200 characters.
    pub user_agent: Option<String>,
}

names! {
    /// What a link in a mail to an account does.
    pub enum LoginTokenKind {
        /// Choose a new password.
        Reset = "reset",
        /// Show that the email is right.
        Verification = "verification",
        /// Sign in without a password.
        MagicLink = "magic_link",
        /// Show that a new email is right, and take it over.
        ChangeEmail = "change_email",
    }
}

/// The row behind a link in a mail. A request for an unknown address makes one too, without a user: it costs the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginToken {
    /// The id; the token is derived from it.
    pub id: LoginTokenId,
    /// Whose account it opens.
    pub user_id: Option<UserId>,
    /// What it does.
    pub kind: LoginTokenKind,
    /// SHA-256 of the token.
    pub token_hash: TokenHash,
    /// The key it is derived with.
    pub key_id: i64,
    /// SHA-256 of what ties a magic link to the browser that asked for it.
    pub request_hash: Option<TokenHash>,
    /// The new address, for a change of email.
    pub email: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// It is good until then.
    pub expires_at: Timestamp,
    /// When it was used up, or closed by a newer one.
    pub used_at: Option<Timestamp>,
}

/// A workspace that a person belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Belonging {
    /// The workspace.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// What the person is to it.
    pub role: Role,
    /// Their card, if they are a client.
    pub client_id: Option<ClientId>,
}

names! {
    /// What happened to an account; not part of any workspace's audit log.
    pub enum AccountAct {
        /// The account was made.
        SignedUp = "signed_up",
        /// A session was started.
        SignedIn = "signed_in",
        /// A wrong password was given.
        SignInFailed = "sign_in_failed",
        /// A session was ended by its owner.
        SignedOut = "signed_out",
        /// All sessions, or all others, were ended.
        SessionsEnded = "sessions_ended",
        /// The password was confirmed.
        Reauthenticated = "reauthenticated",
        /// A link was asked for by mail.
        LinkRequested = "link_requested",
        /// The password was changed by its owner.
        PasswordChanged = "password_changed",
        /// The password was set by a mailed link.
        PasswordReset = "password_reset",
        /// The email was verified.
        EmailVerified = "email_verified",
        /// The email was changed.
        EmailChanged = "email_changed",
        /// The account was deleted.
        Deleted = "deleted",
        /// The person became a moderator.
        ModeratorMade = "moderator_made",
        /// The person is no moderator any more.
        ModeratorRemoved = "moderator_removed",
    }
}

/// An entry of the accounts' own audit log, which no workspace reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// The id.
    pub id: crate::ids::AuditId,
    /// When.
    pub at: Timestamp,
    /// Whose account; none where the address is unknown.
    pub user_id: Option<UserId>,
    /// What happened.
    pub act: AccountAct,
    /// From where.
    pub address: Option<String>,
    /// The id of the request in the logs.
    pub request_id: Option<String>,
}
