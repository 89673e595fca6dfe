//! One who follows a workspace, as its room knows them: where they are, and whether there is something for them.
//!
//! The room looks once for all who is to be woken. Who is not sleeps on, and their place moves without them: so an event
//! for three costs three wake-ups, however many follow. What waits is a number, so a slow one costs no memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use tokio::time::Instant;

use super::passing::Passing;
use crate::ids::UserId;
use crate::time::Timestamp;

/// After so many events that are not for a follower their cursor is moved on all the same.
const SKIPPED: i64 = 200;
/// And at least this often, if there were any.
const MOVED_EVERY: Duration = Duration::from_mins(1);
/// How much may wait for a follower before what passed is dropped.
const BEHIND: usize = 256;

/// Where a follower is: an event, and its random tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    pub(super) seq: i64,
    pub(super) tag: i64,
}

/// Something that passes, written once for all who hear it.
#[derive(Debug)]
pub(crate) struct Passed {
    pub(super) passing: Passing,
    at: Timestamp,
    json: OnceLock<Arc<str>>,
}

impl Passed {
    pub(super) fn new(passing: Passing, at: Timestamp) -> Self {
        Self { passing, at, json: OnceLock::new() }
    }

    pub(super) fn json(&self) -> Arc<str> {
        Arc::clone(self.json.get_or_init(|| self.passing.json(self.at).to_string().into()))
    }
}

/// One who follows.
#[derive(Debug)]
pub(super) struct Follower {
    pub(super) user: UserId,
    state: Mutex<State>,
    waker: AtomicWaker,
}

#[derive(Debug)]
struct State {
    /// Everything up to here was read, or is not for them.
    done: At,
    /// The first event after that which may be for them.
    next: Option<i64>,
    /// The last place of which they were told, and when.
    told: i64,
    told_at: Instant,
    passed: VecDeque<Arc<Passed>>,
}

impl State {
    fn is_to_move(&self) -> bool {
        let skipped = self.done.seq - self.told;
        skipped >= SKIPPED || (skipped > 0 && self.told_at.elapsed() >= MOVED_EVERY)
    }
}

/// What there is for a follower.
pub(super) enum There {
    /// Events from this one on.
    Events(i64),
    /// Something that passes.
    Passed(Arc<Passed>),
    /// Their place moved on so far that they are told.
    Moved,
    Nothing,
}

