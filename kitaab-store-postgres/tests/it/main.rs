//! The store on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends where it stands, also in a helper")]

mod backup;
mod check;
mod common;
mod conformance;
mod connections;
mod erasing;
mod forged;
mod log;
mod migrating;
mod plans;
mod schema;
