//! Writing time down by hand.

use serde::Deserialize;

use super::Time;
use super::model::{self, TimeEntry, TimeEntryView};
use crate::access::{Ledger, OnTask, Permit, action};
use crate::answer::Single;
use crate::error::{Error, Problems, Result, Unauthenticated};
use crate::event::EventKind;
use crate::finance::{NOTE_MAX, entry};
use crate::ids::{ProjectId, TaskId, WorkspaceId};
use crate::input::{Check, Input};
use crate::money::GivenMoney;
use crate::store::StoreError;
use crate::text;
use crate::time::Timestamp;
use crate::work::{Work, again};
use crate::workspace::scope;

/// Time that was worked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewTimeEntry {
    /// On which project; the task's when absent.
    pub project_id: Option<ProjectId>,
    /// On which task of it.
    pub task_id: Option<TaskId>,
    /// What was done.
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub note: Option<String>,
    /// From when.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = Timestamp))]
    pub started_at: Option<Timestamp>,
    /// To when; not before the start.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = Timestamp))]
    pub ended_at: Option<Timestamp>,
    /// Whether somebody is to pay for it; true when absent.
    pub billable: Option<bool>,
    /// How much an hour.
    pub rate: Option<GivenMoney>,
}

/// The end does not come before the start.
pub(super) fn check_span(started_at: Option<Timestamp>, ended_at: Option<Timestamp>, problems: &mut Problems) {
    if let (Some(start), Some(end)) = (started_at, ended_at)
        && end < start
    {
        problems.add("ended_at", "before_start", "The end is before the start.");
    }
}

impl Check for NewTimeEntry {
    fn check(&mut self, problems: &mut Problems) {
        text::optional_text(&mut self.note, "note", NOTE_MAX, problems);
        for (field, given) in [("started_at", self.started_at), ("ended_at", self.ended_at)] {
            if given.is_none() {
                problems.add(field, "required", "Give a time.");
            }
        }
        check_span(self.started_at, self.ended_at, problems);
        if let Some(rate) = &self.rate {
            rate.read("rate", problems);
        }
    }
}

/// The project that time is about: the one named, or that of the task; both must exist and belong together.
pub(super) async fn references(
    work: &mut Work<'_>,
    project: Option<ProjectId>,
    task: Option<TaskId>,
    problems: &mut Problems,
) -> Result<Option<ProjectId>> {
    entry::references(work, project, None, problems).await?;
    let Some(task) = task else { return Ok(project) };
    let found = match work.permitted::<action::EditTask>(OnTask(work.here()?, task)).await? {
        Some(permit) => work.tx()?.task(&permit).await?,
        None => None,
    };
    match found {
        Some(found) if project.is_none_or(|project| project == found.project_id) => Ok(Some(found.project_id)),
        _ => {
            problems.add("task_id", "not_found", "There is no such task in this project.");
            Ok(project)
        }
    }
}

/// What is said of time besides when it was.
pub(super) struct About {
    pub(super) project_id: Option<ProjectId>,
    pub(super) task_id: Option<TaskId>,
    pub(super) note: Option<String>,
    pub(super) billable: Option<bool>,
    pub(super) rate: Option<GivenMoney>,
}

/// Makes the caller's entry of it, or says everything that is wrong.
pub(super) async fn compose(
    work: &mut Work<'_>,
    permit: &Permit<action::AddToLedger>,
    about: About,
    span: (Timestamp, Option<Timestamp>),
    mut problems: Problems,
) -> Result<TimeEntry> {
    let project_id = references(work, about.project_id, about.task_id, &mut problems).await?;
    let rate = about.rate.and_then(|rate| rate.read("rate", &mut problems));
    problems.into_result()?;
    let now = work.now();
    Ok(TimeEntry {
        id: work.id(),
        user_id: permit.who().user().ok_or(Error::Unauthenticated(Unauthenticated::NoSession))?,
        project_id,
        task_id: about.task_id,
        note: about.note,
        started_at: span.0,
        ended_at: span.1,
        billable: about.billable.unwrap_or(true),
        rate,
        created_at: now,
        updated_at: now,
        version: 1,
    })
}

/// Tells of an entry that was kept, and commits.
pub(super) async fn written(mut work: Work<'_>, entry: TimeEntry) -> Result<Single<TimeEntryView>> {
    work.made::<action::AddToLedger>(entry.id.0);
    model::tell(&mut work, EventKind::TimeEntryCreated, &entry);
    let view = work.may::<action::ViewLedger>(Ledger(work.here()?)).await?;
    let answer = model::single(&mut work, &view, entry).await?;
    work.answer(&answer)?;
    work.commit().await?;
    Ok(answer)
}

impl Time<'_> {
    /// Writes time down that was worked.
    pub async fn create(&self, workspace: WorkspaceId, input: Input<NewTimeEntry>) -> Result<Single<TimeEntryView>> {
        again(self.kitaab, || self.try_create(workspace, &input)).await
    }

    async fn try_create(&self, workspace: WorkspaceId, input: &Input<NewTimeEntry>) -> Result<Single<TimeEntryView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::AddToLedger>(Ledger(workspace)).await?;
        if let Some(first) = work.repeated().await? {
            work.commit().await?;
            return Ok(first);
        }
        let mut problems = Problems::default();
        let new = input.check_into(&mut problems)?;
        // A start that is missing is a problem already, and no entry comes of it.
        let span = (new.started_at.unwrap_or(work.now()), new.ended_at);
        let NewTimeEntry { project_id, task_id, note, billable, rate, .. } = new;
        let made = compose(&mut work, &permit, About { project_id, task_id, note, billable, rate }, span, problems).await?;
        check_amount(&made)?;
        if !work.tx()?.insert_time_entry(&permit, &made).await? {
            return Err(StoreError::Conflict.into());
        }
        written(work, made).await
    }
}

/// What is to be paid can be kept.
pub(super) fn check_amount(entry: &TimeEntry) -> Result<()> {
    let too_much = entry.billable && entry.rate.is_some() && entry.ended_at.is_some() && entry.amount().is_none();
    if too_much { Err(Error::field("rate.amount", "out_of_range", "The rate for this time is too large.")) } else { Ok(()) }
}
