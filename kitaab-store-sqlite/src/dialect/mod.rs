//! What SQLite says in its own way: one writer needs no locks, and lists go as JSON.

mod expression;
mod index;
mod jobs;
mod lists;
mod locks;
mod log;
mod posts;
mod search;
mod state;
