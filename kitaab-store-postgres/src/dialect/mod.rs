//! What PostgreSQL says in its own way: row locks, advisory locks, arrays.

mod jobs;
mod lists;
mod locks;
mod log;
mod posts;
mod search;
