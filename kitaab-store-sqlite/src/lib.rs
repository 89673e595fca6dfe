//! Kitaab's store on SQLite: one file, or memory alone.
//!
//! One writer owns the connection that writes, and commits what several units wrote with one flush to the disk; readers
//! have connections of their own. [`SqliteStore::in_memory`] is the store for tests and for trying out.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! use kitaab_core::store::Store;
//! use kitaab_store_sqlite::SqliteStore;
//!
//! let store = SqliteStore::in_memory().await?;
//! store.migrate().await?;
//! assert!(store.is_current().await?);
//! # Ok::<(), Box<dyn std::error::Error>>(()) })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod backup;
mod dialect;
mod engine;
mod error;
mod repo;
mod store;

pub use backup::{backup, restore};
pub use engine::InUse;
pub use store::SqliteStore;
