//! Measures Kitaab beside the bare engine, in the same run, and prints ratios. See the README beside it.

#![expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]

mod callers;
mod chat;
mod crowd;
mod disk;
mod engine;
mod lists;
mod memory;
mod overview;
mod place;
mod process;
mod table;
mod writes;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "What Kitaab costs beside the bare engine")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A committed write, alone and with 32 callers, on both engines.
    Writes {
        /// Seconds for each figure.
        #[arg(long, default_value_t = 4.0)]
        seconds: f64,
        /// Where the databases are; a RAM disk and a disk differ.
        #[arg(long, default_value = "target/bench")]
        folder: std::path::PathBuf,
        /// Only SQLite.
        #[arg(long)]
        sqlite: bool,
    },
    /// Listing 50 of 10,000 projects, as owner and as client, on both engines.
    Lists {
        /// Where the databases are.
        #[arg(long, default_value = "target/bench")]
        folder: std::path::PathBuf,
    },
    /// Dashboards, feed, report and filters in a large workspace beside up to 1,000 others, on both engines.
    Overview {
        /// Where the databases are.
        #[arg(long, default_value = "target/bench")]
        folder: std::path::PathBuf,
    },
    /// Posting messages, in one busy room, in 64 workspaces, and in 200 small rooms, on both engines.
    Chat {
        /// Where the databases are; a RAM disk and a disk differ.
        #[arg(long, default_value = "target/bench")]
        folder: std::path::PathBuf,
        /// A few seconds instead of half a minute for each figure.
        #[arg(long)]
        short: bool,
    },
    /// What an idle server on SQLite holds in memory.
    Memory {
        /// The server, built in release.
        #[arg(long, default_value = "target/release/kitaab")]
        server: std::path::PathBuf,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().what {
        What::Writes { seconds, folder, sqlite } => writes::run(&folder, seconds, sqlite).await,
        What::Lists { folder } => lists::run(&folder).await,
        What::Overview { folder } => overview::run(&folder).await,
        What::Chat { folder, short } => {
            let (seconds, rounds) = if short { (0.5, 1) } else { (1.5, 5) };
            chat::run(&folder, seconds, rounds).await
        }
        What::Memory { server } => memory::run(&server).await,
    }
}
