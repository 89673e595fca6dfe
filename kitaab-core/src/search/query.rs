//! What somebody typed into a search: terms, phrases, what is left out, and filters.

use super::fold::folded;
use super::{QUERY_MAX, TERMS_MAX};
use crate::error::Problems;
use crate::time::Date;

/// A query as it is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// Each must be there: folded words and phrases.
    pub(super) terms: Vec<String>,
    /// None of these may be there.
    pub(super) without: Vec<String>,
    /// From whom: `me`, or a part of a name, folded, or an id.
    pub(super) from: Vec<String>,
    /// In which channel or project: a part of a name, folded, or an id.
    pub(super) within: Vec<String>,
    /// Made before this day began.
    pub(super) before: Option<Date>,
    /// Made after this day ended.
    pub(super) after: Option<Date>,
    /// What it has.
    pub(super) has: Vec<Has>,
    /// How it is marked.
    pub(super) marks: Vec<Mark>,
}

/// What a message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Has {
    Link,
    /// Files and images, of which there are none yet.
    File,
}

/// How a message is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Pinned in its channel.
    Pinned,
    /// Starred by the reader.
    Starred,
    /// With the reader's name, or everybody's.
    Mentioned,
}

impl Query {
    /// Whether only messages can be meant.
    pub(super) fn is_about_messages(&self) -> bool {
        !self.has.is_empty() || !self.marks.is_empty()
    }

    /// Whether it asks for something that is there, and does not only leave things out.
    fn asks(&self) -> bool {
        let filters = self.from.len() + self.within.len() + self.has.len() + self.marks.len();
        !self.terms.is_empty() || filters > 0 || self.before.is_some() || self.after.is_some()
    }
}

/// A piece of the input: a word, or what stands between quotes; `-` before it leaves it out.
struct Token<'t> {
    negated: bool,
    /// The filter, if it is written as one.
    key: Option<&'t str>,
    text: &'t str,
    quoted: bool,
    /// All of it, as it was typed.
    whole: &'t str,
}

const KEYS: [&str; 7] = ["from", "in", "before", "after", "has", "is", "mentions"];

/// Reads the next token; a quote that is never closed is a letter like any other.
fn token(input: &str) -> Option<(Token<'_>, &str)> {
    let input = input.trim_start();
    let word = &input[..input.find(char::is_whitespace).unwrap_or(input.len())];
    if word.is_empty() {
        return None;
    }
    let negated = word.len() > 1 && word.starts_with('-');
    let begins = usize::from(negated);
    let key = word[begins..].split_once(':').map(|(key, _)| key).filter(|key| !negated && KEYS.contains(key));
    let value = begins + key.map_or(0, |key| key.len() + 1);
    if let Some(rest) = input[value..].strip_prefix('"')
        && let Some(end) = rest.find('"')
    {
        let end_in_input = value + 1 + end + 1;
        let token = Token { negated, key, text: &rest[..end], quoted: true, whole: &input[..end_in_input] };
        return Some((token, &input[end_in_input..]));
    }
    let token = Token { negated, key, text: &word[value..], quoted: false, whole: word };
    Some((token, &input[word.len()..]))
}

/// Reads a query; what cannot be meant is noted.
pub(super) fn read(input: &str, problems: &mut Problems) -> Query {
    let mut query = Query::default();
    if input.contains('\0') {
        problems.add("q", "invalid", "There is a character in it that no text can have.");
        return query;
    }
    if input.chars().count() > QUERY_MAX {
        problems.add("q", "too_long", format!("Search for at most {QUERY_MAX} characters."));
        return query;
    }
    let (mut rest, mut count) = (input, 0);
    while let Some((token, after)) = token(rest) {
        rest = after;
        count += 1;
        if count > TERMS_MAX {
            problems.add("q", "too_many_terms", format!("Search for at most {TERMS_MAX} words and filters."));
            return query;
        }
        take(&mut query, &token, problems);
    }
    if !query.asks() {
        problems.add("q", "required", "Say what to look for: a word, \"a phrase\", or a filter such as from:me.");
    }
    query
}

