//! The pool, and how a database is brought up to date.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use kitaab_core::store::{Scope, Store, StoreError, StoreResult, Tx};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::engine::{Gates, Unit};
use crate::error::store_error;
use crate::scope;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// How long a caller waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// What every connection says first. It is the role that row-level security binds; just-in-time compilation pays for
/// no statement this short; and a statement is planned once, for no values, because planning it under row-level security
/// takes longer than running it.
const FIRST_WORDS: &str = "SET ROLE kitaab_app; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; \
    SET jit = off; SET plan_cache_mode = force_generic_plan";

/// How to reach the database.
#[derive(Clone)]
pub struct Options {
    /// For the server's work: the owner of the database, or a login that is a member of `kitaab_app`.
    pub url: String,
    /// For migrations, where `url` may not change tables.
    pub owner_url: Option<String>,
    /// Connections held at most.
    pub max_connections: u32,
}

impl Options {
    /// One URL for everything, ten connections.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), owner_url: None, max_connections: 10 }
    }
}

impl fmt::Debug for Options {
    /// URLs hold passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("max_connections", &self.max_connections).finish_non_exhaustive()
    }
}

/// A store on PostgreSQL.
#[derive(Clone)]
pub struct PostgresStore {
    pool: PgPool,
    app: PgConnectOptions,
    owner: PgConnectOptions,
    /// The role of the pool's connections was seen to be there.
    has_role: Arc<AtomicBool>,
    gates: Arc<Gates>,
}

impl PostgresStore {
    /// Reaches the database; its tables may still be missing. Connections are opened as they are needed.
    pub async fn connect(options: Options) -> StoreResult<Self> {
        let app: PgConnectOptions = options.url.parse().map_err(store_error)?;
        let owner: PgConnectOptions = match &options.owner_url {
            Some(url) => url.parse().map_err(store_error)?,
            None => app.clone(),
        };
        let app = app.application_name("kitaab").statement_cache_capacity(512);
        let connection = PgConnection::connect_with(&app).await.map_err(store_error)?;
        connection.close().await.map_err(store_error)?;
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections)
            .acquire_timeout(PATIENCE)
            // A stale connection shows when the unit begins, and is replaced there: no round trip to find out first.
            .test_before_acquire(false)
            .after_connect(|connection, _| Box::pin(async move { connection.execute(FIRST_WORDS).await.map(drop) }))
            .connect_lazy_with(app.clone());
        Ok(Self { pool, app, owner, has_role: Arc::default(), gates: Arc::default() })
    }

    /// Whether the role is there that every connection of the pool takes: on a new server the first migration makes it,
    /// and until then the pool would wait for a connection in vain.
    async fn has_role(&self) -> StoreResult<bool> {
        if self.has_role.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let mut connection = PgConnection::connect_with(&self.app).await.map_err(store_error)?;
        let found = sqlx::query("SELECT 1 FROM pg_roles WHERE rolname = 'kitaab_app'").fetch_optional(&mut connection).await;
        let found = found.map_err(store_error)?.is_some();
        connection.close().await.ok();
        self.has_role.store(found, Ordering::Relaxed);
        Ok(found)
    }

    pub(crate) fn owner(&self) -> &PgConnectOptions {
        &self.owner
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    async fn begin(&self, scope: Scope, writes: bool) -> StoreResult<Box<dyn Tx>> {
        let mut tries = self.pool.size().saturating_add(1);
        loop {
            // A caller who goes away in the middle must not leave a connection behind that has begun and does not know it:
            // beginning is a task of its own, and what it makes for nobody is rolled back.
            let pool = self.pool.clone();
            let begun = tokio::spawn(async move { pool.begin_with(AssertSqlSafe(scope::begin(scope, writes))).await }).await;
            let begun = begun.unwrap_or(Err(sqlx::Error::WorkerCrashed));
            tries = tries.saturating_sub(1);
            match begun {
                Ok(transaction) => return Ok(Box::new(Unit::new(transaction, Arc::clone(&self.gates)))),
                // After a restart of the database every idle connection is stale, and each is found out once.
                Err(error) if tries > 0 && is_stale(&error) => {}
                Err(error) => return Err(store_error(error)),
            }
        }
    }
}

fn is_stale(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(database) => matches!(database.code().as_deref(), Some("57P01" | "57P02" | "57P05")),
        _ => false,
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn read(&self, scope: Scope) -> StoreResult<Box<dyn Tx>> {
        self.begin(scope, false).await
    }

    async fn write(&self, scope: Scope) -> StoreResult<Box<dyn Tx>> {
        self.begin(scope, true).await
    }

    async fn migrate(&self) -> StoreResult<()> {
        let owner = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_lazy_with(self.owner.clone());
        // Takes an advisory lock, so that of several servers that start at once one migrates and the others wait.
        let done = MIGRATIONS.run(&owner).await;
        owner.close().await;
        done.map_err(|error| StoreError::Backend(error.into()))
    }

    async fn is_current(&self) -> StoreResult<bool> {
        if !self.has_role().await? {
            return Ok(false);
        }
        let applied = sqlx::query_scalar::<_, i64>("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(&self.pool).await;
        match applied {
            Ok(applied) => Ok(MIGRATIONS.iter().all(|migration| applied.contains(&migration.version))),
            // No such role, no such table, or nothing granted yet.
            Err(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("22023" | "42P01" | "42501")) => Ok(false),
            Err(error) => Err(store_error(error)),
        }
    }

    async fn ping(&self) -> StoreResult<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(drop).map_err(store_error)
    }

    async fn close(&self) {
        // Whoever still holds a unit is not waited for longer than a caller would be.
        tokio::time::timeout(PATIENCE, self.pool.close()).await.ok();
    }
}
