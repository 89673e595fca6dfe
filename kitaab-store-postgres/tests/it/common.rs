//! A migrated database for each test.

use kitaab_core::store::Store;
use kitaab_core::testing::{TemporaryPostgres, TestDatabase};
use kitaab_store_postgres::{Options, PostgresStore};

/// A store on a database of its own.
pub async fn store() -> (PostgresStore, TestDatabase) {
    let database = database().await;
    let store = PostgresStore::connect(Options { max_connections: 24, ..Options::new(database.url()) }).await.unwrap();
    (store, database)
}

/// A migrated database.
pub async fn database() -> TestDatabase {
    TemporaryPostgres::shared()
        .prepared(|url| async move {
            let store = PostgresStore::connect(Options::new(url)).await.unwrap();
            store.migrate().await.unwrap();
            store.close().await;
        })
        .await
}
