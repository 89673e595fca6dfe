//! Changing a task, moving it among the others, marking it internal.

use serde::Deserialize;

use super::change;
use super::order::{self, Place};
use super::{DESCRIPTION_MAX, Task, TaskState, TaskView, Tasks, view};
use crate::access::{OnTask, Permit, action};
use crate::activity::{Deed, Verb};
use crate::answer::Single;
use crate::error::{Error, Problems, Result};
use crate::event::{Audience, EventKind, Told};
use crate::ids::{TaskId, UserId, WorkspaceId};
use crate::input::{Check, Input, Patch, check_patch};
use crate::project::fields;
use crate::store::StoreError;
use crate::text;
use crate::time::Date;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A change of a task. Absent fields stay, `null` clears.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateTask {
    /// What is to be done.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: Option<String>,
    /// More about it.
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000, value_type = Option<String>))]
    #[serde(default)]
    pub description: Patch<String>,
    /// How far it is.
    pub state: Option<TaskState>,
    /// Who does it: owner, member, or a client on the project.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<UserId>))]
    #[serde(default)]
    pub assignee_id: Patch<UserId>,
    /// Last day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Date>))]
    #[serde(default)]
    pub due_on: Patch<Date>,
    /// Labels, each once.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub tags: Option<Vec<String>>,
    /// False marks it internal: clients lose it at once.
    pub client_visible: Option<bool>,
    /// The task it comes right after; null puts it first.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<TaskId>))]
    #[serde(default)]
    pub after_id: Patch<TaskId>,
}

impl Check for UpdateTask {
    fn check(&mut self, problems: &mut Problems) {
        if let Some(title) = &mut self.title {
            text::name(title, "title", problems);
        }
        check_patch(&mut self.description, |text| text::optional_text(text, "description", DESCRIPTION_MAX, problems));
        if let Some(tags) = &mut self.tags {
            fields::tags(tags, problems);
        }
    }
}

impl Tasks<'_> {
    /// Changes a task. With `if_match`, only if it still has this version.
    pub async fn update(
        &self,
        workspace: WorkspaceId,
        task: TaskId,
        input: Input<UpdateTask>,
        if_match: Option<i64>,
    ) -> Result<Single<TaskView>> {
        again(self.kitaab, || self.try_update(OnTask(workspace, task), &input, if_match)).await
    }

    async fn try_update(&self, target: OnTask, input: &Input<UpdateTask>, if_match: Option<i64>) -> Result<Single<TaskView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        let permit = work.may::<action::EditTask>(target).await?;
        let mut problems = Problems::default();
        let change = input.check_into(&mut problems)?;
        let mut task = work.tx()?.task(&permit).await?.ok_or(Error::NotFound)?;
        let before = task.clone();
        let held = change::hold(&mut work, task.project_id).await?;
        references(&mut work, &held, &change, &mut task, &mut problems).await?;
        problems.into_result()?;
        let expected = if_match.unwrap_or(task.version);
        if expected != task.version {
            return Err(Error::Stale { current_version: task.version });
        }
        apply(&mut task, change);
        task.updated_at = work.now();
        if !work.tx()?.update_task(&permit, &task, expected).await? {
            // Somebody was faster: look again.
            return Err(StoreError::Conflict.into());
        }
        let verb = match (before.state, task.state) {
            (before, TaskState::Done) if before != TaskState::Done => Verb::Completed,
            _ => Verb::Updated,
        };
        work.record(Deed::task(verb, &task));
        tell(&mut work, &before, &task);
        change::notify(&mut work, before.assignee_id, &task);
        change::count_progress(&mut work, &held).await?;
        let permit = work.may::<action::ViewTask>(target).await?;
        let answer = view::single(&mut work, &permit).await?;
        work.commit().await?;
        Ok(answer)
    }
}

/// Finds what the change names: the person, the task it comes after.
async fn references(
    work: &mut Work<'_>,
    project: &Permit<action::CountProgress>,
    change: &UpdateTask,
    task: &mut Task,
    problems: &mut Problems,
) -> Result<()> {
    if let Patch::Set(person) = change.assignee_id {
        change::assignee(work, project, Some(person), problems).await?;
    }
    let place = match change.after_id {
        Patch::Keep => return Ok(()),
        Patch::Clear => Place::First,
        Patch::Set(other) => Place::After(other),
    };
    // Right after itself is where it is.
    if place == Place::After(task.id) {
        return Ok(());
    }
    match order::position(work, project, place, Some(task.id)).await? {
        Some(position) => task.position = position,
        None => problems.add("after_id", "not_found", "There is no such task in this project."),
    }
    Ok(())
}

fn apply(task: &mut Task, change: UpdateTask) {
    task.title = change.title.unwrap_or(std::mem::take(&mut task.title));
    task.description = change.description.or(task.description.take());
    task.state = change.state.unwrap_or(task.state);
    task.assignee_id = change.assignee_id.or(task.assignee_id);
    task.due_on = change.due_on.or(task.due_on);
    task.tags = change.tags.unwrap_or(std::mem::take(&mut task.tags));
    task.client_visible = change.client_visible.unwrap_or(task.client_visible);
}

/// To clients a task that turns internal is gone, and one that is no longer internal is new.
fn tell(work: &mut Work<'_>, before: &Task, task: &Task) {
    let to_clients = match (before.client_visible, task.client_visible) {
        (true, false) => {
            work.everybody_looks_again();
            Some(EventKind::TaskDeleted)
        }
        (false, true) => Some(EventKind::TaskCreated),
        _ => None,
    };
    let project = task.project_id;
    match to_clients {
        Some(kind) => {
            work.tell(Told::within(kind, project, Audience::TasksClients(project), task.id.0));
            work.tell(Told::within(EventKind::TaskUpdated, project, Audience::Staff, task.id.0));
        }
        None => work.tell(Told::within(EventKind::TaskUpdated, project, task.audience(), task.id.0)),
    }
}
