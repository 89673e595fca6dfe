//! Changing a time entry.

use serde::Deserialize;

use super::Time;
use super::create::{check_amount, check_span, references};
use super::model::{self, TimeEntry, TimeEntryView};
use crate::access::{Ledger, action};
use crate::answer::Single;
use crate::error::{Error, Problems, Result};
use crate::event::EventKind;
use crate::finance::NOTE_MAX;
use crate::ids::{ProjectId, TaskId, TimeEntryId, WorkspaceId};
use crate::input::{Check, Input, Patch, check_patch};
use crate::money::GivenMoney;
use crate::store::StoreError;
use crate::text;
use crate::time::Timestamp;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A change of a time entry. Absent fields stay, `null` clears.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateTimeEntry {
    /// On which project; another one than the task's takes the task off.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ProjectId>))]
    #[serde(default)]
    pub project_id: Patch<ProjectId>,
    /// On which task of it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<TaskId>))]
    #[serde(default)]
    pub task_id: Patch<TaskId>,
    /// What was done.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 10_000))]
    #[serde(default)]
    pub note: Patch<String>,
    /// From when.
    pub started_at: Option<Timestamp>,
    /// To when; not before the start. Stops a running timer.
    pub ended_at: Option<Timestamp>,
    /// Whether somebody is to pay for it.
    pub billable: Option<bool>,
    /// How much an hour.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<GivenMoney>))]
    #[serde(default)]
    pub rate: Patch<GivenMoney>,
}

impl Check for UpdateTimeEntry {
    fn check(&mut self, problems: &mut Problems) {
        check_patch(&mut self.note, |text| text::optional_text(text, "note", NOTE_MAX, problems));
        check_span(self.started_at, self.ended_at, problems);
        if let Patch::Set(rate) = &self.rate {
            rate.read("rate", problems);
        }
    }
}

impl Time<'_> {
    /// A time entry.
    pub async fn get(&self, workspace: WorkspaceId, id: TimeEntryId) -> Result<Single<TimeEntryView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
        let entry = work.tx()?.time_entry(&permit, id).await?.ok_or(Error::NotFound)?;
        model::single(&mut work, &permit, entry).await
    }

    /// Changes a time entry. With `if_match`, only if it still has this version.
    pub async fn update(
        &self,
        workspace: WorkspaceId,
        id: TimeEntryId,
        input: Input<UpdateTimeEntry>,
        if_match: Option<i64>,
    ) -> Result<Single<TimeEntryView>> {
        again(self.kitaab, || self.try_update(workspace, id, &input, if_match)).await
    }

    async fn try_update(
        &self,
        workspace: WorkspaceId,
        id: TimeEntryId,
        input: &Input<UpdateTimeEntry>,
        if_match: Option<i64>,
    ) -> Result<Single<TimeEntryView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::EditLedger>(Ledger(workspace)).await?;
        let before = work.tx()?.time_entry(&permit, id).await?.ok_or(Error::NotFound)?;
        work.made::<action::EditLedger>(id.0);
        let mut problems = Problems::default();
        let change = input.check_into(&mut problems)?;
        let (project_id, task_id) = about(&mut work, &change, &before, &mut problems).await?;
        let after = TimeEntry {
            project_id,
            task_id,
            note: change.note.or(before.note.clone()),
            started_at: change.started_at.unwrap_or(before.started_at),
            ended_at: change.ended_at.or(before.ended_at),
            billable: change.billable.unwrap_or(before.billable),
            rate: match change.rate {
                Patch::Keep => before.rate,
                Patch::Clear => None,
                Patch::Set(rate) => rate.read("rate", &mut problems),
            },
            updated_at: work.now(),
            version: before.version + 1,
            ..before
        };
        check_span(Some(after.started_at), after.ended_at, &mut problems);
        problems.into_result()?;
        if if_match.is_some_and(|expected| expected != before.version) {
            return Err(Error::Stale { current_version: before.version });
        }
        check_amount(&after)?;
        if !work.tx()?.update_time_entry(&permit, &after).await? {
            return Err(StoreError::Conflict.into());
        }
        model::tell(&mut work, EventKind::TimeEntryUpdated, &after);
        let view = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
        let answer = model::single(&mut work, &view, after).await?;
        work.commit().await?;
        Ok(answer)
    }
}

/// The project and the task that the entry is about afterwards. What it names already may have been archived since; only
/// what is new is looked at.
async fn about(
    work: &mut Work<'_>,
    change: &UpdateTimeEntry,
    before: &TimeEntry,
    problems: &mut Problems,
) -> Result<(Option<ProjectId>, Option<TaskId>)> {
    let task = change.task_id.clone().or(before.task_id.filter(|_| change.project_id.is_keep()));
    // A new task brings its project, unless one is named beside it.
    let named = match (&change.project_id, &change.task_id) {
        (Patch::Keep, Patch::Set(_)) => None,
        (project, _) => project.clone().or(before.project_id),
    };
    if let Some(new) = task.filter(|task| Some(*task) != before.task_id) {
        return Ok((references(work, named, Some(new), problems).await?, task));
    }
    let project = named.or(before.project_id.filter(|_| task.is_some()));
    if project != before.project_id {
        references(work, project, None, problems).await?;
    }
    Ok((project, task))
}
