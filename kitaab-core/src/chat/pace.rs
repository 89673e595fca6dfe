//! How fast one person may post: 30 messages in ten seconds (Zulip), fewer while the account is new, and the same text
//! again and again not at all. Counted in this process; a person who is slowed down still receives and reads everything.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::ids::UserId;
use crate::kitaab::Kitaab;
use crate::time::Timestamp;

/// The time in which posts are counted.
const SPAN: Duration = Duration::from_secs(10);
/// How many posts it takes.
const POSTS: usize = 30;
/// How many it takes while an account is new.
const POSTS_WHEN_NEW: usize = 20;
/// How long an account is new: its id tells when it was made.
const NEW_FOR: Duration = Duration::from_hours(24);
/// How often the same text is taken within a minute.
const SAME_TEXT: usize = 5;
/// How long a text is remembered.
const TEXT_SPAN: Duration = Duration::from_mins(1);
/// Shorter texts are said often: "ok", "thanks".
const TEXT_COUNTS_FROM: usize = 20;
/// Beyond so many people those who have not posted lately are forgotten.
const MOST_PEOPLE: usize = 50_000;

/// What people posted lately.
#[derive(Default)]
pub(crate) struct Pace(Mutex<HashMap<UserId, Recent>>);

#[derive(Default)]
struct Recent {
    posts: VecDeque<Timestamp>,
    texts: VecDeque<(Timestamp, u64)>,
}

impl Pace {
    /// Counts a post, or says how long to wait.
    pub(super) fn check(&self, kitaab: &Kitaab, user: UserId, text: &str) -> Result<()> {
        if !kitaab.settings().limits {
            return Ok(());
        }
        let now = kitaab.now();
        let is_new = now.since(made_at(user)) < NEW_FOR;
        self.count(user, text, if is_new { POSTS_WHEN_NEW } else { POSTS }, now).map_err(|retry_after| Error::TooMany { retry_after })
    }

    fn count(&self, user: UserId, text: &str, most: usize, now: Timestamp) -> Result<(), Duration> {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if people.len() >= MOST_PEOPLE {
            people.retain(|_, recent| recent.posts.back().is_some_and(|last| now.since(*last) < TEXT_SPAN));
        }
        let recent = people.entry(user).or_default();
        while recent.posts.front().is_some_and(|first| now.since(*first) >= SPAN) {
            recent.posts.pop_front();
        }
        while recent.texts.front().is_some_and(|(first, _)| now.since(*first) >= TEXT_SPAN) {
            recent.texts.pop_front();
        }
        if let Some(first) = recent.posts.front().filter(|_| recent.posts.len() >= most) {
            return Err(SPAN.saturating_sub(now.since(*first)).max(Duration::from_secs(1)));
        }
        if text.chars().count() >= TEXT_COUNTS_FROM {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            let hash = hasher.finish();
            let mut same = recent.texts.iter().filter(|(_, other)| *other == hash);
            if let (Some((first, _)), true) = (same.clone().next(), same.by_ref().count() >= SAME_TEXT) {
                return Err(TEXT_SPAN.saturating_sub(now.since(*first)).max(Duration::from_secs(1)));
            }
            recent.texts.push_back((now, hash));
        }
        recent.posts.push_back(now);
        Ok(())
    }
}

/// When an account was made: its id is a UUIDv7, which begins with the milliseconds since 1970 (RFC 9562).
fn made_at(user: UserId) -> Timestamp {
    let millis = user.0.as_u128() >> 80;
    Timestamp::from_micros(i64::try_from(millis).unwrap_or(0).saturating_mul(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(n: i64) -> Timestamp {
        Timestamp::from_micros(n * 1_000_000)
    }

    fn user() -> UserId {
        UserId(uuid::Uuid::from_u128(7))
    }

    #[test]
    fn the_thirty_first_message_of_ten_seconds_waits_for_the_first_to_be_ten_seconds_old() {
        let pace = Pace::default();
        for n in 0..30 {
            assert_eq!(pace.count(user(), &format!("{n}"), POSTS, second(n / 10)), Ok(()), "{n}");
        }
        assert_eq!(pace.count(user(), "more", POSTS, second(4)), Err(Duration::from_secs(6)));
        assert_eq!(pace.count(UserId(uuid::Uuid::from_u128(8)), "somebody else", POSTS, second(4)), Ok(()));
        assert_eq!(pace.count(user(), "more", POSTS, second(10)), Ok(()));
    }

    #[test]
    fn the_sixth_time_the_same_long_text_waits_and_a_short_one_does_not() {
        let pace = Pace::default();
        for n in 0..5 {
            assert_eq!(pace.count(user(), "Buy my wonderful things", POSTS, second(n)), Ok(()));
            assert_eq!(pace.count(user(), "ok", POSTS, second(n)), Ok(()));
        }
        assert_eq!(pace.count(user(), "Buy my wonderful things", POSTS, second(5)), Err(Duration::from_secs(55)));
        assert_eq!(pace.count(user(), "ok", POSTS, second(5)), Ok(()));
        assert_eq!(pace.count(user(), "Buy my wonderful things", POSTS, second(61)), Ok(()));
    }

    #[test]
    fn an_account_tells_when_it_was_made() {
        let at = second(1_800_000_000);
        let id = crate::ids::IdMaker::default().make(at.millis(), [1; 10]);
        assert_eq!(made_at(UserId(id)), at);
    }
}
