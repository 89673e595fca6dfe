//! A whole server on a real socket, and people to talk to it with. `KITAAB_TEST_STORE=postgres` runs the same tests on a
//! temporary PostgreSQL.

mod database;
mod person;
mod socket;
pub mod world;

use std::net::SocketAddr;
use std::sync::Arc;

use kitaab_core::Kitaab;
use kitaab_core::access::Actor;
use kitaab_core::account::SignUp;
use kitaab_core::input::Input;
use kitaab_core::keys::Keys;
use kitaab_core::provider::Blobs;
use kitaab_core::testing::{KeepingMailer, ManualClock};
use kitaab_http::{HttpConfig, router, server};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use database::{Database, difference};
pub use person::{Person, Reply};

/// A password that passes, and not by being odd.
pub const PASSWORD: &str = "velvet-quartz-umber-11";

/// So many generated cases, the same in each run.
pub fn cases(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// A running server.
pub struct House {
    pub address: SocketAddr,
    pub kitaab: Kitaab,
    pub mail: KeepingMailer,
    pub clock: ManualClock,
    pub database: Database,
    serving: JoinHandle<()>,
    _files: tempfile::TempDir,
}

/// How a server is set up.
pub struct Setup {
    pub settings: kitaab_core::Settings,
    pub config: HttpConfig,
}

impl House {
    /// With no limits and everything else as it comes.
    pub async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// With another set-up.
    pub async fn with(change: impl FnOnce(&mut Setup)) -> Self {
        Self::on(Database::new().await, KeepingMailer::default(), ManualClock::default(), change).await
    }

    pub async fn on(database: Database, mail: KeepingMailer, clock: ManualClock, change: impl FnOnce(&mut Setup)) -> Self {
        let settings = kitaab_core::Settings { limits: false, ..kitaab_core::Settings::default() };
        let mut setup = Setup { settings, config: HttpConfig::default() };
        change(&mut setup);
        let files = tempfile::tempdir().unwrap();
        let kitaab = Kitaab::builder(database.store().await)
            .blobs(Blobs::folder(files.path()).unwrap())
            .keys(Keys::new(&[7; 32]))
            .mailer(mail.clone())
            .clock(clock.clone())
            .settings(setup.settings)
            .build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = router(kitaab.clone(), setup.config);
        let serving = tokio::spawn(async move { server::serve(listener, app, CancellationToken::new()).await.unwrap() });
        Self { address, kitaab, mail, clock, database, serving, _files: files }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Somebody who is not signed in.
    pub fn anybody(&self) -> Person {
        Person::new(self.url(), None)
    }

    /// Somebody who is signed in with this token.
    pub fn holder_of(&self, token: &str) -> Person {
        Person::new(self.url(), Some(token.to_owned()))
    }

    /// A freelancer with a workspace of their own: the person and the workspace's id.
    pub async fn freelancer(&self, name: &str) -> (Person, String) {
        let email = format!("{}@example.com", name.to_lowercase());
        let body = json!({"email": email, "password": PASSWORD, "display_name": name, "workspace_name": format!("{name}'s studio")});
        let signed = self.anybody().post("/auth/sign-up", &body).await.expect(201);
        let person = self.holder_of(signed.text("/session/token")).known_as(name, signed.text("/user/id"));
        (person, signed.text("/workspace/id").to_owned())
    }

    /// Sends what waits to be sent.
    pub async fn deliver(&self) {
        self.kitaab.run_due_jobs().await.unwrap();
    }

    /// A client of `owner` who has accepted: the person and the card's id.
    pub async fn client(&self, owner: &Person, workspace: &str, name: &str, projects: &[&str]) -> (Person, String) {
        let email = format!("{}@example.com", name.to_lowercase());
        let body = json!({"client": {"name": name, "email": email}, "project_ids": projects});
        let sent = owner.post(&format!("/workspaces/{workspace}/invitations"), &body).await.expect(201);
        let person = self.accept(name, sent.text("/link")).await;
        (person, sent.text("/client_id").to_owned())
    }

    /// Somebody new who accepts an invitation by its link.
    pub async fn accept(&self, name: &str, link: &str) -> Person {
        let body = json!({"token": token_of(link), "display_name": name, "password": PASSWORD});
        let joined = self.anybody().post("/invitations/accept", &body).await.expect(201);
        self.holder_of(joined.text("/session/token")).known_as(name, joined.text("/user/id"))
    }

    /// A moderator, signed in.
    pub async fn moderator(&self) -> Person {
        let email = "mo@example.com";
        self.kitaab.create_moderator(email, "Mo", &PASSWORD.into()).await.unwrap();
        let signed = self.anybody().post("/auth/sign-in", &json!({"email": email, "password": PASSWORD})).await.expect(200);
        self.holder_of(signed.text("/session/token")).known_as("Mo", signed.text("/user/id"))
    }

    /// Ends without the courtesies of a stop.
    pub async fn abandon(self) -> (Database, KeepingMailer, ManualClock) {
        self.serving.abort();
        self.serving.await.ok();
        self.kitaab.store().close().await;
        (self.database, self.mail, self.clock)
    }
}

/// The token of a link.
pub fn token_of(link: &str) -> String {
    link.split_once("token=").expect("a token").1.to_owned()
}

/// An account without any request, for tests that count requests.
pub async fn quiet_account(kitaab: &Kitaab, name: &str) -> String {
    use secrecy::ExposeSecret;
    let email = format!("{}@example.com", name.to_lowercase());
    let new = SignUp { email, password: PASSWORD.into(), display_name: name.into(), workspace_name: name.into() };
    let signed = kitaab.accounts(&Actor::nobody()).sign_up(Input::from(new), None).await.unwrap();
    signed.session.token.expose_secret().to_owned()
}

/// For a store behind an `Arc`.
pub type SharedStore = Arc<dyn kitaab_core::store::Store>;

/// A name for a message that no other has.
pub fn fresh_name() -> String {
    static NAMES: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    format!("m-{}", NAMES.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}
