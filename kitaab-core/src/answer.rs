//! What every answer about a single thing has in common.

use serde::{Deserialize, Serialize};

/// A single thing, with what the caller may do to it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Single<T> {
    /// The thing.
    #[serde(flatten)]
    pub item: T,
    /// The actions that the caller may do to it now, by their names in the policy table: `edit`, `archive` …
    pub can: Vec<String>,
    /// What looks wrong and was taken all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

impl<T> Single<T> {
    /// Without warnings.
    #[must_use]
    pub fn new(item: T, can: Vec<String>) -> Self {
        Self { item, can, warnings: Vec::new() }
    }
}

/// Something that looks wrong and was taken all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Warning {
    /// Where: `email`.
    pub field: String,
    /// A stable name: `likely_typo`.
    pub code: String,
    /// What might be meant.
    pub message: String,
    /// The value that might be meant.
    pub suggestion: Option<String>,
}

impl Warning {
    /// The domain of this address is one slip away from a well-known one.
    #[must_use]
    pub fn of_email(field: &str, email: &str) -> Vec<Self> {
        let Some(domain) = crate::text::likely_domain(email) else { return Vec::new() };
        let meant = email.rsplit_once('@').map_or(email, |(local, _)| local);
        let suggestion = format!("{meant}@{domain}");
        vec![Self {
            field: field.into(),
            code: "likely_typo".into(),
            message: format!("Did you mean {suggestion}?"),
            suggestion: Some(suggestion),
        }]
    }
}
