//! The handle that applications hold, and how it is put together.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};

use crate::chat::{Lanes, Pace, Slots};
use crate::error::{Error, Result};
use crate::event::Hub;
use crate::ids::IdMaker;
use crate::keys::Keys;
use crate::password::Hashing;
use crate::provider::{Blobs, Chance, Clock, Email, Guard, Mailer, Outbox, ProviderError, SystemChance, SystemClock};
use crate::store::Store;
use crate::time::Timestamp;

/// Everything Kitaab can do. Cheap to clone.
#[derive(Clone)]
pub struct Kitaab {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    mailer: Arc<dyn Mailer>,
    mailer_guard: Guard,
    blobs: Option<Blobs>,
    keys: Keys,
    hashing: Hashing,
    settings: Settings,
    new_jobs: Notify,
    exporting: Semaphore,
    ids: IdMaker,
    hub: Hub,
    lanes: Lanes,
    pace: Pace,
    slots: Slots,
}

/// What an operator can set. The defaults are those of the product.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people reach this instance, without a slash at the end: all links in mails begin with it.
    pub public_url: String,
    /// Who mails are from: `Kitaab <kitaab@example.com>`.
    pub mail_from: String,
    /// How long an invitation is good.
    pub invitation_ttl: Duration,
    /// How long a link for a new password is good.
    pub reset_ttl: Duration,
    /// How long a link that verifies an email is good.
    pub verification_ttl: Duration,
    /// How long a link for signing in is good.
    pub magic_link_ttl: Duration,
    /// A session ends when it was not used for this long.
    pub session_idle: Duration,
    /// A session ends after this long in any case.
    pub session_absolute: Duration,
    /// How long the author of a message may change it.
    pub message_edit_window: Duration,
    /// How long events are kept for those who come back and resume.
    pub event_retention: Duration,
    /// Whether anything is limited in number or delayed.
    pub limits: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".into(),
            mail_from: "Kitaab <kitaab@localhost.localdomain>".into(),
            invitation_ttl: Duration::from_hours(7 * 24),
            reset_ttl: Duration::from_mins(30),
            verification_ttl: Duration::from_hours(24),
            magic_link_ttl: Duration::from_mins(15),
            session_idle: Duration::from_hours(7 * 24),
            session_absolute: Duration::from_hours(30 * 24),
            message_edit_window: Duration::from_mins(15),
            event_retention: Duration::from_hours(30 * 24),
            limits: true,
        }
    }
}

/// Puts a [`Kitaab`] together.
#[must_use]
pub struct Builder {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    mailer: Option<Arc<dyn Mailer>>,
    blobs: Option<Blobs>,
    keys: Option<Keys>,
    settings: Settings,
}

impl Builder {
    /// The key of this instance. Without one a random key is made, and the links in mails end with the process.
    pub fn keys(mut self, keys: Keys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Who sends mail. Without one mail is written as `.eml` files to a folder `outbox` below the working directory.
    pub fn mailer(mut self, mailer: impl Mailer) -> Self {
        self.mailer = Some(Arc::new(mailer));
        self
    }

    /// Where files are kept. Without it in a folder `blobs` below the working directory.
    pub fn blobs(mut self, blobs: Blobs) -> Self {
        self.blobs = Some(blobs);
        self
    }

    /// Another clock.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Another source of randomness.
    pub fn chance(mut self, chance: impl Chance) -> Self {
        self.chance = Arc::new(chance);
        self
    }

    /// Other settings.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The handle. Call [`Store::migrate`] on a new database first, and run [`Kitaab::run_jobs`] for mail to leave.
    #[must_use]
    pub fn build(self) -> Kitaab {
        let keys = self.keys.unwrap_or_else(|| {
            let mut secret = [0; 32];
            self.chance.fill(&mut secret);
            Keys::new(&secret)
        });
        let mailer = self.mailer.unwrap_or_else(|| Arc::new(Outbox::new(PathBuf::from("outbox"))));
        let inner = Inner {
            store: self.store,
            clock: self.clock,
            chance: self.chance,
            mailer,
            mailer_guard: Guard::default(),
            blobs: self.blobs.or_else(|| Blobs::folder("blobs").ok()),
            keys,
            hashing: Hashing::new(),
            settings: self.settings,
            new_jobs: Notify::new(),
            exporting: Semaphore::new(1),
            ids: IdMaker::default(),
            hub: Hub::default(),
            lanes: Lanes::default(),
            pace: Pace::default(),
            slots: Slots::default(),
        };
        Kitaab { inner: Arc::new(inner) }
    }
}

impl Kitaab {
    /// Begins to put a handle together.
    pub fn builder(store: Arc<dyn Store>) -> Builder {
        Builder {
            store,
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            mailer: None,
            blobs: None,
            keys: None,
            settings: Settings::default(),
        }
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.inner.store
    }

    /// What the operator set.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The keys of this instance.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.inner.chance.fill(&mut bytes);
        bytes
    }

    /// Hands a mail to the mailer, which gets ten seconds, and rest when it is down.
    pub(crate) async fn send_mail(&self, email: &Email) -> Result<(), ProviderError> {
        self.inner.mailer_guard.call(self.now(), self.inner.mailer.send(email)).await
    }

    /// The host of this instance, for the ids of mails.
    pub(crate) fn mail_host(&self) -> &str {
        let url = self.inner.settings.public_url.as_str();
        let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
        let authority = authority.split('/').next().unwrap_or_default();
        let host = match authority.rfind(']') {
            // An IPv6 address keeps its brackets, as a domain literal does (RFC 5322).
            Some(end) => &authority[..=end],
            None => authority.split(':').next().unwrap_or_default(),
        };
        if host.is_empty() { "localhost" } else { host }
    }

    /// A new id of this time. Ids of one process grow.
    pub(crate) fn id<I: From<uuid::Uuid>>(&self, at: Timestamp) -> I {
        self.inner.ids.make(at.millis(), self.random()).into()
    }

    pub(crate) fn blobs(&self) -> Result<&Blobs> {
        self.inner.blobs.as_ref().ok_or(Error::Unsupported("place for files"))
    }

    pub(crate) fn hashing(&self) -> &Hashing {
        &self.inner.hashing
    }

    /// Exports take a snapshot and a while; one process makes one at a time.
    pub(crate) fn exporting(&self) -> &Semaphore {
        &self.inner.exporting
    }

    /// Those who follow what happens.
    pub(crate) fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    /// Has other nodes of the same database hear at once what happens here.
    pub fn reach_others(&self, bus: Arc<dyn crate::provider::EventBus>) {
        self.hub().reach_others(bus);
    }

    /// Takes in what another node said.
    pub fn heard(&self, hint: crate::provider::Hint) {
        self.hub().heard(self, hint);
    }

    /// The lanes of posts on their way.
    pub(crate) fn lanes(&self) -> &Lanes {
        &self.inner.lanes
    }

    /// How fast people post.
    pub(crate) fn pace(&self) -> &Pace {
        &self.inner.pace
    }

    /// How far people have read, as it is being written.
    pub(crate) fn slots(&self) -> &Slots {
        &self.inner.slots
    }

    pub(crate) fn new_jobs(&self) -> &Notify {
        &self.inner.new_jobs
    }

    /// The address of a page on this instance.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.inner.settings.public_url)
    }
}
