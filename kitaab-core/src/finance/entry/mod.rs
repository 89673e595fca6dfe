//! Expenses and income: one shape, two kinds.

mod change;
mod create;
mod delete;
mod edit;
mod list;
mod model;

pub(in crate::finance) use change::references;
pub use create::NewEntry;
pub use edit::UpdateEntry;
pub(crate) use list::COLUMNS;
pub(in crate::finance) use list::check_days;
pub use list::{EntriesAsk, EntryPosition};
pub use model::{EntryKind, EntryVersion, LedgerEntry};
