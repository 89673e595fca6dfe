//! Where a setting's value comes from.

use std::collections::BTreeMap;
use std::fmt;

/// A setting that does not make sense. It never shows a value that may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Wrong {
    place: String,
    problem: String,
}

impl Wrong {
    /// At which place something is wrong, and what would do.
    pub fn new(place: impl fmt::Display, problem: impl fmt::Display) -> Self {
        Self { place: place.to_string(), problem: problem.to_string() }
    }
}

/// The three places, each with what it says.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    flags: BTreeMap<&'static str, String>,
    environment: BTreeMap<String, String>,
    file: BTreeMap<String, String>,
}

/// A value, and the place to be named when it is wrong.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) value: String,
    pub(super) place: String,
}

impl Sources {
    /// From what the command line, the environment and the file say; the file's keys are those of the table.
    #[must_use]
    pub fn new(flags: BTreeMap<&'static str, String>, environment: BTreeMap<String, String>, file: BTreeMap<String, String>) -> Self {
        Self { flags, environment, file }
    }

    /// The value of a setting, by the name it has in the file. An empty variable counts as none.
    pub(super) fn get(&self, name: &'static str) -> Option<Given> {
        let variable = format!("KITAAB_{}", name.to_ascii_uppercase());
        let given = |value: &String, place: String| Given { value: value.trim().to_owned(), place };
        let flag = self.flags.get(name).map(|value| given(value, format!("--{}", name.replace('_', "-"))));
        let set = || self.environment.get(&variable).filter(|value| !value.trim().is_empty()).map(|value| given(value, variable.clone()));
        let written = || self.file.get(name).map(|value| given(value, format!("{name} in kitaab.toml")));
        flag.or_else(set).or_else(written)
    }
}
