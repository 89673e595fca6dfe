//! A thing that was found, as it is shown.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::DocumentKind;
use super::fold::Folded;
use crate::ids::{ChannelId, ProjectId};
use crate::time::Timestamp;

/// The longest snippet, in characters.
const SNIPPET_MAX: usize = 200;
/// How much is shown before the first thing found, in characters.
const BEFORE: usize = 50;
/// The most highlights of a snippet.
const HIGHLIGHTS_MAX: usize = 20;

/// A thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hit {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: DocumentKind,
    /// Its id.
    pub id: Uuid,
    /// The channel of a message.
    pub channel_id: Option<ChannelId>,
    /// Its project, or that of its channel.
    pub project_id: Option<ProjectId>,
    /// What it is called: a message by its channel, a comment by its task.
    pub title: String,
    /// The part of it where something was found first, at most 200 characters, in one line.
    pub snippet: String,
    /// What was found in the snippet: from which character (Unicode scalar values, the first is 0) to before which.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<u32>>))]
    pub highlights: Vec<(usize, usize)>,
    /// When it was made.
    pub at: Timestamp,
}

/// The part of a text that is shown, and what to highlight in it.
pub(super) fn snippet(text: &str, folded: &Folded, terms: &[String]) -> (String, Vec<(usize, usize)>) {
    let characters: Vec<char> = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut found: Vec<Range<usize>> =
        terms.iter().flat_map(|term| folded.places(term).take(HIGHLIGHTS_MAX)).map(|at| folded.original(at)).collect();
    found.sort_by_key(|range| (range.start, range.end));
    let first = found.first().map_or(0, |range| range.start);
    let mut begins = first.saturating_sub(BEFORE);
    if characters.len() <= SNIPPET_MAX {
        begins = 0;
    } else if begins > 0 {
        // From the beginning of a word, if there is one nearby.
        let blank = characters[begins..first].iter().position(|c| c.is_whitespace());
        begins = blank.map_or(begins, |at| begins + at + 1);
    }
    let (lead, room) = if begins > 0 { ("…", SNIPPET_MAX - 1) } else { ("", SNIPPET_MAX) };
    let is_cut = characters.len() - begins > room;
    let ends = if is_cut { begins + room - 1 } else { characters.len() };
    let shift = lead.chars().count();
    let mut highlights: Vec<(usize, usize)> = Vec::new();
    for range in found {
        let (from, to) = (range.start.max(begins), range.end.min(ends));
        if from >= to {
            continue;
        }
        let (from, to) = (from - begins + shift, to - begins + shift);
        if let Some(last) = highlights.last_mut()
            && from <= last.1
        {
            last.1 = last.1.max(to);
        } else if highlights.len() < HIGHLIGHTS_MAX {
            highlights.push((from, to));
        }
    }
    let shown: String = characters[begins..ends].iter().collect();
    (format!("{lead}{shown}{}", if is_cut { "…" } else { "" }), highlights)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, terms: &[&str]) -> (String, Vec<String>) {
        let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
        let (snippet, highlights) = snippet(text, &Folded::of(text), &terms);
        let characters: Vec<char> = snippet.chars().collect();
        (snippet, highlights.into_iter().map(|(from, to)| characters[from..to].iter().collect()).collect())
    }

    #[test]
    fn what_was_found_is_highlighted_as_it_was_written() {
        let (text, marked) = shown("Grüße an\nMüller und Grüße", &["grusse", "muller"]);
        assert_eq!(text, "Grüße an Müller und Grüße");
        assert_eq!(marked, ["Grüße", "Müller", "Grüße"]);
        assert_eq!(shown("日本語のロゴ", &["本語", "ロ"]).1, ["本語", "ロ"]);
        assert_eq!(shown("abcabc", &["abc", "bca"]).1, ["abcabc"], "what overlaps is one");
        assert_eq!(shown("Nothing", &[]), ("Nothing".into(), vec![]));
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_thing_found() {
        let long = format!("{} needle {}", "hay ".repeat(200), "stack ".repeat(200));
        let (text, marked) = shown(&long, &["needle"]);
        assert_eq!(marked, ["needle"]);
        assert!(text.chars().count() <= SNIPPET_MAX && text.starts_with("…hay") && text.ends_with('…'), "{text}");
    }
}
