//! The proof that an address belongs to whoever signed up with it.

use super::letter::{Letter, greeting};
use super::{KITAAB, Rendered};

/// A new account has an address that nobody has proved yet.
#[derive(Debug, Clone, Copy)]
pub struct Verify<'a> {
    /// The person's display name.
    pub name: &'a str,
    /// The link that confirms, absolute.
    pub link: &'a str,
    /// How long the link works, for people: "24 hours".
    pub valid_for: &'a str,
}

impl Verify<'_> {
    /// Writes the mail.
    pub fn render(&self) -> Result<Rendered, askama::Error> {
        Letter {
            brand: KITAAB.to_owned(),
            subject: "Confirm your email address".to_owned(),
            preview: format!("One press, and the address is yours. The link works for {}.", self.valid_for),
            title: "Confirm that this address is yours".to_owned(),
            opening: vec![
                greeting(Some(self.name)),
                "Kitaab has a new account with this email address. Confirm it, so that messages and a forgotten password reach you and nobody else."
                    .to_owned(),
            ],
            button: "Confirm address",
            link: self.link.to_owned(),
            limit: format!("The link works once, for {}.", self.valid_for),
            unexpected: "You have made no account? Ignore this mail; the address stays unconfirmed.".to_owned(),
            sender: "Sent by Kitaab.".to_owned(),
            ..Letter::default()
        }
        .render()
    }
}
