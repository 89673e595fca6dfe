//! The text of a message as a tree, so that no client needs a parser: Markdown as `CommonMark` has it, without HTML.
//!
//! What is no part of the tree (headings, images, rules, HTML) is shown as the text that it is.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream};
use serde::{Deserialize, Serialize};

use super::names::{self, Piece};
use crate::ids::UserId;

/// How deep quotes, lists and emphasis may nest; what is deeper is shown at this depth.
const DEEPEST: usize = 12;

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(no_recursion))]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// What it says.
        children: Vec<Inline>,
    },
    /// A list.
    List {
        /// Whether it is numbered.
        ordered: bool,
        /// The first number of a numbered one.
        start: Option<u64>,
        /// Its items.
        items: Vec<Vec<Block>>,
    },
    /// What somebody else said.
    Quote {
        /// What it is made of.
        children: Vec<Block>,
    },
    /// Lines of code.
    Code {
        /// In which language, if the author said so.
        language: Option<String>,
        /// The lines.
        text: String,
    },
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(no_recursion))]
pub enum Inline {
    /// Plain text; a line break is `\n`.
    Text {
        /// The text.
        text: String,
    },
    /// Strong.
    Bold {
        /// What is strong.
        children: Vec<Inline>,
    },
    /// Emphasised.
    Italic {
        /// What is emphasised.
        children: Vec<Inline>,
    },
    /// Code within a line.
    Code {
        /// The code.
        text: String,
    },
    /// A link; `http`, `https` or `mailto` and nothing else.
    Link {
        /// Where it leads.
        url: String,
        /// What it says.
        children: Vec<Inline>,
    },
    /// A person, or everybody in the channel.
    Mention {
        /// Who; null for everybody.
        user_id: Option<UserId>,
    },
}

/// The tree of a text.
#[must_use]
pub fn parse(text: &str) -> Vec<Block> {
    let text = names::marked(text);
    let mut tree = Tree::default();
    for event in TextMergeStream::new(Parser::new_ext(&text, Options::empty())) {
        tree.take(event);
    }
    tree.finish()
}

fn push_text(inlines: &mut Vec<Inline>, text: String) {
    match inlines.last_mut() {
        _ if text.is_empty() => {}
        Some(Inline::Text { text: before }) => before.push_str(&text),
        _ => inlines.push(Inline::Text { text }),
    }
}

fn is_safe(url: &str) -> bool {
    let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
    ["http", "https", "mailto"].contains(&scheme.as_str()) && url.len() > scheme.len() && !url.chars().any(char::is_control)
}

/// What is open while the tree is built.
enum Open {
    Quote(Vec<Block>),
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Item(Vec<Block>),
    Code {
        language: Option<String>,
        text: String,
    },
    Paragraph(Vec<Inline>),
    Bold(Vec<Inline>),
    Italic(Vec<Inline>),
    Link {
        url: Option<String>,
        children: Vec<Inline>,
    },
    /// What is no part of the tree of its own; what is in it goes on where it stands.
    Plain,
}

#[derive(Default)]
struct Tree {
    done: Vec<Block>,
    open: Vec<Open>,
}

