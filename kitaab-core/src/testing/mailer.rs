//! A mailer that keeps what it is given, and fails when told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::provider::{Email, Mailer, ProviderError};

/// Keeps every mail. Clones share what they keep.
#[derive(Debug, Clone, Default)]
pub struct KeepingMailer(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    kept: Vec<Email>,
    failures: VecDeque<ProviderError>,
}

/// The mails kept so far.
pub type Kept = Vec<Email>;

impl KeepingMailer {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All mails so far, oldest first.
    #[must_use]
    pub fn mails(&self) -> Kept {
        self.state().kept.clone()
    }

    /// The newest mail to an address.
    #[must_use]
    pub fn last_to(&self, address: &str) -> Option<Email> {
        self.state().kept.iter().rev().find(|mail| mail.to == address).cloned()
    }

    /// The first link to a page of this instance in the newest mail to an address.
    #[must_use]
    pub fn link_to(&self, address: &str) -> Option<String> {
        let text = self.last_to(address)?.content.text;
        text.split_whitespace().find(|word| word.contains("token=")).map(str::to_owned)
    }

    /// The token in the newest mail to an address.
    #[must_use]
    pub fn token_to(&self, address: &str) -> Option<String> {
        self.link_to(address)?.split_once("token=").map(|(_, token)| token.to_owned())
    }

    /// The next mail is not taken, for this reason.
    pub fn fail_next(&self, error: ProviderError) {
        self.state().failures.push_back(error);
    }
}

#[async_trait]
impl Mailer for KeepingMailer {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        let mut state = self.state();
        if let Some(error) = state.failures.pop_front() {
            return Err(error);
        }
        state.kept.push(email.clone());
        Ok(())
    }
}
