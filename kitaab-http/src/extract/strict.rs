//! Reads JSON strictly: one object, no key twice, not nested too deep. Parsers that take more differ in what they take
//! it for, and then two programs see two requests in one.

use std::fmt;

use kitaab_core::Error;
use kitaab_core::error::{Problems, Unreadable};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// How deep objects and lists may nest.
const DEEPEST: u8 = 64;

/// The one object of a body.
pub(super) fn object(bytes: &[u8]) -> Result<Value, Error> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(malformed("The body is empty. Send a JSON object."));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Nested(1).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match value {
        Ok(Value::Object(object)) => Ok(Value::Object(object)),
        Ok(_) => Err(malformed("The body must be a JSON object.")),
        Err(error) => Err(malformed(format!("The body is no JSON: {error}."))),
    }
}

fn malformed(detail: impl Into<String>) -> Error {
    Error::Unreadable { why: Unreadable::Malformed, detail: detail.into() }
}

/// Texts that are compared with secrets and never kept: a bad one is a bad one, however it is bad.
const SECRETS: [&str; 2] = ["token", "request"];

/// Replaces U+0000 in all texts and notes where one was: databases cannot hold it, and C programs end at it.
pub(super) fn without_nul(value: &mut Value, path: &str, problems: &mut Problems) {
    match value {
        Value::String(text) if text.contains('\0') => {
            if !SECRETS.contains(&path) {
                problems.add(path, "invalid", "Leave out the character U+0000.");
            }
            *text = text.replace('\0', "\u{FFFD}");
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                without_nul(item, &format!("{path}[{index}]"), problems);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                without_nul(field, &path, problems);
            }
        }
        _ => {}
    }
}

/// A value at this depth.
struct Nested(u8);

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl Nested {
    fn deeper<E: serde::de::Error>(&self) -> Result<Self, E> {
        if self.0 > DEEPEST { Err(E::custom(format_args!("nested deeper than {DEEPEST}"))) } else { Ok(Self(self.0 + 1)) }
    }
}

impl<'de> Visitor<'de> for Nested {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.deeper()?)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom("an object names a key twice"));
            }
            object.insert(key, fields.next_value_seed(self.deeper()?)?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_is_read() {
        assert_eq!(
            object(br#" {"a":[1,-2,1.5,true,null,{"b":"c"}]} "#).unwrap(),
            serde_json::json!({"a": [1, -2, 1.5, true, null, {"b": "c"}]})
        );
    }

    #[test]
    fn what_is_no_single_object_is_refused() {
        let twice: &[u8] = br#"{"a":{"b":1,"b":2}}"#;
        for bad in
            [&b""[..], b" ", b"[]", b"\"a\"", b"null", b"{", b"{} {}", b"{\"a\":\"\xff\"}", b"{\"a\":\"\\ud800\"}", b"{'a':1}", twice]
        {
            assert!(matches!(object(bad), Err(Error::Unreadable { .. })), "{bad:?}");
        }
    }

    #[test]
    fn sixty_four_levels_are_read_and_sixty_five_are_not() {
        let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(object(nested(64).as_bytes()).is_ok());
        assert!(object(nested(65).as_bytes()).is_err());
        assert!(object(nested(100_000).as_bytes()).is_err());
    }

    #[test]
    fn the_character_that_databases_cannot_hold_is_found_anywhere() {
        let mut value = serde_json::json!({"name": "a\0b", "client": {"email": "\0"}, "ids": ["x", "\0"], "token": "kti_\0"});
        let mut problems = Problems::default();
        without_nul(&mut value, "", &mut problems);
        let mut found: Vec<_> = problems.iter().map(|p| p.field.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, ["client.email", "ids[1]", "name"]);
        assert!(!value.to_string().contains("u0000"));
    }
}
