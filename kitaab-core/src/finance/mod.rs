//! The owner's money: expenses, income and time. Nobody but an owner ever sees any of it.

mod entry;
mod names;
mod report;
mod time;

pub(crate) use entry::COLUMNS as ENTRY_COLUMNS;
pub use entry::{EntriesAsk, EntryKind, EntryPosition, EntryVersion, LedgerEntry, NewEntry, UpdateEntry};
pub(crate) use names::Names;
pub use report::{GroupBy, ProfitItem, ProfitReport, ReportAsk, TimeItem, TimeReport};
pub(crate) use time::{COLUMNS as TIME_COLUMNS, with_overlaps};
pub use time::{NewTimeEntry, RunningTimer, StartTimer, Time, TimeAsk, TimeEntry, TimeEntryView, TimePosition, UpdateTimeEntry};

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// The longest category, in characters.
pub const CATEGORY_MAX: usize = 100;
/// The longest note, in characters.
pub const NOTE_MAX: usize = crate::text::TEXT_MAX;

/// The use cases of money; see [`Kitaab::finance`].
#[derive(Clone, Copy)]
pub struct Finance<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Expenses, income and time; for owners.
    #[must_use]
    pub fn finance<'a>(&'a self, actor: &'a Actor) -> Finance<'a> {
        Finance { kitaab: self, actor }
    }
}
