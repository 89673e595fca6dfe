//! The link that signs in without a password.

use super::letter::{Letter, greeting};
use super::{KITAAB, Rendered};

/// Somebody asked for a sign-in link; it works only in the browser that asked.
#[derive(Debug, Clone, Copy)]
pub struct MagicLink<'a> {
    /// The display name of the account.
    pub name: &'a str,
    /// The link to the page that signs in, absolute.
    pub link: &'a str,
    /// How long the link works, for people: "15 minutes".
    pub valid_for: &'a str,
}

impl MagicLink<'_> {
    /// Writes the mail.
    pub fn render(&self) -> Result<Rendered, askama::Error> {
        Letter {
            brand: KITAAB.to_owned(),
            subject: "Your sign-in link".to_owned(),
            preview: format!("Works once, for {}, in the browser where you asked for it.", self.valid_for),
            title: "Sign in to Kitaab".to_owned(),
            opening: vec![
                greeting(Some(self.name)),
                "You asked for a link to sign in. Open it in the browser where you asked: it works there and nowhere else.".to_owned(),
            ],
            button: "Sign in",
            link: self.link.to_owned(),
            limit: format!("The link works once, for {}.", self.valid_for),
            unexpected: "You did not ask for this? Ignore this mail; nobody gets in. Never give the link to anyone, whoever asks for it."
                .to_owned(),
            sender: "Sent by Kitaab.".to_owned(),
            ..Letter::default()
        }
        .render()
    }
}
