//! The one layout behind all mails.

use askama::Template;

use super::Rendered;
use super::clean::{clean, subject_line};
use super::plain::filters;

/// The words of a mail, in the order in which they are read. People's text goes in through `clean`.
#[derive(Default)]
pub(super) struct Letter {
    /// The name at the top: the workspace, or Kitaab for what belongs to an account.
    pub brand: String,
    pub subject: String,
    /// What the list of mails shows after the subject.
    pub preview: String,
    /// The first line: who, and what.
    pub title: String,
    pub opening: Vec<String>,
    pub quote: Option<Quote>,
    pub lists: Vec<List>,
    /// What others said.
    pub said: Vec<Words>,
    /// Muted sentences before the button.
    pub closing: Vec<String>,
    pub button: &'static str,
    /// The link of the mail; ours, so it stands as it is.
    pub link: String,
    /// How often and how long the link works, or what happens behind it.
    pub limit: String,
    /// What to do when one did not expect this mail.
    pub unexpected: String,
    /// Where such mail is ended; ours, too.
    pub unsubscribe: Option<String>,
    /// On whose behalf this was sent.
    pub sender: String,
}

/// What somebody wrote, line by line.
pub(super) struct Quote {
    pub lines: Vec<String>,
}

/// What somebody said in a conversation, line by line.
pub(super) struct Words {
    pub author: String,
    pub at: String,
    pub lines: Vec<String>,
}

impl Words {
    /// The line above what was said, in the text part.
    fn heading(&self) -> String {
        format!("{} · {}", self.author, self.at)
    }

    /// The letters in the mark beside it, in place of a face.
    fn initials(&self) -> String {
        let mut words = self.author.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
        let (first, last) = (words.next(), words.next_back());
        first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
    }
}

/// A titled list.
pub(super) struct List {
    pub title: String,
    /// The items are steps, one after the other.
    pub numbered: bool,
    pub items: Vec<Item>,
}

/// One row of a list.
pub(super) struct Item {
    pub name: String,
    /// A muted sentence below the name, or nothing.
    pub about: String,
}

impl Letter {
    /// Makes both parts.
    pub fn render(mut self) -> Result<Rendered, askama::Error> {
        self.subject = subject_line(&self.subject);
        let html = Html { letter: &self }.render()?;
        let text = Text { letter: &self }.render()? + "\n";
        Ok(Rendered { subject: self.subject, html, text })
    }

    /// The letter in the mark, in place of a logo: pictures are blocked until the reader allows them.
    fn initial(&self) -> String {
        let first = self.brand.chars().find(|c| c.is_alphanumeric()).unwrap_or('K');
        first.to_uppercase().collect()
    }
}

impl List {
    /// A list of names that people gave; nothing when there are none.
    pub fn of_names(title: &str, names: &[String]) -> Option<Self> {
        let items: Vec<_> = names.iter().map(|name| Item { name: clean(name), about: String::new() }).collect();
        (!items.is_empty()).then(|| Self { title: title.to_owned(), numbered: false, items })
    }
}

/// The opening of a mail to somebody whose name may be unknown.
pub(super) fn greeting(name: Option<&str>) -> String {
    match name.map(clean).filter(|name| !name.is_empty()) {
        Some(name) => format!("Hello {name},"),
        None => "Hello,".to_owned(),
    }
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Text<'a> {
    letter: &'a Letter,
}
