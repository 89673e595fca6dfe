//! What stands behind the question mark.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use kitaab_core::error::Problems;
use kitaab_core::input::Input;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::shape::{self, Texts};
use super::strict;
use crate::app::App;

/// A question with named parameters.
pub(crate) trait Ask: DeserializeOwned + Default {
    /// The parameters it knows.
    const NAMES: &'static [&'static str];
}

/// The parameters as a question, with everything that is wrong with them.
pub(crate) struct Query<T>(pub(crate) Input<T>);

impl<T: Ask> FromRequestParts<App> for Query<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let mut problems = Problems::default();
        let found = pairs(parts.uri.query().unwrap_or_default(), T::NAMES, &mut problems);
        Ok(Self(read(found, problems)))
    }
}

/// In which form a list or report is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// As JSON, page by page.
    #[default]
    Json,
    /// As a table for spreadsheets, whole.
    Csv,
}

/// As [`Query`], for what can also be had as a table: with `format` besides.
pub(crate) struct Tabular<T>(pub(crate) Format, pub(crate) Input<T>);

impl<T: Ask> FromRequestParts<App> for Tabular<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let mut problems = Problems::default();
        let names = [T::NAMES, &["format"]].concat();
        let mut found = pairs(parts.uri.query().unwrap_or_default(), &names, &mut problems);
        let format = match found.remove("format").as_ref().and_then(Value::as_str) {
            None | Some("json") => Format::Json,
            Some("csv") => Format::Csv,
            Some(_) => {
                problems.add("format", "invalid", "Ask for json or csv.");
                Format::Json
            }
        };
        Ok(Self(format, read(found, problems)))
    }
}

fn read<T: Ask>(found: Map<String, Value>, mut problems: Problems) -> Input<T> {
    let mut value = Value::Object(found);
    strict::without_nul(&mut value, "", &mut problems);
    let ask = shape::read(value, Texts::MayMeanMore, &mut problems);
    Input::with_problems(ask, problems)
}

/// The parameters by name. Which of two equal names counts differs from parser to parser, so none does.
fn pairs(query: &str, names: &[&str], problems: &mut Problems) -> Map<String, Value> {
    let mut found = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (Some(name), value) = (decode(name), decode(value)) else {
            problems.add("?", "invalid", "The query must be UTF-8.");
            continue;
        };
        if !names.contains(&name.as_str()) {
            problems.add(name, "unknown_field", "There is no such parameter. Leave it out.");
        } else if found.contains_key(&name) {
            problems.add(name, "invalid", "Give this parameter once.");
        } else if let Some(value) = value {
            found.insert(name, Value::String(value));
        } else {
            problems.add(name, "invalid", "The value must be UTF-8.");
        }
    }
    found
}

pub(crate) fn decode(text: &str) -> Option<String> {
    let spaces = text.replace('+', " ");
    percent_decode_str(&spaces).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> (Map<String, Value>, Vec<String>) {
        let mut problems = Problems::default();
        let found = pairs(query, &["q", "limit"], &mut problems);
        (found, problems.iter().map(|p| format!("{} {}", p.field, p.code)).collect())
    }

    #[test]
    fn parameters_are_decoded() {
        let (found, wrong) = read("q=a+b%20%C3%A9&limit=5");
        assert_eq!((found["q"].as_str(), found["limit"].as_str()), (Some("a b é"), Some("5")));
        assert!(wrong.is_empty());
    }

    #[test]
    fn unknown_repeated_and_undecodable_parameters_are_all_named() {
        let (_, wrong) = read("q=%ff&limit=1&limit=2&x=1&%ff=1");
        assert_eq!(wrong, ["q invalid", "limit invalid", "x unknown_field", "? invalid"]);
    }
}
