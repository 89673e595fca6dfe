//! Whom a message mentions, outside of code.

use super::blocks::{Block, Inline, parse};
use super::names::{EVERYBODY, unreadable};
use crate::ids::UserId;

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

    /// Whether this person is one of them.
    #[must_use]
    pub fn names(&self, person: UserId) -> bool {
        self.everybody || self.people.contains(&person)
    }

    /// Whether nobody is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.everybody && self.people.is_empty()
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
