//! What a database must do for us: traits only, one file for each context.
//!
//! A store holds no rules. Every method takes a permit ([`crate::access::Reads`], [`Writes`](crate::access::Writes) or a
//! [`Permit`](crate::access::Permit)) and binds its workspace; the one exception is [`AccessRepo`], which fetches the facts
//! that a permit rests on. Absent is `None`; a guarded update says whether it happened. A store is what passes
//! [`conformance`](mod@crate::conformance).

mod access;
mod account;
mod activity;
mod audit;
mod away;
mod chat;
mod client;
mod dashboard;
mod event;
mod export;
mod finance;
mod invitation;
mod job;
mod limit;
mod notification;
mod once;
mod person;
mod project;
mod search;
mod task;
mod workspace;

use std::error::Error as StdError;

use async_trait::async_trait;

pub use access::AccessRepo;
pub use account::AccountRepo;
pub use activity::ActivityRepo;
pub use audit::{AuditFilter, AuditRepo};
pub use away::AwayRepo;
pub use chat::{ChannelRepo, InboxRepo, MarkRepo, MessageRepo, PositionRepo, PresenceRepo, ScheduledRepo, TemplateRepo};
pub use client::{ClientFilter, ClientPosition, ClientRepo, ClientRow};
pub use dashboard::{ClientCounts, DashboardRepo, LedgerTotal, StaffCounts};
pub use event::{Appended, EventRepo, Head, LogRow};
pub use export::ExportRepo;
pub use finance::{EntryFilter, FinanceRepo, LedgerSum, TimeFilter, TimeRepo, TimeSum};
pub use invitation::InvitationRepo;
pub use job::JobRepo;
pub use limit::{LimitRepo, Tally};
pub use notification::NotificationRepo;
pub use once::{OnceRepo, Repeat};
pub use person::PersonRepo;
pub use project::{ProjectFilter, ProjectRepo};
pub use search::{Candidates, DocumentPlace, SearchRepo, Sought};
pub use task::{Gap, TaskFilter, TaskRepo, UpdateRepo};
pub use workspace::WorkspaceRepo;

use crate::ids::{UserId, WorkspaceId};

/// The result of a repository method.
pub type StoreResult<T> = Result<T, StoreError>;

/// How a store fails. What a caller did wrong is never one of these.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Two units touched the same rows and this one has to give way; running it again may work.
    #[error("another unit of work was in the way")]
    Conflict,
    /// The unit of work is over: a statement of it failed or was cancelled, or it held the writer too long.
    #[error("the unit of work has ended")]
    Ended,
    /// A row that this program could not have written.
    #[error("a row does not make sense: {0}")]
    Corrupt(String),
    /// The database cannot be reached, is starting, or is too busy.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// There is no room left on the disk.
    #[error("the disk is full")]
    Full(#[source] Box<dyn StdError + Send + Sync>),
    /// Anything else that the engine says.
    #[error("the database refused a statement")]
    Backend(#[source] Box<dyn StdError + Send + Sync>),
}

impl StoreError {
    /// Whether the same unit may work later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Conflict | Self::Ended | Self::Unavailable(_) | Self::Full(_))
    }
}

/// For whom a unit of work is opened. In PostgreSQL it becomes the context of row-level security.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Only tables that belong to no workspace.
    Nobody,
    /// The person's own memberships and the workspaces they name, read-only.
    Person(UserId),
    /// A workspace, as this person is to it. The database looks the role up itself: a caller cannot claim one.
    Workspace {
        /// Which one.
        workspace: WorkspaceId,
        /// The caller, if anybody is signed in.
        user: Option<UserId>,
    },
    /// A workspace, for somebody who holds a link into it and is nothing to it yet.
    Guest(WorkspaceId),
    /// A workspace, for the system's own work: jobs, founding and erasing.
    System(WorkspaceId),
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Opens a unit that reads one snapshot.
    async fn read(&self, scope: Scope) -> StoreResult<Box<dyn Tx>>;
    /// Opens a unit that writes. Calling it while the same task holds another unit is a bug that debug builds catch.
    async fn write(&self, scope: Scope) -> StoreResult<Box<dyn Tx>>;
    /// Applies missing migrations; safe when several processes start at once.
    async fn migrate(&self) -> StoreResult<()>;
    /// Whether all migrations are applied.
    async fn is_current(&self) -> StoreResult<bool>;
    /// Answers if the database does.
    async fn ping(&self) -> StoreResult<()>;
    /// Ends connections and, where there is a writer, waits for its last commit.
    async fn close(&self);
}

/// One unit of work. Dropping it undoes it; the first statement that fails or is cancelled ends it.
#[async_trait]
pub trait Tx:
    AccessRepo
    + AccountRepo
    + ActivityRepo
    + AuditRepo
    + AwayRepo
    + ChannelRepo
    + ClientRepo
    + DashboardRepo
    + EventRepo
    + ExportRepo
    + FinanceRepo
    + InvitationRepo
    + JobRepo
    + LimitRepo
    + MarkRepo
    + MessageRepo
    + NotificationRepo
    + OnceRepo
    + PersonRepo
    + PositionRepo
    + InboxRepo
    + ScheduledRepo
    + TemplateRepo
    + PresenceRepo
    + ProjectRepo
    + SearchRepo
    + TaskRepo
    + TimeRepo
    + UpdateRepo
    + WorkspaceRepo
    + Send
{
    /// Returns once everything is on disk. A cancelled call has an unknown outcome.
    async fn commit(self: Box<Self>) -> StoreResult<()>;
    /// Undoes everything, and returns once the locks of the unit are free: what is tried again at once must not meet
    /// itself.
    async fn rollback(self: Box<Self>);
}

/// Proves that a unit of work is being committed; made by [`Work`](crate::work::Work) alone, which keeps the order in
/// which the last rows of a unit are written.
#[derive(Debug)]
pub struct Closing {
    workspace: Option<WorkspaceId>,
}

impl Closing {
    pub(crate) fn new(workspace: Option<WorkspaceId>) -> Self {
        Self { workspace }
    }

    /// For showing that the fence below holds without the one above.
    #[cfg(feature = "testing")]
    #[doc(hidden)]
    #[must_use]
    pub fn forged(workspace: Option<WorkspaceId>) -> Self {
        Self { workspace }
    }

    /// The workspace that the unit was opened for.
    #[must_use]
    pub fn workspace(&self) -> Option<WorkspaceId> {
        self.workspace
    }
}