impl Follower {
    /// One who read everything up to a place, in a log that goes up to `tail`.
    pub(super) fn new(user: UserId, at: At, tail: i64) -> Self {
        let next = (at.seq < tail).then_some(at.seq + 1);
        let state = State { done: at, next, told: at.seq, told_at: Instant::now(), passed: VecDeque::new() };
        Self { user, state: Mutex::new(state), waker: AtomicWaker::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There is an event, which may be for them or is not.
    pub(super) fn note(&self, event: At, is_for_them: bool) {
        let mut state = self.state();
        if state.next.is_some() || event.seq <= state.done.seq {
            return;
        }
        if is_for_them {
            state.next = Some(event.seq);
        } else {
            state.done = event;
            if !state.is_to_move() {
                return;
            }
        }
        drop(state);
        self.waker.wake();
    }

    /// Events after the place were swept before anybody looked: they find that out themselves.
    pub(super) fn note_gap(&self) {
        let mut state = self.state();
        let after = state.done.seq + 1;
        state.next.get_or_insert(after);
        drop(state);
        self.waker.wake();
    }

    /// Something passes by that may be for them. What they are too slow for is dropped, the oldest first.
    pub(super) fn pass(&self, passed: &Arc<Passed>) {
        let mut state = self.state();
        if state.passed.len() == BEHIND {
            state.passed.pop_front();
        }
        state.passed.push_back(Arc::clone(passed));
        drop(state);
        self.waker.wake();
    }

    /// Wakes them if their place moved a while ago.
    pub(super) fn look(&self) {
        if self.state().is_to_move() {
            self.waker.wake();
        }
    }

    /// They read everything up to a place, in a log that goes up to `tail`.
    pub(super) fn read_up_to(&self, at: At, tail: i64) {
        let mut state = self.state();
        state.done = at;
        state.next = (at.seq < tail).then_some(at.seq + 1);
    }

    /// They were told their place, which is returned.
    pub(super) fn told(&self) -> At {
        let mut state = self.state();
        state.told = state.done.seq;
        state.told_at = Instant::now();
        state.done
    }

    /// The first event that may be for them, if there is any.
    pub(super) fn next(&self) -> Option<i64> {
        self.state().next
    }

    /// Takes what comes next: what counts comes first.
    pub(super) fn take(&self) -> There {
        let mut state = self.state();
        if let Some(next) = state.next {
            return There::Events(next);
        }
        if state.is_to_move() {
            return There::Moved;
        }
        state.passed.pop_front().map_or(There::Nothing, There::Passed)
    }

    /// Ready when there is something.
    pub(super) fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        self.waker.register(context.waker());
        let state = self.state();
        let is_there = state.next.is_some() || !state.passed.is_empty() || state.is_to_move();
        if is_there { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Ready when there is an event.
    pub(super) fn poll_event(&self, context: &mut Context<'_>) -> Poll<()> {
        self.waker.register(context.waker());
        if self.next().is_some() { Poll::Ready(()) } else { Poll::Pending }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{Presence, PresenceState};

    fn nikhil() -> UserId {
        UserId(uuid::Uuid::from_u128(1))
    }

    fn at(seq: i64) -> At {
        At { seq, tag: seq * 7 }
    }

    #[tokio::test]
    async fn a_place_moves_over_what_is_for_others_and_stops_before_what_is_not() {
        let follower = Follower::new(nikhil(), at(5), 5);
        follower.note(at(6), false);
        follower.note(at(7), true);
        follower.note(at(8), false);
        assert!(matches!(follower.take(), There::Events(7)));
        assert_eq!(follower.told(), at(6));
        follower.read_up_to(at(8), 8);
        assert!(matches!(follower.take(), There::Nothing));
    }

    #[tokio::test]
    async fn what_is_before_the_place_is_not_heard_twice() {
        let follower = Follower::new(nikhil(), at(9), 5);
        follower.note(at(9), true);
        assert!(matches!(follower.take(), There::Nothing));
        follower.note(at(10), true);
        assert!(matches!(follower.take(), There::Events(10)));
    }

    #[tokio::test]
    async fn who_skipped_two_hundred_is_told_where_they_are() {
        let follower = Follower::new(nikhil(), at(0), 0);
        (1..SKIPPED).for_each(|seq| follower.note(at(seq), false));
        assert!(matches!(follower.take(), There::Nothing));
        follower.note(at(SKIPPED), false);
        assert!(matches!(follower.take(), There::Moved));
        assert_eq!(follower.told(), at(SKIPPED));
        assert!(matches!(follower.take(), There::Nothing));
    }

    #[tokio::test(start_paused = true)]
    async fn who_skipped_one_is_told_after_a_minute() {
        let follower = Follower::new(nikhil(), at(0), 0);
        follower.note(at(1), false);
        tokio::time::advance(MOVED_EVERY).await;
        assert!(matches!(follower.take(), There::Moved));
    }

    #[tokio::test]
    async fn who_is_too_slow_loses_what_passed_first() {
        let follower = Follower::new(nikhil(), at(0), 0);
        let passed = |n: usize| {
            let presence = Presence { user_id: UserId(uuid::Uuid::from_u128(n as u128)), state: PresenceState::Away, last_seen_at: None };
            Arc::new(Passed::new(
                Passing::Presence { presence, role: crate::access::Role::Owner, channels: Vec::new() },
                Timestamp::from_micros(0),
            ))
        };
        (0..=BEHIND).for_each(|n| follower.pass(&passed(n)));
        let There::Passed(first) = follower.take() else { panic!("something passed") };
        let Passing::Presence { presence, .. } = &first.passing else { panic!("a presence") };
        assert_eq!(presence.user_id, UserId(uuid::Uuid::from_u128(1)));
    }
}
