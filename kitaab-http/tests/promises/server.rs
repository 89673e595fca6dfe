//! The program, as an operator runs it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

pub struct Server {
    child: Child,
    pub url: String,
    environment: Vec<(String, String)>,
}

/// The program with these settings, saying nothing.
pub fn program(environment: &[(String, String)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kitaab"));
    command.args(arguments).env_clear().env("PATH", std::env::var("PATH").unwrap_or_default()).envs(environment.iter().cloned());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Settings under which several servers share a database, or one its successor's folder.
pub fn settings(database: Option<&str>) -> Vec<(&str, &str)> {
    let key = ("KITAAB_SECRET_KEY", "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a");
    std::iter::once(key).chain(database.map(|url| ("KITAAB_DATABASE_URL", url))).collect()
}

/// What a process holds in memory, in KiB.
pub fn memory_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its size");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

impl Server {
    /// Starts it on a data folder, and waits until it is ready.
    pub async fn start(data: &Path, more: &[(&str, &str)]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
        let url = format!("http://127.0.0.1:{port}");
        let own = [
            ("KITAAB_LISTEN", format!("127.0.0.1:{port}")),
            ("KITAAB_PUBLIC_URL", url.clone()),
            ("KITAAB_DATA_DIR", data.display().to_string()),
            ("KITAAB_RATE_LIMITS", "off".to_owned()),
        ];
        let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let environment: Vec<_> = own.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(more).collect();
        let child = program(&environment, &["serve"]).spawn().expect("the program starts");
        let mut server = Self { child, url, environment };
        server.until_ready().await;
        server
    }

    async fn until_ready(&mut self) {
        let client = reqwest::Client::new();
        loop {
            let asked = client.get(format!("{}/readyz", self.url)).timeout(Duration::from_secs(2)).send().await;
            if asked.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                return;
            }
            assert!(self.child.try_wait().expect("its state").is_none(), "the server ended before it was ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// kill -9.
    pub fn crash(&mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }

    /// kill -9, and the same again.
    pub async fn crash_and_restart(&mut self) {
        self.crash();
        self.child = program(&self.environment, &["serve"]).spawn().expect("the program starts");
        self.until_ready().await;
    }

    /// Asks it to stop, as service managers do, and waits until it is gone.
    pub async fn terminate(&mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(asked.success());
        while self.child.try_wait().expect("its state").is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What the process holds in memory, in KiB.
    pub fn memory(&self) -> u64 {
        memory_of(self.child.id())
    }

    /// Signs a freelancer up: their token and their workspace.
    pub async fn sign_up(&self, client: &reqwest::Client, name: &str) -> (String, String) {
        let body = json!({
            "email": format!("{name}@example.com"),
            "password": "violet anchors drift at noon",
            "display_name": name,
            "workspace_name": format!("{name} Design"),
        });
        let answer = client.post(format!("{}/api/v1/auth/sign-up", self.url)).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::CREATED);
        let answer: Value = answer.json().await.expect("JSON");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        (text(&answer["session"]["token"]), text(&answer["workspace"]["id"]))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
