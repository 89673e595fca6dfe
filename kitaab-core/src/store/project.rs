//! Projects and who they are shared with.

use async_trait::async_trait;

use super::StoreResult;
use crate::access::{InWorkspace, OnClient, OnInvitation, OnPerson, OnProject, Reads, Writes};
use crate::ids::{ClientId, ProjectId, UserId};
use crate::page::Span;
use crate::project::{Collaborator, Project, ProjectGrant, ProjectStatus};
use crate::time::Timestamp;

/// Which projects a list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectFilter {
    /// In this state.
    pub status: Option<ProjectStatus>,
    /// For this client.
    pub client_id: Option<ClientId>,
    /// With this tag.
    pub tag: Option<String>,
    /// Archived ones, or the others.
    pub archived: bool,
    /// A part of the folded name or description.
    pub part: Option<String>,
}

/// Projects and collaborators.
#[async_trait]
pub trait ProjectRepo {
    /// Projects with their internal notes, newest first; none unless the permit reaches all of them.
    async fn projects(
        &mut self,
        permit: &Reads<InWorkspace>,
        filter: &ProjectFilter,
        span: &Span<ProjectId>,
    ) -> StoreResult<Vec<(Project, Option<String>)>>;
    /// Projects that a card is on with its grant on each, newest first.
    async fn projects_of(
        &mut self,
        permit: &Reads<InWorkspace>,
        card: ClientId,
        filter: &ProjectFilter,
        span: &Span<ProjectId>,
    ) -> StoreResult<Vec<(Project, ProjectGrant)>>;
    /// The project.
    async fn project(&mut self, permit: &Reads<OnProject>) -> StoreResult<Option<Project>>;
    /// The internal notes.
    async fn project_notes(&mut self, permit: &Reads<OnProject>) -> StoreResult<Option<String>>;
    /// Which of these exist and are not archived.
    async fn active_projects(&mut self, permit: &Reads<InWorkspace>, ids: &[ProjectId]) -> StoreResult<Vec<ProjectId>>;
    /// Keeps a new project.
    async fn insert_project(&mut self, permit: &Writes<InWorkspace>, project: &Project) -> StoreResult<()>;
    /// The notes of a project made in the same unit.
    async fn insert_project_notes(&mut self, permit: &Writes<InWorkspace>, project: ProjectId, notes: &str) -> StoreResult<()>;
    /// Writes all fields and moves the version on from `expected`; false if it is another one by now.
    async fn update_project(&mut self, permit: &Writes<OnProject>, project: &Project, expected: i64) -> StoreResult<bool>;
    /// `None` removes the notes.
    async fn set_project_notes(&mut self, permit: &Writes<OnProject>, notes: Option<&str>) -> StoreResult<()>;
    /// Destroys the project and all that hangs on it.
    async fn delete_project(&mut self, permit: &Writes<OnProject>) -> StoreResult<bool>;

    /// Everybody the project is shared with, by folded name.
    async fn collaborators(&mut self, permit: &Reads<OnProject>) -> StoreResult<Vec<Collaborator>>;
    /// The people who see the project as clients, for telling them what they lose or gain.
    async fn collaborating_users(&mut self, permit: &Reads<OnProject>) -> StoreResult<Vec<UserId>>;
    /// The grant of one card.
    async fn grant_of(&mut self, permit: &Reads<OnProject>, client: ClientId) -> StoreResult<Option<ProjectGrant>>;
    /// Shares the project with a card, or changes what it may do; true if it was not shared before.
    async fn put_collaborator(
        &mut self,
        permit: &Writes<OnProject>,
        client: ClientId,
        grant: ProjectGrant,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Stops sharing; false if it was not shared.
    async fn delete_collaborator(&mut self, permit: &Writes<OnProject>, client: ClientId) -> StoreResult<bool>;
    /// Shares the projects of an invitation that still exist with its card; grants that the owner set before stay.
    async fn share_invited_projects(
        &mut self,
        permit: &Writes<OnInvitation>,
        client: ClientId,
        grant: ProjectGrant,
        at: Timestamp,
    ) -> StoreResult<Vec<ProjectId>>;
    /// Stops sharing everything with a card; which projects it was.
    async fn unshare_client(&mut self, permit: &Writes<OnClient>) -> StoreResult<Vec<ProjectId>>;
    /// Stops sharing everything with the card of a person who is put out.
    async fn unshare_person(&mut self, permit: &Writes<OnPerson>) -> StoreResult<Vec<ProjectId>>;
}
