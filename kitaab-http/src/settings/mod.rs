//! What an operator can set: by flag, in the environment, or in `kitaab.toml`; the first of these that says it counts.

mod duration;
mod file;
mod key;
mod read;
mod source;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;

pub use file::{File, read_file};
pub use key::{Missing, SecretKey, secret_key};
pub use read::read;
pub use source::{Sources, Wrong};

/// Every setting, read and checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where people reach this server, without a slash at the end.
    pub public_url: String,
    /// Database, files and secret key.
    pub data_dir: PathBuf,
    /// Where the data is.
    pub database: Database,
    /// Who migrates, where that is somebody else than who serves.
    pub database_owner: Option<SecretString>,
    /// The key of this instance, where it is not in the data directory.
    pub secret_key: Option<SecretString>,
    /// A file with the key.
    pub secret_key_file: Option<PathBuf>,
    /// The key that was used before.
    pub secret_key_previous: Option<SecretString>,
    /// The mail server; without one mail is written to the outbox.
    pub smtp: Option<SecretString>,
    /// Whom mails are from.
    pub mail_from: String,
    /// The lifetimes.
    pub lifetimes: Lifetimes,
    /// The virus scanner.
    pub clamd: Option<String>,
    /// The one address that link previews may reach besides public ones.
    pub link_preview_allow: Option<SocketAddr>,
    /// Whether anything is limited in number or delayed.
    pub rate_limits: bool,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// What is logged.
    pub log: String,
    /// Whether `/docs` is there.
    pub docs: bool,
    /// What is unusual and was taken all the same; for the log.
    pub warnings: Vec<String>,
}

/// Where the data is.
#[derive(Debug, Clone)]
pub enum Database {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server; the URL may hold a password.
    Postgres(SecretString),
}

/// How long things last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// An invitation.
    pub invitation: Duration,
    /// A link for a new password.
    pub reset: Duration,
    /// A link that verifies an email.
    pub verification: Duration,
    /// A session that is not used.
    pub session_idle: Duration,
    /// A session in any case.
    pub session_absolute: Duration,
    /// How long a message can be edited.
    pub message_edit_window: Duration,
    /// A link to download a file.
    pub download_url: Duration,
    /// The event log.
    pub event_retention: Duration,
}

impl Settings {
    /// Where mail is written to while no mail server is set.
    #[must_use]
    pub fn outbox(&self) -> PathBuf {
        self.data_dir.join("outbox")
    }

    /// Where files are kept.
    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.data_dir.join("blobs")
    }

    /// What core takes of them.
    #[must_use]
    pub fn core(&self) -> kitaab_core::Settings {
        kitaab_core::Settings {
            public_url: self.public_url.clone(),
            mail_from: self.mail_from.clone(),
            invitation_ttl: self.lifetimes.invitation,
            reset_ttl: self.lifetimes.reset,
            verification_ttl: self.lifetimes.verification,
            session_idle: self.lifetimes.session_idle,
            session_absolute: self.lifetimes.session_absolute,
            message_edit_window: self.lifetimes.message_edit_window,
            event_retention: self.lifetimes.event_retention,
            limits: self.rate_limits,
            ..kitaab_core::Settings::default()
        }
    }
}
