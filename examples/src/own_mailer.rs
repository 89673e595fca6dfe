//! A mailer of one's own: here it prints; yours calls the mail service that you use.
//!
//! `cargo run -p kitaab-examples --bin own_mailer`

use std::sync::Arc;

use async_trait::async_trait;
use kitaab_core::Kitaab;
use kitaab_core::access::Actor;
use kitaab_core::account::SignUp;
use kitaab_core::provider::{Email, Mailer, ProviderError};
use kitaab_core::store::Store;
use kitaab_store_sqlite::SqliteStore;

struct Printer;

#[async_trait]
impl Mailer for Printer {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        // `ProviderError::transient` is tried again for a day, `permanent` is shown to whoever caused the mail.
        if email.to.ends_with("@blocked.example") {
            return Err(ProviderError::permanent("this domain is blocked"));
        }
        println!("Message-ID: <{}>\nTo: {}\nSubject: {}\n\n{}", email.message_id, email.to, email.content.subject, email.content.text);
        Ok(())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let store = SqliteStore::in_memory().await?;
    store.migrate().await?;
    let kitaab = Kitaab::builder(Arc::new(store)).mailer(Printer).build();
    let sign_up = SignUp {
        email: "nikhil@example.com".into(),
        password: "violet anchors drift at noon".into(),
        display_name: "Nikhil".into(),
        workspace_name: "Nikhil Design".into(),
    };
    kitaab.accounts(&Actor::nobody()).sign_up(sign_up.into(), None).await?;
    // A server runs `kitaab.run_jobs(stop)` beside everything else; this does what is due and returns.
    kitaab.run_due_jobs().await?;
    Ok(())
}
