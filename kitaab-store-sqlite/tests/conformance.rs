//! The promises of a store, kept by one in memory and by one on disk.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::sync::Arc;

use kitaab_core::store::Store;
use kitaab_store_sqlite::SqliteStore;

mod in_memory {
    use super::*;

    async fn make() -> (Arc<dyn Store>, ()) {
        let store = SqliteStore::in_memory().await.unwrap();
        store.migrate().await.unwrap();
        (Arc::new(store), ())
    }
    kitaab_core::conformance!(make);
}

mod on_disk {
    use super::*;

    async fn make() -> (Arc<dyn Store>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("kitaab.db")).await.unwrap();
        store.migrate().await.unwrap();
        (Arc::new(store), folder)
    }
    kitaab_core::conformance!(make);
}
