//! The mail of the demo: written to the outbox, and opened by the people of the story.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use kitaab_core::provider::{Email, Mailer, Outbox, ProviderError};

/// Never sends anything, whatever mail server is set: the people of the story do not exist. Clones are one.
#[derive(Debug, Clone)]
pub(super) struct Postbox {
    outbox: Outbox,
    newest: Arc<Mutex<HashMap<String, String>>>,
}

impl Postbox {
    pub(super) fn new(outbox: Outbox) -> Self {
        Self { outbox, newest: Arc::default() }
    }

    /// The secret of the link in the newest mail to somebody.
    pub(super) fn token_to(&self, address: &str) -> String {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let text = newest.get(address).map(String::as_str).unwrap_or_default();
        let secret = text.split_once("token=").map(|(_, rest)| rest).unwrap_or_default();
        secret.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect()
    }
}

#[async_trait]
impl Mailer for Postbox {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        self.outbox.send(email).await?;
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).insert(email.to.clone(), email.content.text.clone());
        Ok(())
    }
}
