//! The mails that Kitaab sends: what each one says, as HTML and as text.
//!
//! A mail is a struct of what it needs and a `render`. Its words go into one letter, from which both parts are made:
//! the two cannot say different things, and no markup stands twice. What people wrote is escaped and
//! never becomes a link (see `plain`); the only links in a mail are its own.

mod asked_again;
mod change_email;
mod clean;
mod email_changed;
mod invitation;
mod letter;
mod magic_link;
mod new_messages;
mod password_changed;
mod plain;
mod reset;
mod verify;
mod welcome;

#[cfg(test)]
mod tests;

pub use asked_again::AskedAgain;
pub use change_email::ChangeEmail;
pub use email_changed::EmailChanged;
pub use invitation::Invitation;
pub use magic_link::MagicLink;
pub use new_messages::{NewMessages, Said};
pub use password_changed::PasswordChanged;
pub use reset::Reset;
pub use verify::Verify;
pub use welcome::Welcome;

/// The brand of mails that belong to an account and not to a workspace.
const KITAAB: &str = "Kitaab";

/// A mail ready for the mailer: both parts say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line of at most 150 characters, without control characters.
    pub subject: String,
    /// The HTML part: a whole document below 30 KB that loads nothing.
    pub html: String,
    /// The text part, in lines of at most 72 characters (addresses apart), ended by LF.
    pub text: String,
}
