//! One writer with group commit.
//!
//! A flush to the disk costs milliseconds and a statement microseconds, so units share flushes: each is a savepoint of a
//! transaction that is committed when nobody waits any more, or when the first of them has waited long enough. A unit
//! has the connection alone from its beginning to its end, and is answered once the transaction is on disk.

mod lease;
mod lock;
mod queue;
pub(crate) mod statistics;
#[cfg(test)]
mod tests;
mod unit;
mod writer;

pub use lock::InUse;
pub(crate) use lock::LockFile;
pub(crate) use unit::{Db, Unit};
pub(crate) use writer::{Rules, Writer};

/// A mistake in the engine that a test plants, to show that it would be found.
#[cfg(test)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// COMMIT is sent while a unit is open.
    CommitsInTheMiddle,
    /// A unit is answered before its COMMIT.
    AnswersTooEarly,
    /// A unit goes on after a statement of it failed.
    GoesOnAfterFailure,
}
