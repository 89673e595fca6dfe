//! The databases that are measured, each with Nikhil's workspace in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use kitaab_core::access::Actor;
use kitaab_core::account::SignUp;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::invitation::{Accept, InvitedClient, NewInvitation};
use kitaab_core::store::Store;
use kitaab_core::testing::{Durability, KeepingMailer, TemporaryPostgres, TestDatabase};
use kitaab_core::{Kitaab, Settings};
use kitaab_store_postgres::{Options, PostgresStore};
use kitaab_store_sqlite::SqliteStore;
use tempfile::TempDir;
use uuid::Uuid;

/// Nikhil, his workspace and his clients, on one engine.
pub struct Place {
    pub kitaab: Kitaab,
    pub mailer: KeepingMailer,
    pub nikhil: Actor,
    pub workspace: WorkspaceId,
}

impl Place {
    pub async fn on(store: Arc<dyn Store>) -> anyhow::Result<Self> {
        let mailer = KeepingMailer::default();
        let settings = Settings { limits: false, ..Settings::default() };
        let kitaab = Kitaab::builder(store).mailer(mailer.clone()).settings(settings).build();
        let sign_up = SignUp {
            email: "nikhil@example.com".into(),
            password: "violet anchors drift at noon".into(),
            display_name: "Nikhil".into(),
            workspace_name: "Nikhil Design".into(),
        };
        let nikhil = kitaab.accounts(&Actor::nobody()).sign_up(sign_up.into(), None).await?;
        let (workspace, nikhil) = (nikhil.workspace.id, Actor::person(nikhil.user.id));
        Ok(Self { kitaab, mailer, nikhil, workspace })
    }

    /// Mridul, who accepted an invitation, and her card.
    pub async fn client(&self) -> anyhow::Result<(Actor, Uuid)> {
        let client = InvitedClient { name: "Mridul".into(), email: "mridul@example.com".into(), company: None };
        let invitation = NewInvitation { client: Some(client), ..NewInvitation::default() };
        let invited = self.kitaab.invitations(&self.nikhil).send(self.workspace, invitation.into()).await?.item;
        self.kitaab.run_due_jobs().await?;
        let accept = Accept {
            token: self.mailer.token_to("mridul@example.com").context("a mail")?.into(),
            display_name: Some("Mridul".into()),
            password: Some("copper lanterns over the lake".into()),
            company: None,
        };
        let mridul = self.kitaab.invitations(&Actor::nobody()).accept(accept.into(), None).await?;
        Ok((Actor::person(mridul.user.id), invited.client_id.context("a card")?.0))
    }
}

/// A SQLite file in a folder of its own.
pub async fn sqlite(folder: &Path) -> anyhow::Result<(TempDir, PathBuf, Arc<dyn Store>)> {
    std::fs::create_dir_all(folder)?;
    let room = tempfile::tempdir_in(folder)?;
    let path = room.path().join("kitaab.db");
    let store = SqliteStore::open(&path).await?;
    store.migrate().await?;
    Ok((room, path, Arc::new(store)))
}

/// A PostgreSQL of its own that flushes as in life.
pub async fn postgres() -> anyhow::Result<(TemporaryPostgres, TestDatabase, Arc<dyn Store>)> {
    let server = TemporaryPostgres::start(Durability::Full)?;
    let database = server.database();
    let store = PostgresStore::connect(Options { max_connections: 40, ..Options::new(database.url()) }).await?;
    store.migrate().await?;
    Ok((server, database, Arc::new(store)))
}
