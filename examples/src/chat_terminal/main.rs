//! A chat in the terminal, for two windows or two people: what a client of the HTTP API and its WebSocket does.
//!
//! `cargo run -p kitaab-examples --bin chat_terminal -- --email nikhil@example.com` talks to a server on this machine.
//! The password comes from `KITAAB_PASSWORD`, or is asked for.

mod api;
mod chat;
mod link;
mod screen;
mod shapes;

use std::env;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Parser;
use tokio::time::timeout;

use crate::api::Api;
use crate::chat::Chat;
use crate::link::{Ask, Link, Told};
use crate::screen::{Input, Screen, clean};

/// Talk in a workspace of a Kitaab server.
#[derive(Parser)]
struct Args {
    /// Where the server is
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// Who you are; the password comes from `KITAAB_PASSWORD`, or is asked for
    #[arg(long)]
    email: String,
    /// The workspace, if you are in several
    #[arg(long)]
    workspace: Option<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let password = match env::var("KITAAB_PASSWORD") {
        Ok(password) => password,
        Err(_) => rpassword::prompt_password("Password: ").context("KITAAB_PASSWORD is not set, and there is nobody to ask")?,
    };
    let (api, signed_in) = Api::sign_in(&args.server, &args.email, &password).await?;
    let names: Vec<_> = signed_in.workspaces.iter().map(|workspace| workspace.name.as_str()).collect();
    let found = signed_in.workspaces.iter().find(|workspace| args.workspace.as_ref().is_none_or(|name| *name == workspace.name));
    let workspace = found.with_context(|| format!("You are in no such workspace, but in: {}", names.join(", ")))?;
    println!("{} in “{}”", clean(&signed_in.user.display_name), clean(&workspace.name));

    let (asks, mut tells, connection) = Link::start(api.socket()?, workspace.id.clone());
    // Events first, channels then: so nothing falls between the two.
    loop {
        match tells.recv().await {
            Some(Told::Up { .. }) => break,
            Some(Told::Down { why, pause }) => println!("-- Not connected: {why}. Again in {:.1} s.", pause.as_secs_f64()),
            Some(Told::Over(why)) => bail!(why),
            _ => {}
        }
    }
    let (screen, mut inputs) = Screen::open()?;
    let mut chat = Chat::new(api, screen, asks.clone(), workspace.id.clone(), signed_in.user.clone());
    chat.begin().await?;
    loop {
        tokio::select! {
            input = inputs.recv() => match input {
                Some(Input::Line(line)) => if !chat.line(&line).await { break },
                Some(Input::Typing) => chat.typing(),
                Some(Input::End) | None => break,
            },
            Some(told) = tells.recv() => if let Err(over) = chat.told(told).await {
                chat.screen().note(&format!("{over:#}"));
                // The terminal is being edited: it is given back with the next key.
                if chat.screen().is_terminal() {
                    chat.screen().note("Press Enter to leave.");
                    while matches!(inputs.recv().await, Some(Input::Typing)) {}
                }
                break;
            },
        }
    }
    // What was typed last is still delivered, and what comes back from it printed.
    asks.send(Ask::Leave).ok();
    let rest = async {
        while let Some(told) = tells.recv().await {
            if chat.told(told).await.is_err() {
                break;
            }
        }
    };
    timeout(Duration::from_secs(5), rest).await.ok();
    connection.abort();
    chat.end().await;
    Ok(())
}
