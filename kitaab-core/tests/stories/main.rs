//! What people do with Kitaab, told as stories, each on SQLite and on PostgreSQL.

mod accounts;
mod backup;
mod common;
mod invitations;
mod workspace;
