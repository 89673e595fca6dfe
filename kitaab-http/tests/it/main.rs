//! The server as its callers see it. One program, because linking eight takes longer than running one.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends where it stands, also in a helper")]

mod away;
mod backups;
mod browsers;
mod chat;
mod inputs;
mod limits;
mod nonsense;
mod openapi;
mod operations;
mod pages;
mod program;
mod repeats;
mod settings;
mod sockets;
mod stopping;
mod story;
mod streams;
mod support;
mod taking_away;
mod texts;
mod walk;
