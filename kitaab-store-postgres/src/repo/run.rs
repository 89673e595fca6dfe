//! The only way from a repository to the connection: a statement that fails, or whose caller goes away in the middle,
//! ends its unit.

use kitaab_core::store::StoreResult;
use sqlx::query::{Map, Query};
use sqlx::{Database, IntoArguments};

use crate::engine::{Db, Unit};

type Row = <Db as Database>::Row;
type Arguments = <Db as Database>::Arguments;

impl Unit {
    /// How many rows were touched.
    pub(crate) async fn execute(&mut self, query: Query<'_, Db, Arguments>) -> StoreResult<u64> {
        let mut statement = self.statement()?;
        let done = query.execute(statement.connection()).await;
        Ok(statement.finish(done)?.rows_affected())
    }

    /// Whether any row was touched.
    pub(crate) async fn touch(&mut self, query: Query<'_, Db, Arguments>) -> StoreResult<bool> {
        Ok(self.execute(query).await? > 0)
    }

    /// The first row, if there is one.
    pub(crate) async fn optional<F, O, A>(&mut self, query: Map<'_, Db, F, A>) -> StoreResult<Option<O>>
    where
        F: FnMut(Row) -> Result<O, sqlx::Error> + Send,
        O: Send + Unpin,
        A: IntoArguments<Db> + Send,
    {
        let mut statement = self.statement()?;
        let found = query.fetch_optional(statement.connection()).await;
        statement.finish(found)
    }

    /// The one row.
    pub(crate) async fn one<F, O, A>(&mut self, query: Map<'_, Db, F, A>) -> StoreResult<O>
    where
        F: FnMut(Row) -> Result<O, sqlx::Error> + Send,
        O: Send + Unpin,
        A: IntoArguments<Db> + Send,
    {
        let mut statement = self.statement()?;
        let found = query.fetch_one(statement.connection()).await;
        statement.finish(found)
    }

    /// All rows.
    pub(crate) async fn all<F, O, A>(&mut self, query: Map<'_, Db, F, A>) -> StoreResult<Vec<O>>
    where
        F: FnMut(Row) -> Result<O, sqlx::Error> + Send,
        O: Send + Unpin,
        A: IntoArguments<Db> + Send,
    {
        let mut statement = self.statement()?;
        let found = query.fetch_all(statement.connection()).await;
        statement.finish(found)
    }
}
