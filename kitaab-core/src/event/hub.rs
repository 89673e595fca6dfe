//! Where those who follow the logs of this process meet.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use super::passing::{Passing, Receipts};
use super::room::{Fresh, Room};
use super::typing::Typing;
use super::watch::{Debounce, Sessions};
use crate::error::Result;
use crate::ids::{ChannelId, ProjectId, SessionId, UserId, WorkspaceId};
use crate::kitaab::Kitaab;
use crate::provider::{EventBus, Hint};

/// How often receipts of a channel are told.
const RECEIPTS_EVERY: Duration = Duration::from_secs(1);

/// What telling one follower of a presence may take of everybody's time: with many who follow, changes are spread out.
const PRESENCE_COSTS: Duration = Duration::from_micros(200);

/// The rooms of this process: one for each workspace that somebody follows.
#[derive(Default)]
pub(crate) struct Hub {
    rooms: Mutex<HashMap<WorkspaceId, Weak<Room>>>,
    pub(super) sessions: Sessions,
    pub(crate) presences: Debounce<UserId>,
    typing: Typing,
    receipts: Receipts,
    bus: OnceLock<Arc<dyn EventBus>>,
}

impl Hub {
    fn rooms(&self) -> std::sync::MutexGuard<'_, HashMap<WorkspaceId, Weak<Room>>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The room of a workspace; it is there as long as anybody holds it.
    pub(super) async fn room(&self, kitaab: &Kitaab, workspace: WorkspaceId) -> Result<Arc<Room>> {
        let room = {
            let mut rooms = self.rooms();
            let there = rooms.get(&workspace).and_then(Weak::upgrade);
            there.unwrap_or_else(|| {
                rooms.retain(|_, room| room.strong_count() > 0);
                let room = Arc::new(Room::new(workspace));
                rooms.insert(workspace, Arc::downgrade(&room));
                room
            })
        };
        room.begin(kitaab).await?;
        kitaab.keep_looking();
        Ok(room)
    }

    fn live(&self, workspace: WorkspaceId) -> Option<Arc<Room>> {
        self.rooms().get(&workspace).and_then(Weak::upgrade)
    }

    /// Whether somebody follows a workspace here.
    pub(super) fn is_live(&self, workspace: WorkspaceId) -> bool {
        self.live(workspace).is_some()
    }

    /// The workspaces that somebody follows here.
    pub(super) fn followed(&self) -> Vec<WorkspaceId> {
        self.rooms().iter().filter(|(_, room)| room.strong_count() > 0).map(|(workspace, _)| *workspace).collect()
    }

    pub(super) fn is_followed(&self) -> bool {
        self.rooms().values().any(|room| room.strong_count() > 0)
    }

    /// Other nodes hear of it too, from now on.
    pub(crate) fn reach_others(&self, bus: Arc<dyn EventBus>) {
        self.bus.set(bus).ok();
    }

    fn hint(&self, hint: &Hint) {
        if let Some(bus) = self.bus.get() {
            bus.publish(hint);
        }
    }

    /// These events were committed here.
    pub(crate) fn appended(&self, workspace: WorkspaceId, fresh: Fresh) {
        let Some(seq) = fresh.rows.last().map(|row| row.seq) else { return };
        if let Some(room) = self.live(workspace) {
            room.bring(fresh);
        }
        self.hint(&Hint::Appended { workspace, seq });
    }

    /// Events were committed, up to this one.
    pub(super) fn appended_elsewhere(&self, workspace: WorkspaceId, seq: i64) {
        if let Some(room) = self.live(workspace) {
            room.hint(seq);
        }
    }

    /// A session ended here.
    pub(crate) fn session_ended(&self, session: SessionId) {
        self.sessions.ended(session);
        self.hint(&Hint::SessionEnded { session });
    }

    /// Something passes by.
    pub(crate) fn pass(&self, kitaab: &Kitaab, workspace: WorkspaceId, passing: Passing) {
        if self.bus.get().is_some()
            && let Ok(passing) = serde_json::to_string(&passing)
        {
            self.hint(&Hint::Passing { workspace, passing });
        }
        self.passed(kitaab, workspace, passing);
    }

    fn passed(&self, kitaab: &Kitaab, workspace: WorkspaceId, passing: Passing) {
        let Some(room) = self.live(workspace) else { return };
        match &passing {
            Passing::Presence { presence, .. } => {
                if room.presences.queue(presence.user_id, passing) {
                    tokio::spawn(tell_presences(kitaab.clone(), Arc::downgrade(&room)));
                }
            }
            _ => {
                room.pass(passing, kitaab.now());
            }
        }
    }

    /// What another node said.
    pub(crate) fn heard(&self, kitaab: &Kitaab, hint: Hint) {
        match hint {
            Hint::Appended { workspace, seq } => self.appended_elsewhere(workspace, seq),
            Hint::SessionEnded { session } => self.sessions.ended(session),
            Hint::Passing { workspace, passing } => {
                if let Ok(passing) = serde_json::from_str(&passing) {
                    self.passed(kitaab, workspace, passing);
                }
            }
        }
    }

    /// Tells those who have been told nothing for a while where they are.
    pub(super) fn look(&self) {
        let rooms: Vec<_> = self.rooms().values().filter_map(Weak::upgrade).collect();
        for room in rooms {
            room.people.look();
        }
    }

    /// Somebody is typing. It is told once, and once more when it ends: six seconds after the last sign, or with a message.
    pub(crate) fn typing(&self, kitaab: &Kitaab, workspace: WorkspaceId, channel: ChannelId, project: Option<ProjectId>, user: UserId) {
        let told = |started| Passing::Typing { channel, project, user, started };
        if !self.typing.sign(workspace, channel, user) {
            return;
        }
        self.pass(kitaab, workspace, told(true));
        let kitaab = kitaab.clone();
        tokio::spawn(async move {
            while let Some(left) = kitaab.hub().typing.left(workspace, channel, user) {
                tokio::time::sleep(left).await;
            }
            kitaab.hub().pass(&kitaab, workspace, Passing::Typing { channel, project, user, started: false });
        });
    }

    /// Somebody typed to the end.
    pub(crate) fn typed(&self, workspace: WorkspaceId, channel: ChannelId, user: UserId) {
        self.typing.end(workspace, channel, user);
    }

    /// Somebody has seen a channel up to here. It is told at most once a second for each channel.
    pub(crate) fn receipt(
        &self,
        kitaab: &Kitaab,
        workspace: WorkspaceId,
        channel: ChannelId,
        project: Option<ProjectId>,
        user: UserId,
        seq: i64,
    ) {
        // Those who follow may be on another node: it is noted here either way.
        if self.receipts.note((workspace, channel), project, user, seq) {
            let kitaab = kitaab.clone();
            tokio::spawn(async move {
                tokio::time::sleep(RECEIPTS_EVERY).await;
                if let Some(passing) = kitaab.hub().receipts.noted((workspace, channel)) {
                    kitaab.hub().pass(&kitaab, workspace, passing);
                }
            });
        }
    }
}

/// Tells who is there, one after the other: a thousand who come at once would else be a million frames at once.
async fn tell_presences(kitaab: Kitaab, room: Weak<Room>) {
    loop {
        let heard = {
            let Some(room) = room.upgrade() else { return };
            let Some(passing) = room.presences.next() else { return };
            room.pass(passing, kitaab.now())
        };
        tokio::time::sleep(PRESENCE_COSTS * u32::try_from(heard).unwrap_or(u32::MAX)).await;
    }
}
