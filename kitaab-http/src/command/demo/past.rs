//! A clock that runs behind, so that the story lies in the past.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kitaab_core::provider::{Clock, SystemClock};
use kitaab_core::time::{Date, Timestamp};

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

/// The day so many days ago; in the future if negative.
pub(super) fn day_ago(days: i64) -> Date {
    let (now, span) = (SystemClock.now(), Duration::from_hours(24).saturating_mul(u32::try_from(days.unsigned_abs()).unwrap_or(0)));
    if days < 0 { now.after(span) } else { now.before(span) }.date_in("UTC")
}

impl Clock for Past {
    fn now(&self) -> Timestamp {
        SystemClock.now().before(Duration::from_hours(self.0.load(Ordering::Relaxed)))
    }
}
