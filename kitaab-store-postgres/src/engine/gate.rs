//! One queue for each workspace, in this process, in front of its head row.
//!
//! The row's lock alone would keep the order right; but many sessions waiting at one row lock cost the server twice the
//! work and a long tail. Correctness never rests on this: other processes have gates of their own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use kitaab_core::ids::WorkspaceId;
use tokio::sync::OwnedMutexGuard;

type Turn = Arc<tokio::sync::Mutex<()>>;

#[derive(Default)]
pub(crate) struct Gates(Mutex<HashMap<WorkspaceId, Turn>>);

/// The right to append to one workspace's log, until it is dropped.
pub(crate) struct Pass {
    gates: Arc<Gates>,
    workspace: WorkspaceId,
    turn: Option<OwnedMutexGuard<()>>,
}

impl Gates {
    /// Waits for all who came before.
    pub(crate) async fn enter(gates: &Arc<Self>, workspace: WorkspaceId) -> Pass {
        let turn = Arc::clone(gates.turns().entry(workspace).or_default());
        let turn = turn.lock_owned().await;
        Pass { gates: Arc::clone(gates), workspace, turn: Some(turn) }
    }

    fn turns(&self) -> std::sync::MutexGuard<'_, HashMap<WorkspaceId, Turn>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.turn = None;
        let mut turns = self.gates.turns();
        // Whoever waits holds a clone, and clones are made under this lock.
        if turns.get(&self.workspace).is_some_and(|turn| Arc::strong_count(turn) == 1) {
            turns.remove(&self.workspace);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(n: u128) -> WorkspaceId {
        WorkspaceId(uuid::Uuid::from_u128(n))
    }

    #[tokio::test]
    async fn whoever_comes_second_waits_and_another_workspace_does_not() {
        let gates = Arc::new(Gates::default());
        let first = Gates::enter(&gates, workspace(1)).await;
        let second = tokio::spawn({
            let gates = Arc::clone(&gates);
            async move { Gates::enter(&gates, workspace(1)).await }
        });
        drop(Gates::enter(&gates, workspace(2)).await);
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        drop(second.await.unwrap());
        assert!(gates.turns().is_empty(), "nothing is left behind");
    }

    #[tokio::test]
    async fn whoever_gives_up_waiting_leaves_nothing_behind() {
        let gates = Arc::new(Gates::default());
        let first = Gates::enter(&gates, workspace(1)).await;
        let second = tokio::spawn({
            let gates = Arc::clone(&gates);
            async move { Gates::enter(&gates, workspace(1)).await }
        });
        tokio::task::yield_now().await;
        second.abort();
        assert!(second.await.is_err());
        drop(first);
        assert!(gates.turns().is_empty());
    }
}
