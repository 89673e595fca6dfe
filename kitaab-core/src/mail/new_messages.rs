//! What somebody missed in a conversation while they were away.

use super::Rendered;
use super::clean::{clean, lines};
use super::letter::{Letter, Words};

/// The longest message that is shown whole, in characters; the rest is read where it was said.
const SHOWN_MAX: usize = 300;
/// The most lines of a message that are shown.
const LINES_MAX: usize = 8;

/// A message of the conversation.
#[derive(Debug, Clone)]
pub struct Said {
    /// Who said it, by display name.
    pub author: String,
    /// When, for people: "09:14".
    pub at: String,
    /// What, without marks.
    pub text: String,
}

/// Somebody said something while the reader was away.
#[derive(Debug, Clone, Copy)]
pub struct NewMessages<'a> {
    /// The workspace; the brand of the mail.
    pub workspace: &'a str,
    /// What the conversation is called; a direct one by the other's name.
    pub conversation: &'a str,
    /// Whether it is of two people.
    pub direct: bool,
    /// How many messages the reader has missed.
    pub count: usize,
    /// The newest of them, oldest first.
    pub said: &'a [Said],
    /// Whether the mail shows what was said, who said it and where; otherwise it tells only that something was said.
    pub content: bool,
    /// The conversation, absolute.
    pub link: &'a str,
    /// The page that ends such mail, absolute.
    pub unsubscribe: &'a str,
}

impl NewMessages<'_> {
    /// Writes the mail. The subject of a conversation is always the same, so that mail programs keep its mails together.
    pub fn render(&self) -> Result<Rendered, askama::Error> {
        let (workspace, conversation) = (clean(self.workspace), clean(self.conversation));
        let many = if self.count == 1 { "1 new message".to_owned() } else { format!("{} new messages", self.count) };
        let said: Vec<Words> = if self.content { self.said.iter().map(words).collect() } else { Vec::new() };
        let (place, subject) = match (self.content, self.direct) {
            (false, _) => (workspace.clone(), format!("New messages in {workspace}")),
            (true, true) => (conversation.clone(), format!("New messages from {conversation}")),
            (true, false) => (conversation.clone(), format!("New messages in {conversation}")),
        };
        let preview = match said.last() {
            Some(last) => format!("{}: {}", last.author, last.lines.join(" ")),
            None => format!("{many} in {workspace}."),
        };
        let left_out = self.count.saturating_sub(said.len());
        let opening = match (self.content, left_out) {
            (false, _) => vec![format!("There is something new for you in {workspace}. What it is stays there until you open it.")],
            (true, 0) => Vec::new(),
            (true, left_out) => vec![format!("The newest {} of them; {left_out} more came before.", said.len())],
        };
        Letter {
            subject,
            preview,
            title: match (self.content, self.direct) {
                (true, true) => format!("{many} from {place} while you were away"),
                _ => format!("{many} in {place} while you were away"),
            },
            opening,
            said,
            button: "Open the conversation",
            link: self.link.to_owned(),
            limit: "An answer to this mail is not read: answer where the conversation is.".to_owned(),
            unexpected: "You get this because mail is on for this conversation.".to_owned(),
            unsubscribe: Some(self.unsubscribe.to_owned()),
            sender: format!("Sent by Kitaab for {workspace}."),
            brand: workspace,
            ..Letter::default()
        }
        .render()
    }
}

fn words(said: &Said) -> Words {
    let short: String = said.text.chars().take(SHOWN_MAX).collect();
    let mut shown = lines(&short);
    let cut = short.len() < said.text.len() || shown.len() > LINES_MAX;
    shown.truncate(LINES_MAX);
    if cut && let Some(last) = shown.last_mut() {
        last.push_str(" …");
    }
    Words { author: clean(&said.author), at: said.at.clone(), lines: shown }
}
