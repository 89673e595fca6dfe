//! The promises of a store, kept by PostgreSQL.

use std::sync::Arc;

use kitaab_core::store::Store;
use kitaab_core::testing::TestDatabase;

async fn make() -> (Arc<dyn Store>, TestDatabase) {
    let (store, database) = crate::common::store().await;
    (Arc::new(store), database)
}
kitaab_core::conformance!(make);
