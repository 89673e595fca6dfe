//! A file or memory as a store.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kitaab_core::store::{Scope, Store, StoreError, StoreResult, Tx};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::engine::{LockFile, Rules, Unit, Writer, statistics};
use crate::error::store_error;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Connections that read at the same time. Each is a thread.
const READERS: u32 = 8;
/// How long a statement waits for another process, and a caller for a reader.
const PATIENCE: Duration = Duration::from_secs(5);

/// A store on SQLite. Scopes have no meaning here: there is no second fence.
#[derive(Clone)]
pub struct SqliteStore {
    inner: Arc<Inner>,
}

struct Inner {
    writer: Writer,
    /// None in memory, where the writer's connection is the only one.
    readers: Option<SqlitePool>,
    options: SqliteConnectOptions,
    lock: Mutex<Option<LockFile>>,
}

impl SqliteStore {
    /// Opens a file, which is made if it is missing. One process may have it open: another one is refused with
    /// [`InUse`](crate::InUse) as the source of the error, which names this one.
    pub async fn open(path: impl AsRef<Path>) -> StoreResult<Self> {
        let lock = LockFile::take(path.as_ref()).map_err(|error| StoreError::Unavailable(error.into()))?;
        Self::open_file(path.as_ref(), Some(lock), Rules::default()).await
    }

    /// Opens a file that another process may be serving from, for a short command: a unit waits until the server is
    /// between two transactions.
    pub async fn open_beside(path: impl AsRef<Path>) -> StoreResult<Self> {
        Self::open_file(path.as_ref(), None, Rules::default()).await
    }

    /// A store that ends with the process. Units take turns, also those that read.
    pub async fn in_memory() -> StoreResult<Self> {
        let options = SqliteConnectOptions::new().in_memory(true).shared_cache(true);
        let options = common(options.filename(format!("file:kitaab-{}?mode=memory&cache=shared", next_number())));
        let writer = Writer::open(options.clone(), Rules::default()).await?;
        Ok(Self { inner: Arc::new(Inner { writer, readers: None, options, lock: Mutex::default() }) })
    }

    pub(crate) async fn open_file(path: &Path, lock: Option<LockFile>, rules: Rules) -> StoreResult<Self> {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let options = common(options).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let writer = Writer::open(options.clone(), rules).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .connect_lazy_with(options.clone().pragma("query_only", "ON"));
        Ok(Self { inner: Arc::new(Inner { writer, readers: Some(readers), options, lock: Mutex::new(lock) }) })
    }

    pub(crate) async fn writing(&self) -> StoreResult<Unit> {
        Ok(Unit::writing(self.inner.writer.lease().await?))
    }

    pub(crate) async fn reading(&self) -> StoreResult<Unit> {
        match &self.inner.readers {
            Some(readers) => {
                // A caller who goes away in the middle must not leave a connection behind that has begun and does not know it.
                let readers = readers.clone();
                let begun = tokio::spawn(async move { readers.begin().await }).await;
                Ok(Unit::reading(begun.unwrap_or(Err(sqlx::Error::WorkerCrashed)).map_err(store_error)?))
            }
            None => self.writing().await,
        }
    }
}

/// Memory is shared by name, so each store has one of its own.
fn next_number() -> u64 {
    static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// Rows that may wait to be taken: more than the longest page has, or the two threads take turns at the last of them.
const ROWS_ON_THE_WAY: usize = 256;

fn common(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.row_buffer_size(ROWS_ON_THE_WAY).foreign_keys(true).busy_timeout(PATIENCE).statement_cache_capacity(512)
}

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self, _: Scope) -> StoreResult<Box<dyn Tx>> {
        Ok(Box::new(self.reading().await?))
    }

    async fn write(&self, _: Scope) -> StoreResult<Box<dyn Tx>> {
        Ok(Box::new(self.writing().await?))
    }

    async fn migrate(&self) -> StoreResult<()> {
        let beside = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(self.inner.options.clone());
        let done = async {
            MIGRATIONS.run(&beside).await.map_err(|error| StoreError::Backend(error.into()))?;
            statistics::tell(&mut *beside.acquire().await.map_err(store_error)?).await.map_err(store_error)
        };
        let done = done.await;
        beside.close().await;
        done
    }

    async fn is_current(&self) -> StoreResult<bool> {
        self.reading().await?.is_migrated(MIGRATIONS.iter().map(|migration| migration.version).collect()).await
    }

    async fn ping(&self) -> StoreResult<()> {
        self.reading().await?.answers().await
    }

    async fn close(&self) {
        self.inner.writer.close().await;
        if let Some(readers) = &self.inner.readers {
            // Whoever still reads is not waited for longer than a caller would be.
            tokio::time::timeout(PATIENCE, readers.close()).await.ok();
        }
        self.inner.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
