//! Serving.

use std::io::{IsTerminal, stdout};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use kitaab_core::Kitaab;
use tokio::net::TcpListener;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::open::{Opened, claim};
use crate::metrics::Metrics;
use crate::settings::{Database, Settings};
use crate::{HttpConfig, Live, router, server};

/// How often a server looks whether somebody else has applied the migrations.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// What has not ended so long after the process was asked to stop is left to its lease, or to the log of the database.
const STOPPED_WITHIN: Duration = Duration::from_millis(9_500);

/// How to serve.
#[derive(Debug, Default, Args)]
pub(super) struct Serve {
    /// Wait until somebody else has applied the migrations, instead of applying them
    #[arg(long)]
    no_migrate: bool,
}

impl Serve {
    pub(super) async fn run(&self, settings: &Settings) -> anyhow::Result<()> {
        let stop = CancellationToken::new();
        let opened = Opened::new(settings).await?;
        let kitaab = opened.kitaab(settings).await?.build();
        let asked = tokio::spawn({
            let stop = stop.clone();
            async move {
                server::asked_to_stop().await;
                stop.cancel();
            }
        });
        if !self.prepare(&opened, &stop).await? {
            return Ok(());
        }
        claim(&kitaab).await?;
        opened.join(&kitaab, stop.clone());
        let listener = TcpListener::bind(settings.listen)
            .await
            .with_context(|| format!("cannot listen on {}; name another address with --listen or KITAAB_LISTEN", settings.listen))?;
        welcome(settings, listener.local_addr()?);
        let jobs = tokio::spawn({
            let (kitaab, stop) = (kitaab.clone(), stop.clone());
            async move { kitaab.run_jobs(stop).await }
        });
        let deadline = tokio::spawn(deadline(stop.clone()));
        let live = Live::new(stop.clone());
        server::serve(listener, routes(kitaab, settings, &live)?, stop).await?;
        let ended = async {
            live.ended().await;
            jobs.await.ok();
            opened.store().close().await;
        };
        tokio::select! {
            () = ended => {}
            _ = deadline => tracing::warn!("some jobs did not end in time; their leases will"),
        }
        asked.abort();
        tracing::info!("stopped");
        Ok(())
    }

    /// Brings the database up to date, or waits until somebody has; false if asked to stop meanwhile.
    async fn prepare(&self, opened: &Opened, stop: &CancellationToken) -> anyhow::Result<bool> {
        if !self.no_migrate {
            opened.store().migrate().await.context("the migrations could not be applied")?;
        }
        while !opened.store().is_current().await? {
            tracing::info!("waiting for the migrations; another process is to apply them (kitaab migrate)");
            tokio::select! {
                () = stop.cancelled() => return Ok(false),
                () = sleep(LOOK_EVERY) => {}
            }
        }
        opened.check().await?;
        Ok(true)
    }
}

/// Passes so long after the stop was asked for.
async fn deadline(stop: CancellationToken) {
    stop.cancelled().await;
    sleep(STOPPED_WITHIN).await;
}

fn routes(kitaab: Kitaab, settings: &Settings, live: &Live) -> anyhow::Result<axum::Router> {
    let config = HttpConfig::default()
        .trusted_proxies(settings.trusted_proxies.clone())
        .docs(settings.docs)
        .mailbox(settings.smtp.is_none().then(|| settings.outbox()))
        .live(live.clone())
        .metrics(Metrics::install()?);
    Ok(router(kitaab, config))
}

/// Says where the server is, and what to do next.
fn welcome(settings: &Settings, listens: std::net::SocketAddr) {
    let url = &settings.public_url;
    tracing::info!(%listens, public_url = url, "serving");
    if !stdout().is_terminal() {
        return;
    }
    let data = match &settings.database {
        Database::Sqlite(path) => path.display().to_string(),
        Database::Postgres(_) => "the PostgreSQL of KITAAB_DATABASE_URL".into(),
    };
    let mail = match settings.smtp {
        Some(_) => "sent through the server of KITAAB_SMTP_URL".to_owned(),
        None => format!("written to {}; read it at {url}/dev/mailbox", settings.outbox().display()),
    };
    println!("\nKitaab serves on http://{listens}\n");
    println!("  Start here   {url}/sign-up");
    println!("  Mail         {mail}");
    println!("  The API      {url}/docs");
    println!("  Data         {data}\n");
    println!("`kitaab demo` fills an empty database with something to look at. Ctrl-C stops.\n");
}
