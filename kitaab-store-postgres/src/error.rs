//! What an error of the driver means to a caller.

use kitaab_core::store::StoreError;
use sqlx::Error;

/// Codes as in PostgreSQL's manual, appendix A.
pub(crate) fn store_error(error: Error) -> StoreError {
    match &error {
        Error::Database(database) => match database.code().as_deref().unwrap_or_default() {
            // Serialization failure, deadlock, lock timeout; a unique value or a parent that another unit was faster with.
            "40001" | "40P01" | "55P03" | "23505" | "23503" => StoreError::Conflict,
            "53100" => StoreError::Full(error.into()),
            // Shutting down, starting, too many connections, out of memory, cancelled, idle for too long.
            "57P01" | "57P02" | "57P03" | "57P05" | "53200" | "53300" | "57014" | "25P03" => StoreError::Unavailable(error.into()),
            code if code.starts_with("08") => StoreError::Unavailable(error.into()),
            _ => StoreError::Backend(error.into()),
        },
        Error::Io(_) | Error::Tls(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed => {
            StoreError::Unavailable(error.into())
        }
        Error::ColumnDecode { .. } | Error::Decode(_) => StoreError::Corrupt(error.to_string()),
        _ => StoreError::Backend(error.into()),
    }
}
