//! Kitaab's store on PostgreSQL.
//!
//! Units run side by side. Every connection works as the role `kitaab_app`, which owns nothing, and every unit names its
//! [`Scope`](kitaab_core::store::Scope) as it begins: row-level security is a second fence under the permits.
//!
//! ```no_run
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! use kitaab_core::store::Store;
//! use kitaab_store_postgres::{Options, PostgresStore};
//!
//! let store = PostgresStore::connect(Options::new("postgres://kitaab@localhost/kitaab")).await?;
//! store.migrate().await?;
//! store.check().await?;
//! # Ok(())
//! # }
//! ```

mod backup;
mod bus;
mod check;
mod dialect;
mod engine;
mod error;
mod repo;
mod scope;
mod store;

pub use bus::PostgresBus;
pub use check::CheckError;
pub use store::{Options, PostgresStore};
