//! The way to a new password.

use super::letter::{Letter, greeting};
use super::{KITAAB, Rendered};

/// Somebody, perhaps not the owner of the account, asked for a new password.
#[derive(Debug, Clone, Copy)]
pub struct Reset<'a> {
    /// The display name of the account.
    pub name: &'a str,
    /// The link to the page where the password is chosen, absolute.
    pub link: &'a str,
    /// How long the link works, for people: "30 minutes".
    pub valid_for: &'a str,
}

impl Reset<'_> {
    /// Writes the mail.
    pub fn render(&self) -> Result<Rendered, askama::Error> {
        Letter {
            brand: KITAAB.to_owned(),
            subject: "Set a new password".to_owned(),
            preview: format!("You asked for a new password. The link works once, for {}.", self.valid_for),
            title: "Set a new password".to_owned(),
            opening: vec![
                greeting(Some(self.name)),
                "A new password was asked for on the Kitaab account with this address. If that was you, choose it now.".to_owned(),
            ],
            button: "Set new password",
            link: self.link.to_owned(),
            limit: format!(
                "The link works once, for {}. A newer mail like this one ends it. With the new password you are signed out everywhere else.",
                self.valid_for
            ),
            unexpected: "You did not ask for this? Ignore this mail; your password stays as it is. Please do not pass it on.".to_owned(),
            sender: "Sent by Kitaab.".to_owned(),
            ..Letter::default()
        }
        .render()
    }
}
