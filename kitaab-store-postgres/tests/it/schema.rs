//! Both stores have the same tables and columns, made by migrations of the same names; but for what is searched, which each
//! keeps as its engine searches.

use std::collections::BTreeSet;
use std::path::Path;

use kitaab_core::store::Store;
use kitaab_store_sqlite::SqliteStore;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

/// Table, column, and whether it may be empty.
type Column = (String, String, bool);

#[tokio::test]
async fn both_stores_have_the_same_columns() {
    let database = crate::common::database().await;
    let mut postgres = PgConnection::connect(database.url()).await.unwrap();
    let columns = sqlx::query_as(
        "SELECT table_name::text, column_name::text, is_nullable = 'YES' FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' AND table_name NOT LIKE 'search%'",
    );
    let of_postgres: BTreeSet<Column> = columns.fetch_all(&mut postgres).await.unwrap().into_iter().collect();

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kitaab.db");
    let store = SqliteStore::open(&path).await.unwrap();
    store.migrate().await.unwrap();
    let mut sqlite = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let columns = sqlx::query_as(
        "SELECT m.name, c.name, NOT c.\"notnull\" FROM sqlite_schema m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name <> '_sqlx_migrations' AND m.name NOT LIKE 'sqlite%'
            AND m.name NOT LIKE 'search%'",
    );
    let of_sqlite: BTreeSet<Column> = columns.fetch_all(&mut sqlite).await.unwrap().into_iter().collect();
    assert!(of_postgres.len() > 100);
    assert_eq!(of_postgres, of_sqlite);

    let loose: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list WHERE NOT strict AND schema = 'main' AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations'
        AND name NOT LIKE 'search_text%' AND name NOT LIKE 'search_grams%'",
    )
    .fetch_all(&mut sqlite)
    .await
    .unwrap();
    assert_eq!(loose, [] as [&str; 0], "every table is strict");
}

#[tokio::test]
async fn every_key_of_a_workspace_begins_with_it() {
    let database = crate::common::database().await;
    let mut postgres = PgConnection::connect(database.url()).await.unwrap();
    // Primary keys, unique indexes and foreign keys to a table of a workspace, by their first column.
    let strays: Vec<String> = sqlx::query_scalar(
        "SELECT x.conname::text FROM pg_constraint x
        JOIN pg_attribute f ON f.attrelid = x.conrelid AND f.attnum = x.conkey[1]
        WHERE x.contype IN ('p', 'u', 'f') AND f.attname <> 'workspace_id'
            AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = x.conrelid AND a.attname = 'workspace_id')
            AND (x.contype <> 'f' OR x.confrelid <> 'users'::regclass)
            AND x.conrelid NOT IN ('jobs'::regclass, 'link_tokens'::regclass)",
    )
    .fetch_all(&mut postgres)
    .await
    .unwrap();
    assert_eq!(strays, Vec::<String>::new());
}

#[test]
fn migrations_have_the_same_names() {
    let names = |folder: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        path.read_dir().unwrap().map(|file| file.unwrap().file_name()).collect::<BTreeSet<_>>()
    };
    assert_eq!(names("migrations"), names("../kitaab-store-sqlite/migrations"));
}
