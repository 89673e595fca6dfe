//! How SQLite goes about statements: by the narrowest index there is, and not through a whole workspace.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::collections::BTreeSet;

use kitaab_core::store::Store;
use kitaab_store_sqlite::SqliteStore;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Row};

/// Tables that grow with every day.
const LARGE: [&str; 6] = ["messages", "events", "message_mentions", "audit_log", "activity", "search_documents"];

/// Every statement of the crate, as it was checked against the database when it was compiled.
fn statements() -> BTreeSet<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx");
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    files.map(|text| serde_json::from_str::<serde_json::Value>(&text).unwrap()["query"].as_str().unwrap().to_owned()).collect()
}

/// The steps of a plan that read a large table by the workspace alone, or without any index.
async fn walks(file: &std::path::Path) -> Vec<(String, String)> {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let mut found = Vec::new();
    for statement in statements() {
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"))).fetch_all(&mut connection).await.unwrap();
        // A table goes by the name that the statement gives it.
        let names = |table: &str| -> Vec<String> {
            let words: Vec<&str> = statement.split([' ', '\n', '(', ')', ',']).filter(|word| !word.is_empty()).collect();
            words.windows(2).filter(|pair| pair[0] == table).flat_map(|pair| [table.to_owned(), pair[1].to_owned()]).collect()
        };
        for step in plan {
            let step: String = step.get("detail");
            let of_large = LARGE.iter().flat_map(|table| names(table)).any(|name| step.split(' ').nth(1) == Some(name.as_str()));
            if of_large && (step.starts_with("SCAN") || step.ends_with("(workspace_id=?)")) {
                found.push((statement.split_whitespace().collect::<Vec<_>>().join(" "), step));
            }
        }
    }
    found
}

/// What is about everything in a workspace, or about its oldest rows, walks through it.
fn is_about_all(statement: &str) -> bool {
    statement.starts_with("DELETE FROM") || statement == "SELECT seq FROM events WHERE workspace_id = $1 AND at >= $2 ORDER BY seq LIMIT 1"
}

#[tokio::test]
async fn no_statement_walks_through_a_workspace_for_one_thing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kitaab.db");
    let store = SqliteStore::open(&file).await.unwrap();
    store.migrate().await.unwrap();
    let found: Vec<_> = walks(&file).await.into_iter().filter(|(statement, _)| !is_about_all(statement)).collect();
    assert!(found.is_empty(), "{found:#?}");

    // Without the figures it would.
    let mut connection = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    sqlx::query("DELETE FROM sqlite_stat1").execute(&mut connection).await.unwrap();
    assert!(walks(&file).await.iter().any(|(statement, _)| !is_about_all(statement)));
}
