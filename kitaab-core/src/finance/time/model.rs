//! What a time entry is.

use serde::{Deserialize, Serialize};

use crate::access::{Ledger, Permit, action};
use crate::answer::Single;
use crate::error::Result;
use crate::event::{EventKind, Told};
use crate::ids::{ProjectId, TaskId, TimeEntryId, UserId};
use crate::money::Money;
use crate::time::Timestamp;
use crate::work::Work;

/// A time entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeEntry {
    /// The id.
    pub id: TimeEntryId,
    /// Whose time.
    pub user_id: UserId,
    /// On which project.
    pub project_id: Option<ProjectId>,
    /// On which task of it.
    pub task_id: Option<TaskId>,
    /// What was done.
    pub note: Option<String>,
    /// From when.
    pub started_at: Timestamp,
    /// To when; none while the timer runs.
    pub ended_at: Option<Timestamp>,
    /// Whether somebody is to pay for it.
    pub billable: bool,
    /// How much an hour.
    pub rate: Option<Money>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

impl TimeEntry {
    /// Whole minutes, rounded down; none while the timer runs.
    #[must_use]
    pub fn minutes(&self) -> Option<i64> {
        Some((self.ended_at?.micros() - self.started_at.micros()) / 60_000_000)
    }

    /// What somebody is to pay: the rate for the minutes, rounded once.
    #[must_use]
    pub fn amount(&self) -> Option<Money> {
        self.rate.filter(|_| self.billable)?.for_minutes(self.minutes()?)
    }
}

/// A time entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeEntryView {
    /// The id.
    pub id: TimeEntryId,
    /// Whose time.
    pub user_id: UserId,
    /// On which project.
    pub project_id: Option<ProjectId>,
    /// On which task of it.
    pub task_id: Option<TaskId>,
    /// What was done.
    pub note: Option<String>,
    /// From when.
    pub started_at: Timestamp,
    /// To when; null while the timer runs.
    pub ended_at: Option<Timestamp>,
    /// Whole minutes, rounded down; null while the timer runs.
    pub minutes: Option<i64>,
    /// Whether somebody is to pay for it.
    pub billable: bool,
    /// How much an hour.
    pub rate: Option<Money>,
    /// The rate for the minutes, rounded half to even; null if it is not billable or has no rate.
    pub amount: Option<Money>,
    /// Other entries of the same person at the same time.
    pub overlaps: Vec<TimeEntryId>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change; the quoted number is the `ETag`.
    pub version: i64,
}

impl TimeEntryView {
    pub(crate) fn new(entry: TimeEntry, overlaps: Vec<TimeEntryId>) -> Self {
        let (minutes, amount) = (entry.minutes(), entry.amount());
        let TimeEntry { id, user_id, project_id, task_id, note, started_at, ended_at, billable, rate, created_at, updated_at, version } =
            entry;
        Self {
            id,
            user_id,
            project_id,
            task_id,
            note,
            started_at,
            ended_at,
            minutes,
            billable,
            rate,
            amount,
            overlaps,
            created_at,
            updated_at,
            version,
        }
    }
}

/// The entry with what lies at the same time, and what the caller may do to it.
pub(super) async fn single(work: &mut Work<'_>, permit: &Permit<action::ViewLedger>, entry: TimeEntry) -> Result<Single<TimeEntryView>> {
    let overlaps = work.tx()?.overlaps(permit, std::slice::from_ref(&entry)).await?;
    let can = work.can(Ledger(permit.workspace())).await?;
    Ok(Single::new(TimeEntryView::new(entry, overlaps.into_iter().map(|(_, other)| other).collect()), can))
}

/// Tells owners of a change.
pub(super) fn tell(work: &mut Work<'_>, kind: EventKind, entry: &TimeEntry) {
    work.tell(Told::owner(kind, entry.id.0, entry.project_id));
}
