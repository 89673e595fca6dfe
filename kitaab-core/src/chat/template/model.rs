//! What a template is.

use serde::{Deserialize, Serialize};

use crate::ids::{TemplateId, UserId};
use crate::time::{Date, Timestamp};

/// A canned message as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The id.
    pub id: TemplateId,
    /// Who wrote it.
    pub author_id: UserId,
    /// Whether all of the staff have it; otherwise its author alone.
    pub shared: bool,
    /// What it is called.
    pub name: String,
    /// Markdown with places.
    pub text: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

/// A canned message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateView {
    /// The id.
    pub id: TemplateId,
    /// Whether all of the staff have it; otherwise the caller alone.
    pub shared: bool,
    /// What it is called.
    pub name: String,
    /// Markdown with places: `{{client.name}}`, `{{client.company}}`, `{{project.name}}`, `{{project.due_on}}`, `{{me.name}}`,
    /// `{{today}}`, and `{{today+7}}` for a week from now.
    pub text: String,
    /// The text with its places filled in for the channel that was asked for; one for which there is nothing stays a place. Null if no
    /// channel was.
    pub filled: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change; the quoted number is the `ETag`.
    pub version: i64,
}

impl From<Template> for TemplateView {
    fn from(template: Template) -> Self {
        let Template { id, shared, name, text, created_at, updated_at, version, .. } = template;
        Self { id, shared, name, text, filled: None, created_at, updated_at, version }
    }
}

/// What a channel is about, for the places of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The client of its project, or the other one of a direct channel, if they are a client.
    pub client_name: Option<String>,
    /// Their company.
    pub client_company: Option<String>,
    /// Its project.
    pub project_name: Option<String>,
    /// When that is due.
    pub project_due_on: Option<Date>,
}
