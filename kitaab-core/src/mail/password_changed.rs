//! The notice that a password is a new one.

use super::letter::{Letter, greeting};
use super::{KITAAB, Rendered};

/// The password of an account was changed, or set anew by mail.
#[derive(Debug, Clone, Copy)]
pub struct PasswordChanged<'a> {
    /// The display name of the account.
    pub name: &'a str,
    /// When it was changed, for people: "16 October 2025, 09:41 IST".
    pub at: &'a str,
    /// The page where one asks for a new password, absolute. It holds no secret.
    pub link: &'a str,
}

impl PasswordChanged<'_> {
    /// Writes the mail.
    pub fn render(&self) -> Result<Rendered, askama::Error> {
        Letter {
            brand: KITAAB.to_owned(),
            subject: "Your password was changed".to_owned(),
            preview: format!("Changed on {}. If that was you, there is nothing to do.", self.at),
            title: "Your password was changed".to_owned(),
            opening: vec![
                greeting(Some(self.name)),
                format!(
                    "The password of your Kitaab account was changed on {}, and all other devices were signed out. If that was you, there is nothing to do.",
                    self.at
                ),
                "If it was not you, set a new password now. That ends every sign-in but your own.".to_owned(),
            ],
            button: "It was not me: set new password",
            link: self.link.to_owned(),
            limit: "The button leads to a page that sends you a fresh link; this mail itself changes nothing.".to_owned(),
            unexpected: "You get this mail whenever the password changes; it cannot be turned off.".to_owned(),
            sender: "Sent by Kitaab.".to_owned(),
            ..Letter::default()
        }
        .render()
    }
}
