//! The engines without Kitaab: filled in one go, and asked as a server would.

use std::path::Path;
use std::time::{Duration, Instant};

use kitaab_core::ids::{UserId, WorkspaceId};
use sqlx::postgres::{PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{AssertSqlSafe, Column, Executor, Row, TypeInfo, ValueRef};
use uuid::Uuid;

use super::by_hand::Words;
use super::fill::{POSTGRES, SQLITE, Tongue};

/// An engine.
pub enum Bare {
    Sqlite(SqlitePool),
    /// As the server's role and as the superuser, and how a unit begins.
    Postgres {
        asks: PgPool,
        fills: PgPool,
        begin: String,
    },
}

impl Bare {
    pub async fn sqlite(path: &Path) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new().filename(path).journal_mode(SqliteJournalMode::Wal).foreign_keys(false);
        Ok(Self::Sqlite(SqlitePoolOptions::new().max_connections(8).test_before_acquire(false).connect_with(options).await?))
    }

    pub async fn postgres(url: &str, workspace: WorkspaceId, user: UserId) -> anyhow::Result<Self> {
        let asks = PgPoolOptions::new()
            .max_connections(8)
            .test_before_acquire(false)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute("SET ROLE kitaab_app; SET jit = off").await.map(drop) })
            })
            .connect(url)
            .await?;
        let fills = PgPoolOptions::new().max_connections(1).connect(url).await?;
        let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT kitaab_enter('{workspace}', '{user}')");
        Ok(Self::Postgres { asks, fills, begin })
    }

    pub fn tongue(&self) -> &'static Tongue {
        match self {
            Self::Sqlite(_) => &SQLITE,
            Self::Postgres { .. } => &POSTGRES,
        }
    }

    pub fn words(&self) -> Words {
        match self {
            Self::Sqlite(_) => Words { today: "date('now')", part: |text, part| format!("instr({text}, '{part}') > 0") },
            Self::Postgres { .. } => Words { today: "CURRENT_DATE", part: |text, part| format!("strpos({text}, '{part}') > 0") },
        }
    }

    /// An id as the engine writes it.
    pub fn id(&self, id: Uuid) -> String {
        match self {
            Self::Sqlite(_) => format!("x'{}'", id.simple()),
            Self::Postgres { .. } => format!("'{id}'::uuid"),
        }
    }

    pub async fn fill(&self, statements: &[String]) -> anyhow::Result<()> {
        for statement in statements {
            let statement = AssertSqlSafe(statement.clone());
            match self {
                Self::Sqlite(pool) => pool.execute(statement).await.map(drop)?,
                Self::Postgres { fills, .. } => fills.execute(statement).await.map(drop)?,
            }
        }
        Ok(())
    }

    /// What an engine left alone for a while would have done.
    pub async fn settle(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(pool) => pool.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.map(drop)?,
            Self::Postgres { fills, .. } => fills.execute("VACUUM ANALYZE").await.map(drop)?,
        }
        Ok(())
    }

    /// Asks one thing with all rights; how many rows were answered.
    pub async fn ask_unfenced(&self, statement: &str) -> anyhow::Result<usize> {
        let query = AssertSqlSafe(statement.to_owned());
        Ok(match self {
            Self::Sqlite(pool) => sqlx::query(query).fetch_all(pool).await?.len(),
            Self::Postgres { fills, .. } => sqlx::query(query).fetch_all(fills).await?.len(),
        })
    }

    /// Asks everything in one transaction, and looks at every value; how long it took.
    pub async fn ask(&self, statements: &[String]) -> anyhow::Result<Duration> {
        let started = Instant::now();
        let mut values = 0;
        match self {
            Self::Sqlite(pool) => {
                let mut tx = pool.begin().await?;
                for statement in statements {
                    for found in sqlx::query(AssertSqlSafe(statement.clone())).fetch_all(&mut *tx).await? {
                        values += of_sqlite(&found)?;
                    }
                }
            }
            Self::Postgres { asks, begin, .. } => {
                let mut tx = asks.begin_with(AssertSqlSafe(begin.clone())).await?;
                for statement in statements {
                    for found in sqlx::query(AssertSqlSafe(statement.clone())).fetch_all(&mut *tx).await? {
                        values += of_postgres(&found)?;
                    }
                }
            }
        }
        anyhow::ensure!(values > 0, "nothing was found");
        Ok(started.elapsed())
    }
}

/// Decodes a row into values of our own.
fn of_sqlite(row: &SqliteRow) -> Result<usize, sqlx::Error> {
    let mut values = 0;
    for column in row.columns() {
        let at = column.ordinal();
        let (is_null, kind) = {
            let value = row.try_get_raw(at)?;
            (value.is_null(), value.type_info().name().to_owned())
        };
        values += match kind.as_str() {
            _ if is_null => 1,
            "INTEGER" => row.try_get::<i64, _>(at).map(|_| 1)?,
            "BLOB" => row.try_get::<Uuid, _>(at).map(|_| 1)?,
            _ => row.try_get::<String, _>(at).map(|text| text.len().max(1))?,
        };
    }
    Ok(values)
}

/// Decodes a row into values of our own.
fn of_postgres(row: &PgRow) -> Result<usize, sqlx::Error> {
    let mut values = 0;
    for column in row.columns() {
        let at = column.ordinal();
        values += match column.type_info().name() {
            "UUID" => row.try_get::<Option<Uuid>, _>(at).map(|_| 1)?,
            "INT8" => row.try_get::<Option<i64>, _>(at).map(|_| 1)?,
            "BOOL" => row.try_get::<Option<bool>, _>(at).map(|_| 1)?,
            "DATE" => row.try_get::<Option<kitaab_core::time::Date>, _>(at).map(|_| 1)?,
            "TIMESTAMPTZ" => row.try_get::<Option<kitaab_core::time::Timestamp>, _>(at).map(|_| 1)?,
            _ => row.try_get::<Option<String>, _>(at).map(|text| text.map_or(1, |text| text.len().max(1)))?,
        };
    }
    Ok(values)
}
