//! The running timer: one for a person, however many are started at the same time.

use serde::{Deserialize, Serialize};

use super::Time;
use super::create::{About, check_amount, compose, written};
use super::model::{self, TimeEntry, TimeEntryView};
use crate::access::{Ledger, action};
use crate::answer::Single;
use crate::error::{Error, Problems, Result, Unauthenticated};
use crate::event::EventKind;
use crate::finance::NOTE_MAX;
use crate::ids::{ProjectId, TaskId, TimeEntryId, WorkspaceId};
use crate::input::{Check, Input};
use crate::money::GivenMoney;
use crate::store::StoreError;
use crate::text;
use crate::work::{Work, again};
use crate::workspace::scope;

/// What the timer is for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartTimer {
    /// On which project; the task's when absent.
    pub project_id: Option<ProjectId>,
    /// On which task of it.
    pub task_id: Option<TaskId>,
    /// What is being done.
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub note: Option<String>,
    /// Whether somebody is to pay for it; true when absent.
    pub billable: Option<bool>,
    /// How much an hour.
    pub rate: Option<GivenMoney>,
}

impl Check for StartTimer {
    fn check(&mut self, problems: &mut Problems) {
        text::optional_text(&mut self.note, "note", NOTE_MAX, problems);
        if let Some(rate) = &self.rate {
            rate.read("rate", problems);
        }
    }
}

/// The caller's timer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunningTimer {
    /// The entry that runs; null if none does.
    pub running: Option<TimeEntryView>,
}

impl Time<'_> {
    /// Starts the caller's timer. `timer_running`, with its id, if it runs already.
    pub async fn start(&self, workspace: WorkspaceId, input: Input<StartTimer>) -> Result<Single<TimeEntryView>> {
        again(self.kitaab, || self.try_start(workspace, &input)).await
    }

    async fn try_start(&self, workspace: WorkspaceId, input: &Input<StartTimer>) -> Result<Single<TimeEntryView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::AddToLedger>(Ledger(workspace)).await?;
        if let Some(first) = work.repeated().await? {
            work.commit().await?;
            return Ok(first);
        }
        let mut problems = Problems::default();
        let new = input.check_into(&mut problems)?;
        let StartTimer { project_id, task_id, note, billable, rate } = new;
        let (about, span) = (About { project_id, task_id, note, billable, rate }, (work.now(), None));
        let entry = compose(&mut work, &permit, about, span, problems).await?;
        if !work.tx()?.insert_time_entry(&permit, &entry).await? {
            let running = work.tx()?.running_entry(&permit, entry.user_id).await?.ok_or(StoreError::Conflict)?;
            return Err(Error::duplicate("timer_running", "Your timer is running. Stop it first.", running.id.0));
        }
        written(work, entry).await
    }

    /// Stops a timer. One that was stopped already stays as it is.
    pub async fn stop(&self, workspace: WorkspaceId, id: TimeEntryId) -> Result<Single<TimeEntryView>> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::EditLedger>(Ledger(workspace)).await?;
            let entry = work.tx()?.time_entry(&permit, id).await?.ok_or(Error::NotFound)?;
            work.made::<action::EditLedger>(id.0);
            let view = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
            if entry.ended_at.is_some() {
                work.unchanged::<action::EditLedger>();
                let answer = model::single(&mut work, &view, entry).await?;
                work.commit().await?;
                return Ok(answer);
            }
            let now = work.now();
            // The clock may have stepped back.
            let entry = TimeEntry { ended_at: Some(now.max(entry.started_at)), updated_at: now, version: entry.version + 1, ..entry };
            check_amount(&entry)?;
            if !work.tx()?.update_time_entry(&permit, &entry).await? {
                return Err(StoreError::Conflict.into());
            }
            model::tell(&mut work, EventKind::TimeEntryUpdated, &entry);
            let answer = model::single(&mut work, &view, entry).await?;
            work.commit().await?;
            Ok(answer)
        })
        .await
    }

    /// The caller's running timer, if one runs.
    pub async fn running(&self, workspace: WorkspaceId) -> Result<RunningTimer> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
        let user = permit.who().user().ok_or(Error::Unauthenticated(Unauthenticated::NoSession))?;
        let Some(entry) = work.tx()?.running_entry(&permit, user).await? else { return Ok(RunningTimer { running: None }) };
        let running = model::single(&mut work, &permit, entry).await?.item;
        Ok(RunningTimer { running: Some(running) })
    }
}
