//! Projects and grants as rows, and tags as text.
//!
//! Tags are a JSON array with a line end before each: no JSON string has a bare one, so `\n"tag"` is found exactly where
//! a tag begins, and a part of a tag or what stands between two is never taken for one.

use kitaab_core::ids::{ClientId, UserId};
use kitaab_core::project::{Collaborator, ProjectGrant};
use kitaab_core::store::{StoreError, StoreResult};

/// What [`tags_text`] has where this tag is.
pub(super) fn tag_needle(tag: &str) -> String {
    format!("\n{}", serde_json::Value::from(tag))
}

pub(super) fn tags_text(tags: &[String]) -> String {
    let each: Vec<String> = tags.iter().map(|tag| tag_needle(tag)).collect();
    format!("[{}]", each.join(","))
}

pub(super) fn tags_of(text: &str) -> StoreResult<Vec<String>> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// The project in a row that has its columns, whatever else it has.
macro_rules! project {
    ($row:expr) => {
        Project {
            id: $row.id,
            name: $row.name,
            description: $row.description,
            status: $row.status,
            progress: $row.progress,
            progress_mode: $row.progress_mode,
            starts_on: $row.starts_on,
            due_on: $row.due_on,
            client_id: $row.client_id,
            tags: $crate::repo::project_rows::tags_of(&$row.tags)?,
            archived_at: $row.archived_at,
            created_at: $row.created_at,
            updated_at: $row.updated_at,
            version: $row.version,
        }
    };
}
pub(super) use project;

pub(super) struct GrantRow {
    pub(super) grant_tasks: bool,
    pub(super) grant_comments: bool,
    pub(super) grant_upload: bool,
}

impl From<GrantRow> for ProjectGrant {
    fn from(row: GrantRow) -> Self {
        Self { tasks: row.grant_tasks, comments: row.grant_comments, upload: row.grant_upload }
    }
}

pub(super) struct CollaboratorRow {
    pub(super) client_id: ClientId,
    pub(super) name: String,
    pub(super) user_id: Option<UserId>,
    pub(super) grant_tasks: bool,
    pub(super) grant_comments: bool,
    pub(super) grant_upload: bool,
}

impl From<CollaboratorRow> for Collaborator {
    fn from(row: CollaboratorRow) -> Self {
        let grant = ProjectGrant { tasks: row.grant_tasks, comments: row.grant_comments, upload: row.grant_upload };
        Self { client_id: row.client_id, name: row.name, user_id: row.user_id, grant }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_whole_and_nothing_else_is() {
        let text = tags_text(&["a,".into(), "web design".into(), "say \"hi\"\nbye".into()]);
        for tag in ["a,", "web design", "say \"hi\"\nbye"] {
            assert!(text.contains(&tag_needle(tag)), "{tag:?}");
        }
        for other in [",", "web", "design", "hi", "bye", "", "\",\""] {
            assert!(!text.contains(&tag_needle(other)), "{other:?}");
        }
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap().len(), 3);
    }
}
