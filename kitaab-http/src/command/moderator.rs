//! Making and removing moderators: only whoever has the server's shell can.

use std::env;
use std::io::{IsTerminal, stdin};

use anyhow::{Context, bail};
use clap::Args;
use secrecy::SecretString;

use super::open::Opened;
use crate::settings::Settings;

const PASSWORD: &str = "KITAAB_MODERATOR_PASSWORD";

/// What a moderator is made of.
#[derive(Debug, Args)]
pub(super) struct Create {
    /// The address to sign in with; one that has no account yet
    #[arg(long)]
    email: String,
    /// The name that others see
    #[arg(long)]
    name: String,
}

/// Who is no moderator any more.
#[derive(Debug, Args)]
pub(super) struct Remove {
    /// The address of the moderator
    #[arg(long)]
    email: String,
}

impl Create {
    pub(super) async fn run(&self, settings: &Settings) -> anyhow::Result<()> {
        let password = password()?;
        let opened = Opened::beside(settings).await?;
        let kitaab = opened.kitaab(settings).await?.build();
        kitaab.create_moderator(&self.email, &self.name, &password).await.map_err(said)?;
        opened.store().close().await;
        println!("{} can sign in as a moderator.", self.email);
        Ok(())
    }
}

impl Remove {
    pub(super) async fn run(&self, settings: &Settings) -> anyhow::Result<()> {
        let opened = Opened::beside(settings).await?;
        let kitaab = opened.kitaab(settings).await?.build();
        kitaab.remove_moderator(&self.email).await.map_err(said)?;
        opened.store().close().await;
        println!("{} is no moderator any more, and is signed out everywhere.", self.email);
        Ok(())
    }
}

/// On a command line the sentences about the fields are what helps.
pub(super) fn said(error: kitaab_core::Error) -> anyhow::Error {
    match &error {
        kitaab_core::Error::Invalid(problems) => {
            let lines: Vec<String> = problems.iter().map(|p| format!("{}: {}", p.field, p.message)).collect();
            anyhow::anyhow!(lines.join("\n"))
        }
        _ => error.into(),
    }
}

/// The password from the environment, or typed.
fn password() -> anyhow::Result<SecretString> {
    if let Ok(password) = env::var(PASSWORD) {
        return Ok(password.into());
    }
    if !stdin().is_terminal() {
        bail!("give the password in {PASSWORD}, or run this on a terminal to be asked for it");
    }
    eprint!("Password of the moderator (12 characters or more; it is shown as you type): ");
    let mut line = String::new();
    stdin().read_line(&mut line).context("the password could not be read")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned().into())
}
