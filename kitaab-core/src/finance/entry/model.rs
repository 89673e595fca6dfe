//! What an entry is.

use serde::{Deserialize, Serialize};

use crate::activity::DeedKind;
use crate::event::EventKind;
use crate::ids::{ClientId, LedgerEntryId, ProjectId};
use crate::money::Money;
use crate::sql::names;
use crate::time::{Date, Timestamp};
use crate::workspace::Person;

names! {
    /// Which way the money went.
    pub enum EntryKind {
        /// Out.
        Expense = "expense",
        /// In.
        Income = "income",
    }
}

/// An expense or income.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerEntry {
    /// The id.
    pub id: LedgerEntryId,
    /// Which way the money went.
    pub kind: EntryKind,
    /// How much.
    pub money: Money,
    /// On which day.
    pub on: Date,
    /// What for.
    pub category: Option<String>,
    /// For which project.
    pub project_id: Option<ProjectId>,
    /// For or from which client.
    pub client_id: Option<ClientId>,
    /// More about it.
    pub note: Option<String>,
    /// Labels.
    pub tags: Vec<String>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change; the quoted number is the `ETag`.
    pub version: i64,
}

/// An entry as it was at some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryVersion {
    /// The number of the version.
    pub version: i64,
    /// From when on it was so.
    pub at: Timestamp,
    /// Who made it so; null for Kitaab itself.
    pub actor: Option<Person>,
    /// Whether it was deleted by this.
    pub deleted: bool,
    /// The entry.
    pub entry: LedgerEntry,
}

/// What happened to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Created,
    Updated,
    Deleted,
}

impl EntryKind {
    /// The event that tells of it.
    pub(super) fn event(self, change: Change) -> EventKind {
        match (self, change) {
            (Self::Expense, Change::Created) => EventKind::ExpenseCreated,
            (Self::Expense, Change::Updated) => EventKind::ExpenseUpdated,
            (Self::Expense, Change::Deleted) => EventKind::ExpenseDeleted,
            (Self::Income, Change::Created) => EventKind::IncomeCreated,
            (Self::Income, Change::Updated) => EventKind::IncomeUpdated,
            (Self::Income, Change::Deleted) => EventKind::IncomeDeleted,
        }
    }

    /// What the activity feed calls it.
    pub(super) fn deed(self) -> DeedKind {
        match self {
            Self::Expense => DeedKind::Expense,
            Self::Income => DeedKind::Income,
        }
    }
}
