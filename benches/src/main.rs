//! Measures Kitaab beside the bare engine, in the same run, and prints ratios. See the README beside it.

#![expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]

mod lists;
mod memory;
mod overview;
mod place;
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
        What::Memory { server } => memory::run(&server).await,
    }
}
