//! The owner's money.

use async_trait::async_trait;
use uuid::Uuid;

use super::StoreResult;
use crate::access::{Ledger, OnProject, Reads, Writes};
use crate::finance::{EntryKind, EntryPosition, EntryVersion, GroupBy, LedgerEntry, TimeEntry, TimePosition};
use crate::ids::{ClientId, LedgerEntryId, ProjectId, TaskId, TimeEntryId, UserId};
use crate::money::Currency;
use crate::page::Span;
use crate::time::{Date, Timestamp};

/// Which entries a list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// From this day on.
    pub from: Option<Date>,
    /// Up to this day.
    pub to: Option<Date>,
    /// Of this category.
    pub category: Option<String>,
    /// For this project.
    pub project_id: Option<ProjectId>,
    /// For or from this client.
    pub client_id: Option<ClientId>,
    /// With this tag.
    pub tag: Option<String>,
}

/// Which time entries a list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimeFilter {
    /// Begun then or later.
    pub from: Option<Timestamp>,
    /// Begun before.
    pub before: Option<Timestamp>,
    /// On this project.
    pub project_id: Option<ProjectId>,
    /// On this task.
    pub task_id: Option<TaskId>,
    /// Somebody is to pay for, or not.
    pub billable: Option<bool>,
}

/// Sums of money of one key and currency, in minor units. A key may come in several of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerSum {
    /// The id, month or category; none for what has none.
    pub key: Option<String>,
    /// What it is called.
    pub label: Option<String>,
    /// Of which currency.
    pub currency: Currency,
    /// What came in.
    pub income: i64,
    /// What went out.
    pub expense: i64,
}

/// Sums of time of one key and currency. A key may come in several of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeSum {
    /// The id; none for what has none.
    pub key: Option<String>,
    /// What it is called.
    pub label: Option<String>,
    /// When the entry began, where the sum is of a single one.
    pub started_at: Option<Timestamp>,
    /// Of which currency the rate is.
    pub currency: Option<Currency>,
    /// Whole minutes.
    pub minutes: i64,
    /// Those that somebody is to pay for.
    pub billable_minutes: i64,
    /// What they are to pay, in minor units.
    pub amount: i64,
}

/// Time. One timer runs for a person at a time.
#[async_trait]
pub trait TimeRepo {
    /// Time entries, latest start first.
    async fn time_entries(&mut self, permit: &Reads<Ledger>, filter: &TimeFilter, span: &Span<TimePosition>)
    -> StoreResult<Vec<TimeEntry>>;
    /// The entry.
    async fn time_entry(&mut self, permit: &Reads<Ledger>, id: TimeEntryId) -> StoreResult<Option<TimeEntry>>;
    /// The entry of this person whose timer runs.
    async fn running_entry(&mut self, permit: &Reads<Ledger>, user: UserId) -> StoreResult<Option<TimeEntry>>;
    /// For each entry, the others of the same person at the same time; the running one lasts for ever.
    async fn overlaps(&mut self, permit: &Reads<Ledger>, entries: &[TimeEntry]) -> StoreResult<Vec<(TimeEntryId, TimeEntryId)>>;
    /// Sums of the time that has ended, begun in a span: by project or client; by month an entry each.
    async fn time_sums(
        &mut self,
        permit: &Reads<Ledger>,
        by: GroupBy,
        from: Option<Timestamp>,
        before: Option<Timestamp>,
    ) -> StoreResult<Vec<TimeSum>>;
    /// Keeps a new entry; false if its timer would run beside another one of the person.
    async fn insert_time_entry(&mut self, permit: &Writes<Ledger>, entry: &TimeEntry) -> StoreResult<bool>;
    /// Writes all fields over the version before this one; false if it has another version.
    async fn update_time_entry(&mut self, permit: &Writes<Ledger>, entry: &TimeEntry) -> StoreResult<bool>;
    /// Destroys the entry.
    async fn delete_time_entry(&mut self, permit: &Writes<Ledger>, id: TimeEntryId) -> StoreResult<bool>;
}

/// Expenses and income. One that was deleted is none, but for its versions.
#[async_trait]
pub trait FinanceRepo {
    /// Entries of a kind, latest day first.
    async fn entries(
        &mut self,
        permit: &Reads<Ledger>,
        kind: EntryKind,
        filter: &EntryFilter,
        span: &Span<EntryPosition>,
    ) -> StoreResult<Vec<LedgerEntry>>;
    /// The entry.
    async fn entry(&mut self, permit: &Reads<Ledger>, kind: EntryKind, id: LedgerEntryId) -> StoreResult<Option<LedgerEntry>>;
    /// Keeps a new entry.
    async fn insert_entry(&mut self, permit: &Writes<Ledger>, entry: &LedgerEntry) -> StoreResult<()>;
    /// Writes all fields over the version before this one, and deletes it if a time is given; false if it has another
    /// version, or is deleted.
    async fn update_entry(&mut self, permit: &Writes<Ledger>, entry: &LedgerEntry, deleted_at: Option<Timestamp>) -> StoreResult<bool>;
    /// Keeps a version for the history.
    async fn append_entry_version(&mut self, permit: &Writes<Ledger>, entry: &LedgerEntry, at: Timestamp, deleted: bool)
    -> StoreResult<()>;
    /// Everything that an entry ever was, newest first.
    async fn entry_versions(&mut self, permit: &Reads<Ledger>, kind: EntryKind, id: LedgerEntryId) -> StoreResult<Vec<EntryVersion>>;
    /// Everything that the entries that are not deleted ever were, entry by entry, after a version of one.
    async fn ledger_history(
        &mut self,
        permit: &Reads<Ledger>,
        after: Option<(LedgerEntryId, i64)>,
        limit: u32,
    ) -> StoreResult<Vec<EntryVersion>>;
    /// Sums of what is not deleted, of some days: by project, client or category; by month a day each.
    async fn ledger_sums(
        &mut self,
        permit: &Reads<Ledger>,
        by: GroupBy,
        from: Option<Date>,
        to: Option<Date>,
    ) -> StoreResult<Vec<LedgerSum>>;
    /// The names of all projects and clients, archived or not, by their ids.
    async fn ledger_names(&mut self, permit: &Reads<Ledger>) -> StoreResult<Vec<(Uuid, String)>>;
    /// Whether any entry or time, deleted or not, is about the project.
    async fn project_has_ledger(&mut self, permit: &Reads<OnProject>) -> StoreResult<bool>;
}
