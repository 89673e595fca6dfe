//! What FTS5 is asked for a search.

use kitaab_core::search::DocumentKind;
use kitaab_core::store::Sought;

use super::index::{OTHER, key};

/// With how many keys of channels and projects a search is kept to them. More are asked of somebody who sees nearly all.
const KEYS_MAX: usize = 64;
/// And of somebody who does not.
const KEYS_OF_FEW_MAX: usize = 1_000;

/// A search in FTS5's language.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expression {
    /// Whether it is asked of the single characters and pairs, and not of the trigrams.
    pub(super) by_grams: bool,
    /// What is to be in a text and where it is to be; empty for everything.
    pub(super) words: String,
}

impl Expression {
    /// None if the search is about no place at all.
    pub(super) fn of(sought: &Sought) -> Option<Self> {
        let by_grams = sought.terms.is_empty() && !sought.grams.is_empty();
        let mut words: Vec<String> = if by_grams {
            sought.grams.iter().map(|gram| quoted(gram)).collect()
        } else {
            sought.terms.iter().flat_map(|term| trigrams(term)).collect()
        };
        match places(sought) {
            Places::Nowhere => return None,
            Places::Anywhere => {}
            Places::In(keys) => words.push(format!("({})", keys.iter().map(|key| quoted(key)).collect::<Vec<_>>().join(" OR "))),
        }
        Some(Self { by_grams, words: words.join(" AND ") })
    }
}

/// A term as FTS5 reads it: as few trigrams as have every letter of it. More would be walked through one by one, and
/// whether the term is there is seen in the text.
fn trigrams(term: &str) -> Vec<String> {
    let characters: Vec<char> = term.chars().collect();
    let last = characters.len().saturating_sub(3);
    let begins = (0..last).step_by(3).chain([last]);
    begins.map(|at| quoted(&characters[at..(at + 3).min(characters.len())].iter().collect::<String>())).collect()
}

/// A string of FTS5's language, in which nothing is syntax.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Where a search is to look.
enum Places {
    Anywhere,
    In(Vec<String>),
    Nowhere,
}

fn places(sought: &Sought) -> Places {
    let mut keys = Vec::new();
    if sought.kinds.contains(&DocumentKind::Message) {
        let Some(channels) = &sought.channels else { return Places::Anywhere };
        keys.extend(channels.iter().map(|id| key(id.0)));
    }
    if sought.kinds.iter().any(|kind| *kind != DocumentKind::Message) {
        match &sought.projects {
            Some(projects) => keys.extend(projects.iter().map(|id| key(id.0))),
            None => keys.push(OTHER.to_owned()),
        }
    }
    let most = if sought.projects.is_some() { KEYS_OF_FEW_MAX } else { KEYS_MAX };
    match keys.len() {
        0 => Places::Nowhere,
        count if count > most => Places::Anywhere,
        _ => Places::In(keys),
    }
}

#[cfg(test)]
mod tests {
    use kitaab_core::ids::{ChannelId, ProjectId};
    use kitaab_core::store::Store;
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions, SqliteConnection};
    use uuid::Uuid;

    use super::*;
    use crate::SqliteStore;

    /// A channel or a project, by its number.
    fn place(n: u128) -> Uuid {
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n)
    }

    /// What Mridul looks for, who sees channel 1 and project 7.
    fn mriduls(kinds: &[DocumentKind], terms: &[&str]) -> Sought {
        Sought {
            kinds: kinds.to_vec(),
            channels: Some(vec![ChannelId(place(1))]),
            projects: Some(vec![ProjectId(place(7))]),
            terms: terms.iter().map(|term| (*term).to_owned()).collect(),
            ..Sought::default()
        }
    }

    async fn matching(file: &mut SqliteConnection, sought: &Sought) -> Vec<i64> {
        let words = Expression::of(sought).expect("somewhere").words;
        let query = "SELECT rowid FROM search_text WHERE search_text MATCH $1 ORDER BY rowid";
        sqlx::query_scalar(query).bind(words).fetch_all(file).await.unwrap()
    }

    #[tokio::test]
    async fn of_a_word_that_is_common_elsewhere_only_texts_in_the_readers_places_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kitaab.db");
        SqliteStore::open(&path).await.unwrap().migrate().await.unwrap();
        let mut file = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
        let within =
            [key(place(1)), key(place(2)), key(place(2)), format!("{OTHER} {}", key(place(7))), format!("{OTHER} {}", key(place(8)))];
        for (rowid, within) in (1_i64..).zip(within) {
            let insert = sqlx::query("INSERT INTO search_text (rowid, folded, within) VALUES ($1, 'the settlement', $2)");
            insert.bind(rowid).bind(within).execute(&mut file).await.unwrap();
        }
        let (messages, all) = (&[DocumentKind::Message][..], DocumentKind::ALL);
        assert_eq!(matching(&mut file, &mriduls(messages, &["settlement"])).await, [1]);
        assert_eq!(matching(&mut file, &mriduls(all, &["settlement"])).await, [1, 4]);
        assert_eq!(matching(&mut file, &mriduls(all, &[])).await, [1, 4]);
        // Nikhil sees all projects.
        let nikhils = Sought { projects: None, ..mriduls(all, &["settlement"]) };
        assert_eq!(matching(&mut file, &nikhils).await, [1, 4, 5]);
        assert_eq!(matching(&mut file, &Sought { channels: None, ..nikhils }).await, [1, 2, 3, 4, 5]);
        // Whoever writes another channel's key finds nothing more by it.
        let forged = key(place(2));
        assert!(matching(&mut file, &mriduls(messages, &[&forged])).await.is_empty());
    }

    #[test]
    fn who_sees_no_place_is_not_looked_for_anywhere() {
        let sought = Sought { channels: Some(Vec::new()), projects: Some(Vec::new()), ..mriduls(DocumentKind::ALL, &["settlement"]) };
        assert_eq!(Expression::of(&sought), None);
    }
}
