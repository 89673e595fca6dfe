//! Sharing a project with a client, changing what they may do, and stopping.

use serde::Deserialize;

use super::{Collaborator, ProjectGrant, Projects};
use crate::access::{OnClient, OnProject, action};
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Part, Told};
use crate::ids::{ClientId, ProjectId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::Page;
use crate::work::{Work, again};
use crate::workspace::scope;

/// What a client may do on a project.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// The three switches.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = ProjectGrant))]
    pub grant: Option<ProjectGrant>,
}

impl Check for Share {
    fn check(&mut self, problems: &mut Problems) {
        if self.grant.is_none() {
            problems.add("grant", "required", "Say what they may do: tasks, comments, upload.");
        }
    }
}

impl Projects<'_> {
    /// Whom the project is shared with. For staff alone; a client sees their own grant on the project.
    pub async fn collaborators(&self, workspace: WorkspaceId, project: ProjectId) -> Result<Page<Collaborator>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListCollaborators>(OnProject(workspace, project)).await?;
        Ok(Page { items: work.tx()?.collaborators(&permit).await?, next_cursor: None })
    }

    /// Shares the project with a client, also before they accepted, or changes what they may do.
    pub async fn share(&self, workspace: WorkspaceId, project: ProjectId, client: ClientId, input: Input<Share>) -> Result<Collaborator> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            // Each thing in the path is found first, from left to right; then whether it may be changed.
            work.may::<action::ListCollaborators>(OnProject(workspace, project)).await?;
            let card = work.may::<action::ViewClient>(OnClient(workspace, client)).await?;
            let permit = work.may::<action::EditCollaborators>(OnProject(workspace, project)).await?;
            let card = work.tx()?.client(&card).await?.ok_or(Error::NotFound)?;
            let Some(grant) = input.checked()?.grant else { return Err(Error::NotFound) };
            if card.archived_at.is_some() {
                return Err(Error::conflict("client_archived", "This client is archived. Bring the card back first."));
            }
            let now = work.now();
            let new = work.tx()?.put_collaborator(&permit, client, grant, now).await?;
            let part = Part::Project(project, work.tx()?.channel_of_project(&permit).await?);
            let told = |person| if new { Told::gained(person, part) } else { Told::access_changed(person) };
            tell(&mut work, project, card.user_id.map(told));
            work.commit().await?;
            Ok(Collaborator { client_id: client, name: card.name, user_id: card.user_id, grant })
        })
        .await
    }

    /// Stops sharing the project with a client, at once.
    pub async fn unshare(&self, workspace: WorkspaceId, project: ProjectId, client: ClientId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            // Each thing in the path is found first, from left to right; then whether it may be changed.
            work.may::<action::ListCollaborators>(OnProject(workspace, project)).await?;
            let card = work.may::<action::ViewClient>(OnClient(workspace, client)).await?;
            let permit = work.may::<action::EditCollaborators>(OnProject(workspace, project)).await?;
            let person = work.tx()?.client(&card).await?.and_then(|card| card.user_id);
            if !work.tx()?.delete_collaborator(&permit, client).await? {
                return Err(Error::NotFound);
            }
            let part = Part::Project(project, work.tx()?.channel_of_project(&permit).await?);
            tell(&mut work, project, person.map(|person| Told::lost(person, part)));
            work.commit().await
        })
        .await
    }
}

/// Tells those on the project, and the person whose access it is.
fn tell(work: &mut Work<'_>, project: ProjectId, access: Option<Told>) {
    match access {
        Some(told) => work.access_changed(told),
        None => work.everybody_looks_again(),
    }
    work.tell(Told::project(EventKind::ProjectUpdated, project));
}
