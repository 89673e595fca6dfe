//! Where a reader of a log is, as they carry it: sealed, so that nobody reads numbers out of it or moves it.

use crate::ids::{UserId, WorkspaceId};
use crate::keys::Purpose;
use crate::kitaab::Kitaab;

/// The cursor with which a reader begins at the oldest event that is kept.
pub const START: &str = "start";

/// A place in the log of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Which log: another one after a restore.
    pub(crate) log_epoch: i64,
    /// The last event that was read.
    pub(crate) seq: i64,
    /// The random tag of that event; 0 if it is no longer kept.
    pub(crate) tag: i64,
}

impl Place {
    /// Seals it for one reader of one workspace.
    pub(crate) fn seal(self, kitaab: &Kitaab, workspace: WorkspaceId, user: UserId) -> String {
        let mut plain = [0; 24];
        plain[..8].copy_from_slice(&self.log_epoch.to_be_bytes());
        plain[8..16].copy_from_slice(&self.seq.to_be_bytes());
        plain[16..].copy_from_slice(&self.tag.to_be_bytes());
        kitaab.keys().seal(Purpose::EventCursor, &context(workspace, user), &plain, kitaab.random())
    }

    /// Opens what was sealed for this reader; none for anything else.
    pub(crate) fn open(kitaab: &Kitaab, workspace: WorkspaceId, user: UserId, cursor: &str) -> Option<Self> {
        let plain = kitaab.keys().open(Purpose::EventCursor, &context(workspace, user), cursor)?;
        let plain: [u8; 24] = plain.try_into().ok()?;
        let number = |from: usize| i64::from_be_bytes(std::array::from_fn(|at| plain[from + at]));
        Some(Self { log_epoch: number(0), seq: number(8), tag: number(16) })
    }
}

fn context(workspace: WorkspaceId, user: UserId) -> String {
    format!("{workspace} {user}")
}
