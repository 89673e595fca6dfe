//! Changing a project.

use serde::Deserialize;

use super::{DESCRIPTION_MAX, ProgressMode, Project, ProjectStatus, ProjectView, Projects, archive, fields, task, view};
use crate::access::{OnProject, Permit, action};
use crate::activity::{Deed, Verb};
use crate::answer::Single;
use crate::client::NOTES_MAX;
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ClientId, ProjectId, WorkspaceId};
use crate::input::{Check, Input, Patch, check_patch};
use crate::text;
use crate::time::Date;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A change of a project; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateProject {
    /// The name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// What it is about; null clears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 10_000))]
    #[serde(default)]
    pub description: Patch<String>,
    /// How far it is.
    pub status: Option<ProjectStatus>,
    /// 0 to 100 percent.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub progress: Option<i64>,
    /// Where the progress comes from.
    pub progress_mode: Option<ProgressMode>,
    /// First day; null clears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Date>))]
    #[serde(default)]
    pub starts_on: Patch<Date>,
    /// Last day; null clears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Date>))]
    #[serde(default)]
    pub due_on: Patch<Date>,
    /// The client it is for; null clears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ClientId>))]
    #[serde(default)]
    pub client_id: Patch<ClientId>,
    /// Internal; null clears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 10_000))]
    #[serde(default)]
    pub internal_notes: Patch<String>,
    /// All labels, each once.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub tags: Option<Vec<String>>,
    /// `false` brings an archived project back; `true` archives it. Not together with other fields.
    pub archived: Option<bool>,
}

impl UpdateProject {
    fn touches_fields(&self) -> bool {
        let Self { name, description, status, progress, progress_mode, starts_on, due_on, client_id, internal_notes, tags, archived: _ } =
            self;
        let plain = name.is_some() || status.is_some() || progress.is_some() || progress_mode.is_some() || tags.is_some();
        let patches = [description.is_keep(), starts_on.is_keep(), due_on.is_keep(), client_id.is_keep(), internal_notes.is_keep()];
        plain || patches.contains(&false)
    }
}

impl Check for UpdateProject {
    fn check(&mut self, problems: &mut Problems) {
        if self.archived.is_some() && self.touches_fields() {
            problems.add("archived", "alone", "Archive or bring back in a request of its own.");
        }
        if let Some(name) = &mut self.name {
            text::name(name, "name", problems);
        }
        check_patch(&mut self.description, |text| text::optional_text(text, "description", DESCRIPTION_MAX, problems));
        check_patch(&mut self.internal_notes, |text| text::optional_text(text, "internal_notes", NOTES_MAX, problems));
        fields::progress(self.progress, problems);
        if let Some(tags) = &mut self.tags {
            fields::tags(tags, problems);
        }
    }
}

impl Projects<'_> {
    /// Changes the project. With `if_match`, only if it still has this version.
    pub async fn update(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        input: Input<UpdateProject>,
        if_match: Option<i64>,
    ) -> Result<Single<ProjectView>> {
        again(self.kitaab, || self.try_update(OnProject(workspace, project), &input, if_match)).await
    }

    async fn try_update(&self, target: OnProject, input: &Input<UpdateProject>, if_match: Option<i64>) -> Result<Single<ProjectView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        // An archived project is only brought back; asking for the fields of one says so.
        let permit = work.may::<action::OpenProject>(target).await?;
        let mut problems = Problems::default();
        let change = input.check_into(&mut problems)?;
        let mut row = work.tx()?.project(&permit).await?.ok_or(Error::NotFound)?;
        if change.archived.is_none() {
            let edit = work.may::<action::EditProject>(target).await?;
            references(&mut work, &edit, &change, &row, &mut problems).await?;
        }
        problems.into_result()?;
        let expected = if_match.unwrap_or(row.version);
        if expected != row.version {
            return Err(Error::Stale { current_version: row.version });
        }
        let counts = change.progress_mode == Some(ProgressMode::Tasks);
        match change.archived {
            Some(true) => archive::archive(&mut work, target, &mut row).await?,
            Some(false) => archive::restore(&mut work, target, &mut row).await?,
            None => {
                if !change.internal_notes.is_keep() {
                    let notes = change.internal_notes.clone().or(None);
                    work.tx()?.set_project_notes(&permit, notes.as_deref()).await?;
                }
                apply(&mut row, change);
                work.record(Deed::project(Verb::Updated, target.1));
            }
        }
        row.updated_at = work.now();
        if !work.tx()?.update_project(&permit, &row, expected).await? {
            return Err(Error::Stale { current_version: row.version });
        }
        work.tell(Told::project(EventKind::ProjectUpdated, target.1));
        if counts {
            // The row is held by its own change.
            let held = work.may::<action::CountProgress>(target).await?;
            task::count_progress(&mut work, &held).await?;
        }
        let view = work.may::<action::ViewProject>(target).await?;
        let answer = view::single(&mut work, &view).await?;
        work.commit().await?;
        Ok(answer)
    }
}

/// Looks at what the change means together with what stays: dates in order, a client that exists.
async fn references(
    work: &mut Work<'_>,
    permit: &Permit<action::EditProject>,
    change: &UpdateProject,
    row: &Project,
    problems: &mut Problems,
) -> Result<()> {
    if change.progress.is_some() && change.progress_mode.unwrap_or(row.progress_mode) == ProgressMode::Tasks {
        problems.add("progress", "counted", fields::COUNTED);
    }
    fields::dates(change.starts_on.clone().or(row.starts_on), change.due_on.clone().or(row.due_on), problems);
    if let Patch::Set(client) = change.client_id {
        let list = work.may::<action::ListClients>(crate::access::InWorkspace(permit.workspace())).await?;
        if work.tx()?.active_client(&list, client).await?.is_none() {
            problems.add("client_id", "not_found", "There is no such client.");
        }
    }
    Ok(())
}

fn apply(row: &mut Project, change: UpdateProject) {
    row.name = change.name.unwrap_or(std::mem::take(&mut row.name));
    row.description = change.description.or(row.description.take());
    row.status = change.status.unwrap_or(row.status);
    row.progress = change.progress.unwrap_or(row.progress);
    row.progress_mode = change.progress_mode.unwrap_or(row.progress_mode);
    row.starts_on = change.starts_on.or(row.starts_on);
    row.due_on = change.due_on.or(row.due_on);
    row.client_id = change.client_id.or(row.client_id);
    row.tags = change.tags.unwrap_or(std::mem::take(&mut row.tags));
}
