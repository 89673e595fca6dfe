//! The repositories: one file for each trait. Every statement is written once, for both engines, and checked against
//! each of them when its crate is compiled.
//!
//! This folder belongs to `kitaab-store-postgres`; `kitaab-store-sqlite` has it as a link. What one engine cannot say
//! as the other does stands whole in `dialect`.

mod access;
mod account;
mod activity;
mod audit;
mod away;
mod chat;
mod client;
mod dashboard;
mod event;
mod export;
mod finance;
mod invitation;
mod job;
mod limit;
mod notification;
mod once;
mod person;
mod project;
mod project_rows;
pub(crate) mod rows;
mod run;
mod search;
mod task;
mod task_rows;
mod time;
mod update;
mod workspace;

pub(crate) use access::in_channel;
pub(crate) use chat::{message, presence_state};
pub(crate) use search::thing;
