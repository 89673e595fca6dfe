//! The version that a change expects.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;

use crate::app::App;

/// A version that nothing has.
const NONE_OF_OURS: i64 = -1;

/// The version of `If-Match`; none without the header or with `*`. A tag that is none of ours matches nothing.
pub(crate) struct IfMatch(pub(crate) Option<i64>);

impl FromRequestParts<App> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let lines = parts.headers.get_all(IF_MATCH).iter().map(|line| line.to_str().unwrap_or("?"));
        let tags: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
        if tags.is_empty() || tags.contains(&"*") {
            return Ok(Self(None));
        }
        // Of several versions only the newest can be the current one.
        Ok(Self(Some(tags.into_iter().map(version).max().unwrap_or(NONE_OF_OURS))))
    }
}

/// `"3"`; also `W/"3"`, which is what proxies that compress make of it.
fn version(tag: &str) -> i64 {
    let quoted = tag.strip_prefix("W/").unwrap_or(tag);
    let digits = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    digits.filter(|d| d.bytes().all(|b| b.is_ascii_digit())).and_then(|d| d.parse().ok()).unwrap_or(NONE_OF_OURS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_of_ours_is_a_quoted_number() {
        assert_eq!([version("\"3\""), version("W/\"3\"")], [3, 3]);
        for other in ["3", "\"x\"", "\"-3\"", "\"+3\"", "\"99999999999999999999\"", ""] {
            assert_eq!(version(other), NONE_OF_OURS, "{other}");
        }
    }
}
