//! The commands of the program.

mod backup;
mod demo;
mod flags;
mod log;
mod migrate;
mod moderator;
mod open;
mod serve;

use std::io::{ErrorKind, Write, stdout};

use clap::{Parser, Subcommand};

use crate::settings::Settings;
use flags::Flags;

/// One place for a freelancer and their clients.
#[derive(Debug, Parser)]
#[command(name = "kitaab", version, about, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

const AFTER_HELP: &str = "Every setting can also stand in kitaab.toml or in the environment, as KITAAB_LISTEN and so on; \
    secrets and URLs with passwords only there: KITAAB_DATABASE_URL, KITAAB_DATABASE_OWNER_URL, KITAAB_SECRET_KEY, KITAAB_SMTP_URL.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve; what is done without any command.
    Serve(serve::Serve),
    /// Apply missing migrations to the database, and end.
    Migrate,
    /// Print the description of the API (OpenAPI 3.1).
    Openapi,
    /// Fill an empty database with a freelancer, clients, invitations and projects to look at.
    Demo(demo::Demo),
    /// Copy everything but the secret key into a new folder. Works while the server runs.
    Backup(backup::Backup),
    /// Start from a backup: in a new SQLite file, or in a PostgreSQL database that is empty.
    Restore(backup::Restore),
    /// Make an account that reads conversations and takes part in none. Works while the server runs.
    CreateModerator(moderator::Create),
    /// Take that role from an account. Works while the server runs.
    RemoveModerator(moderator::Remove),
}

/// Runs a command.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    let command = cli.command.unwrap_or_else(|| Command::Serve(serve::Serve::default()));
    if matches!(command, Command::Openapi) {
        // Who reads only the head of it has closed the pipe, and that is no error.
        return match stdout().write_all(crate::openapi::document().as_bytes()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        };
    }
    let settings = cli.flags.settings()?;
    log::begin(&settings.log)?;
    for warning in &settings.warnings {
        tracing::warn!("{warning}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(dispatch(command, &settings))
}

async fn dispatch(command: Command, settings: &Settings) -> anyhow::Result<()> {
    match command {
        Command::Serve(serve) => serve.run(settings).await,
        Command::Migrate => migrate::run(settings).await,
        Command::Openapi => Ok(()),
        Command::Demo(demo) => demo.run(settings).await,
        Command::Backup(backup) => backup.run(settings).await,
        Command::Restore(restore) => restore.run(settings).await,
        Command::CreateModerator(create) => create.run(settings).await,
        Command::RemoveModerator(remove) => remove.run(settings).await,
    }
}
