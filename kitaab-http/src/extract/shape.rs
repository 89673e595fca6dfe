//! From JSON to a command, noting every field that has the wrong shape and not only the first.

use std::collections::BTreeMap;

use kitaab_core::error::Problems;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use super::node::Node;

/// Whoever gets more wrong than this learns of the first ones.
const MOST: usize = 64;

/// Whether texts may stand for numbers and booleans, as they must in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Texts {
    AreTexts,
    MayMeanMore,
}

/// Reads a command whose fields all have defaults. A field that cannot be read is noted and left at its default.
pub(super) fn read<T: DeserializeOwned + Default>(mut value: Value, texts: Texts, problems: &mut Problems) -> T {
    let mut removed = BTreeMap::new();
    for _ in 0..MOST {
        let error = match serde_path_to_error::deserialize::<_, T>(Node(&value)) {
            Ok(command) => return command,
            Err(error) => error,
        };
        let message = error.inner().to_string();
        let mut place = Place::of(error.path());
        if place.0.is_empty() {
            // Flattened structs lose the path: the field is the one that cannot be read alone.
            let Some((key, message)) = culprit::<T>(&value) else { break };
            place = Place(vec![Step::Key(key)]);
            mend(&mut value, &place, &message, texts, &mut removed, problems);
        } else {
            mend(&mut value, &place, &message, texts, &mut removed, problems);
        }
    }
    T::default()
}

/// Says what is wrong at a place and takes it out, or reads its text as what it may mean.
fn mend(
    value: &mut Value,
    place: &Place,
    message: &str,
    texts: Texts,
    removed: &mut BTreeMap<String, Vec<usize>>,
    problems: &mut Problems,
) {
    if texts == Texts::MayMeanMore
        && let Some(meaning) = place.find(value).and_then(meaning)
        && let Some(found) = place.find(value)
    {
        *found = meaning;
        return;
    }
    let name = place.name(removed);
    if let Some(missing) = between(message, "missing field `") {
        problems.add(format!("{name}.{missing}"), "required", "Give this field.");
    } else if message.starts_with("unknown field `") {
        problems.add(name, "unknown_field", "There is no such field. Leave it out.");
    } else {
        problems.add(name, "invalid", sentence(message));
    }
    place.remove(value, removed);
}

/// The first field that cannot be read alone, and why.
fn culprit<T: DeserializeOwned>(value: &Value) -> Option<(String, String)> {
    value.as_object()?.iter().find_map(|(key, field)| {
        let alone = Value::Object(Map::from_iter([(key.clone(), field.clone())]));
        T::deserialize(Node(&alone)).err().map(|error| (key.clone(), error.to_string()))
    })
}

/// What a text in a query says, if it is a number or a boolean.
fn meaning(value: &mut Value) -> Option<Value> {
    let text = value.as_str()?;
    match text {
        "true" => Some(true.into()),
        "false" => Some(false.into()),
        _ => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let number = (1..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            number.then(|| text.parse::<i64>().ok().map(Value::from)).flatten()
        }
    }
}

