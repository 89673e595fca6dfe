//! What forms and lists share.

/// One field of a form, as it is shown again after it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// What the person typed, or what is filled in for them. The pages never show the value of a password.
    pub value: String,
    /// What is wrong with it, as a sentence to the person.
    pub error: Option<String>,
}

impl Field {
    /// A field that is filled in.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), error: None }
    }
}

/// A line of the summary above a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem<'a> {
    /// The field it leads to.
    pub id: &'static str,
    /// The sentence that stands at the field, too.
    pub message: &'a str,
}

/// The errors of `fields`, in the order of the form.
pub(super) fn problems<'a>(fields: &[(&'static str, &'a Field)]) -> Vec<Problem<'a>> {
    fields.iter().filter_map(|&(id, field)| field.error.as_deref().map(|message| Problem { id, message })).collect()
}

/// A point in time or a day, for people and for machines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moment {
    /// "22 October 2025, 09:14 IST".
    pub text: String,
    /// The same for the `datetime` attribute: RFC 3339, or `YYYY-MM-DD`.
    pub datetime: String,
}
