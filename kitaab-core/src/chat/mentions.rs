//! Whom a text names: `<@id>` a person, `<!channel>` everybody, outside of code.

use super::blocks::{Block, Inline, parse, push_text};
use crate::ids::UserId;

/// Everybody in the channel.
const EVERYBODY: &str = "<!channel>";
/// The same, in letters that Markdown does not take for HTML and that no text may have.
const EVERYBODY_INSIDE: &str = "\u{1}channel\u{1}";

/// A text in which everybody is named by letters that the parser leaves alone.
pub(super) fn marked(text: &str) -> String {
    text.replace(EVERYBODY, EVERYBODY_INSIDE)
}

/// The same text as it was written.
pub(super) fn unmarked(text: &str) -> String {
    text.replace(EVERYBODY_INSIDE, EVERYBODY)
}

/// Whom a text mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// People, each once, in the order in which they are named.
    pub people: Vec<UserId>,
    /// Whether everybody in the channel is.
    pub everybody: bool,
    /// Whether somebody is named by an id that is none.
    pub unreadable: bool,
}

impl Mentions {
    /// Those of a text, outside of code.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut found = Self::default();
        if text.contains("<@") || text.contains(EVERYBODY) {
            found.unreadable = unreadable(text);
            found.blocks(&parse(text));
        }
        found
    }

    /// Those of a tree.
    #[must_use]
    pub fn in_tree(blocks: &[Block]) -> Self {
        let mut found = Self::default();
        found.blocks(blocks);
        found
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Paragraph { children } => self.inlines(children),
                Block::List { items, .. } => items.iter().for_each(|item| self.blocks(item)),
                Block::Quote { children } => self.blocks(children),
                Block::Code { .. } => {}
            }
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Bold { children } | Inline::Italic { children } | Inline::Link { children, .. } => self.inlines(children),
                Inline::Mention { user_id: Some(person) } if !self.people.contains(person) => self.people.push(*person),
                Inline::Mention { user_id: None } => self.everybody = true,
                Inline::Mention { .. } | Inline::Text { .. } | Inline::Code { .. } => {}
            }
        }
    }
}

/// Whether `<@…>` is there with something that is no id: a slip that the author wants to hear of.
fn unreadable(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find("<@") {
        rest = &rest[at + 2..];
        let named = rest.split(['>', '\n', ' ']).next().unwrap_or_default();
        if rest[named.len()..].starts_with('>') && named.len() == 36 && named.parse::<UserId>().is_err() {
            return true;
        }
    }
    false
}

/// Replaces the mentions of a text.
#[must_use]
pub(crate) fn replace_mentions(text: &str, name: impl Fn(Option<UserId>) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(&marked(text)) {
        match piece {
            Inline::Mention { user_id } => out.push_str(&name(user_id)),
            Inline::Text { text } => out.push_str(&text),
            _ => {}
        }
    }
    out
}

/// A name within Markdown: it is shown as it is, and calls nobody.
#[must_use]
pub(crate) fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().filter(|c| !matches!(c, '<' | '>')) {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A text and the mentions in it.
pub(super) fn pieces(text: &str) -> Vec<Inline> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some((at, length, user_id)) = first_mention(rest) {
        push_text(&mut found, rest[..at].to_owned());
        found.push(Inline::Mention { user_id });
        rest = &rest[at + length..];
    }
    push_text(&mut found, rest.to_owned());
    found
}

/// Where the first mention of a text is, how long it is, and of whom; of everybody if of none.
fn first_mention(text: &str) -> Option<(usize, usize, Option<UserId>)> {
    let everybody = text.find(EVERYBODY_INSIDE).map(|at| (at, EVERYBODY_INSIDE.len(), None));
    let person = text.match_indices("<@").find_map(|(at, _)| {
        let named = text[at + 2..].split('>').next()?;
        let ends = text[at + 2 + named.len()..].starts_with('>');
        let user = named.parse::<UserId>().ok().filter(|_| ends)?;
        Some((at, named.len() + 3, Some(user)))
    });
    [everybody, person].into_iter().flatten().min_by_key(|(at, ..)| *at)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tree(text: &str) -> serde_json::Value {
        serde_json::to_value(parse(text)).unwrap()
    }

    #[test]
    fn people_and_everybody_are_mentioned_outside_of_code_alone() {
        let person = "0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50";
        let said = format!("<!channel> **<@{person}>** look, `<@{person}>` and <@nobody>");
        assert_eq!(
            tree(&said),
            json!([{"type": "paragraph", "children": [
                {"type": "mention", "user_id": null},
                {"type": "text", "text": " "},
                {"type": "bold", "children": [{"type": "mention", "user_id": person}]},
                {"type": "text", "text": " look, "},
                {"type": "code", "text": format!("<@{person}>")},
                {"type": "text", "text": " and <@nobody>"},
            ]}])
        );
        let mentions = Mentions::of(&said);
        assert!(mentions.everybody && !mentions.unreadable);
        assert_eq!(mentions.people, [person.parse::<UserId>().unwrap()]);
        assert_eq!(Mentions::of(&format!("```\n<@{person}>\n<!channel>\n```")), Mentions::default());
        assert_eq!(Mentions::of("<@channel>"), Mentions::default(), "no other way to say everybody");
        assert_eq!(tree("`<!channel>`"), json!([{"type": "paragraph", "children": [{"type": "code", "text": "<!channel>"}]}]));
    }
}
