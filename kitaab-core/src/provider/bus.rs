//! What nodes of one database tell each other: hints, which may be lost. Nothing rests on them but speed.

use serde::{Deserialize, Serialize};

use crate::ids::{SessionId, WorkspaceId};

/// A hint to other nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "hint", rename_all = "snake_case")]
pub enum Hint {
    /// The log of a workspace has events up to this one.
    Appended {
        /// Which.
        workspace: WorkspaceId,
        /// The number of its last event.
        seq: i64,
    },
    /// A session ended.
    SessionEnded {
        /// Which.
        session: SessionId,
    },
    /// Something passes that is not kept: typing, presence, receipts.
    Passing {
        /// Where.
        workspace: WorkspaceId,
        /// What, as the nodes write it to each other.
        passing: String,
    },
}

/// Carries hints between the nodes of one database. Without one a process stands alone: what others did it finds by
/// looking once a second.
///
/// What another node said is handed in with [`Kitaab::heard`](crate::Kitaab::heard).
pub trait EventBus: Send + Sync + 'static {
    /// Tells the other nodes. It returns at once, and may lose the hint.
    fn publish(&self, hint: &Hint);
}
