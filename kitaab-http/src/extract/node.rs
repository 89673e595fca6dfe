//! Reads JSON values as what they are: an object is no list, and a whole number may be written `5.0`.
//!
//! Serde's own reader takes `["a", "b"]` for an object whose first two fields are `a` and `b`, which nobody means.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// A value that is being read.
#[derive(Clone, Copy)]
pub(super) struct Node<'v>(pub(super) &'v Value);

/// The largest whole number that every reader of JSON takes for what it is (RFC 8259, 6).
const EXACT: f64 = 9_007_199_254_740_991.0;

impl<'v> Node<'v> {
    /// The whole number that a fraction without a rest is.
    fn whole(self) -> Option<i64> {
        let number = self.0.as_f64().filter(|number| self.0.is_f64() && number.fract() == 0.0 && number.abs() <= EXACT)?;
        format!("{number:.0}").parse().ok()
    }

    fn integer<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.whole().map(|whole| (u64::try_from(whole), whole)) {
            Some((Ok(natural), _)) => visitor.visit_u64(natural),
            Some((Err(_), negative)) => visitor.visit_i64(negative),
            None => self.deserialize_any(visitor),
        }
    }
}

macro_rules! integers {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.integer(visitor)
        })+
    };
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(_) => self.0.deserialize_any(visitor),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(Node))),
            Value::Object(fields) => visitor.visit_map(MapDeserializer::new(fields.iter().map(|(key, value)| (key.as_str(), Node(value))))),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        if self.0.is_array() {
            return Err(Error::invalid_type(Unexpected::Seq, &visitor));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, name: &'static str, names: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, names, visitor)
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Node<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Brand {
        color: Option<String>,
        size: Option<i64>,
    }

    fn read(value: &Value) -> Option<Brand> {
        Brand::deserialize(Node(value)).ok()
    }

    #[test]
    fn a_list_is_no_object() {
        assert_eq!(read(&json!({"color": "red"})), Some(Brand { color: Some("red".into()), size: None }));
        assert_eq!(read(&json!(["red", 5])), None);
        assert_eq!(read(&json!([])), None);
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_point() {
        let size = |value: Value| read(&json!({"size": value})).and_then(|brand| brand.size);
        assert_eq!([size(json!(56)), size(json!(56.0)), size(json!(-3.0))], [Some(56), Some(56), Some(-3)]);
        assert_eq!([size(json!(56.5)), size(json!(1e300)), size(json!("56"))], [None; 3]);
    }
}
