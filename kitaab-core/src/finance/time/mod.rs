//! Time: what was worked on, from when to when, and at what rate. One timer runs for a person at a time.

mod create;
mod delete;
mod edit;
mod list;
mod model;
mod timer;

pub use create::NewTimeEntry;
pub use edit::UpdateTimeEntry;
pub(crate) use list::{COLUMNS, with_overlaps};
pub use list::{TimeAsk, TimePosition};
pub use model::{TimeEntry, TimeEntryView};
pub use timer::{RunningTimer, StartTimer};

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// The use cases of time; see [`Kitaab::time`].
#[derive(Clone, Copy)]
pub struct Time<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Time entries and the running timer; for owners.
    #[must_use]
    pub fn time<'a>(&'a self, actor: &'a Actor) -> Time<'a> {
        Time { kitaab: self, actor }
    }
}
