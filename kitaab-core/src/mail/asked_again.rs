//! The word to the owner that an invitation ended too early.

use super::Rendered;
use super::clean::{clean, first_name};
use super::letter::{Item, Letter, List, greeting};

/// Somebody opened an expired invitation and asked for a new one; only the holder of the real link can.
#[derive(Debug, Clone, Copy)]
pub struct AskedAgain<'a> {
    /// The owner who reads this, by display name.
    pub owner_name: &'a str,
    /// The person who asks, as the invitation names them; the address stands in for a missing name.
    pub who: &'a str,
    /// The address that the invitation went to.
    pub email: &'a str,
    /// The workspace; the brand of the mail.
    pub workspace: &'a str,
    /// When the invitation ended, for people: "22 October 2025, 09:14 IST".
    pub expired: &'a str,
    /// The page from which a new one is sent, absolute. It holds no secret.
    pub link: &'a str,
}

impl AskedAgain<'_> {
    /// Writes the mail.
    pub fn render(&self) -> Result<Rendered, askama::Error> {
        let (who, workspace) = (clean(self.who), clean(self.workspace));
        let first = first_name(self.who);
        Letter {
            subject: format!("{who} asks for a new invitation"),
            preview: format!("The old one ended on {}. Sending a new one takes one press.", self.expired),
            title: format!("{who} asks for a new invitation"),
            opening: vec![
                greeting(Some(self.owner_name)),
                format!("{who} opened your invitation to {workspace} after it had ended, and asks you for a new one."),
            ],
            lists: vec![List {
                title: "The invitation".to_owned(),
                numbered: false,
                items: vec![Item { name: clean(self.email), about: format!("Ended on {}", self.expired) }],
            }],
            button: "Send new invitation",
            link: self.link.to_owned(),
            limit: format!("You see it once more before it is sent. It goes to the same address, with a new link; the old one stays closed. Nothing reaches {first} until then."),
            unexpected: format!("You do not know {first}, or have changed your mind? Do nothing; the invitation stays closed."),
            sender: format!("Sent by Kitaab for {workspace}."),
            brand: workspace,
            ..Letter::default()
        }
        .render()
    }
}
