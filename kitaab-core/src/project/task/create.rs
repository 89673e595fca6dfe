//! Adding a task.

use serde::Deserialize;

use super::change;
use super::order::{self, Place};
use super::{DESCRIPTION_MAX, Task, TaskState, TaskView, Tasks};
use crate::access::{OnProject, OnTask, action};
use crate::activity::{Deed, Verb};
use crate::answer::Single;
use crate::error::{Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ProjectId, TaskId, UserId, WorkspaceId};
use crate::input::{Check, Input, Patch};
use crate::project::fields;
use crate::text;
use crate::time::Date;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A new task.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewTask {
    /// What is to be done.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 200))]
    #[serde(default)]
    pub title: String,
    /// More about it.
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub description: Option<String>,
    /// How far it is; `todo` when absent.
    pub state: Option<TaskState>,
    /// Who does it: owner, member, or a client on the project.
    pub assignee_id: Option<UserId>,
    /// Last day.
    pub due_on: Option<Date>,
    /// Labels, each once.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    #[serde(default)]
    pub tags: Vec<String>,
    /// False marks it internal; true when absent.
    pub client_visible: Option<bool>,
    /// The task it comes right after; null puts it first, absent last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<TaskId>))]
    #[serde(default)]
    pub after_id: Patch<TaskId>,
}

impl Check for NewTask {
    fn check(&mut self, problems: &mut Problems) {
        text::name(&mut self.title, "title", problems);
        text::optional_text(&mut self.description, "description", DESCRIPTION_MAX, problems);
        fields::tags(&mut self.tags, problems);
    }
}

impl Tasks<'_> {
    /// Adds a task to a project.
    pub async fn create(&self, workspace: WorkspaceId, project: ProjectId, input: Input<NewTask>) -> Result<Single<TaskView>> {
        again(self.kitaab, || self.try_create(OnProject(workspace, project), &input)).await
    }

    async fn try_create(&self, target: OnProject, input: &Input<NewTask>) -> Result<Single<TaskView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        let permit = work.may::<action::CreateTask>(target).await?;
        if let Some(first) = work.repeated().await? {
            work.commit().await?;
            return Ok(first);
        }
        let mut problems = Problems::default();
        let new = input.check_into(&mut problems)?;
        let held = change::hold(&mut work, target.1).await?;
        let assignee = change::assignee(&mut work, &permit, new.assignee_id, &mut problems).await?;
        let place = match new.after_id {
            Patch::Keep => Place::Last,
            Patch::Clear => Place::First,
            Patch::Set(task) => Place::After(task),
        };
        let position = order::position(&mut work, &permit, place, None).await?;
        if position.is_none() {
            problems.add("after_id", "not_found", "There is no such task in this project.");
        }
        problems.into_result()?;
        let now = work.now();
        let task = Task {
            id: work.id(),
            project_id: target.1,
            title: new.title,
            description: new.description,
            state: new.state.unwrap_or(TaskState::Todo),
            assignee_id: new.assignee_id,
            assignee_role: assignee,
            due_on: new.due_on,
            tags: new.tags,
            client_visible: new.client_visible.unwrap_or(true),
            position: position.unwrap_or_default(),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        work.tx()?.insert_task(&permit, &task).await?;
        work.made::<action::CreateTask>(task.id.0);
        work.record(Deed::task(Verb::Created, &task));
        work.tell(Told::within(EventKind::TaskCreated, target.1, task.audience(), task.id.0));
        change::notify(&mut work, None, &task);
        change::count_progress(&mut work, &held).await?;
        let can = work.can(OnTask(target.0, task.id)).await?;
        let answer = Single::new(TaskView::new(task, &permit), can);
        work.answer(&answer)?;
        work.commit().await?;
        Ok(answer)
    }
}