/// Serde's words, as a sentence to the caller: what was expected, without what was sent.
fn sentence(message: &str) -> String {
    if let Some(expected) = message.split_once(", expected ").map(|(_, expected)| expected) {
        return format!("Expected {}.", in_words(expected));
    }
    let mut letters = message.chars();
    let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// What serde names by Rust's types.
fn in_words(expected: &str) -> &str {
    match expected {
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "u8" | "u16" | "u32" | "u64" => "a whole number that is not negative",
        "a sequence" => "a list",
        "a map" => "an object",
        "a boolean" => "true or false",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

fn between<'a>(message: &'a str, before: &str) -> Option<&'a str> {
    message.strip_prefix(before)?.split('`').next()
}

enum Step {
    Key(String),
    Index(usize),
}

/// Where something stands in the JSON.
struct Place(Vec<Step>);

impl Place {
    fn of(path: &Path) -> Self {
        let steps = path.iter().filter_map(|segment| match segment {
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Enum { .. } | Segment::Unknown => None,
        });
        Self(steps.collect())
    }

    fn find<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        self.0.iter().try_fold(value, |value, step| match step {
            Step::Key(key) => value.get_mut(key),
            Step::Index(index) => value.get_mut(index),
        })
    }

    /// `client.email`, `project_ids[2]`, counted as the caller sent it.
    fn name(&self, removed: &BTreeMap<String, Vec<usize>>) -> String {
        let mut name = String::new();
        for step in &self.0 {
            match step {
                Step::Key(key) if name.is_empty() => name.push_str(key),
                Step::Key(key) => name = format!("{name}.{key}"),
                Step::Index(index) => name = format!("{name}[{}]", original(*index, removed.get(&name))),
            }
        }
        name
    }

    fn remove(&self, value: &mut Value, removed: &mut BTreeMap<String, Vec<usize>>) {
        let Some((last, parents)) = self.0.split_last() else { return };
        let holder = Self(parents.iter().map(Step::again).collect());
        match (holder.find(value), last) {
            (Some(Value::Object(object)), Step::Key(key)) => {
                object.remove(key);
            }
            (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => {
                items.remove(*index);
                let name = holder.name(removed);
                let gone = removed.entry(name).or_default();
                gone.push(original(*index, Some(gone)));
                gone.sort_unstable();
            }
            _ => {}
        }
    }
}

impl Step {
    fn again(&self) -> Self {
        match self {
            Self::Key(key) => Self::Key(key.clone()),
            Self::Index(index) => Self::Index(*index),
        }
    }
}

/// Where an item stood before others of its list were taken out.
fn original(index: usize, removed: Option<&Vec<usize>>) -> usize {
    removed.into_iter().flatten().fold(index, |index, gone| if *gone <= index { index + 1 } else { index })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Command {
        name: String,
        count: Option<u32>,
        ids: Vec<Uuid>,
        inner: Inner,
        grant: Option<Grant>,
        state: Option<State>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Inner {
        email: String,
        open: bool,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Grant {
        tasks: bool,
        upload: bool,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum State {
        Open,
        Done,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Flat {
        #[serde(flatten)]
        page: FlatPage,
        q: Option<String>,
        archived: Option<bool>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct FlatPage {
        limit: Option<u32>,
    }

    fn wrong<T: DeserializeOwned + Default>(value: Value, texts: Texts) -> (T, Vec<(String, &'static str)>) {
        let mut problems = Problems::default();
        let command = read(value, texts, &mut problems);
        let mut found: Vec<_> = problems.iter().map(|p| (p.field.clone(), p.code)).collect();
        found.sort();
        (command, found)
    }

    #[test]
    fn every_bad_field_is_found_at_once_and_the_good_ones_are_kept() {
        let body = json!({
            "name": 5, "count": 3, "surprise": 1, "ids": ["x", Uuid::nil(), 7, Uuid::nil(), "y"],
            "inner": {"email": [], "open": true, "more": 1}, "grant": {"tasks": true}, "state": "gone",
        });
        let (command, found) = wrong::<Command>(body, Texts::AreTexts);
        let found: Vec<_> = found.iter().map(|(field, code)| format!("{field} {code}")).collect();
        assert_eq!(
            found,
            [
                "grant.upload required",
                "ids[0] invalid",
                "ids[2] invalid",
                "ids[4] invalid",
                "inner.email invalid",
                "inner.more unknown_field",
                "name invalid",
                "state invalid",
                "surprise unknown_field",
            ]
        );
        assert_eq!(command.count, Some(3));
        assert!(command.inner.open);
        assert_eq!(command.ids, [Uuid::nil(); 2]);
    }

    #[test]
    fn a_query_says_numbers_and_booleans_as_text() {
        let (flat, found) = wrong::<Flat>(json!({"limit": "50", "q": "50", "archived": "true"}), Texts::MayMeanMore);
        assert_eq!(flat, Flat { page: FlatPage { limit: Some(50) }, q: Some("50".into()), archived: Some(true) });
        assert!(found.is_empty());
    }

    #[test]
    fn a_query_that_makes_no_sense_names_each_parameter() {
        let (flat, found) = wrong::<Flat>(json!({"limit": "-1", "q": "x", "archived": "yes"}), Texts::MayMeanMore);
        assert_eq!(found, [("archived".to_owned(), "invalid"), ("limit".to_owned(), "invalid")]);
        assert_eq!(flat.q.as_deref(), Some("x"));
        let (_, found) = wrong::<Flat>(json!({"limit": "1e3"}), Texts::MayMeanMore);
        assert_eq!(found, [("limit".to_owned(), "invalid")]);
    }

    #[test]
    fn a_body_full_of_nonsense_is_given_up_on() {
        let body: Map<String, Value> = (0..10_000).map(|n| (format!("k{n}"), Value::Null)).collect();
        let (command, found) = wrong::<Command>(Value::Object(body), Texts::AreTexts);
        assert_eq!((command, found.len()), (Command::default(), MOST));
    }

    #[test]
    fn what_was_sent_is_not_repeated_to_whoever_reads_the_answer() {
        let mut problems = Problems::default();
        read::<Command>(json!({"count": "secret"}), Texts::AreTexts, &mut problems);
        let message = problems.iter().next().unwrap().message.clone();
        assert!(!message.contains("secret"), "{message}");
    }
}
