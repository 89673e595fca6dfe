//! The figures of dashboards, and what is due.

use async_trait::async_trait;

use super::StoreResult;
use crate::access::{InWorkspace, Ledger, Reads};
use crate::dashboard::DeadlineRow;
use crate::ids::ClientId;
use crate::money::Currency;
use crate::time::{Date, Timestamp};

/// All that ever came in and went out in a currency, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerTotal {
    /// The currency.
    pub currency: Currency,
    /// What came in.
    pub income: i64,
    /// What went out.
    pub expense: i64,
}

/// How much there is of everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffCounts {
    /// Projects that are not archived.
    pub projects: i64,
    /// Clients that are not archived.
    pub clients: i64,
    /// Invitations that can be accepted.
    pub invitations: i64,
    /// Money, by the currency's code; none without a permit for it.
    pub totals: Vec<LedgerTotal>,
}

/// How much there is for a client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClientCounts {
    /// Projects that the card is on and that are not archived.
    pub projects: i64,
    /// Tasks in them that the client may see and that are done.
    pub tasks_completed: i64,
    /// Projects and tasks that the client may see, that are not finished, and whose last day is today or later.
    pub upcoming_deadlines: i64,
}

/// What dashboards show that no list has.
#[async_trait]
pub trait DashboardRepo {
    /// Counts of the workspace; none unless the permit reaches all of it.
    async fn staff_counts(
        &mut self,
        permit: &Reads<InWorkspace>,
        money: Option<&Reads<Ledger>>,
        now: Timestamp,
    ) -> StoreResult<StaffCounts>;
    /// Counts of what a card is on; none unless the permit reaches it.
    async fn client_counts(&mut self, permit: &Reads<InWorkspace>, card: ClientId, today: Date) -> StoreResult<ClientCounts>;
    /// Projects and tasks within the permit's reach that are not finished, of projects that are not: those whose last day
    /// was before today, latest first, and those whose last day is to come, nearest first; so many of each.
    async fn deadlines(&mut self, permit: &Reads<InWorkspace>, today: Date, limit: u32) -> StoreResult<Vec<DeadlineRow>>;
}
