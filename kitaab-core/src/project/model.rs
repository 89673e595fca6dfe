//! What a project is, and who sees what of it.

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, ProjectId, UserId};
use crate::sql::names;
use crate::time::{Date, Timestamp};

names! {
    /// How far a project is.
    pub enum ProjectStatus {
        /// A bid under negotiation: nothing is hired yet.
        Proposed = "proposed",
        /// Agreed, not begun.
        Planned = "planned",
        /// Under way.
        Active = "active",
        /// Paused.
        OnHold = "on_hold",
        /// Finished.
        Done = "done",
        /// Given up.
        Cancelled = "cancelled",
    }
}

names! {
    /// Where the progress comes from.
    pub enum ProgressMode {
        /// Set by hand.
        Manual = "manual",
        /// Counted from the tasks that clients may see.
        Tasks = "tasks",
    }
}

/// A project as it is kept. Internal notes are kept apart from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The id.
    pub id: ProjectId,
    /// The name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// How far it is.
    pub status: ProjectStatus,
    /// 0 to 100 percent.
    pub progress: i64,
    /// Where the progress comes from.
    pub progress_mode: ProgressMode,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day.
    pub due_on: Option<Date>,
    /// The client it is for; this alone gives nobody access.
    pub client_id: Option<ClientId>,
    /// Labels, in the order given.
    pub tags: Vec<String>,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

/// What a client may do on a project besides looking: three switches of the owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectGrant {
    /// See the tasks.
    pub tasks: bool,
    /// Read and write comments on them.
    pub comments: bool,
    /// Upload files.
    pub upload: bool,
}

impl ProjectGrant {
    /// What an invitation grants.
    pub const INVITED: Self = Self { tasks: false, comments: false, upload: true };
}

/// A client on a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Collaborator {
    /// The card.
    pub client_id: ClientId,
    /// The name on the card.
    pub name: String,
    /// The person, once they accepted.
    pub user_id: Option<UserId>,
    /// What they may do.
    pub grant: ProjectGrant,
}
