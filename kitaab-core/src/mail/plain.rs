//! Words that no mail client makes a link of, and lines of a readable length.

/// Goes where a link would hold together: a hair space.
///
/// Mail clients look for addresses in the words they show, over all markup, so tags around the dots help only in some.
/// Invisible characters (zero-width space, word joiner, `<wbr>`) are no blanks to many of these searches, and a browser
/// drops them from a host name again: `evil.<ZWSP>example` would be found, and would work. A hair space is a blank to
/// every search that knows Unicode, and forbidden in host names for the others, so what they find leads nowhere.
/// The eye hardly sees it.
const BREAK: char = '\u{200A}';

/// Breaks everything that a mail client would make a link of: host names, addresses, schemes.
pub(super) fn unlink(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.chars().filter(|c| !c.is_control()).peekable();
    let mut alone = true;
    while let Some(c) = rest.next() {
        out.push(c);
        let begins = std::mem::replace(&mut alone, c.is_whitespace());
        let joins = match (c, rest.peek()) {
            // Before the @ of a person who is mentioned there is no name of a mailbox.
            ('@', _) if begins => false,
            // The other dots are dots to a browser as well (UTS 46).
            ('.' | '。' | '．' | '｡' | '@' | '＠', Some(next)) => !next.is_whitespace() && !is_sentence_mark(*next),
            // "09:41" stays whole; "http://", "mailto:x" do not.
            (':' | '：', Some(next)) => matches!(next, '/' | '／' | '\\') || next.is_alphabetic(),
            _ => false,
        };
        if joins {
            out.push(BREAK);
        }
    }
    out
}

/// Breaks text into lines of at most 72 characters, each behind `indent`, whose bullet stands on the first line only.
/// A longer word stays whole.
pub(super) fn wrap(text: &str, indent: &str) -> String {
    let below = indent.replace('*', " ");
    let mut out = String::from(indent);
    let mut width = indent.chars().count();
    let mut fresh = true;
    for word in text.split(' ') {
        let length = word.chars().count();
        if !fresh && width + 1 + length > 72 {
            out.push('\n');
            out.push_str(&below);
            width = indent.chars().count();
            fresh = true;
        }
        if !fresh {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
        fresh = false;
    }
    out.truncate(out.trim_end().len());
    out
}

/// Dots before these end a sentence or stand for an omission.
fn is_sentence_mark(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ')' | ']' | '"' | '\'' | '”' | '’' | '»' | '!' | '?' | '\u{2069}')
}

/// The filters of the templates.
#[expect(clippy::unnecessary_wraps, clippy::inline_always, clippy::unused_self, reason = "the shape that askama asks of a filter")]
pub(super) mod filters {
    use std::fmt::Display;

    use askama::{Result, Values};

    /// Text that must not become a link. Escaping follows, as for everything in an HTML template.
    #[askama::filter_fn]
    pub fn plain(text: impl Display, _: &dyn Values) -> Result<String> {
        Ok(super::unlink(&text.to_string()))
    }

    /// Text in lines of a readable length, for the text part.
    #[askama::filter_fn]
    pub fn wrap(text: impl Display, _: &dyn Values, indent: &str) -> Result<String> {
        Ok(super::wrap(&text.to_string(), indent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        unlink(text).replace(BREAK, "|")
    }

    #[test]
    fn addresses_are_broken() {
        assert_eq!(shown("http://evil.example/x"), "http:|//evil.|example/x");
        assert_eq!(shown("www.evil.com"), "www.|evil.|com");
        assert_eq!(shown("HTTPS:\\\\evil"), "HTTPS:|\\\\evil");
        assert_eq!(shown("pay@evil.example"), "pay@|evil.|example");
        assert_eq!(shown("mailto:pay"), "mailto:|pay");
        assert_eq!(shown("to @evil.example"), "to @evil.|example");
        assert_eq!(shown("evil。com evil．com"), "evil。|com evil．|com");
        assert_eq!(shown("http://192.0.2.1"), "http:|//192.|0.|2.|1");
    }

    #[test]
    fn sentences_stay_as_they_are() {
        for text in [
            "Nothing happens. Ask again.",
            "at 09:41, or so...",
            "He said \"no.\"",
            "@Meera and @all",
            "Mridul S. Sharma",
            "(yes.)",
            "Note: later",
        ] {
            assert_eq!(unlink(text), text);
        }
    }

    #[test]
    fn what_is_broken_stays_broken_for_searches_that_know_no_unicode() {
        // Between two ASCII blanks there is no host that a browser accepts: the break is in every one of them.
        let broken = unlink("go to www.evil.example now");
        let word = broken.split(' ').find(|word| word.contains("evil")).expect("the word");
        assert!(word.contains(BREAK));
    }

    #[test]
    fn lines_are_wrapped_behind_their_indent() {
        let wrapped = wrap(&"seven77 ".repeat(20), "  > ");
        assert!(wrapped.lines().all(|line| line.starts_with("  > ") && line.chars().count() <= 72));
        assert_eq!(wrap("", "  > "), "  >");
        assert_eq!(wrap(&format!("{} tail", "x".repeat(66)), "  * "), format!("  * {}\n    tail", "x".repeat(66)));
        assert_eq!(wrap(&"x".repeat(100), ""), "x".repeat(100));
    }
}
