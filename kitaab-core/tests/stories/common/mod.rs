//! A studio to test in: Nikhil's workspace on a fresh database, a clock that stands, a mailer that keeps.

use std::sync::Arc;

use kitaab_core::access::Actor;
use kitaab_core::account::SignUp;
use kitaab_core::client::NewClient;
use kitaab_core::ids::{ClientId, ProjectId, WorkspaceId};
use kitaab_core::invitation::{Accept, InvitationItem, NewInvitation};
use kitaab_core::project::{NewProject, ProjectView, ProjectsAsk};
use kitaab_core::provider::Blobs;
use kitaab_core::store::Store;
use kitaab_core::testing::{KeepingMailer, ManualClock, TemporaryPostgres, TestDatabase};
use kitaab_core::{Error, Kitaab, Settings};
use kitaab_store_postgres::{Options, PostgresStore};

/// A password that anybody may choose.
pub const PASSWORD: &str = "violet anchors drift at noon";

pub struct Studio {
    pub kitaab: Kitaab,
    pub clock: ManualClock,
    pub mailer: KeepingMailer,
    pub nikhil: Actor,
    pub workspace: WorkspaceId,
    /// Where files are kept, as long as the studio is.
    pub files: Arc<tempfile::TempDir>,
}

impl Studio {
    pub async fn on(store: Arc<dyn Store>) -> Self {
        Self::with(store, Settings::default()).await
    }

    pub async fn with(store: Arc<dyn Store>, settings: Settings) -> Self {
        let (clock, mailer) = (ManualClock::default(), KeepingMailer::default());
        let files = Arc::new(tempfile::tempdir().unwrap());
        let blobs = Blobs::folder(files.path()).unwrap();
        let kitaab = Kitaab::builder(store).clock(clock.clone()).mailer(mailer.clone()).blobs(blobs).settings(settings).build();
        let (nikhil, workspace) = freelancer(&kitaab, "Nikhil").await;
        let studio = Self { kitaab, clock, mailer, nikhil, workspace, files };
        studio.mail().await;
        studio
    }

    /// Sends what waits to be sent.
    pub async fn mail(&self) -> usize {
        self.kitaab.run_due_jobs().await.unwrap()
    }

    pub async fn project(&self, name: &str) -> ProjectId {
        let new = NewProject { name: name.into(), ..NewProject::default() };
        match self.kitaab.projects(&self.nikhil).create(self.workspace, new.into()).await.unwrap().item {
            ProjectView::Staff(project) => project.id,
            ProjectView::Client(_) => panic!("the owner is shown the client's view"),
        }
    }

    pub async fn invite(&self, invitation: NewInvitation) -> Result<InvitationItem, Error> {
        self.kitaab.invitations(&self.nikhil).send(self.workspace, invitation.into()).await.map(|single| single.item)
    }

    /// Invites a client by name to projects, and mails it.
    pub async fn invite_client(&self, name: &str, projects: &[ProjectId]) -> InvitationItem {
        let item = self.invite(for_client(name, projects)).await.unwrap();
        self.mail().await;
        item
    }

    /// A client who has accepted.
    pub async fn client(&self, name: &str, projects: &[ProjectId]) -> (Actor, ClientId) {
        let item = self.invite_client(name, projects).await;
        let token = self.mailer.token_to(&email(name)).unwrap();
        let joined = self.kitaab.invitations(&Actor::nobody()).accept(accept(name, &token).into(), None).await.unwrap();
        (Actor::person(joined.user.id), item.client_id.unwrap())
    }

    /// A colleague who has accepted.
    pub async fn colleague(&self, name: &str) -> Actor {
        let new = NewInvitation { role: Some(kitaab_core::access::Role::Member), email: Some(email(name)), ..NewInvitation::default() };
        self.invite(new).await.unwrap();
        self.mail().await;
        let token = self.mailer.token_to(&email(name)).unwrap();
        let joined = self.kitaab.invitations(&Actor::nobody()).accept(accept(name, &token).into(), None).await.unwrap();
        Actor::person(joined.user.id)
    }
}

/// Somebody else with a workspace of their own.
pub async fn freelancer(kitaab: &Kitaab, name: &str) -> (Actor, WorkspaceId) {
    let sign_up =
        SignUp { email: email(name), password: PASSWORD.into(), display_name: name.into(), workspace_name: format!("{name} Design") };
    let signed_up = kitaab.accounts(&Actor::nobody()).sign_up(sign_up.into(), None).await.unwrap();
    (Actor::person(signed_up.user.id), signed_up.workspace.id)
}

pub fn email(name: &str) -> String {
    format!("{}@example.com", name.to_lowercase())
}

pub fn for_client(name: &str, projects: &[ProjectId]) -> NewInvitation {
    let client = kitaab_core::invitation::InvitedClient { name: name.into(), email: email(name), company: None };
    NewInvitation { client: Some(client), project_ids: projects.to_vec(), ..NewInvitation::default() }
}

pub fn accept(name: &str, token: &str) -> Accept {
    Accept { token: token.into(), display_name: Some(name.into()), password: Some(PASSWORD.into()), company: None }
}

/// A new card with a name and an address.
pub fn card(name: &str) -> NewClient {
    NewClient { name: name.into(), email: email(name), ..NewClient::default() }
}

/// The names of the projects in a list.
pub async fn names(studio: &Studio, who: &Actor, ask: ProjectsAsk) -> Vec<String> {
    let page = studio.kitaab.projects(who).list(studio.workspace, ask.into()).await.unwrap();
    page.items
        .into_iter()
        .map(|view| match view {
            ProjectView::Staff(project) => project.name,
            ProjectView::Client(project) => project.name,
        })
        .collect()
}

/// The stable code of an error, for saying in a test what is refused and why.
pub fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.expect_err("it should have been refused").code()
}

pub async fn sqlite() -> Arc<dyn Store> {
    let store = kitaab_store_sqlite::SqliteStore::in_memory().await.unwrap();
    store.migrate().await.unwrap();
    Arc::new(store)
}

/// Runs each story on both engines, as two tests of its name.
macro_rules! on_both_engines {
    ($($story:ident,)+) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { super::$story($crate::common::sqlite().await).await; })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                let (_database, store) = $crate::common::postgres().await;
                super::$story(store).await;
            })+
        }
    };
}

/// A fresh database on PostgreSQL, gone when the first part is dropped.
pub async fn postgres() -> (TestDatabase, Arc<dyn Store>) {
    let migrate = async |url: String| PostgresStore::connect(Options::new(url)).await.unwrap().migrate().await.unwrap();
    let database = TemporaryPostgres::shared().prepared(migrate).await;
    let store = PostgresStore::connect(Options::new(database.url())).await.unwrap();
    (database, Arc::new(store))
}

pub(crate) use on_both_engines;
