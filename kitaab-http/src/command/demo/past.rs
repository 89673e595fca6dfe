//! A clock that runs behind, so that the story lies in the past.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kitaab_core::provider::{Clock, SystemClock};
use kitaab_core::time::Timestamp;

/// The time, so many hours ago. Clones run alike.
#[derive(Debug, Clone, Default)]
pub(super) struct Past(Arc<AtomicU64>);

impl Past {
    /// Now, to begin with.
    pub(super) fn now() -> Self {
        Self::default()
    }

    /// From now on the clock runs so many hours behind.
    pub(super) fn hours_ago(&self, hours: u64) {
        self.0.store(hours, Ordering::Relaxed);
    }
}

impl Clock for Past {
    fn now(&self) -> Timestamp {
        SystemClock.now().before(Duration::from_hours(self.0.load(Ordering::Relaxed)))
    }
}
