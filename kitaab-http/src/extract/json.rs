//! A JSON body.

use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, Method};
use kitaab_core::Error;
use kitaab_core::error::{Problems, Unreadable};
use kitaab_core::input::Input;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::body::{self, Read};
use super::shape::{self, Texts};
use super::strict;
use crate::app::App;
use crate::problem::Problem;

/// The largest body.
const LIMIT: usize = 256 * 1024;
const KEY: &str = "idempotency-key";

/// A body as a command, with everything that is wrong with it. Rejects only what comes too slowly or breaks off.
pub(crate) struct Json<T>(pub(crate) Input<T>);

impl<T: DeserializeOwned + Default> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let body = body::read(body, LIMIT).await?;
        Ok(Self(input(&parts.method, &parts.headers, &body)))
    }
}

fn input<T: DeserializeOwned + Default>(method: &Method, headers: &HeaderMap, body: &Read) -> Input<T> {
    let bytes = match body {
        Read::Whole(bytes) => bytes,
        Read::TooLarge => return unreadable(Unreadable::TooLarge, "The body is too large: 256 KiB are allowed."),
    };
    if !bytes.is_empty() && !is_json(headers) {
        return unreadable(Unreadable::MediaType, "Send JSON, and say so: Content-Type: application/json.");
    }
    if headers.contains_key(CONTENT_ENCODING) {
        return unreadable(Unreadable::MediaType, "Send the body as it is, without Content-Encoding.");
    }
    match strict::object(bytes) {
        Ok(mut value) => {
            let mut problems = Problems::default();
            if *method == Method::POST && Idempotency::read(headers) == Idempotency::Malformed {
                problems.add("Idempotency-Key", "invalid", "Give one UUID, as in 0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50.");
            }
            strict::without_nul(&mut value, "", &mut problems);
            let command = shape::read(value, Texts::AreTexts, &mut problems);
            Input::with_problems(command, problems)
        }
        Err(error) => Input::unreadable(error),
    }
}

/// The object of a frame.
pub(crate) fn read_object(bytes: &[u8]) -> Result<serde_json::Value, Error> {
    strict::object(bytes)
}

/// A frame's object as a command, as strictly as a body.
pub(crate) fn read_body<T: DeserializeOwned + Default>(mut value: serde_json::Value, problems: &mut Problems) -> T {
    strict::without_nul(&mut value, "", problems);
    shape::read(value, Texts::AreTexts, problems)
}

fn unreadable<T>(why: Unreadable, detail: &str) -> Input<T> {
    Input::unreadable(Error::Unreadable { why, detail: detail.into() })
}

/// JSON is UTF-8 (RFC 8259, 8.1), so no other character set is taken.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(header)) = headers.get(CONTENT_TYPE).map(|header| header.to_str()) else { return false };
    let mut parts = header.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let charset = |part: &str| {
        part.split_once('=').is_none_or(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    };
    json && parts.all(charset)
}

/// The `Idempotency-Key` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Idempotency {
    /// There is none.
    Absent,
    /// There is one.
    Key(Uuid),
    /// There is something else, or more than one.
    Malformed,
}

impl Idempotency {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let mut lines = headers.get_all(KEY).iter();
        match (lines.next(), lines.next()) {
            (None, _) => Self::Absent,
            (Some(line), None) => {
                let key = line.to_str().ok().and_then(|text| text.trim().parse::<Hyphenated>().ok());
                key.map_or(Self::Malformed, |key| Self::Key(key.into_uuid()))
            }
            _ => Self::Malformed,
        }
    }

    pub(crate) fn key(self) -> Option<Uuid> {
        match self {
            Self::Key(key) => Some(key),
            Self::Absent | Self::Malformed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn sent(content_type: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))])
    }

    #[test]
    fn only_json_is_taken_for_json() {
        for good in ["application/json", "Application/JSON; charset=utf-8", "application/json;charset=\"UTF-8\""] {
            assert!(is_json(&sent(good)), "{good}");
        }
        for bad in ["text/json", "application/json; charset=latin1", "application/x-www-form-urlencoded", ""] {
            assert!(!is_json(&sent(bad)), "{bad}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn an_idempotency_key_is_one_uuid() {
        let key = |texts: &[&'static str]| {
            let lines = texts.iter().map(|text| (KEY.parse().unwrap(), HeaderValue::from_static(text)));
            Idempotency::read(&lines.collect())
        };
        assert_eq!(key(&[]), Idempotency::Absent);
        assert!(matches!(key(&["0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50"]), Idempotency::Key(_)));
        assert_eq!(key(&["once"]), Idempotency::Malformed);
        assert_eq!(key(&["0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50"; 2]), Idempotency::Malformed);
    }
}
