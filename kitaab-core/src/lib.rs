//! Kitaab gives a freelancer and their clients one place to work together. This crate is all of it but the database and
//! the web: use cases, who may do what, the event log, jobs and mail.
//!
//! The story it exists for, on a database in memory, with mails kept instead of sent:
//!
//! ```
//! use std::sync::Arc;
//!
//! use kitaab_core::access::Actor;
//! use kitaab_core::account::SignUp;
//! use kitaab_core::invitation::{Accept, InvitedClient, NewInvitation};
//! use kitaab_core::project::{NewProject, ProjectView, ProjectsAsk};
//! use kitaab_core::store::Store;
//! use kitaab_core::testing::KeepingMailer;
//! use kitaab_core::{Error, Kitaab};
//! use kitaab_store_sqlite::SqliteStore;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = SqliteStore::in_memory().await?;
//! store.migrate().await?;
//! let mailer = KeepingMailer::default();
//! let kitaab = Kitaab::builder(Arc::new(store)).mailer(mailer.clone()).build();
//!
//! // Nikhil signs up, which founds his workspace, and starts a project.
//! let nobody = Actor::nobody();
//! let sign_up = SignUp {
//!     email: "nikhil@example.com".into(),
//!     password: "violet anchors drift at noon".into(),
//!     display_name: "Nikhil".into(),
//!     workspace_name: "Nikhil Design".into(),
//! };
//! let signed_up = kitaab.accounts(&nobody).sign_up(sign_up.into(), None).await?;
//! let (workspace, nikhil) = (signed_up.workspace.id, Actor::person(signed_up.user.id));
//! let new = NewProject { name: "Shop redesign".into(), ..NewProject::default() };
//! let ProjectView::Staff(project) = kitaab.projects(&nikhil).create(workspace, new.into()).await?.item else { unreachable!() };
//!
//! // He invites Mridul to it. The mail leaves after the commit.
//! let invitation = NewInvitation {
//!     client: Some(InvitedClient { name: "Mridul".into(), email: "mridul@example.com".into(), company: None }),
//!     project_ids: vec![project.id],
//!     ..NewInvitation::default()
//! };
//! kitaab.invitations(&nikhil).send(workspace, invitation.into()).await?;
//! kitaab.run_due_jobs().await?;
//!
//! // She accepts through the link in it, and sees her project as a client does.
//! let accept = Accept {
//!     token: mailer.token_to("mridul@example.com").ok_or("a link")?.into(),
//!     display_name: Some("Mridul".into()),
//!     password: Some("copper lanterns over the lake".into()),
//!     company: None,
//! };
//! let mridul = Actor::person(kitaab.invitations(&nobody).accept(accept.into(), None).await?.user.id);
//! let seen = kitaab.projects(&mridul).list(workspace, ProjectsAsk::default().into()).await?;
//! assert!(matches!(&seen.items[..], [ProjectView::Client(project)] if project.name == "Shop redesign"));
//!
//! // Nikhil's other clients do not exist for her.
//! let clients = kitaab.clients(&mridul).list(workspace, Default::default()).await;
//! assert!(matches!(clients, Err(Error::NotFound)));
//! # Ok(())
//! # }
//! ```
//!
//! A host application with a sign-in of its own makes the [`Actor`](access::Actor) from the user it knows
//! ([`Kitaab::introduce`]). Stores are crates of their own; mail servers and the like are features: `smtp` here.

pub mod access;
pub mod account;
pub mod activity;
pub mod answer;
pub mod audit;
pub mod away;
pub mod chat;
pub mod client;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod dashboard;
pub mod error;
pub mod event;
pub mod export;
pub mod finance;
pub mod ids;
pub mod input;
mod instance;
pub mod invitation;
pub mod job;
pub mod keys;
mod kitaab;
pub mod mail;
mod moderation;
pub mod money;
mod notice;
pub mod notification;
pub mod page;
pub mod password;
pub mod project;
pub mod provider;
pub mod search;
mod sql;
pub mod store;
pub mod table;
#[cfg(feature = "testing")]
pub mod testing;
pub mod text;
pub mod time;
pub mod token;
pub mod work;
pub mod workspace;

pub use error::{Error, Result};
pub use instance::OtherKey;
pub use kitaab::{Builder, Kitaab, Settings};
