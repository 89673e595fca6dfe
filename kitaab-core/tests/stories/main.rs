//! What people do with Kitaab, told as stories, each on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod accounts;
mod away;
mod backup;
mod channels;
mod chat;
mod clients;
mod common;
mod dashboards;
mod exports;
mod feed;
mod finance;
mod hour;
mod inbox;
mod invitations;
mod jobs;
mod later;
mod leaks;
mod moderation;
mod notifications;
mod people;
mod projects;
mod races;
mod repeats;
mod search;
mod tasks;
