//! The pages that work without JavaScript: the doors, the list of projects, errors, and the mailbox for trying out.
//!
//! Presentation only: a page is a struct of what it shows, and renders itself. Forms are sent as
//! `application/x-www-form-urlencoded` to the paths in [`paths`]; field names are the names of the struct's fields.

mod confirm;
mod conversation;
mod failure;
mod field;
mod home;
mod invitation;
mod mailbox;
mod reset;
mod sign_in;
mod sign_up;
mod unsubscribe;

#[cfg(test)]
mod tests;

pub use confirm::{BadLink, Confirm, Confirmed, Kind};
pub use conversation::{Conversation, Said};
pub use failure::Failure;
pub use field::{Field, Moment, Problem};
pub use home::{Channel, Home, Project, Role, Status, Workspace};
pub use invitation::{Accept, Ended, Invitation, NewPerson, Step, WithPassword};
pub use mailbox::{CapturedMail, MailLine, Mailbox};
pub use reset::{ResetAsk, ResetAsked, ResetBadLink, ResetChoose, ResetDone};
pub use sign_in::{LinkSent, SignIn};
pub use sign_up::SignUp;
pub use unsubscribe::Unsubscribe;

/// Where the pages stand and where their forms go.
pub mod paths {
    /// The list of projects; the sign-in page for who is not signed in.
    pub const HOME: &str = "/";
    /// Sign-in with a password: `email`, `password`.
    pub const SIGN_IN: &str = "/sign-in";
    /// Asks for a sign-in link: `email` (the password field is sent along and must be ignored).
    pub const SIGN_IN_LINK: &str = "/sign-in/link";
    /// Where a sign-in link leads; confirmed by POST with `token`.
    pub const MAGIC_LINK: &str = "/sign-in/confirm";
    /// Sign-up: `display_name`, `workspace_name`, `email`, `password`.
    pub const SIGN_UP: &str = "/sign-up";
    /// Ends the session, POST only; with `invitation` (a token) it leads back to that invitation.
    pub const SIGN_OUT: &str = "/sign-out";
    /// Asks for a new password: `email`.
    pub const RESET: &str = "/reset-password";
    /// Where the link to a new password leads: `token`, `password`, `again`.
    pub const RESET_CHOOSE: &str = "/reset-password/choose";
    /// Where the link that confirms an address leads; confirmed by POST with `token`.
    pub const VERIFY: &str = "/verify-email";
    /// Sends the mail that confirms an address once more, POST only, signed in.
    pub const VERIFY_RESEND: &str = "/verify-email/resend";
    /// Where the link that confirms a new address leads; confirmed by POST with `token`.
    pub const CHANGE_EMAIL: &str = "/change-email";
    /// Where an invitation leads: `token`, and what the step asks for.
    pub const ACCEPT: &str = "/accept-invitation";
    /// Asks for a new invitation in place of an expired one, POST only: `token`.
    pub const REQUEST_NEW: &str = "/accept-invitation/request-new";
    /// Ends mail about conversations: a look shows the button, a POST with the token of the link ends it.
    pub const UNSUBSCRIBE: &str = "/unsubscribe";
    /// The mailbox for trying out.
    pub const MAILBOX: &str = "/dev/mailbox";
}
