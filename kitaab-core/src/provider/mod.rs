//! What Kitaab needs from outside: a trait with its offline default in each file, real ones behind features.

mod blobs;
mod bus;
mod chance;
mod clock;
mod guard;
mod mailer;
#[cfg(feature = "smtp")]
mod smtp;

use std::error::Error as StdError;

pub use blobs::{Blob, Blobs};
pub use bus::{EventBus, Hint};
pub use chance::{Chance, SystemChance};
pub use clock::{Clock, SystemClock};
pub(crate) use guard::Guard;
pub use guard::TIMEOUT;
pub use mailer::{Email, Mailer, Outbox, is_sender};
#[cfg(feature = "smtp")]
pub use smtp::Smtp;

/// How a provider fails.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct ProviderError {
    kind: Failure,
    detail: String,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    Transient,
    Permanent,
}

impl ProviderError {
    /// It may work later. `detail` is for the owner and the log: no secret, one line.
    pub fn transient(detail: impl Into<String>) -> Self {
        Self { kind: Failure::Transient, detail: detail.into(), source: None }
    }

    /// It will never work like this.
    pub fn permanent(detail: impl Into<String>) -> Self {
        Self { kind: Failure::Permanent, detail: detail.into(), source: None }
    }

    /// What the provider itself said, for the log.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Whether a later try may work.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.kind == Failure::Transient
    }
}
