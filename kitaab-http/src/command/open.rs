//! From settings to a store and a handle.

use std::fs::DirBuilder;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use kitaab_core::Kitaab;
use kitaab_core::provider::{Outbox, SystemChance};
use kitaab_core::store::Store;
use kitaab_store_postgres::{Options, PostgresStore};
use kitaab_store_sqlite::SqliteStore;
use secrecy::{ExposeSecret, SecretString};

use crate::settings::{Database, Settings, secret_key};

/// An opened database.
pub(super) enum Opened {
    Sqlite(SqliteStore),
    Postgres(Box<PostgresStore>),
}

impl Opened {
    /// Opens the database for as long as the process runs.
    pub(super) async fn new(settings: &Settings) -> anyhow::Result<Self> {
        Self::open(settings, false).await
    }

    /// Opens it for a short command, also while a server runs.
    pub(super) async fn beside(settings: &Settings) -> anyhow::Result<Self> {
        Self::open(settings, true).await
    }

    async fn open(settings: &Settings, beside: bool) -> anyhow::Result<Self> {
        match &settings.database {
            Database::Sqlite(path) => {
                make_folder(path.parent().unwrap_or(Path::new(".")))?;
                let store = if beside { SqliteStore::open_beside(path).await } else { SqliteStore::open(path).await };
                Ok(Self::Sqlite(store.with_context(|| format!("the database {} cannot be opened", path.display()))?))
            }
            Database::Postgres(url) => {
                let mut options = Options::new(url.expose_secret());
                options.owner_url = settings.database_owner.as_ref().map(|url| url.expose_secret().to_owned());
                let store = PostgresStore::connect(options).await.context("the database of KITAAB_DATABASE_URL cannot be reached")?;
                Ok(Self::Postgres(Box::new(store)))
            }
        }
    }

    pub(super) fn store(&self) -> &dyn Store {
        match self {
            Self::Sqlite(store) => store,
            Self::Postgres(store) => &**store,
        }
    }

    /// Refuses a database that must not be served from.
    pub(super) async fn check(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(store) => Ok(store.check().await?),
        }
    }

    fn shared(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
            Self::Postgres(store) => Arc::new((**store).clone()),
        }
    }

    /// The handle, with the key of this instance and its way to send mail.
    pub(super) fn kitaab(&self, settings: &Settings) -> anyhow::Result<kitaab_core::Builder> {
        let keys = secret_key(settings, &SystemChance)?;
        let builder = Kitaab::builder(self.shared()).keys(keys).settings(settings.core());
        match &settings.smtp {
            Some(url) => with_smtp(builder, url),
            None => Ok(builder.mailer(Outbox::new(settings.outbox()))),
        }
    }
}

/// Makes a folder that nobody else looks into: it holds everything that anybody wrote.
fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))
}

#[cfg(feature = "smtp")]
fn with_smtp(builder: kitaab_core::Builder, url: &SecretString) -> anyhow::Result<kitaab_core::Builder> {
    Ok(builder.mailer(kitaab_core::provider::Smtp::new(url).context("KITAAB_SMTP_URL")?))
}

#[cfg(not(feature = "smtp"))]
fn with_smtp(_: kitaab_core::Builder, _: &SecretString) -> anyhow::Result<kitaab_core::Builder> {
    anyhow::bail!("KITAAB_SMTP_URL: this program was built without the feature `smtp`")
}
