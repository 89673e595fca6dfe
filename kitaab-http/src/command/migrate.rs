//! Bringing the database up to date.

use anyhow::Context;

use super::open::Opened;
use crate::settings::Settings;

/// Applies missing migrations.
pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    let opened = Opened::new(settings).await?;
    opened.store().migrate().await.context("the migrations could not be applied")?;
    opened.check().await?;
    opened.store().close().await;
    println!("The database is up to date.");
    Ok(())
}
