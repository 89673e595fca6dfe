//! From settings to a store and a handle.

use std::error::Error;
use std::fs::DirBuilder;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use kitaab_core::provider::{Blobs, Outbox, SystemChance};
use kitaab_core::store::Store;
use kitaab_core::{Kitaab, OtherKey};
use kitaab_store_postgres::{Options, PostgresStore};
use kitaab_store_sqlite::SqliteStore;
use secrecy::{ExposeSecret, SecretString};

use crate::settings::{Database, Missing, Settings, secret_key};

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
                let store = store.with_context(|| format!("the database {} cannot be opened", path.display()))?;
                Ok(Self::Sqlite(store))
            }
            Database::Postgres(url) => {
                let mut options = Options::new(url.expose_secret());
                options.owner_url = settings.database_owner.as_ref().map(|url| url.expose_secret().to_owned());
                let store = PostgresStore::connect(options)
                    .await
                    .context("the database of KITAAB_DATABASE_URL cannot be reached; start it, or mend the address")?;
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

    /// Joins the other servers of the same database, where there can be some.
    pub(super) fn join(&self, kitaab: &Kitaab, stop: tokio_util::sync::CancellationToken) {
        if let Self::Postgres(store) = self {
            store.join(kitaab, stop);
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

    /// A database that is tied to a key is of no use with a new one.
    async fn missing_key(&self) -> anyhow::Result<Missing> {
        let tied = self.store().is_current().await? && Kitaab::builder(self.shared()).build().claimed_key().await?.is_some();
        Ok(if tied { Missing::Refuse } else { Missing::Make })
    }

    /// The handle, with the key of this instance and its way to send mail.
    pub(super) async fn kitaab(&self, settings: &Settings) -> anyhow::Result<kitaab_core::Builder> {
        let keys = secret_key(settings, &SystemChance, self.missing_key().await?)?;
        let blobs = Blobs::folder(settings.blobs()).context("KITAAB_DATA_DIR")?;
        let builder = Kitaab::builder(self.shared()).keys(keys).blobs(blobs).settings(settings.core());
        match &settings.smtp {
            Some(url) => with_smtp(builder, url),
            None => Ok(builder.mailer(Outbox::new(settings.outbox()))),
        }
    }
}

/// Ties the database to the key of this instance; the operator hears why not, in place of what a caller would.
pub(super) async fn claim(kitaab: &Kitaab) -> anyhow::Result<()> {
    kitaab.claim_key().await.map_err(|error| {
        let other = error.source().and_then(|source| source.downcast_ref::<OtherKey>()).map(ToString::to_string);
        other.map_or_else(|| anyhow::Error::new(error), anyhow::Error::msg)
    })
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
