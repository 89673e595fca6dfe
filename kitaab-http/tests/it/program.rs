//! The program as an operator starts it.

use sqlx::Connection;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use crate::support::Person;

pub fn kitaab(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kitaab"));
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).stdin(Stdio::null());
    command
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

/// A server, ended with the test.
struct Serving {
    child: Child,
    port: u16,
}

impl Serving {
    async fn begin(folder: &Path) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = kitaab(folder);
        command.args(["--listen", &format!("127.0.0.1:{port}"), "--public-url", &format!("http://127.0.0.1:{port}")]);
        let mut serving = Self { child: command.stderr(Stdio::piped()).spawn().unwrap(), port };
        let mut looks = tokio::time::interval(Duration::from_millis(20));
        while !serving.is_ready().await {
            looks.tick().await;
            assert!(serving.child.try_wait().unwrap().is_none(), "it ended: {}", serving.log());
        }
        serving
    }

    async fn is_ready(&self) -> bool {
        let asked = reqwest::Client::new().get(format!("http://127.0.0.1:{}/readyz", self.port)).timeout(Duration::from_secs(5)).send();
        asked.await.is_ok_and(|answer| answer.status() == 200)
    }

    fn anybody(&self) -> Person {
        Person::new(format!("http://127.0.0.1:{}", self.port), None)
    }

    fn log(&mut self) -> String {
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[tokio::test]
async fn it_serves_from_an_empty_folder_refuses_a_second_server_and_stops_when_asked() {
    rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
    let folder = tempfile::tempdir().unwrap();
    let mut serving = Serving::begin(folder.path()).await;
    serving.anybody().get("!/accept-invitation?token=kti_secret").await.expect(404);
    serving.anybody().get("!/dev/mailbox").await.expect(200);
    let second = kitaab(folder.path()).args(["--listen", "127.0.0.1:0"]).output().unwrap();
    assert!(!second.status.success() && said(&second).contains(&format!("pid {}", serving.child.id())), "{}", said(&second));
    // Moderators are made while the server runs.
    let create = ["create-moderator", "--email", "mo@example.com", "--name", "Mo"];
    let weak = kitaab(folder.path()).args(create).env("KITAAB_MODERATOR_PASSWORD", "password").output().unwrap();
    assert!(!weak.status.success() && said(&weak).contains("password: "), "{}", said(&weak));
    let made = kitaab(folder.path()).args(create).env("KITAAB_MODERATOR_PASSWORD", crate::support::PASSWORD).output().unwrap();
    assert!(made.status.success(), "{}", said(&made));
    let credentials = serde_json::json!({"email": "mo@example.com", "password": crate::support::PASSWORD});
    let signed = serving.anybody().post("/auth/sign-in", &credentials).await.expect(200);
    assert_eq!((signed.at("/moderator"), signed.at("/workspaces")), (serde_json::json!(true), serde_json::json!([])));
    let removed = kitaab(folder.path()).args(["remove-moderator", "--email", "mo@example.com"]).output().unwrap();
    assert!(removed.status.success(), "{}", said(&removed));
    serving.anybody().with("authorization", &format!("Bearer {}", signed.text("/session/token"))).get("/auth/session").await.expect(401);
    let asked = Command::new("kill").args(["-TERM", &serving.child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    let ended = tokio::task::spawn_blocking(move || {
        let log = serving.log();
        (serving.child.wait().unwrap(), log)
    });
    let (status, log) = tokio::time::timeout(Duration::from_secs(10), ended).await.expect("it stops within ten seconds").unwrap();
    assert!(status.success(), "{log}");
    assert!(
        !log.contains("kti_secret") && log.contains("\"path\":\"/accept-invitation\"") && log.lines().all(|line| line.starts_with('{')),
        "{log}"
    );
}

#[test]
fn a_wrong_setting_is_said_and_nothing_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = kitaab(folder.path()).env("KITAAB_RESET_TTL", "soon").output().unwrap();
    assert!(!wrong.status.success());
    assert_eq!(said(&wrong), "kitaab: KITAAB_RESET_TTL: `soon` is no span of time; give one as in 250ms, 2s, 15m, 1h or 7d\n");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    std::fs::write(folder.path().join("kitaab.toml"), "secret_kee = \"x\"\n").unwrap();
    assert!(said(&kitaab(folder.path()).arg("migrate").output().unwrap()).contains("there is no setting `secret_kee`"));
    let unreachable = kitaab(tempfile::tempdir().unwrap().path())
        .arg("migrate")
        .env("KITAAB_DATABASE_URL", "postgres://kitaab:hunter2@127.0.0.1:1/kitaab")
        .output()
        .unwrap();
    assert!(!unreachable.status.success() && !said(&unreachable).contains("hunter2"), "{}", said(&unreachable));
}

#[test]
fn a_database_is_tied_to_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let demo = |command: &mut Command| said(&command.arg("demo").output().unwrap());
    assert!(demo(&mut kitaab(folder.path())).contains("nikhil@example.com"));
    let other = kitaab(folder.path()).env("KITAAB_SECRET_KEY", "7".repeat(64)).output().unwrap();
    assert!(!other.status.success() && said(&other).contains("kitaab: this database was made with another secret key"), "{}", said(&other));
    // Without the key nothing is made in its place.
    std::fs::rename(folder.path().join("kitaab-data/secret.key"), folder.path().join("safe")).unwrap();
    let lost = kitaab(folder.path()).output().unwrap();
    assert!(!lost.status.success() && said(&lost).contains("Put it there, or give it as KITAAB_SECRET_KEY"), "{}", said(&lost));
    assert!(!folder.path().join("kitaab-data/secret.key").exists());
}

/// The money, time and tasks in a demo.
fn what_was_done(folder: &Path) -> Vec<String> {
    let file = format!("sqlite://{}?mode=ro", folder.join("kitaab-data/kitaab.db").display());
    let asked = async {
        let mut database = sqlx::SqliteConnection::connect(&file).await.unwrap();
        let all = "SELECT kind || ' ' || currency || ' ' || minor || ' ' || category FROM ledger_entries
            UNION ALL SELECT note || ' ' || COALESCE(currency, '') || ' ' || COALESCE(minutes, 0) FROM time_entries
            UNION ALL SELECT title || ' ' || state FROM tasks ORDER BY 1";
        sqlx::query_scalar(all).fetch_all(&mut database).await.unwrap()
    };
    tokio::runtime::Runtime::new().unwrap().block_on(asked)
}

#[test]
fn the_demo_is_made_once_is_the_same_for_the_same_number_and_only_on_this_machine() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let demo = |folder: &Path| kitaab(folder).args(["demo", "--seed", "7"]).output().unwrap();
    let told = demo(first.path());
    assert!(told.status.success(), "{}", said(&told));
    assert_eq!(told.stdout, demo(second.path()).stdout);
    let (year, again) = (what_was_done(first.path()), what_was_done(second.path()));
    assert!(year.len() > 500, "{} lines", year.len());
    assert_eq!(year, again);
    assert!(said(&demo(first.path())).contains("the database is not empty"));
    let public = kitaab(second.path()).arg("demo").env("KITAAB_PUBLIC_URL", "https://kitaab.example").output().unwrap();
    assert!(!public.status.success() && said(&public).contains("only where KITAAB_PUBLIC_URL is on this machine"));
}

#[test]
fn it_prints_the_description_of_the_api_without_any_setting() {
    let printed = kitaab(Path::new("/")).arg("openapi").env("KITAAB_LISTEN", "nonsense").output().unwrap();
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), kitaab_http::openapi::document());
    // Who reads only the head of it closes the pipe.
    let mut reader = kitaab(Path::new("/")).arg("openapi").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(reader.stdout.take());
    let ended = reader.wait_with_output().unwrap();
    assert!(ended.status.success() && ended.stderr.is_empty(), "{}", said(&ended));
}
