//! A unit of work on a pooled connection.

mod gate;

use std::sync::Arc;

use async_trait::async_trait;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::store::{StoreError, StoreResult, Tx};
use sqlx::{PgConnection, Postgres, Transaction};

pub(crate) use gate::Gates;
use gate::Pass;

use crate::error::store_error;

pub(crate) type Db = Postgres;

/// One transaction. Dropping it rolls back.
pub(crate) struct Unit {
    /// None once the unit has ended. Declared before the pass, so that it is given up first.
    transaction: Option<Transaction<'static, Postgres>>,
    pass: Option<Pass>,
    gates: Arc<Gates>,
}

/// A statement on its way. It holds the transaction: one that fails, or is dropped before it is finished, takes the
/// transaction with it, and the unit has ended.
pub(crate) struct Statement<'u> {
    unit: &'u mut Unit,
    transaction: Transaction<'static, Postgres>,
}

impl Unit {
    pub(crate) fn new(transaction: Transaction<'static, Postgres>, gates: Arc<Gates>) -> Self {
        Self { transaction: Some(transaction), pass: None, gates }
    }

    pub(crate) fn statement(&mut self) -> StoreResult<Statement<'_>> {
        let transaction = self.transaction.take().ok_or(StoreError::Ended)?;
        Ok(Statement { unit: self, transaction })
    }

    /// Waits its turn at the workspace's head row, and keeps it to the end of the unit.
    pub(crate) async fn pass_gate(&mut self, workspace: WorkspaceId) {
        if self.pass.is_none() {
            self.pass = Some(Gates::enter(&self.gates, workspace).await);
        }
    }
}

impl Statement<'_> {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    pub(crate) fn finish<T>(self, done: Result<T, sqlx::Error>) -> StoreResult<T> {
        match done {
            Ok(value) => {
                self.unit.transaction = Some(self.transaction);
                Ok(value)
            }
            Err(error) => {
                drop(self.transaction);
                self.unit.pass = None;
                Err(store_error(error))
            }
        }
    }
}

#[async_trait]
impl Tx for Unit {
    async fn commit(mut self: Box<Self>) -> StoreResult<()> {
        let transaction = self.transaction.take().ok_or(StoreError::Ended)?;
        transaction.commit().await.map_err(store_error)
    }

    async fn rollback(mut self: Box<Self>) {
        if let Some(transaction) = self.transaction.take() {
            // Where this fails, the end of the connection undoes it.
            transaction.rollback().await.ok();
        }
    }
}