fn take(query: &mut Query, token: &Token<'_>, problems: &mut Problems) {
    let Some(key) = token.key else {
        let term = folded(token.text);
        // Blanks at the ends of a phrase are not asked for.
        let term = term.trim();
        if !term.is_empty() {
            let list = if token.negated { &mut query.without } else { &mut query.terms };
            if !list.iter().any(|there| there == term) {
                list.push(term.to_owned());
            }
        }
        return;
    };
    if token.text.is_empty() && !token.quoted {
        return problems.add("q", "invalid", format!("Say what {key}: is to be."));
    }
    match (key, token.text) {
        ("from", who) => query.from.push(folded(who).trim().to_owned()),
        ("in", place) => query.within.push(folded(place).trim().to_owned()),
        ("before" | "after", day) => match day.parse() {
            Ok(day) if key == "before" => query.before = Some(query.before.map_or(day, |other| other.min(day))),
            Ok(day) => query.after = Some(query.after.map_or(day, |other| other.max(day))),
            Err(_) => problems.add("q", "invalid", format!("Write {key}: with a day, as in {key}:2026-05-31.")),
        },
        ("has", "link") => query.has.push(Has::Link),
        ("has", "file" | "image") => query.has.push(Has::File),
        ("is", "pinned") => query.marks.push(Mark::Pinned),
        ("is", "starred") => query.marks.push(Mark::Starred),
        ("mentions", "me") => query.marks.push(Mark::Mentioned),
        _ => {
            let whole = token.whole;
            let known = "has:link, has:file, has:image, is:pinned, is:starred and mentions:me";
            problems.add("q", "invalid", format!("There is no {whole}. There are {known}; in quotes it is looked for as it stands."));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(input: &str) -> Result<Query, crate::Error> {
        let mut problems = Problems::default();
        let query = read(input, &mut problems);
        problems.into_result().map(|()| query)
    }

    fn terms(input: &str) -> Vec<String> {
        reading(input).expect("a query").terms
    }

    #[test]
    fn words_phrases_and_what_is_left_out() {
        let query = reading("Büro \"new  Logo\" -draft -\"old logo\" büro").unwrap();
        assert_eq!(query.terms, ["buro", "new logo"]);
        assert_eq!(query.without, ["draft", "old logo"]);
    }

    #[test]
    fn filters_are_read_and_other_colons_are_text() {
        let query = reading("from:me in:\"Shop opening\" before:2026-06-01 after:2026-05-01 has:link is:starred mentions:me").unwrap();
        assert_eq!((query.from, query.within), (vec!["me".to_owned()], vec!["shop opening".to_owned()]));
        assert_eq!((query.before, query.after), (Date::new(2026, 6, 1), Date::new(2026, 5, 1)));
        assert_eq!((query.has, query.marks), (vec![Has::Link], vec![Mark::Starred, Mark::Mentioned]));
        assert_eq!(
            terms("https://kitaab.example at:noon 12:30 \"has:link\" -from:me x"),
            ["https://kitaab.example", "at:noon", "12:30", "has:link", "x"]
        );
    }

    #[test]
    fn what_engines_take_for_syntax_is_text() {
        for odd in ["NEAR(a", "a*", "^a", "{a", "a%b_c", "\\", "'", "\"", "a\"b", "OR", "col:x", "(", "-", "--"] {
            assert!(!terms(&format!("{odd} word")).is_empty(), "{odd}");
        }
        assert_eq!(terms("say \"hello"), ["say", "\"hello"]);
        assert_eq!(terms("-"), ["-"]);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let thousand = vec!["a"; 1_000].join(" ");
        let twenty_one: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        for bad in ["", "  ", "-only", "from:", "before:soon", "after:2026-02-30", "has:money", "is:late", "mentions:you", &thousand] {
            assert!(reading(bad).is_err(), "{bad}");
        }
        assert!(reading(&twenty_one.join(" ")).is_err());
    }
}
