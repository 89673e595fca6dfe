//! The databases in a folder of one's choice, and what fills them by hand.

mod cluster;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kitaab_core::store::Store;
use kitaab_store_postgres::{Options, PostgresStore};
use kitaab_store_sqlite::SqliteStore;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;
use uuid::Uuid;

pub use cluster::Cluster;

macro_rules! say_all {
    ($connection:ident, $statements:ident) => {{
        let mut tx = $connection.begin().await?;
        for statement in $statements {
            tx.execute(AssertSqlSafe(statement.clone())).await?;
        }
        tx.commit().await?;
        $connection.close().await?;
    }};
}

/// A database, empty or filled.
pub enum Engine {
    Sqlite { room: TempDir },
    Postgres { cluster: Cluster },
}

impl Engine {
    /// A SQLite file in a folder of its own, with its tables.
    pub async fn sqlite(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let engine = Self::Sqlite { room: tempfile::tempdir_in(folder)? };
        let store = engine.store().await?;
        store.migrate().await?;
        store.close().await;
        Ok(engine)
    }

    /// A PostgreSQL of its own that keeps its data in the folder and flushes as in life, with its tables.
    pub async fn postgres(folder: &Path) -> anyhow::Result<Self> {
        let engine = Self::Postgres { cluster: Cluster::start(folder)? };
        let store = engine.store().await?;
        store.migrate().await?;
        store.close().await;
        Ok(engine)
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "SQLite",
            Self::Postgres { .. } => "PostgreSQL",
        }
    }

    /// Where the SQLite file is; the data directory of a server on it.
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite { room } => Some(room.path().join("kitaab.db")),
            Self::Postgres { .. } => None,
        }
    }

    /// For a superuser of PostgreSQL.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Sqlite { .. } => None,
            Self::Postgres { cluster } => Some(cluster.url()),
        }
    }

    pub async fn store(&self) -> anyhow::Result<Arc<dyn Store>> {
        Ok(match self {
            Self::Sqlite { room } => Arc::new(SqliteStore::open(room.path().join("kitaab.db")).await?),
            Self::Postgres { cluster } => {
                Arc::new(PostgresStore::connect(Options { max_connections: 40, ..Options::new(cluster.url()) }).await?)
            }
        })
    }

    /// Seconds of processor time that the database's own processes have taken. SQLite's are its caller's.
    pub fn cpu(&self) -> f64 {
        match self {
            Self::Sqlite { .. } => 0.0,
            Self::Postgres { cluster } => cluster.cpu(),
        }
    }

    /// An id as the engine writes it.
    pub fn id(&self, id: Uuid) -> String {
        match self {
            Self::Sqlite { .. } => format!("x'{}'", id.simple()),
            Self::Postgres { .. } => format!("'{id}'::uuid"),
        }
    }

    /// Bytes as the engine writes them.
    pub fn bytes(&self, bytes: &[u8]) -> String {
        let hex = data_encoding::HEXLOWER.encode(bytes);
        match self {
            Self::Sqlite { .. } => format!("x'{hex}'"),
            Self::Postgres { .. } => format!("'\\x{hex}'::bytea"),
        }
    }

    /// A moment: microseconds since 1970, given as an expression.
    pub fn at(&self, micros: &str) -> String {
        match self {
            Self::Sqlite { .. } => micros.to_owned(),
            Self::Postgres { .. } => format!("(TIMESTAMPTZ 'epoch' + ({micros}) * INTERVAL '1 microsecond')"),
        }
    }

    /// Says all of it in one transaction, past every fence.
    pub async fn fill(&self, statements: &[String]) -> anyhow::Result<()> {
        match self {
            Self::Sqlite { room } => {
                let mut connection =
                    SqliteConnectOptions::new().filename(room.path().join("kitaab.db")).foreign_keys(false).connect().await?;
                say_all!(connection, statements);
            }
            Self::Postgres { cluster } => {
                let mut connection = PgConnection::connect(cluster.url()).await?;
                say_all!(connection, statements);
            }
        }
        Ok(())
    }

    /// What an engine left alone for a while would have done.
    pub async fn settle(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite { room } => {
                let mut connection: SqliteConnection =
                    SqliteConnectOptions::new().filename(room.path().join("kitaab.db")).connect().await?;
                connection.execute("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)").await?;
                connection.close().await?;
            }
            Self::Postgres { cluster } => {
                let mut connection = PgConnection::connect(cluster.url()).await?;
                connection.execute("VACUUM ANALYZE").await?;
                connection.execute("CHECKPOINT").await?;
                connection.close().await?;
            }
        }
        Ok(())
    }
}
