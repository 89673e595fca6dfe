//! Starting a project.

use serde::Deserialize;

use super::{DESCRIPTION_MAX, ProgressMode, Project, ProjectForStaff, ProjectStatus, ProjectView, Projects, fields};
use crate::access::{InWorkspace, OnProject, action};
use crate::activity::{Deed, Verb};
use crate::answer::Single;
use crate::chat::Channel;
use crate::client::NOTES_MAX;
use crate::error::{Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ClientId, WorkspaceId};
use crate::input::{Check, Input};
use crate::text;
use crate::time::Date;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A new project.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewProject {
    /// The name.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 200))]
    #[serde(default)]
    pub name: String,
    /// What it is about.
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub description: Option<String>,
    /// How far it is; `planned` when absent.
    pub status: Option<ProjectStatus>,
    /// 0 to 100 percent; 0 when absent.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub progress: Option<i64>,
    /// Where the progress comes from; `manual` when absent.
    pub progress_mode: Option<ProgressMode>,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day; not before the first.
    pub due_on: Option<Date>,
    /// The client it is for; this alone gives nobody access.
    pub client_id: Option<ClientId>,
    /// Internal: no client ever sees them.
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub internal_notes: Option<String>,
    /// Labels, each once.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    #[serde(default)]
    pub tags: Vec<String>,
}

impl Check for NewProject {
    fn check(&mut self, problems: &mut Problems) {
        text::name(&mut self.name, "name", problems);
        text::optional_text(&mut self.description, "description", DESCRIPTION_MAX, problems);
        text::optional_text(&mut self.internal_notes, "internal_notes", NOTES_MAX, problems);
        fields::progress(self.progress, problems);
        if self.progress.is_some() && self.progress_mode == Some(ProgressMode::Tasks) {
            problems.add("progress", "counted", fields::COUNTED);
        }
        fields::dates(self.starts_on, self.due_on, problems);
        fields::tags(&mut self.tags, problems);
    }
}

impl Projects<'_> {
    /// Starts a project. It is nobody's but the staff's until it is shared.
    pub async fn create(&self, workspace: WorkspaceId, input: Input<NewProject>) -> Result<Single<ProjectView>> {
        again(self.kitaab, || self.try_create(workspace, &input)).await
    }

    async fn try_create(&self, workspace: WorkspaceId, input: &Input<NewProject>) -> Result<Single<ProjectView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::CreateProject>(InWorkspace(workspace)).await?;
        if let Some(first) = work.repeated().await? {
            work.commit().await?;
            return Ok(first);
        }
        let mut problems = Problems::default();
        let new = input.check_into(&mut problems)?;
        if let Some(client) = new.client_id
            && work.tx()?.active_client(&permit, client).await?.is_none()
        {
            problems.add("client_id", "not_found", "There is no such client.");
        }
        problems.into_result()?;
        let now = work.now();
        let project = Project {
            id: work.id(),
            name: new.name,
            description: new.description,
            status: new.status.unwrap_or(ProjectStatus::Planned),
            progress: new.progress.unwrap_or(0),
            progress_mode: new.progress_mode.unwrap_or(ProgressMode::Manual),
            starts_on: new.starts_on,
            due_on: new.due_on,
            client_id: new.client_id,
            tags: new.tags,
            archived_at: None,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        work.tx()?.insert_project(&permit, &project).await?;
        if let Some(notes) = &new.internal_notes {
            work.tx()?.insert_project_notes(&permit, project.id, notes).await?;
        }
        let channel = Channel::of_project(work.id(), project.id, now);
        work.tx()?.insert_channel(&permit, &channel).await?;
        work.tx()?.take_staff_in(&permit, channel.id, now).await?;
        work.made::<action::CreateProject>(project.id.0);
        work.record(Deed::project(Verb::Created, project.id));
        work.tell(Told::project(EventKind::ProjectCreated, project.id));
        work.tell(Told::channel(EventKind::ChannelCreated, channel.id, Some(project.id), channel.id.0));
        let can = work.can(OnProject(workspace, project.id)).await?;
        let answer = Single::new(ProjectView::Staff(ProjectForStaff::new(project, new.internal_notes)), can);
        work.answer(&answer)?;
        work.commit().await?;
        Ok(answer)
    }
}
