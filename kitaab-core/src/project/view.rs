//! A project as the caller sees it. What clients see is a type of its own, without anything to leak.

use serde::{Deserialize, Serialize};

use super::{ProgressMode, Project, ProjectGrant, ProjectStatus, Projects};
use crate::access::{OnProject, Permit, action};
use crate::answer::Single;
use crate::error::{Error, Result};
use crate::ids::{ClientId, ProjectId, WorkspaceId};
use crate::time::{Date, Timestamp};
use crate::work::Work;
use crate::workspace::scope;

/// A project as owner and members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectForStaff {
    /// The id.
    pub id: ProjectId,
    /// The name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// How far it is.
    pub status: ProjectStatus,
    /// 0 to 100 percent.
    pub progress: i64,
    /// Where the progress comes from.
    pub progress_mode: ProgressMode,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day.
    pub due_on: Option<Date>,
    /// The client it is for; this alone gives nobody access.
    pub client_id: Option<ClientId>,
    /// Internal: no client ever sees them.
    pub internal_notes: Option<String>,
    /// Labels.
    pub tags: Vec<String>,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change; the quoted number is the `ETag`.
    pub version: i64,
}

/// A project as a client on it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectForClient {
    /// The id.
    pub id: ProjectId,
    /// The name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// How far it is.
    pub status: ProjectStatus,
    /// 0 to 100 percent.
    pub progress: i64,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day.
    pub due_on: Option<Date>,
    /// The own card, if the project is for them.
    pub client_id: Option<ClientId>,
    /// Labels.
    pub tags: Vec<String>,
    /// What they may do besides looking.
    pub grant: ProjectGrant,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

/// A project as the caller sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ProjectView {
    /// For owner and members.
    Staff(ProjectForStaff),
    /// For a client on it.
    Client(ProjectForClient),
}

impl ProjectView {
    /// The version, for the `ETag`.
    #[must_use]
    pub fn version(&self) -> i64 {
        match self {
            Self::Staff(project) => project.version,
            Self::Client(project) => project.version,
        }
    }
}

impl ProjectForStaff {
    pub(crate) fn new(project: Project, internal_notes: Option<String>) -> Self {
        let Project {
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
        } = project;
        Self {
            id,
            name,
            description,
            status,
            progress,
            progress_mode,
            starts_on,
            due_on,
            client_id,
            internal_notes,
            tags,
            archived_at,
            created_at,
            updated_at,
            version,
        }
    }
}

impl ProjectForClient {
    /// `card` is the reader's own: another client is not named to them.
    pub(crate) fn new(project: Project, grant: ProjectGrant, card: ClientId) -> Self {
        let Project {
            id, name, description, status, progress, starts_on, due_on, client_id, tags, created_at, updated_at, version, ..
        } = project;
        let client_id = client_id.filter(|client| *client == card);
        Self { id, name, description, status, progress, starts_on, due_on, client_id, tags, grant, created_at, updated_at, version }
    }
}

/// The project and what the caller may do to it.
pub(super) async fn single(work: &mut Work<'_>, permit: &Permit<action::ViewProject>) -> Result<Single<ProjectView>> {
    let target = permit.target();
    let project = work.tx()?.project(permit).await?.ok_or(Error::NotFound)?;
    let can = work.can(target).await?;
    if let Some(card) = permit.card() {
        let grant = work.tx()?.grant_of(permit, card).await?.ok_or(Error::NotFound)?;
        return Ok(Single::new(ProjectView::Client(ProjectForClient::new(project, grant, card)), can));
    }
    let notes = work.may::<action::ViewProjectNotes>(target).await?;
    let notes = work.tx()?.project_notes(&notes).await?;
    Ok(Single::new(ProjectView::Staff(ProjectForStaff::new(project, notes)), can))
}

impl Projects<'_> {
    /// A project: every one for staff, those they are on for a client.
    pub async fn get(&self, workspace: WorkspaceId, project: ProjectId) -> Result<Single<ProjectView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewProject>(OnProject(workspace, project)).await?;
        single(&mut work, &permit).await
    }
}
