//! The invitation to a workspace.

use super::Rendered;
use super::clean::{clean, first_name, lines};
use super::letter::{Letter, List, Quote, greeting};

/// Somebody is invited; the link of this mail is the only one that proves the address.
#[derive(Debug, Clone, Copy)]
pub struct Invitation<'a> {
    /// Who invites, by display name.
    pub inviter: &'a str,
    /// The workspace one is invited to; the brand of the mail.
    pub workspace: &'a str,
    /// A client sees what is shared; otherwise the mail speaks to a colleague.
    pub role_is_client: bool,
    /// What the inviter wrote, with its line breaks.
    pub message: Option<&'a str>,
    /// Names of the projects to be shared.
    pub projects: &'a [String],
    /// Names of the channels to join.
    pub channels: &'a [String],
    /// The mailed link, absolute.
    pub link: &'a str,
    /// When the link ends, for people: "22 October 2025, 09:14 IST".
    pub expires: &'a str,
    /// The person invited, where the name is known.
    pub recipient_name: Option<&'a str>,
}

impl Invitation<'_> {
    /// Writes the mail.
    pub fn render(&self) -> Result<Rendered, askama::Error> {
        let (inviter, workspace) = (clean(self.inviter), clean(self.workspace));
        let first = first_name(self.inviter);
        let message = self.message.map(lines).filter(|lines| lines.iter().any(|line| !line.is_empty()));
        let purpose = if self.role_is_client {
            format!("In {workspace} you follow your projects, talk with {first} and share files, all in one place.")
        } else {
            format!("In {workspace} you work as a colleague on its projects, tasks, files and conversations.")
        };
        let mut opening = vec![greeting(self.recipient_name), purpose];
        if message.is_some() {
            opening.push(format!("{first} writes:"));
        }
        Letter {
            subject: format!("{inviter} invites you to {workspace}"),
            preview: format!("{}The invitation works until {}.", self.gist(), self.expires),
            title: if self.role_is_client {
                format!("{inviter} invites you to work together")
            } else {
                format!("{inviter} invites you to join {workspace}")
            },
            opening,
            quote: message.map(|lines| Quote { lines }),
            lists: self.lists(),
            closing: self.closing(&first),
            button: "Accept invitation",
            link: self.link.to_owned(),
            limit: format!(
                "You choose a password, or sign in if you have an account, and are in. The link is yours alone, works once, and ends on {}.",
                self.expires
            ),
            unexpected: "Not expecting this? Ignore this mail; nothing happens. Please do not pass it on.".to_owned(),
            sender: format!("Sent by Kitaab for {workspace}."),
            brand: workspace,
            ..Letter::default()
        }
        .render()
    }

    /// What it is about, for the preview.
    fn gist(&self) -> String {
        let names: Vec<_> = self.projects.iter().chain(self.channels).map(|name| clean(name)).collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => format!("{one}, in one place. "),
            [one, two] => format!("{one} and {two}, in one place. "),
            [one, rest @ ..] => format!("{one} and {} more, in one place. ", rest.len()),
        }
    }

    fn lists(&self) -> Vec<List> {
        let projects = if self.role_is_client { "Projects shared with you" } else { "Projects to begin with" };
        [List::of_names(projects, self.projects), List::of_names("Channels you join", self.channels)].into_iter().flatten().collect()
    }

    fn closing(&self, first: &str) -> Vec<String> {
        if !self.role_is_client {
            return Vec::new();
        }
        let shared = !self.projects.is_empty() || !self.channels.is_empty();
        vec![if shared {
            format!("You see these and nothing else. {first} decides what is shared and can change it at any time.")
        } else {
            format!("{first} decides what is shared with you; you see that and nothing else.")
        }]
    }
}
