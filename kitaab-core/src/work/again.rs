//! Running a unit of work again when another one was in the way.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::kitaab::Kitaab;
use crate::store::StoreError;

/// How long a unit that meets others is tried again. Each time one of them commits, so a crowd gets through one by one.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_millis(100);

/// Runs a unit of work, and again if another one was in the way: somebody's access changed between the check and the
/// commit, or two units locked the same rows. Nothing of a failed run remains.
pub(crate) async fn again<T, F, Fut>(kitaab: &Kitaab, run: F) -> Result<T>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T>>,
{
    let start = tokio::time::Instant::now();
    let mut most = Duration::from_millis(5);
    loop {
        match run().await {
            Err(Error::Store(StoreError::Conflict)) if start.elapsed() < PATIENCE => {}
            other => return other,
        }
        // Jitter, or those who met once would meet again.
        let random = u64::from_be_bytes(kitaab.random());
        tokio::time::sleep(Duration::from_micros(random % u64::try_from(most.as_micros()).unwrap_or(1))).await;
        most = (most * 2).min(LONGEST_WAIT);
    }
}
