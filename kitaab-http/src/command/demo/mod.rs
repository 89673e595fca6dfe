//! Something to look at: a year of a freelancer's work for three clients, and the story of the last days, told to an empty
//! database through the same use cases that everybody calls.

mod cast;
mod past;
mod picks;
mod postbox;
mod story;
mod words;
mod year;

use anyhow::bail;
use clap::Args;
use kitaab_core::Kitaab;
use kitaab_core::provider::Outbox;

use super::open::{Opened, claim};
use crate::app::Site;
use crate::settings::Settings;
use cast::{Cast, Person};
use past::Past;
use postbox::Postbox;

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
        let (clock, post) = (Past::now(), Postbox::new(Outbox::new(settings.outbox())));
        let kitaab = opened.kitaab(settings).await?.clock(clock.clone()).mailer(post.clone()).build();
        claim(&kitaab).await?;
        let told = tell(kitaab, clock, post, self.seed).await;
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

/// Tells everything, and says who is in it.
async fn tell(kitaab: Kitaab, clock: Past, post: Postbox, seed: u64) -> kitaab_core::Result<Vec<Person>> {
    clock.hours_ago(year::DAYS * 24 + 1);
    let mut cast = Cast::begin(kitaab, clock, post, seed).await?;
    year::tell(&mut cast).await?;
    story::tell(&mut cast).await?;
    cast.clock.hours_ago(0);
    cast.kitaab.run_due_jobs().await?;
    Ok(cast.people)
}
