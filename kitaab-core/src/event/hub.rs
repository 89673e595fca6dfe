//! Where those who follow the logs of this process meet.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use super::lane::Passing;
use super::room::Room;
use crate::error::Result;
use crate::ids::{ChannelId, ProjectId, UserId, WorkspaceId};
use crate::kitaab::Kitaab;

/// How often receipts of a channel are told.
const RECEIPTS_EVERY: Duration = Duration::from_secs(1);

/// The rooms of this process: one for each workspace that somebody follows.
#[derive(Default)]
pub(crate) struct Hub {
    rooms: Mutex<HashMap<WorkspaceId, Weak<Room>>>,
}

impl Hub {
    fn rooms(&self) -> std::sync::MutexGuard<'_, HashMap<WorkspaceId, Weak<Room>>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The room of a workspace; it is there as long as anybody holds it.
    pub(super) async fn room(&self, kitaab: &Kitaab, workspace: WorkspaceId) -> Result<Arc<Room>> {
        let room = {
            let mut rooms = self.rooms();
            match rooms.get(&workspace).and_then(Weak::upgrade) {
                Some(room) => room,
                None => {
                    rooms.retain(|_, room| room.strong_count() > 0);
                    let room = Arc::new(Room::new(workspace));
                    rooms.insert(workspace, Arc::downgrade(&room));
                    room
                }
            }
        };
        room.begin(kitaab).await?;
        Ok(room)
    }

    fn live(&self, workspace: WorkspaceId) -> Option<Arc<Room>> {
        self.rooms().get(&workspace).and_then(Weak::upgrade)
    }

    /// Events were committed, up to this one.
    pub(crate) fn appended(&self, workspace: WorkspaceId, seq: i64) {
        if let Some(room) = self.live(workspace) {
            room.hint(seq);
        }
    }

    /// Something passes by.
    pub(crate) fn pass(&self, workspace: WorkspaceId, passing: Passing) {
        if let Some(room) = self.live(workspace) {
            room.lane.tell(passing);
        }
    }

    /// Somebody has seen a channel up to here. It is told at most once a second for each channel.
    pub(crate) fn receipt(&self, workspace: WorkspaceId, channel: ChannelId, project: Option<ProjectId>, user: UserId, seq: i64) {
        let Some(room) = self.live(workspace) else { return };
        if room.lane.note(channel, project, user, seq) {
            tokio::spawn(async move {
                tokio::time::sleep(RECEIPTS_EVERY).await;
                if let Some(passing) = room.lane.noted(channel) {
                    room.lane.tell(passing);
                }
            });
        }
    }
}
