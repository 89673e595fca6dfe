//! The writer's connection in the hands of one unit.
//!
//! Between statements it lies where both sides can take it: the unit for its next statement, and the writer when the
//! unit has sat on it for too long. Dropping the lease means undo, so a dropped unit, a panic and a cancelled call are
//! one path.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kitaab_core::store::{StoreError, StoreResult};
use sqlx::SqliteConnection;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// What is to become of a unit.
pub(super) enum Verdict {
    /// It is told when what it wrote is on disk.
    Keep(oneshot::Sender<StoreResult<()>>),
    Undo,
}

/// The connection on its way back.
pub(super) struct Returned {
    pub(super) connection: SqliteConnection,
    pub(super) verdict: Verdict,
}

enum State {
    /// No statement is on its way, since then.
    Idle { connection: SqliteConnection, since: Instant },
    /// A statement has the connection.
    Busy,
    /// The unit held the writer for too long and was not told yet.
    Expired,
    /// The connection went back.
    Over,
}

struct Shared {
    state: Mutex<State>,
    back: Mutex<Option<oneshot::Sender<Returned>>>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The unit's side.
pub(crate) struct Lease(Arc<Shared>);

/// The writer's side.
pub(super) struct Watch(Arc<Shared>);

/// What the writer finds when it looks.
pub(super) enum Look {
    /// It sat on the connection for too long.
    Expired(SqliteConnection),
    /// Look again then.
    Later(Instant),
    /// It is on its way back.
    Over,
}

#[derive(Debug, thiserror::Error)]
#[error("a unit of work held the writer for too long between two statements")]
struct HeldTooLong;

pub(super) fn lease(connection: SqliteConnection) -> (Lease, Watch, oneshot::Receiver<Returned>) {
    let (back, returned) = oneshot::channel();
    let state = Mutex::new(State::Idle { connection, since: Instant::now() });
    let shared = Arc::new(Shared { state, back: Mutex::new(Some(back)) });
    (Lease(Arc::clone(&shared)), Watch(shared), returned)
}

impl Lease {
    /// Takes the connection for one statement.
    pub(super) fn take(&self) -> StoreResult<SqliteConnection> {
        let mut state = self.0.state();
        match std::mem::replace(&mut *state, State::Busy) {
            State::Idle { connection, .. } => Ok(connection),
            State::Expired => {
                *state = State::Over;
                Err(StoreError::Unavailable(HeldTooLong.into()))
            }
            ended @ (State::Busy | State::Over) => {
                *state = ended;
                Err(StoreError::Ended)
            }
        }
    }

    /// Puts it back for the next one.
    pub(super) fn put(&self, connection: SqliteConnection) {
        *self.0.state() = State::Idle { connection, since: Instant::now() };
    }

    /// Ends the unit.
    pub(super) fn give_back(&self, connection: SqliteConnection, verdict: Verdict) {
        *self.0.state() = State::Over;
        let back = self.0.back.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(back) = back {
            // Only a runtime that is going down no longer listens; the connection goes down with it.
            back.send(Returned { connection, verdict }).ok();
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let state = std::mem::replace(&mut *self.0.state(), State::Over);
        if let State::Idle { connection, .. } = state {
            self.give_back(connection, Verdict::Undo);
        }
    }
}

#[cfg(test)]
impl Watch {
    /// Takes the connection from under the unit, which is what must never happen.
    pub(super) fn steal(&self) -> Option<SqliteConnection> {
        let mut state = self.0.state();
        match std::mem::replace(&mut *state, State::Busy) {
            State::Idle { connection, .. } => Some(connection),
            other => {
                *state = other;
                None
            }
        }
    }

    pub(super) fn put(&self, connection: SqliteConnection) {
        *self.0.state() = State::Idle { connection, since: Instant::now() };
    }
}

impl Watch {
    /// Takes the connection away if the unit has done nothing with it for `hold`.
    pub(super) fn look(&self, hold: Duration) -> Look {
        let mut state = self.0.state();
        match std::mem::replace(&mut *state, State::Expired) {
            State::Idle { connection, since } if since.elapsed() >= hold => Look::Expired(connection),
            State::Idle { connection, since } => {
                *state = State::Idle { connection, since };
                Look::Later(since + hold)
            }
            // However long a statement takes, it is let finish.
            State::Busy => {
                *state = State::Busy;
                Look::Later(Instant::now() + hold)
            }
            over @ (State::Expired | State::Over) => {
                *state = over;
                Look::Over
            }
        }
    }
}
