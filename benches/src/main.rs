//! Measures Kitaab beside the bare engine, in the same run, and prints ratios. See the README beside it.

#![expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]

mod callers;
mod chat;
mod crowd;
mod disk;
mod engine;
mod http;
mod lists;
mod memory;
mod overview;
mod pages;
mod place;
mod process;
mod search;
mod serve;
mod sockets;
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
        /// Cases with these words in their engine and name.
        #[arg(long, default_value = "")]
        only: String,
        /// A few seconds instead of half a minute for each figure.
        #[arg(long)]
        short: bool,
    },
    /// The server with sockets: a busy room, small rooms, a rate, many who listen and come back, on both engines.
    Sockets {
        /// Where the databases are.
        #[arg(long, default_value = "target/bench")]
        folder: std::path::PathBuf,
        /// The server, built in release.
        #[arg(long, default_value = "target/release/kitaab")]
        server: std::path::PathBuf,
        /// How many only listen.
        #[arg(long, default_value_t = 5_000)]
        count: usize,
        /// One part alone: room, small or idle.
        #[arg(long)]
        only: Option<String>,
        /// Ten seconds at a rate instead of a minute, and one round.
        #[arg(long)]
        short: bool,
    },
    /// Pages of 50 at any depth of a channel of a million messages, over HTTP, on both engines.
    Pages {
        /// Where the databases are.
        #[arg(long, default_value = "target/bench")]
        folder: std::path::PathBuf,
        /// The server, built in release.
        #[arg(long, default_value = "target/release/kitaab")]
        server: std::path::PathBuf,
        /// A tenth of the messages, and fewer questions.
        #[arg(long)]
        short: bool,
    },
    /// Searching a million messages over 500 channels beside others elsewhere, and the inbox of 500 channels, on both engines.
    Search {
        /// Where the databases are.
        #[arg(long, default_value = "target/bench")]
        folder: std::path::PathBuf,
        /// How many messages a workspace has.
        #[arg(long, default_value_t = 1_000_000)]
        messages: u32,
        /// How many other workspaces of that size there are, in steps.
        #[arg(long, value_delimiter = ',', default_value = "0,1,4")]
        others: Vec<u32>,
        /// One engine alone: sqlite or postgres.
        #[arg(long, default_value = "")]
        only: String,
    },
    /// A broadcast without Kitaab, which `sockets` starts beside the server.
    #[command(hide = true)]
    BareBroadcast {
        /// Where it listens.
        port: u16,
        /// How long what all hear is, in bytes.
        event: usize,
        /// How long the answer to the sender is.
        answer: usize,
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
        What::Chat { folder, only, short } => {
            let (seconds, rounds) = if short { (0.5, 1) } else { (1.5, 5) };
            chat::run(&folder, &chat::Ask { seconds, rounds, only }).await
        }
        What::Sockets { folder, server, count, only, short } => {
            let (seconds, rounds) = if short { ((2.0, 10.0), 1) } else { ((4.0, 60.0), 3) };
            sockets::run(&sockets::Ask { folder, server, seconds, rounds, sockets: count, only }).await
        }
        What::Pages { folder, server, short } => {
            let (messages, rounds) = if short { (100_000, 100) } else { (1_000_000, 500) };
            pages::run(&folder, &server, messages, rounds).await
        }
        What::Search { folder, messages, others, only } => search::run(&folder, messages, &others, &only).await,
        What::BareBroadcast { port, event, answer } => sockets::bare::serve(port, event, answer).await,
        What::Memory { server } => memory::run(&server).await,
    }
}
