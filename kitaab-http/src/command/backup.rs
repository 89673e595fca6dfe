//! A copy of everything but the key, and a new start from it.
//!
//! A backup is a folder: `manifest.json`, and the database as one file (SQLite) or a file for each table (PostgreSQL).
//! The secret key is kept apart; the manifest says which one belongs to it.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Args;
use data_encoding::HEXLOWER;
use kitaab_core::provider::{Chance, SystemChance};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::open::Opened;
use crate::settings::{Database, Missing, Settings, secret_key};

/// How backups are laid out; a later one may differ.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    kitaab: String,
    engine: String,
    /// Which secret key the data belongs to; not the key.
    key_fingerprint: String,
    made_at: String,
    /// SHA-256 of each other file of the folder, so that a damaged backup is found out before it is used.
    files: BTreeMap<String, String>,
}

impl Manifest {
    /// Fails with the name of the file that is not what it was.
    fn check(&self, folder: &Path) -> anyhow::Result<()> {
        let found = digests(folder)?;
        for (name, digest) in &self.files {
            ensure!(
                found.get(name) == Some(digest),
                "this backup is damaged: {name} is not what was written; nothing was changed. Restore another backup"
            );
        }
        Ok(())
    }
}

/// The SHA-256 of each file in a folder but the manifest.
fn digests(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut digests = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != MANIFEST {
            let mut hasher = Sha256::new();
            let mut file = std::fs::File::open(entry.path())?;
            let mut piece = vec![0; 1 << 16];
            loop {
                let read = file.read(&mut piece)?;
                if read == 0 {
                    break;
                }
                hasher.update(&piece[..read]);
            }
            digests.insert(name, HEXLOWER.encode(&hasher.finalize()));
        }
    }
    Ok(digests)
}

fn engine(settings: &Settings) -> &'static str {
    match settings.database {
        Database::Sqlite(_) => "sqlite",
        Database::Postgres(_) => "postgres",
    }
}

fn fingerprint(settings: &Settings) -> anyhow::Result<String> {
    Ok(secret_key(settings, &SystemChance, Missing::Refuse)?.fingerprint())
}

/// Copies everything but the key into a new folder. Works while the server runs.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The folder to make.
    #[arg(long)]
    to: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let to = &self.to;
        ensure!(!to.exists(), "{} exists already; name a folder that does not", to.display());
        let opened = Opened::beside(settings).await?;
        ensure!(opened.store().is_current().await?, "the database is not up to date; run `kitaab migrate` first");
        // Under another name until it is whole.
        let part = part_of(to)?;
        std::fs::create_dir_all(&part).with_context(|| format!("the folder {} cannot be made", part.display()))?;
        match (&opened, &settings.database) {
            (Opened::Sqlite(_), Database::Sqlite(path)) => kitaab_store_sqlite::backup(path, &part.join("kitaab.db")).await?,
            (Opened::Postgres(store), _) => store.backup(&part).await?,
            (Opened::Sqlite(_), Database::Postgres(_)) => bail!("the database is of another kind than the settings say"),
        }
        let made_at = opened.kitaab(settings).await?.build().now().to_string();
        let manifest = Manifest {
            format: FORMAT,
            kitaab: env!("CARGO_PKG_VERSION").into(),
            engine: engine(settings).into(),
            key_fingerprint: fingerprint(settings)?,
            made_at,
            files: digests(&part)?,
        };
        std::fs::write(part.join(MANIFEST), serde_json::to_vec_pretty(&manifest)?)?;
        std::fs::rename(&part, to)?;
        opened.store().close().await;
        println!("Everything is in {}, but for the secret key: keep that apart.", to.display());
        Ok(())
    }
}

fn part_of(folder: &Path) -> anyhow::Result<PathBuf> {
    let name = folder.file_name().context("name a folder")?.to_string_lossy().into_owned();
    Ok(folder.with_file_name(format!("{name}.part")))
}

/// Starts from a backup: in a new SQLite file, or in a PostgreSQL database that is empty.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The folder that `backup` made.
    #[arg(long)]
    from: PathBuf,
}

impl Restore {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let from = &self.from;
        let manifest =
            std::fs::read(from.join(MANIFEST)).with_context(|| format!("{} is no backup: it has no manifest.json", from.display()))?;
        let manifest: Manifest = serde_json::from_slice(&manifest).context("manifest.json cannot be read")?;
        ensure!(manifest.format == FORMAT, "this backup has format {}; this program reads {FORMAT}", manifest.format);
        ensure!(
            manifest.engine == engine(settings),
            "this backup is of {}, and the settings name {}: a backup goes back into the same kind of database",
            manifest.engine,
            engine(settings)
        );
        ensure!(
            manifest.key_fingerprint == fingerprint(settings)?,
            "this backup belongs to another secret key (fingerprint {}): give that one as KITAAB_SECRET_KEY, or put it into secret.key",
            manifest.key_fingerprint
        );
        manifest.check(from)?;
        let mut random = [0; 8];
        SystemChance.fill(&mut random);
        // Readers of the log that was notice the new epoch and start over.
        let log_epoch = i64::from_be_bytes(random);
        if let Database::Sqlite(path) = &settings.database {
            ensure!(!path.exists(), "{} exists; move it away first, or name another folder with --data-dir", path.display());
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            kitaab_store_sqlite::restore(&from.join("kitaab.db"), path, log_epoch).await?;
        }
        let opened = Opened::new(settings).await?;
        opened.store().migrate().await.context("the migrations could not be applied")?;
        if let Opened::Postgres(store) = &opened {
            store.restore(from, log_epoch).await?;
        }
        opened.check().await?;
        opened.store().close().await;
        println!("Restored what was backed up at {}. Start the server with `kitaab serve`.", manifest.made_at);
        Ok(())
    }
}
