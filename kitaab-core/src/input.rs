//! What somebody asks for, before anybody looked at it.
//!
//! A use case first asks whether the caller may do this at all, and only then looks at what they sent: who may not
//! see a thing learns nothing from how their input is received. So an adapter hands on what it read together with
//! what was wrong with it, and the use case unpacks it when its turn has come.

use crate::error::{Error, Problems, Result};

/// A command or query that can say everything that is wrong with it.
pub trait Check {
    /// Brings the fields into their stored form and notes every bad one.
    fn check(&mut self, problems: &mut Problems);
}

/// An input together with what was already found wrong with it.
#[derive(Debug)]
pub struct Input<T>(std::result::Result<(T, Problems), Error>);

impl<T> From<T> for Input<T> {
    fn from(value: T) -> Self {
        Self(Ok((value, Problems::default())))
    }
}

impl<T: Default> Default for Input<T> {
    fn default() -> Self {
        T::default().into()
    }
}

impl<T> Input<T> {
    /// An input that was read, though some of its fields have no meaning (`value` has their defaults).
    #[must_use]
    pub fn with_problems(value: T, problems: Problems) -> Self {
        Self(Ok((value, problems)))
    }

    /// An input that could not be read.
    #[must_use]
    pub fn unreadable(error: Error) -> Self {
        Self(Err(error))
    }

    /// The same, as a part of a larger command.
    pub fn map<U>(self, build: impl FnOnce(T) -> U) -> Input<U> {
        Input(self.0.map(|(value, problems)| (build(value), problems)))
    }
}

impl<T> Input<T> {
    /// What was read, if anything was, before it is checked.
    pub(crate) fn peek(&self) -> Option<&T> {
        self.0.as_ref().ok().map(|(value, _)| value)
    }
}

impl<T: Check + Clone> Input<T> {
    /// The checked command, or every bad field at once. Call it after the permit was given.
    pub fn checked(&self) -> Result<T> {
        let mut problems = Problems::default();
        let value = self.check_into(&mut problems)?;
        problems.into_result()?;
        Ok(value)
    }

    /// As [`checked`](Self::checked), for a use case that has more to find out (ids that must exist) before it answers.
    pub fn check_into(&self, problems: &mut Problems) -> Result<T> {
        match &self.0 {
            Ok((value, found)) => {
                let mut value = value.clone();
                for problem in found.iter() {
                    problems.add(problem.field.clone(), problem.code, problem.message.clone());
                }
                value.check(problems);
                Ok(value)
            }
            Err(Error::Unreadable { why, detail }) => Err(Error::Unreadable { why: *why, detail: detail.clone() }),
            Err(Error::Invalid(found)) => Err(Error::Invalid(found.clone())),
            Err(other) => Err(Error::internal(other.to_string())),
        }
    }
}

/// A field of a partial update: absent means unchanged, `null` clears.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Leave it as it is.
    #[default]
    Keep,
    /// Remove the value.
    Clear,
    /// Put this value there.
    Set(T),
}

impl<T> Patch<T> {
    /// What the field holds afterwards.
    pub fn or(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Keep => current,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The new value, if there is one to look at.
    pub fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Whether the caller said nothing about this field.
    #[must_use]
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

/// Runs a check for an optional text on a patch: blank clears.
pub(crate) fn check_patch(patch: &mut Patch<String>, check: impl FnOnce(&mut Option<String>)) {
    if let Patch::Set(value) = patch {
        let mut inner = Some(std::mem::take(value));
        check(&mut inner);
        *patch = inner.map_or(Patch::Clear, Patch::Set);
    }
}

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Patch<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Default, PartialEq)]
    struct Named(String);

    impl Check for Named {
        fn check(&mut self, problems: &mut Problems) {
            if self.0.is_empty() {
                problems.add("name", "required", "Give it a name.");
            }
        }
    }

    #[test]
    fn the_first_finding_about_a_field_stands() {
        let mut found = Problems::default();
        found.add("name", "invalid", "Give a text.");
        let input = Input::with_problems(Named::default(), found);
        let Err(Error::Invalid(problems)) = input.checked() else { panic!("accepted") };
        assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["invalid"]);
    }

    #[test]
    fn absent_null_and_a_value_are_three_things() {
        #[derive(serde::Deserialize)]
        struct Change {
            #[serde(default)]
            phone: Patch<String>,
        }
        let read = |json: &str| serde_json::from_str::<Change>(json).unwrap().phone;
        assert_eq!(read("{}"), Patch::Keep);
        assert_eq!(read(r#"{"phone":null}"#), Patch::Clear);
        assert_eq!(read(r#"{"phone":"1"}"#), Patch::Set("1".into()));
    }
}
