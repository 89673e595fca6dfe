//! Messages that are sent later: once, as their author may write then.

mod create;
mod edit;
mod list;
mod model;
mod send;

pub use create::NewScheduled;
pub use edit::UpdateScheduled;
pub use model::{Scheduled, ScheduledState, ScheduledView};
pub(crate) use send::send;

use std::time::Duration;

use crate::error::Problems;
use crate::time::Timestamp;

/// How far ahead a message can be scheduled.
const AHEAD_MAX: Duration = Duration::from_hours(24 * 366);

fn check_due(due: Timestamp, now: Timestamp, problems: &mut Problems) {
    if due <= now {
        problems.add("due_at", "in_the_past", "Choose a time that is still to come.");
    } else if due.since(now) > AHEAD_MAX {
        problems.add("due_at", "out_of_range", "Choose a time within a year.");
    }
}
