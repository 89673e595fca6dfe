//! Each rule of the writer has its test, and three mistakes are planted to show that the tests would find them.
//!
//! What is on disk is seen by an observer: a plain connection of its own.

mod faults;
mod rules;
mod together;

use std::sync::Arc;
use std::time::Duration;

use kitaab_core::store::{Store, StoreResult, Tx};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use super::{Rules, Unit};
use crate::SqliteStore;

/// A store on disk with a table of numbers, and a number that rolls back whatever transaction it is in.
struct Bench {
    store: Arc<SqliteStore>,
    observer: SqliteConnection,
    rules: Rules,
    _folder: tempfile::TempDir,
}

/// The trigger's number.
const POISON: i64 = 666;

/// Units wait for each other for as long as a test needs.
fn patient() -> Rules {
    Rules { hold: Duration::from_secs(20), gather: Duration::from_secs(20), ..Rules::default() }
}

impl Bench {
    async fn new(rules: Rules) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bench.db");
        let store = Arc::new(SqliteStore::open_file(&path, None, rules).await.unwrap());
        let mut observer = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
        let tables = "CREATE TABLE numbers (n INTEGER PRIMARY KEY);
            CREATE TABLE children (n INTEGER REFERENCES numbers DEFERRABLE INITIALLY DEFERRED);
            CREATE TRIGGER poison BEFORE INSERT ON numbers WHEN NEW.n = 666 BEGIN SELECT RAISE(ROLLBACK, 'poison'); END";
        sqlx::raw_sql(tables).execute(&mut observer).await.unwrap();
        Self { store, observer, rules, _folder: folder }
    }

    async fn unit(&self) -> Unit {
        let mut unit = self.store.writing().await.unwrap();
        unit.fault = self.rules.fault;
        unit
    }

    /// What another process would see now.
    async fn on_disk(&mut self) -> Vec<i64> {
        sqlx::query_scalar("SELECT n FROM numbers ORDER BY n").fetch_all(&mut self.observer).await.unwrap()
    }

    /// A unit that writes one number and is committed by a task of its own.
    async fn committing(&self, n: i64) -> tokio::task::JoinHandle<StoreResult<()>> {
        let mut unit = self.unit().await;
        unit.put(n).await.unwrap();
        tokio::spawn(Box::new(unit).commit())
    }

    async fn close(self) {
        self.store.close().await;
    }
}

impl Unit {
    async fn put(&mut self, n: i64) -> StoreResult<()> {
        self.execute(sqlx::query("INSERT INTO numbers VALUES ($1)").bind(n)).await.map(drop)
    }
}
