//! What every call to a provider gets: an end, and rest for a provider that is down.

use std::sync::Mutex;
use std::time::Duration;

use super::ProviderError;
use crate::time::Timestamp;

/// No call to a provider takes longer.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// So many failures within [`WINDOW`] open the circuit.
const FAILURES: u32 = 5;
const WINDOW: Duration = Duration::from_secs(30);
/// After this long one call is let through to see.
const REST: Duration = Duration::from_secs(30);

/// A circuit breaker (Nygard, *Release It!*).
#[derive(Debug, Default)]
pub(crate) struct Guard {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    since: Option<Timestamp>,
    open_until: Option<Timestamp>,
    last: String,
}

impl Guard {
    /// Runs a call unless the provider rests. A refusal for good is an answer, and no sign of being down.
    pub(crate) async fn call<T>(&self, now: Timestamp, call: impl Future<Output = Result<T, ProviderError>>) -> Result<T, ProviderError> {
        if let Some(last) = self.resting(now) {
            return Err(ProviderError::transient(format!("left alone for half a minute after it failed repeatedly, lastly: {last}")));
        }
        let answer =
            tokio::time::timeout(TIMEOUT, call).await.unwrap_or_else(|_| Err(ProviderError::transient("no answer in ten seconds")));
        self.note(now, answer.as_ref().err().filter(|error| error.is_transient()));
        answer
    }

    /// How the last call failed, while the provider rests.
    fn resting(&self, now: Timestamp) -> Option<String> {
        let mut state = self.state.lock().ok()?;
        let until = state.open_until?;
        if now < until {
            return Some(state.last.clone());
        }
        // Half open: this one call decides; the others go on resting meanwhile.
        state.open_until = Some(now.after(REST));
        None
    }

    fn note(&self, now: Timestamp, failed: Option<&ProviderError>) {
        let Ok(mut state) = self.state.lock() else { return };
        let Some(error) = failed else {
            *state = State::default();
            return;
        };
        state.last = error.to_string();
        if state.since.is_none_or(|since| since.after(WINDOW) <= now) {
            state.since = Some(now);
            state.failures = 0;
        }
        state.failures += 1;
        if state.failures >= FAILURES || state.open_until.is_some() {
            state.open_until = Some(now.after(REST));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn call(guard: &Guard, seconds: i64, works: bool) -> Result<(), ProviderError> {
        let now = Timestamp::from_micros(seconds * 1_000_000);
        guard.call(now, async move { if works { Ok(()) } else { Err(ProviderError::transient("down")) } }).await
    }

    #[tokio::test]
    async fn after_five_failures_the_provider_rests_and_one_call_tries_again() {
        let guard = Guard::default();
        for second in 0..5 {
            assert_eq!(call(&guard, second, false).await.unwrap_err().to_string(), "down");
        }
        assert!(call(&guard, 10, true).await.unwrap_err().to_string().contains("left alone"));
        assert_eq!(call(&guard, 35, false).await.unwrap_err().to_string(), "down");
        assert!(call(&guard, 40, true).await.is_err(), "a failed trial closes it again");
        assert!(call(&guard, 70, true).await.is_ok());
        assert!(call(&guard, 71, true).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_says_nothing_is_given_up() {
        let guard = Guard::default();
        let silent = guard.call(Timestamp::from_micros(0), std::future::pending::<Result<(), _>>()).await;
        assert!(silent.unwrap_err().is_transient());
    }
}
