//! Where those who follow the logs of this process meet.

use crate::ids::{ChannelId, UserId, WorkspaceId};

/// The rooms of this process.
#[derive(Default)]
pub(crate) struct Hub;

impl Hub {
    pub(crate) fn appended(&self, _workspace: WorkspaceId, _seq: i64) {}
    pub(crate) fn receipt(&self, _workspace: WorkspaceId, _channel: ChannelId, _user: UserId, _seq: i64) {}
}
