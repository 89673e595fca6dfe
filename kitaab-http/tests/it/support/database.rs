//! A database of its own for each test, and what is in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kitaab_core::store::Store;
use kitaab_core::testing::{TemporaryPostgres, TestDatabase};
use kitaab_store_postgres::{Options, PostgresStore};
use kitaab_store_sqlite::SqliteStore;
use sqlx::{Connection, Row, SqliteConnection};
use tempfile::TempDir;

use super::SharedStore;

/// Every row of every table, as text.
pub type Dump = BTreeMap<String, Vec<String>>;

pub enum Database {
    Sqlite(TempDir),
    Postgres(TestDatabase),
}

impl Database {
    pub async fn new() -> Self {
        if std::env::var("KITAAB_TEST_STORE").is_ok_and(|store| store == "postgres") {
            return Self::Postgres(TemporaryPostgres::shared().prepared(migrate).await);
        }
        Self::Sqlite(TempDir::new().unwrap())
    }

    fn file(folder: &TempDir) -> PathBuf {
        folder.path().join("kitaab.db")
    }

    pub async fn store(&self) -> SharedStore {
        match self {
            Self::Sqlite(folder) => {
                let store = SqliteStore::open(Self::file(folder)).await.unwrap();
                store.migrate().await.unwrap();
                Arc::new(store)
            }
            Self::Postgres(database) => Arc::new(PostgresStore::connect(Options::new(database.url())).await.unwrap()),
        }
    }

    /// The same rows once more, in another file; with SQLite, and only while nobody has it open.
    pub fn copy(&self) -> Option<Self> {
        let Self::Sqlite(folder) = self else { return None };
        let copy = TempDir::new().unwrap();
        for file in ["kitaab.db", "kitaab.db-wal"] {
            let (from, to): (&Path, PathBuf) = (&folder.path().join(file), copy.path().join(file));
            if from.exists() {
                std::fs::copy(from, to).unwrap();
            }
        }
        Some(Self::Sqlite(copy))
    }

    /// Keeps the rows as they are now, with PostgreSQL.
    pub fn keep(&self) {
        if let Self::Postgres(database) = self {
            keep(database);
        }
    }

    /// The rows are again as they were kept.
    pub fn bring_back(&self) {
        if let Self::Postgres(database) = self {
            bring_back(database);
        }
    }

    pub async fn dump(&self) -> Dump {
        match self {
            Self::Sqlite(folder) => dump_sqlite(&Self::file(folder)).await,
            Self::Postgres(database) => dump_postgres(database),
        }
    }
}

async fn migrate(url: String) {
    let store = PostgresStore::connect(Options::new(url)).await.unwrap();
    store.migrate().await.unwrap();
    store.close().await;
}

async fn dump_sqlite(file: &Path) -> Dump {
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}?mode=ro", file.display())).await.unwrap();
    let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlx_%'";
    let mut dump = Dump::new();
    for row in sqlx::query(names).fetch_all(&mut connection).await.unwrap() {
        let table: String = row.get(0);
        let columns = sqlx::query("SELECT name FROM pragma_table_info(?1)").bind(&table).fetch_all(&mut connection).await.unwrap();
        let shown: Vec<String> =
            columns.iter().map(|column| column.get::<String, _>(0)).map(|name| format!("'{name}=' || quote(\"{name}\")")).collect();
        let sql = format!("SELECT {} FROM \"{table}\"", shown.join(" || ' ' || "));
        let mut rows: Vec<String> =
            sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap().iter().map(|row| row.get(0)).collect();
        rows.sort();
        dump.insert(table, rows);
    }
    connection.close().await.unwrap();
    dump
}

fn tables(database: &TestDatabase) -> Vec<String> {
    let names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations' ORDER BY 1";
    database.say(names).unwrap().lines().map(str::to_owned).collect()
}

fn dump_postgres(database: &TestDatabase) -> Dump {
    let tables = tables(database);
    // Names of columns stand in it, so that a reader of a difference sees what differs.
    let rows: Vec<String> = tables.iter().map(|table| format!("SELECT '{table}', row_to_json(t)::text FROM \"{table}\" t")).collect();
    let mut dump: Dump = tables.iter().map(|table| (table.clone(), Vec::new())).collect();
    for line in database.say(&rows.join(" UNION ALL ")).unwrap().lines() {
        let (table, row) = line.split_once('|').unwrap();
        dump.get_mut(table).unwrap().push(row.to_owned());
    }
    for rows in dump.values_mut() {
        rows.sort();
    }
    dump
}

/// Keeps every row aside, to be brought back.
fn keep(database: &TestDatabase) {
    let copies: String = tables(database)
        .iter()
        .fold("CREATE SCHEMA kept;".to_owned(), |sql, table| sql + &format!("CREATE TABLE kept.{table} AS TABLE {table};"));
    database.say(&copies).unwrap();
}

/// Brings back the rows that were kept. Triggers and foreign keys rest meanwhile: the rows fit together.
fn bring_back(database: &TestDatabase) {
    let tables = tables(database);
    let emptied = format!("SET session_replication_role = replica; TRUNCATE {};", tables.join(", "));
    let sql = tables.iter().fold(emptied, |sql, table| sql + &format!("INSERT INTO {table} SELECT * FROM kept.{table};"));
    database.say(&sql).unwrap();
}

/// What differs between two dumps, leaving out what a refused call may write: its audit entry, counts of limits, and
/// when a session was last seen.
pub fn difference(before: &Dump, after: &Dump) -> Vec<String> {
    const MAY_CHANGE: [&str; 3] = ["audit_log", "account_audit", "rate_limits"];
    let seen = |rows: &[String]| -> Vec<String> { rows.iter().map(|row| without(row, "last_seen_at")).collect() };
    let tables = before.keys().chain(after.keys()).filter(|table| !MAY_CHANGE.contains(&table.as_str()));
    let differs = |table: &&String| {
        let (old, new) =
            (before.get(*table).map(Vec::as_slice).unwrap_or_default(), after.get(*table).map(Vec::as_slice).unwrap_or_default());
        if *table == "sessions" { seen(old) != seen(new) } else { old != new }
    };
    let mut found: Vec<String> = tables.filter(differs).cloned().collect();
    found.dedup();
    found
}

/// A row without one of its columns.
fn without(row: &str, column: &str) -> String {
    let Some(start) = row.find(column) else { return row.to_owned() };
    let end = row[start..].find([' ', ',']).map_or(row.len(), |length| start + length);
    format!("{}{}", &row[..start], &row[end..])
}
