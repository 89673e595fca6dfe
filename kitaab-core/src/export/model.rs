//! What an export is.

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::ids::{ExportId, UserId};
use crate::sql::names;
use crate::time::Timestamp;

names! {
    /// How much an export has.
    pub enum ExportScope {
        /// Everything of the workspace, the audit log and the history of money too; for owners.
        Workspace = "workspace",
        /// What the person may see.
        Mine = "mine",
    }
}

names! {
    /// How far an export is, as it is kept.
    pub enum ExportState {
        /// Asked for.
        Pending = "pending",
        /// Made.
        Ready = "ready",
        /// It could not be made.
        Failed = "failed",
    }
}

names! {
    /// How far an export is, as it is seen.
    pub enum ExportStatus {
        /// It is being made.
        Pending = "pending",
        /// It can be fetched.
        Ready = "ready",
        /// It could not be made; ask for another one.
        Failed = "failed",
        /// It is too old, or what the person may see has changed since; ask for another one.
        Expired = "expired",
    }
}

/// An export as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The id.
    pub id: ExportId,
    /// Who asked for it.
    pub user_id: UserId,
    /// How much it has.
    pub scope: ExportScope,
    /// How far it is.
    pub state: ExportState,
    /// What the person was to the workspace when they asked.
    pub role: Role,
    /// The workspace's access epoch when it was made.
    pub access_epoch: Option<i64>,
    /// How many bytes it has.
    pub size: Option<i64>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was made, or given up.
    pub ended_at: Option<Timestamp>,
}

/// What is noted of an export that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MadeExport {
    /// The workspace's access epoch in the snapshot that it was made of.
    pub access_epoch: i64,
    /// How many bytes it has.
    pub size: i64,
}

/// An export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportView {
    /// The id.
    pub id: ExportId,
    /// How much it has.
    pub scope: ExportScope,
    /// How far it is.
    pub state: ExportStatus,
    /// How many bytes it has, once it is made.
    pub size: Option<i64>,
    /// Where to fetch it; a new link each time one looks, good for 15 minutes, without signing in.
    pub url: Option<String>,
    /// Until when the link is good.
    pub expires_at: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

impl Export {
    /// How far it is, for somebody who is this to the workspace now, in which access changed for the last time at `epoch`.
    ///
    /// A client's is withdrawn by any change of access, since it may be theirs; other people's when they become
    /// something else.
    pub(super) fn status(&self, now: Timestamp, role: Role, epoch: Option<i64>) -> ExportStatus {
        match self.state {
            ExportState::Pending => ExportStatus::Pending,
            ExportState::Failed => ExportStatus::Failed,
            ExportState::Ready if self.created_at.after(super::KEPT_FOR) <= now => ExportStatus::Expired,
            ExportState::Ready if self.role != role => ExportStatus::Expired,
            ExportState::Ready if role == Role::Client && self.access_epoch != epoch => ExportStatus::Expired,
            ExportState::Ready => ExportStatus::Ready,
        }
    }
}

impl ExportView {
    pub(super) fn new(export: &Export, state: ExportStatus, link: Option<(String, Timestamp)>) -> Self {
        let (url, expires_at) = link.unzip();
        Self { id: export.id, scope: export.scope, state, size: export.size, url, expires_at, created_at: export.created_at }
    }
}
