//! What an error of the driver means to a caller.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use kitaab_core::store::StoreError;
use sqlx::Error;

pub(crate) fn store_error(error: Error) -> StoreError {
    meaning(&error)(error.into())
}

/// The same for each of several units that one failed COMMIT was to keep.
pub(crate) fn shared_error(error: &Arc<Error>) -> StoreError {
    meaning(error)(Box::new(Shared(Arc::clone(error))))
}

type Source = Box<dyn StdError + Send + Sync>;

/// Codes as in SQLite's manual, "Result and Error Codes".
fn meaning(error: &Error) -> fn(Source) -> StoreError {
    match error {
        Error::Database(database) => {
            let code = database.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or_default();
            match (code, code & 0xff) {
                // A unique value, key or parent that another unit was faster with.
                (2067 | 1555 | 787, _) => |_| StoreError::Conflict,
                // Busy, locked, out of memory, no file.
                (_, 5 | 6 | 7 | 14) => StoreError::Unavailable,
                (_, 13) => StoreError::Full,
                (_, 11 | 26) => |source| StoreError::Corrupt(source.to_string()),
                _ => StoreError::Backend,
            }
        }
        Error::Io(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed => StoreError::Unavailable,
        Error::ColumnDecode { .. } | Error::Decode(_) => |source| StoreError::Corrupt(source.to_string()),
        _ => StoreError::Backend,
    }
}

#[derive(Debug)]
struct Shared(Arc<Error>);

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Shared {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
