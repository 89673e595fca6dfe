//! A copy of the file while others write, and the way back.

use std::path::Path;
use std::time::Duration;

use kitaab_core::store::{StoreError, StoreResult};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::engine::LockFile;
use crate::error::store_error;

/// How long the copy waits for a lock of a server's.
const PATIENCE: Duration = Duration::from_secs(30);

/// Copies the database, as it is in one snapshot, into a new file. A server may go on writing to it.
pub async fn backup(database: &Path, to: &Path) -> StoreResult<()> {
    let options = SqliteConnectOptions::new().filename(database).busy_timeout(PATIENCE);
    let mut connection = options.connect().await.map_err(store_error)?;
    let target = to.to_string_lossy().into_owned();
    let copied = sqlx::query("VACUUM INTO $1").bind(target).execute(&mut connection).await.map(drop).map_err(store_error);
    connection.close().await.ok();
    copied
}

/// Puts such a copy into the place of a database that does not exist yet, and gives every event log a new epoch:
/// readers of the old one start over.
pub async fn restore(from: &Path, database: &Path, log_epoch: i64) -> StoreResult<()> {
    let failed = |error: std::io::Error| StoreError::Backend(error.into());
    let _lock = LockFile::take(database).map_err(|error| StoreError::Unavailable(error.into()))?;
    if tokio::fs::try_exists(database).await.map_err(failed)? {
        return Err(StoreError::Backend(format!("{} exists; move it away first", database.display()).into()));
    }
    // Renamed when whole, so that a copy that was cut short is never taken for the database.
    let part = database.with_extension("part");
    tokio::fs::copy(from, &part).await.map_err(failed)?;
    let mut connection = SqliteConnectOptions::new().filename(&part).connect().await.map_err(store_error)?;
    sqlx::query("UPDATE event_head SET log_epoch = $1").bind(log_epoch).execute(&mut connection).await.map_err(store_error)?;
    connection.close().await.map_err(store_error)?;
    tokio::fs::rename(&part, database).await.map_err(failed)
}
