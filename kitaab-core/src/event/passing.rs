//! What passes and is not kept: who is typing, who is there, who has seen what. It may be dropped; nobody relies on it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::sight::Sight;
use crate::access::Role;
use crate::chat::Presence;
use crate::ids::{ChannelId, ProjectId, UserId, WorkspaceId};
use crate::time::Timestamp;

/// Something that passes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Passing {
    /// Somebody is typing in a channel, or no longer.
    Typing {
        /// Where.
        channel: ChannelId,
        /// The project of the channel.
        project: Option<ProjectId>,
        /// Who.
        user: UserId,
        /// Whether they began.
        started: bool,
    },
    /// Somebody came, is away, or left.
    Presence {
        /// Who, and how they are.
        presence: Presence,
        /// What they are to the workspace.
        role: Role,
        /// The channels they are in: clients of those know them.
        channels: Vec<ChannelId>,
    },
    /// People have seen a channel up to somewhere.
    Receipts {
        /// Where.
        channel: ChannelId,
        /// The project of the channel.
        project: Option<ProjectId>,
        /// Who has seen it up to where.
        positions: Vec<(UserId, i64)>,
    },
}

impl Passing {
    /// Whether it is for a follower.
    pub(crate) fn is_for(&self, sight: &Sight, user: UserId) -> bool {
        match self {
            Self::Typing { channel, project, user: who, .. } => *who != user && sight.is_in(*channel, *project),
            Self::Presence { presence, role, channels } => {
                let known = sight.role().is_some_and(Role::is_staff) || role.is_staff() || presence.user_id == user;
                sight.role().is_some() && (known || channels.iter().any(|channel| sight.is_in(*channel, None)))
            }
            Self::Receipts { channel, project, .. } => sight.is_in(*channel, *project),
        }
    }

    /// As it is told.
    pub(crate) fn json(&self, at: Timestamp) -> serde_json::Value {
        match self {
            Self::Typing { channel, user, started, .. } => {
                let kind = if *started { "typing.started" } else { "typing.stopped" };
                json!({"type": kind, "at": at, "channel_id": channel, "data": {"channel_id": channel, "user_id": user}})
            }
            Self::Presence { presence, .. } => json!({"type": "presence.changed", "at": at, "data": presence}),
            Self::Receipts { channel, positions, .. } => {
                let positions: Vec<_> = positions.iter().map(|(user, seq)| json!({"user_id": user, "seq": seq})).collect();
                json!({"type": "receipts.changed", "at": at, "channel_id": channel, "data": {"channel_id": channel, "positions": positions}})
            }
        }
    }
}

/// Presences that wait to be told in a room.
#[derive(Default)]
pub(crate) struct Presences(Mutex<Waiting>);

/// Receipts that wait to be told: those of a channel together.
#[derive(Default)]
pub(crate) struct Receipts(Mutex<HashMap<(WorkspaceId, ChannelId), Seen>>);

/// Receipts of a channel that wait to be told together.
struct Seen {
    project: Option<ProjectId>,
    positions: HashMap<UserId, i64>,
}

/// The newest presence of each, in the order in which they changed.
#[derive(Default)]
struct Waiting {
    order: VecDeque<UserId>,
    newest: HashMap<UserId, Passing>,
    telling: bool,
}

impl Presences {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A presence waits to be told; true if nobody tells yet.
    pub(super) fn queue(&self, user: UserId, passing: Passing) -> bool {
        let mut waiting = self.waiting();
        if waiting.newest.insert(user, passing).is_none() {
            waiting.order.push_back(user);
        }
        !std::mem::replace(&mut waiting.telling, true)
    }

    /// Where somebody is changed: what waits names channels they may have left, and is not told.
    pub(super) fn forget(&self, user: UserId) {
        let mut waiting = self.waiting();
        if waiting.newest.remove(&user).is_some() {
            waiting.order.retain(|other| *other != user);
        }
    }

    /// The next presence to be told. After none is left it has to be begun anew.
    pub(super) fn next(&self) -> Option<Passing> {
        let mut waiting = self.waiting();
        let next = waiting.order.pop_front().and_then(|user| waiting.newest.remove(&user));
        waiting.telling = next.is_some();
        next
    }
}

impl Receipts {
    /// Notes a receipt; true if nothing waited for this channel, and it is to be told after a second.
    pub(crate) fn note(&self, place: (WorkspaceId, ChannelId), project: Option<ProjectId>, user: UserId, seq: i64) -> bool {
        let mut receipts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = !receipts.contains_key(&place);
        let seen = receipts.entry(place).or_insert_with(|| Seen { project, positions: HashMap::new() });
        let position = seen.positions.entry(user).or_insert(seq);
        *position = seq.max(*position);
        first
    }

    /// Takes what waited for a channel.
    pub(crate) fn noted(&self, place: (WorkspaceId, ChannelId)) -> Option<Passing> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&place)?;
        let mut positions: Vec<_> = seen.positions.into_iter().collect();
        positions.sort_unstable();
        Some(Passing::Receipts { channel: place.1, project: seen.project, positions })
    }
}