impl Tree {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(end),
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::FootnoteReference(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => self.text(&text),
            Event::Code(text) => self.inline(Inline::Code { text: names::unmarked(&text) }),
            Event::SoftBreak | Event::HardBreak => self.text("\n"),
            Event::Rule => {
                self.inline(Inline::Text { text: "---".into() });
                self.close_paragraph();
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let deep = self.open.len() >= DEEPEST;
        let open = match tag {
            Tag::Paragraph | Tag::HtmlBlock => Open::Paragraph(Vec::new()),
            Tag::Heading { .. } => {
                self.open.push(Open::Paragraph(Vec::new()));
                Open::Bold(Vec::new())
            }
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().next().map(str::to_owned),
                    CodeBlockKind::Indented => None,
                };
                self.close_paragraph();
                Open::Code { language, text: String::new() }
            }
            Tag::Link { link_type, dest_url, .. } => {
                let url = if link_type == LinkType::Email { format!("mailto:{dest_url}") } else { dest_url.into_string() };
                Open::Link { url: Some(url).filter(|url| is_safe(url)), children: Vec::new() }
            }
            Tag::Image { dest_url, .. } => {
                Open::Link { url: Some(dest_url.into_string()).filter(|url| is_safe(url)), children: Vec::new() }
            }
            _ if deep => Open::Plain,
            Tag::BlockQuote(_) => {
                self.close_paragraph();
                Open::Quote(Vec::new())
            }
            Tag::List(start) => {
                self.close_paragraph();
                Open::List { start, items: Vec::new() }
            }
            Tag::Item => Open::Item(Vec::new()),
            Tag::Strong => Open::Bold(Vec::new()),
            Tag::Emphasis => Open::Italic(Vec::new()),
            _ => Open::Plain,
        };
        self.open.push(open);
    }

    fn end(&mut self, end: TagEnd) {
        if matches!(end, TagEnd::Item | TagEnd::BlockQuote(_) | TagEnd::List(_)) {
            // What stands in a tight item stands in no paragraph of its own.
            self.close_paragraph();
        }
        self.close();
        if matches!(end, TagEnd::Heading(_)) {
            self.close();
        }
    }

    fn close_paragraph(&mut self) {
        if matches!(self.open.last(), Some(Open::Paragraph(_))) {
            self.close();
        }
    }

    fn close(&mut self) {
        match self.open.pop() {
            None | Some(Open::Plain) => {}
            Some(Open::Quote(children)) => self.block(Block::Quote { children }),
            Some(Open::List { start, items }) => self.block(Block::List { ordered: start.is_some(), start, items }),
            Some(Open::Item(blocks)) => match self.open.last_mut() {
                Some(Open::List { items, .. }) => items.push(blocks),
                _ => blocks.into_iter().for_each(|block| self.block(block)),
            },
            Some(Open::Code { language, text }) => {
                let text = names::unmarked(text.strip_suffix('\n').unwrap_or(&text));
                self.block(Block::Code { language, text });
            }
            Some(Open::Paragraph(children)) => {
                if !children.is_empty() {
                    self.block(Block::Paragraph { children });
                }
            }
            Some(Open::Bold(children)) => self.inline(Inline::Bold { children }),
            Some(Open::Italic(children)) => self.inline(Inline::Italic { children }),
            Some(Open::Link { url: Some(url), children }) => self.inline(Inline::Link { url, children }),
            Some(Open::Link { url: None, children }) => children.into_iter().for_each(|child| self.inline(child)),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(Open::Code { text: lines, .. }) = self.open.last_mut() {
            lines.push_str(text);
            return;
        }
        for piece in names::pieces(text) {
            match piece {
                Piece::Text("") => {}
                Piece::Text(text) => self.inline(Inline::Text { text: text.to_owned() }),
                Piece::Name(user_id) => self.inline(Inline::Mention { user_id }),
            }
        }
    }

    fn inline(&mut self, inline: Inline) {
        let place = self.open.iter_mut().rev().find(|open| !matches!(open, Open::Plain));
        let Some(Open::Paragraph(children) | Open::Bold(children) | Open::Italic(children) | Open::Link { children, .. }) = place else {
            self.open.push(Open::Paragraph(Vec::new()));
            return self.inline(inline);
        };
        match inline {
            Inline::Text { text } => push_text(children, text),
            other => children.push(other),
        }
    }

    fn block(&mut self, block: Block) {
        let place = self.open.iter_mut().rev().find(|open| !matches!(open, Open::Plain));
        match place {
            Some(Open::Quote(children) | Open::Item(children)) => children.push(block),
            _ => self.done.push(block),
        }
    }

    fn finish(mut self) -> Vec<Block> {
        while !self.open.is_empty() {
            self.close();
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn tree(text: &str) -> Value {
        serde_json::to_value(parse(text)).unwrap()
    }

    fn text(text: &str) -> Value {
        json!({"type": "text", "text": text})
    }

    fn paragraph(children: &Value) -> Value {
        json!({"type": "paragraph", "children": children})
    }

    #[test]
    fn a_line_has_bold_italic_code_and_links() {
        let expected = json!([paragraph(&json!([
            text("a "),
            {"type": "bold", "children": [text("b")]},
            text(" "),
            {"type": "italic", "children": [text("c")]},
            text(" "),
            {"type": "code", "text": "d"},
            text(" "),
            {"type": "link", "url": "https://kitaab.example/", "children": [text("e")]},
        ]))]);
        assert_eq!(tree("a **b** *c* `d` [e](https://kitaab.example/)"), expected);
    }

    #[test]
    fn lists_quotes_and_code_are_blocks() {
        let expected = json!([
            {"type": "list", "ordered": false, "start": null, "items": [[paragraph(&json!([text("one")]))], [paragraph(&json!([text("two")]))]]},
            {"type": "list", "ordered": true, "start": 3, "items": [[paragraph(&json!([text("three")]))]]},
            {"type": "quote", "children": [paragraph(&json!([text("said")]))]},
            {"type": "code", "language": "rust", "text": "fn main() {}"},
        ]);
        assert_eq!(tree("- one\n- two\n\n3. three\n\n> said\n\n```rust\nfn main() {}\n```"), expected);
    }

    #[test]
    fn nothing_active_is_in_the_tree() {
        assert_eq!(tree("<script>alert(1)</script>"), json!([paragraph(&json!([text("<script>alert(1)</script>")]))]));
        for url in ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:x", "vbscript:x", "//evil.example", "file:///etc/passwd"] {
            assert_eq!(tree(&format!("[x]({url})")), json!([paragraph(&json!([text("x")]))]), "{url}");
        }
        assert_eq!(tree("![pic](javascript:x)"), json!([paragraph(&json!([text("pic")]))]));
    }

    #[test]
    fn what_nests_too_deep_is_shallow_and_quick() {
        for text in ["> ".repeat(5_000), "- ".repeat(5_000), "*a ".repeat(3_000), "[".repeat(10_000), "`".repeat(10_000)] {
            let deepest = serde_json::to_string(&parse(&text)).unwrap();
            assert!(serde_json::from_str::<Vec<Block>>(&deepest).is_ok());
        }
    }

    #[test]
    fn every_letter_is_kept() {
        for said in ["# Title", "a\n---\nb", "1 < 2 & 3 > 2", "<@", "<!channel", "\\*not bold\\*", "<b>x</b> y"] {
            let shown = tree(said).to_string();
            for letter in said.chars().filter(|c| c.is_alphanumeric()) {
                assert!(shown.contains(letter), "{said}: {shown}");
            }
        }
    }
}
