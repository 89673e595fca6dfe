//! What an idle server holds.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::table::{head, row};

/// Starts the server on SQLite, asks whether it is ready, and looks at its memory two seconds later.
pub async fn run(server: &Path) -> anyhow::Result<()> {
    let room = tempfile::tempdir()?;
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut child = Command::new(server)
        .arg("serve")
        .env("KITAAB_LISTEN", format!("127.0.0.1:{port}"))
        .env("KITAAB_PUBLIC_URL", format!("http://127.0.0.1:{port}"))
        .env("KITAAB_DATA_DIR", room.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{} is built by: cargo build --release -p kitaab-http", server.display()))?;
    while !is_ready(port).await {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id().context("it runs")?))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("its memory")?;
    let kib: f64 = resident.trim().trim_end_matches(" kB").parse()?;
    head(&["server", "resident, MiB"]);
    row(&["idle, SQLite".into(), format!("{:.1}", kib / 1024.0)]);
    child.kill().await?;
    Ok(())
}

async fn is_ready(port: u16) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer.starts_with("HTTP/1.1 200"))
    };
    asked.await.unwrap_or(false)
}
