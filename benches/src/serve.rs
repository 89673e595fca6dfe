//! The server program, in release, on a database that was filled before.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::engine::Engine;
use crate::http::Line;
use crate::process;

/// A server that ends when this is dropped.
pub struct Server {
    child: Child,
    pub port: u16,
    _data: TempDir,
}

impl Server {
    /// Starts it, without limits, and waits until it is ready.
    pub async fn on(engine: &Engine, program: &Path) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(program);
        command
            .arg("serve")
            .env("KITAAB_LISTEN", format!("127.0.0.1:{port}"))
            .env("KITAAB_PUBLIC_URL", format!("http://127.0.0.1:{port}"))
            .env("KITAAB_RATE_LIMITS", "off")
            .env("KITAAB_LOG", "error")
            .stdout(Stdio::null())
            .kill_on_drop(true);
        match (engine.file(), engine.url()) {
            (Some(file), _) => command.env("KITAAB_DATA_DIR", file.parent().context("its folder")?),
            (None, url) => command.env("KITAAB_DATA_DIR", data.path()).env("KITAAB_DATABASE_URL", url.unwrap_or_default()),
        };
        let child = command.spawn().with_context(|| format!("{} is built by: cargo build --release -p kitaab-http", program.display()))?;
        let server = Self { child, port, _data: data };
        while !server.is_ready().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(server)
    }

    async fn is_ready(&self) -> bool {
        let asked = async { Line::to(self.port).await?.get("/readyz", None).await };
        asked.await.is_ok_and(|(status, _)| status == 200)
    }

    fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Seconds of processor time that it has taken.
    pub fn cpu(&self) -> f64 {
        process::cpu(self.pid())
    }

    /// What it holds in memory, in KiB.
    pub fn resident(&self) -> anyhow::Result<f64> {
        process::resident(self.pid())
    }

    pub async fn stop(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}
