//! The audit log: who, acting as what, did or tried what to what. Append-only, written with the change.
//!
//! It holds no secrets and no texts. A refused write is noted too, in a unit of its own after the rollback.

mod list;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use list::{Audit, AuditAsk};

use crate::access::{ActionKind, Actor, Role, TargetKind};
use crate::ids::{AuditId, UserId};
use crate::sql::names;
use crate::time::Timestamp;

names! {
    /// What came of it.
    pub enum Outcome {
        /// It was done.
        Done = "done",
        /// It was refused.
        Refused = "refused",
    }
}

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who; none for the system and for people without an account.
    pub actor_id: Option<UserId>,
    /// Acting as what.
    pub role: Role,
    /// What.
    pub action: ActionKind,
    /// To what kind of thing.
    pub target_kind: TargetKind,
    /// To which one.
    pub target_id: Option<Uuid>,
    /// What came of it.
    pub outcome: Outcome,
    /// From where.
    pub address: Option<String>,
    /// The id of the request in the logs.
    pub request_id: Option<String>,
    /// Why a moderator looked.
    pub reason: Option<String>,
}

impl AuditEntry {
    /// What somebody did, to nothing yet.
    pub(crate) fn blank(id: AuditId, at: Timestamp, actor: &Actor, action: ActionKind, role: Role) -> Self {
        let origin = actor.origin();
        Self {
            id,
            at,
            actor_id: actor.user(),
            role,
            action,
            target_kind: action.kind(),
            target_id: None,
            outcome: Outcome::Done,
            address: origin.address.map(|address| address.to_string()),
            request_id: origin.request_id.clone(),
            reason: origin.reason.clone().filter(|_| role == Role::Moderator),
        }
    }
}

/// An entry as the owner reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditItem {
    /// The id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who; null for the system.
    pub actor_id: Option<UserId>,
    /// The name they have now.
    pub actor_name: Option<String>,
    /// Acting as what.
    pub role: Role,
    /// What.
    pub action: ActionKind,
    /// To what kind of thing.
    pub target_kind: TargetKind,
    /// To which one.
    pub target_id: Option<Uuid>,
    /// What came of it.
    pub outcome: Outcome,
    /// From where.
    pub address: Option<String>,
    /// The id of the request in the logs.
    pub request_id: Option<String>,
    /// Why a moderator looked; null for everybody else.
    pub reason: Option<String>,
}
