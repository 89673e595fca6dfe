//! The text of a message as people read it: without marks, one block below the other.

use super::blocks::{Block, Inline, parse};

/// The words of a text; a mention is an `@`, and a link that says something else than where it leads says both.
#[must_use]
pub(crate) fn plain_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    blocks(&parse(text), &mut out);
    out.truncate(out.trim_end().len());
    out
}

fn blocks(tree: &[Block], out: &mut String) {
    for block in tree {
        match block {
            Block::Paragraph { children } => inlines(children, out),
            Block::List { items, .. } => items.iter().for_each(|item| blocks(item, out)),
            Block::Quote { children } => blocks(children, out),
            Block::Code { text, .. } => out.push_str(text),
        }
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
    }
}

fn inlines(line: &[Inline], out: &mut String) {
    for part in line {
        match part {
            Inline::Text { text } | Inline::Code { text } => out.push_str(text),
            Inline::Bold { children } | Inline::Italic { children } => inlines(children, out),
            Inline::Link { url, children } => {
                let begins = out.len();
                inlines(children, out);
                if out[begins..] != **url {
                    out.push(' ');
                    out.push_str(url);
                }
            }
            Inline::Mention { .. } => out.push('@'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_gone_and_words_stay() {
        let text = "**Hello** <!channel>\n\n- *one*\n- `two`\n\n> [the shop](https://shop.example) and https://kitaab.example\n";
        assert_eq!(plain_text(text), "Hello @\none\ntwo\nthe shop https://shop.example and https://kitaab.example");
    }
}
