//! Who is typing where.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::ids::{ChannelId, UserId, WorkspaceId};

/// Typing ends so long after its last sign (matrix-rust-sdk); clients repeat the sign every three seconds.
const ENDS_AFTER: Duration = Duration::from_secs(6);

type Key = (WorkspaceId, ChannelId, UserId);

/// Until when each counts as typing.
#[derive(Default)]
pub(super) struct Typing(Mutex<HashMap<Key, Instant>>);

impl Typing {
    fn until(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a sign; true if it is the first one.
    pub(super) fn sign(&self, workspace: WorkspaceId, channel: ChannelId, user: UserId) -> bool {
        self.until().insert((workspace, channel, user), Instant::now() + ENDS_AFTER).is_none()
    }

    /// How long it lasts without another sign; none once it is over, which it is from then on.
    pub(super) fn left(&self, workspace: WorkspaceId, channel: ChannelId, user: UserId) -> Option<Duration> {
        let (mut until, now) = (self.until(), Instant::now());
        match until.get(&(workspace, channel, user)) {
            Some(end) if *end > now => Some((*end - now).min(Duration::from_millis(250))),
            _ => {
                until.remove(&(workspace, channel, user));
                None
            }
        }
    }

    /// It is over.
    pub(super) fn end(&self, workspace: WorkspaceId, channel: ChannelId, user: UserId) {
        if let Some(until) = self.until().get_mut(&(workspace, channel, user)) {
            *until = Instant::now();
        }
    }
}
