//! Something to look at: the story of a freelancer, told to an empty database through the same use cases that everybody
//! calls.

mod past;
mod picks;
mod story;

use anyhow::bail;
use clap::Args;

use super::open::{Opened, claim};
use crate::app::Site;
use crate::settings::Settings;
use past::Past;
use story::Story;

/// What the demo is made of.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// The same number makes the same people, projects and passwords
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Demo {
    pub(super) async fn run(&self, settings: &Settings) -> anyhow::Result<()> {
        if !Site::new(&settings.public_url).is_loopback() {
            bail!("the demo has passwords that everybody can know, so it is made only where KITAAB_PUBLIC_URL is on this machine");
        }
        let opened = Opened::new(settings).await?;
        opened.store().migrate().await?;
        opened.check().await?;
        let clock = Past::now();
        let kitaab = opened.kitaab(settings).await?.clock(clock.clone()).build();
        claim(&kitaab).await?;
        let told = Story::new(kitaab, clock, self.seed).tell().await;
        opened.store().close().await;
        let people = told.map_err(|error| match error {
            kitaab_core::Error::Conflict { code: "email_taken", .. } => {
                anyhow::anyhow!("the database is not empty: the demo's people are there already")
            }
            other => super::moderator::said(other),
        })?;
        println!("The demo is made. Start the server with `kitaab serve` and sign in at {}/sign-in:\n", settings.public_url);
        for person in people {
            println!("  {:<28} {:<34} {}", person.email, person.password, person.is);
        }
        println!();
        Ok(())
    }
}
