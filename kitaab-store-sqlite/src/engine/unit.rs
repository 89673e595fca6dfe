//! A unit of work: a lease of the writer, or a snapshot on a reader.

use async_trait::async_trait;
use kitaab_core::store::{StoreError, StoreResult, Tx};
use sqlx::{Sqlite, SqliteConnection, Transaction};
use tokio::sync::oneshot;

use super::lease::{Lease, Verdict};
use crate::error::store_error;

pub(crate) type Db = Sqlite;

enum Hold {
    Writing(Lease),
    /// None once the unit has ended.
    Reading(Option<Transaction<'static, Sqlite>>),
}

/// One unit. Dropping it undoes it.
pub(crate) struct Unit {
    hold: Hold,
    #[cfg(test)]
    pub(super) fault: Option<super::Fault>,
}

enum Taken {
    Writing(Option<SqliteConnection>),
    Reading(Option<Transaction<'static, Sqlite>>),
}

/// A statement on its way. It holds the connection: one that fails, or is dropped before it is finished, ends its unit.
pub(crate) struct Statement<'u> {
    unit: &'u mut Unit,
    taken: Taken,
}

impl Unit {
    pub(crate) fn writing(lease: Lease) -> Self {
        Self {
            hold: Hold::Writing(lease),
            #[cfg(test)]
            fault: None,
        }
    }

    pub(crate) fn reading(transaction: Transaction<'static, Sqlite>) -> Self {
        Self {
            hold: Hold::Reading(Some(transaction)),
            #[cfg(test)]
            fault: None,
        }
    }

    pub(crate) fn statement(&mut self) -> StoreResult<Statement<'_>> {
        let taken = match &mut self.hold {
            Hold::Writing(lease) => Taken::Writing(Some(lease.take()?)),
            Hold::Reading(transaction) => Taken::Reading(Some(transaction.take().ok_or(StoreError::Ended)?)),
        };
        Ok(Statement { unit: self, taken })
    }

    #[cfg(test)]
    fn has(&self, fault: super::Fault) -> bool {
        self.fault == Some(fault)
    }
}

impl Statement<'_> {
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        match &mut self.taken {
            Taken::Writing(Some(connection)) => connection,
            Taken::Reading(Some(transaction)) => transaction,
            Taken::Writing(None) | Taken::Reading(None) => unreachable!("a statement is finished once"),
        }
    }

    pub(crate) fn finish<T>(mut self, done: Result<T, sqlx::Error>) -> StoreResult<T> {
        #[cfg(test)]
        let done_well = done.is_ok() || self.unit.has(super::Fault::GoesOnAfterFailure);
        #[cfg(not(test))]
        let done_well = done.is_ok();
        if done_well {
            match (&mut self.unit.hold, &mut self.taken) {
                (Hold::Writing(lease), Taken::Writing(taken)) => taken.take().into_iter().for_each(|connection| lease.put(connection)),
                (Hold::Reading(transaction), Taken::Reading(taken)) => *transaction = taken.take(),
                _ => {}
            }
        }
        // What is still taken is given up as this is dropped.
        done.map_err(store_error)
    }
}

impl Drop for Statement<'_> {
    fn drop(&mut self) {
        if let (Hold::Writing(lease), Taken::Writing(taken)) = (&self.unit.hold, &mut self.taken)
            && let Some(connection) = taken.take()
        {
            lease.give_back(connection, Verdict::Undo);
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the writer stopped before it could say whether the unit was kept")]
struct WriterGone;

#[async_trait]
impl Tx for Unit {
    async fn commit(mut self: Box<Self>) -> StoreResult<()> {
        match &mut self.hold {
            Hold::Reading(transaction) => {
                let transaction = transaction.take().ok_or(StoreError::Ended)?;
                transaction.commit().await.map_err(store_error)
            }
            Hold::Writing(lease) => {
                let connection = lease.take()?;
                let (kept, on_disk) = oneshot::channel();
                lease.give_back(connection, Verdict::Keep(kept));
                #[cfg(test)]
                if self.has(super::Fault::AnswersTooEarly) {
                    return Ok(());
                }
                on_disk.await.unwrap_or_else(|_| Err(StoreError::Unavailable(WriterGone.into())))
            }
        }
    }

    /// The writer undoes it before it runs anything else.
    async fn rollback(self: Box<Self>) {}
}
