//! A position is written at most once a second for each person and channel, and the newest wins: a page that scrolls
//! says every moment how far it is.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::MutexGuard;
use tokio::time::{Instant, sleep_until};

use crate::ids::{ChannelId, UserId};

/// How often a position is written.
const EVERY: Duration = Duration::from_secs(1);
/// Beyond so many slots those that wait for nothing are given up.
const MOST: usize = 10_000;

type Key = (UserId, ChannelId);

/// Where each person stands in each channel, as far as it is being written.
#[derive(Default)]
pub(crate) struct Slots(Mutex<HashMap<Key, Arc<Slot>>>);

#[derive(Default)]
pub(super) struct Slot {
    newest: AtomicI64,
    turn: tokio::sync::Mutex<Turn>,
}

/// The right to write a position.
#[derive(Default)]
pub(super) struct Turn {
    at: Option<Instant>,
    written: i64,
}

impl Slots {
    pub(super) fn of(&self, user: UserId, channel: ChannelId) -> Arc<Slot> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        Arc::clone(slots.entry((user, channel)).or_default())
    }
}

impl Slot {
    /// Waits for the moment at which a position may be written; the position to write, or none if a later one was.
    pub(super) async fn turn(&self, seq: i64, paced: bool) -> (MutexGuard<'_, Turn>, Option<i64>) {
        self.newest.fetch_max(seq, Ordering::Relaxed);
        let turn = self.turn.lock().await;
        if turn.written >= seq {
            return (turn, None);
        }
        if let Some(at) = turn.at.filter(|_| paced) {
            sleep_until(at + EVERY).await;
        }
        let newest = self.newest.load(Ordering::Relaxed);
        (turn, Some(newest))
    }

    /// Forgets what was read: something is unread again.
    pub(super) async fn begin_anew(&self) -> MutexGuard<'_, Turn> {
        let mut turn = self.turn.lock().await;
        self.newest.store(0, Ordering::Relaxed);
        turn.written = 0;
        turn
    }
}

impl Turn {
    pub(super) fn wrote(&mut self, seq: i64) {
        self.written = seq;
        self.at = Some(Instant::now());
    }
}
