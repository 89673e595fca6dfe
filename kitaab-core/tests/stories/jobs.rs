//! What becomes of jobs that fail in ways nobody planned.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use kitaab_core::Kitaab;
use kitaab_core::job::JobCounts;
use kitaab_core::provider::{Email, Mailer, ProviderError};
use kitaab_core::store::Store;
use kitaab_core::testing::{KeepingMailer, ManualClock};

use crate::common::{freelancer, on_both_engines};

type Database = Arc<dyn Store>;

/// Panics at the first mail.
#[derive(Clone, Default)]
struct Clumsy {
    warned: Arc<AtomicBool>,
    mails: KeepingMailer,
}

#[async_trait]
impl Mailer for Clumsy {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        assert!(self.warned.swap(true, Ordering::Relaxed), "the first mail is too much");
        self.mails.send(email).await
    }
}

async fn a_mail_whose_try_panics_is_tried_again_and_arrives(db: Database) {
    let (clock, mailer) = (ManualClock::default(), Clumsy::default());
    let kitaab = Kitaab::builder(db).clock(clock.clone()).mailer(mailer.clone()).build();
    freelancer(&kitaab, "Nikhil").await;
    assert_eq!(kitaab.job_counts().await.unwrap(), JobCounts { waiting: 1, running: 0, dead: 0 });
    kitaab.run_due_jobs().await.unwrap();
    assert!(mailer.mails.mails().is_empty());
    assert_eq!(kitaab.job_counts().await.unwrap(), JobCounts { waiting: 1, running: 0, dead: 0 });
    clock.advance(Duration::from_mins(1));
    kitaab.run_due_jobs().await.unwrap();
    assert_eq!(mailer.mails.mails().len(), 1);
    assert_eq!(kitaab.job_counts().await.unwrap(), JobCounts { waiting: 0, running: 0, dead: 0 });
}

on_both_engines! {
    a_mail_whose_try_panics_is_tried_again_and_arrives,
}
