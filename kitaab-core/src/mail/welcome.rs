//! The welcome after an invitation was accepted.

use super::Rendered;
use super::clean::{clean, first_name};
use super::letter::{Item, Letter, List, greeting};

/// Somebody has just accepted; says in three steps where things are.
#[derive(Debug, Clone, Copy)]
pub struct Welcome<'a> {
    /// The person who accepted, by display name.
    pub name: &'a str,
    /// Who invited them.
    pub inviter: &'a str,
    /// The workspace they are in now; the brand of the mail.
    pub workspace: &'a str,
    /// A client sees what is shared; otherwise the mail speaks to a colleague.
    pub role_is_client: bool,
    /// The sign-in page, absolute. It holds no secret.
    pub link: &'a str,
}

impl Welcome<'_> {
    /// Writes the mail.
    pub fn render(&self) -> Result<Rendered, askama::Error> {
        let workspace = clean(self.workspace);
        let first = first_name(self.inviter);
        Letter {
            subject: format!("Welcome to {workspace}"),
            preview: "Where to find projects, chat and files.".to_owned(),
            title: format!("You are in {workspace}"),
            opening: vec![
                greeting(Some(self.name)),
                format!("You have accepted the invitation of {}. This is where things are:", clean(self.inviter)),
            ],
            lists: vec![List { title: "Three steps to begin".to_owned(), numbered: true, items: self.steps(&first) }],
            button: "Sign in",
            link: self.link.to_owned(),
            limit: "You sign in with this email address and the password that you chose. Keep this mail if you like; the link does not end."
                .to_owned(),
            unexpected: format!(
                "You did not accept an invitation? Then somebody used your address: ask for a new password on the sign-in page, and tell {first}."
            ),
            sender: format!("Sent by Kitaab for {workspace}."),
            brand: workspace,
            ..Letter::default()
        }
        .render()
    }

    fn steps(&self, first: &str) -> Vec<Item> {
        let projects = if self.role_is_client {
            "They are on your first page after signing in: how far each one is, and what is due."
        } else {
            "They are on your first page after signing in, with their tasks and dates."
        };
        let step = |name: &str, about: String| Item { name: name.to_owned(), about };
        vec![
            step("Open your projects", projects.to_owned()),
            step("Say hello in the chat", format!("Each project has its own conversation. {first} sees at once what you write there.")),
            step("Find and share files", "Files are kept with their project. Drop your own into the chat or the project.".to_owned()),
        ]
    }
}
