//! The question to a new address whether it belongs to the account.

use super::clean::clean;
use super::letter::{Letter, greeting};
use super::{KITAAB, Rendered};

/// Goes to the **new** address of an account; until it is confirmed, the old one stays.
#[derive(Debug, Clone, Copy)]
pub struct ChangeEmail<'a> {
    /// The display name of the account.
    pub name: &'a str,
    /// The address that this mail goes to.
    pub new_email: &'a str,
    /// The link that confirms, absolute.
    pub link: &'a str,
    /// How long the link works, for people: "24 hours".
    pub valid_for: &'a str,
}

impl ChangeEmail<'_> {
    /// Writes the mail.
    pub fn render(&self) -> Result<Rendered, askama::Error> {
        Letter {
            brand: KITAAB.to_owned(),
            subject: "Confirm your new email address".to_owned(),
            preview: format!("Until then the old address stays. The link works for {}.", self.valid_for),
            title: "Confirm your new email address".to_owned(),
            opening: vec![
                greeting(Some(self.name)),
                format!(
                    "Your Kitaab account is to use {} from now on. Once you confirm, you sign in with this address, and mail goes here.",
                    clean(self.new_email)
                ),
            ],
            button: "Confirm new address",
            link: self.link.to_owned(),
            limit: format!("The link works once, for {}. Until then the old address stays.", self.valid_for),
            unexpected: "You did not ask for this? Ignore this mail; nothing changes, and this address is not kept.".to_owned(),
            sender: "Sent by Kitaab.".to_owned(),
            ..Letter::default()
        }
        .render()
    }
}
