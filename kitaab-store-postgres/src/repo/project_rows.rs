//! Projects and grants as rows, and tags as text.
//!
//! Tags are a JSON array with a line end before each: no JSON string has a bare one, so `\n"tag"` is found exactly where
//! a tag begins, and a part of a tag or what stands between two is never taken for one.

use kitaab_core::ids::{ClientId, ProjectId, UserId};
use kitaab_core::project::{Collaborator, ProgressMode, Project, ProjectGrant, ProjectStatus};
use kitaab_core::store::StoreError;
use kitaab_core::time::{Date, Timestamp};

/// What [`tags_text`] has where this tag is.
pub(super) fn tag_needle(tag: &str) -> String {
    format!("\n{}", serde_json::Value::from(tag))
}

pub(super) fn tags_text(tags: &[String]) -> String {
    let each: Vec<String> = tags.iter().map(|tag| tag_needle(tag)).collect();
    format!("[{}]", each.join(","))
}

pub(super) struct ProjectRow {
    pub(super) id: ProjectId,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) status: ProjectStatus,
    pub(super) progress: i64,
    pub(super) progress_mode: ProgressMode,
    pub(super) starts_on: Option<Date>,
    pub(super) due_on: Option<Date>,
    pub(super) client_id: Option<ClientId>,
    pub(super) tags: String,
    pub(super) archived_at: Option<Timestamp>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) version: i64,
}

impl TryFrom<ProjectRow> for Project {
    type Error = StoreError;
    fn try_from(row: ProjectRow) -> Result<Self, StoreError> {
        let ProjectRow { id, name, description, status, progress, progress_mode, starts_on, due_on, client_id, tags, .. } = row;
        let ProjectRow { archived_at, created_at, updated_at, version, .. } = row;
        let tags = serde_json::from_str(&tags).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(Self {
            id,
            name,
            description,
            status,
            progress,
            progress_mode,
            starts_on,
            due_on,
            client_id,
            tags,
            archived_at,
            created_at,
            updated_at,
            version,
        })
    }
}

/// A project with the grant of one card.
pub(super) struct GrantedRow {
    pub(super) id: ProjectId,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) status: ProjectStatus,
    pub(super) progress: i64,
    pub(super) progress_mode: ProgressMode,
    pub(super) starts_on: Option<Date>,
    pub(super) due_on: Option<Date>,
    pub(super) client_id: Option<ClientId>,
    pub(super) tags: String,
    pub(super) archived_at: Option<Timestamp>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) version: i64,
    pub(super) grant_tasks: bool,
    pub(super) grant_comments: bool,
    pub(super) grant_upload: bool,
}

impl TryFrom<GrantedRow> for (Project, ProjectGrant) {
    type Error = StoreError;
    fn try_from(row: GrantedRow) -> Result<Self, StoreError> {
        let grant = ProjectGrant { tasks: row.grant_tasks, comments: row.grant_comments, upload: row.grant_upload };
        let GrantedRow { id, name, description, status, progress, progress_mode, starts_on, due_on, client_id, tags, .. } = row;
        let GrantedRow { archived_at, created_at, updated_at, version, .. } = row;
        let row = ProjectRow {
            id,
            name,
            description,
            status,
            progress,
            progress_mode,
            starts_on,
            due_on,
            client_id,
            tags,
            archived_at,
            created_at,
            updated_at,
            version,
        };
        Ok((row.try_into()?, grant))
    }
}

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
