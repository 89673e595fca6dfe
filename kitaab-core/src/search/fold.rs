//! The form in which texts are searched, and the way back from it to the text.

use crate::text;

/// A folded text that knows where each part of it came from.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// What is searched: folded, and every stretch of blanks is one blank.
    pub(super) text: String,
    /// For each cluster of the text: where it begins in `text` (bytes), and which characters of the original it is.
    clusters: Vec<(usize, std::ops::Range<usize>)>,
}

impl Folded {
    pub(super) fn of(original: &str) -> Self {
        let mut folded = Self::default();
        let mut at = 0;
        for cluster in text::clusters(original) {
            let length = cluster.chars().count();
            let blank = cluster.chars().all(char::is_whitespace);
            if !blank || !folded.text.is_empty() && !folded.text.ends_with(' ') {
                let begins = folded.text.len();
                if blank {
                    folded.text.push(' ');
                } else {
                    text::fold_cluster(cluster, &mut folded.text);
                }
                if folded.text.len() > begins {
                    folded.clusters.push((begins, at..at + length));
                }
            }
            at += length;
        }
        folded
    }

    /// The characters of the original that some bytes of the folded text came from.
    pub(super) fn original(&self, bytes: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let first = self.clusters.partition_point(|(begins, _)| *begins <= bytes.start).saturating_sub(1);
        let last = self.clusters.partition_point(|(begins, _)| *begins < bytes.end).saturating_sub(1);
        match (self.clusters.get(first), self.clusters.get(last)) {
            (Some((_, from)), Some((_, to))) => from.start..to.end.max(from.start),
            _ => 0..0,
        }
    }

    /// Where a term is, in bytes of the folded text.
    pub(super) fn places<'t>(&'t self, term: &'t str) -> impl Iterator<Item = std::ops::Range<usize>> + 't {
        self.text.match_indices(term).map(|(at, found)| at..at + found.len())
    }

    /// Whether a term is there as a word of its own.
    pub(super) fn has_word(&self, term: &str) -> bool {
        self.places(term).any(|place| {
            let before = self.text[..place.start].chars().next_back();
            let after = self.text[place.end..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
    }
}

/// Folded, and every stretch of blanks is one blank.
pub(super) fn folded(original: &str) -> String {
    Folded::of(original).text
}

/// Chinese, Japanese or Korean, where a word may be one character.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A gram in letters that every engine takes for one word.
fn gram(characters: &[char]) -> String {
    characters.iter().map(|c| format!("{:x}", u32::from(*c))).collect::<Vec<_>>().join("x")
}

/// Each Chinese, Japanese or Korean character of a folded text and each pair of neighbours, once, with blanks between.
pub(super) fn grams(folded: &str) -> String {
    let mut found = std::collections::BTreeSet::new();
    let mut before = None;
    for c in folded.chars() {
        if is_cjk(c) {
            found.insert(gram(&[c]));
            found.extend(before.map(|before| gram(&[before, c])));
        }
        before = Some(c).filter(|c| is_cjk(*c));
    }
    found.into_iter().collect::<Vec<_>>().join(" ")
}

/// The gram of a term that is too short for trigrams; none if it is not of these scripts.
pub(super) fn gram_of(term: &str) -> Option<String> {
    let characters: Vec<char> = term.chars().collect();
    (characters.len() <= 2 && characters.iter().all(|c| is_cjk(*c))).then(|| gram(&characters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_points_back_to_what_was_written() {
        let folded = Folded::of("Grüße  an\nŒuvre");
        assert_eq!(folded.text, "grusse an oeuvre");
        let back = |term: &str| folded.places(term).map(|place| folded.original(place)).map(|at| (at.start, at.end)).collect::<Vec<_>>();
        assert_eq!(back("grusse"), [(0, 5)]);
        assert_eq!(back("s"), [(3, 4), (3, 4)], "half of a letter is all of it");
        assert_eq!(back("an oe"), [(7, 11)]);
        assert!(folded.has_word("an") && !folded.has_word("oeuv"));
    }

    #[test]
    fn characters_that_are_words_are_found_alone_and_in_pairs() {
        assert_eq!(grams("a日本 x語"), "65e5 65e5x672c 672c 8a9e");
        assert_eq!(gram_of("日本").as_deref(), Some("65e5x672c"));
        assert_eq!((gram_of("日本語"), gram_of("ab"), gram_of("a語")), (None, None, None));
    }
}
