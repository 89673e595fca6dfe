//! Acknowledged means on disk: seen from outside, on a process that is killed and on one whose flushes are counted.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use kitaab_core::conformance::{permits, world};
use kitaab_core::store::{Scope, Store};
use kitaab_store_sqlite::SqliteStore;
use sqlx::{Connection, SqliteConnection, query_scalar};

const DATABASE: &str = "KITAAB_CHILD_DATABASE";
const CALLERS: &str = "KITAAB_CHILD_CALLERS";
const ROUNDS: &str = "KITAAB_CHILD_ROUNDS";

/// Each of `callers` signs `rounds` people up, one after another, and says so once it is acknowledged.
async fn write(database: &Path, callers: u32, rounds: u32) {
    let store = SqliteStore::open(database).await.unwrap();
    store.migrate().await.unwrap();
    println!("\nready");
    let callers: Vec<_> = (0..callers)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..rounds {
                    let mut user = world::user("Mridul");
                    user.email = None;
                    // Processes that come after one another must not use the same ids.
                    user.id.0 = uuid::Builder::from_random_bytes(rand()).into_uuid();
                    let mut tx = store.write(Scope::Nobody).await.unwrap();
                    assert!(tx.insert_user(&permits::instance(), &user, None).await.unwrap());
                    tx.commit().await.unwrap();
                    println!("kept {}", user.id);
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    store.close().await;
}

/// The other tests run this one as a process of its own, which says where and how much to write.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_when_the_store_is_opened_again() {
    let number = |name| std::env::var(name).unwrap().parse::<u32>().unwrap();
    if let Some(database) = std::env::var_os(DATABASE) {
        return write(Path::new(&database), number(CALLERS), number(ROUNDS)).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("kitaab.db");
    write(&database, 4, 5).await;
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}?mode=ro", database.display())).await.unwrap();
    let kept: i64 = query_scalar("SELECT count(*) FROM users").fetch_one(&mut connection).await.unwrap();
    assert_eq!(kept, 20);
}

/// Sixteen bytes of the operating system's.
fn rand() -> [u8; 16] {
    use std::io::Read;
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom").unwrap().read_exact(&mut bytes).unwrap();
    bytes
}

fn child(mut command: Command, database: &Path, callers: u32, rounds: u32) -> Command {
    command
        .args(["--exact", "what_was_acknowledged_is_there_when_the_store_is_opened_again", "--nocapture"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command.env(DATABASE, database).env(CALLERS, callers.to_string()).env(ROUNDS, rounds.to_string());
    command
}

#[tokio::test]
async fn what_was_acknowledged_outlives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("kitaab.db");
    let mut acknowledged = Vec::new();
    for kill in 1..=4 {
        let mut process = child(Command::new(std::env::current_exe().unwrap()), &database, 8, 1_000_000).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        acknowledged.extend(lines.by_ref().filter(|line| line.starts_with("kept ")).take(100 * kill));
        process.kill().unwrap();
        process.wait().unwrap();
        acknowledged.extend(lines.filter(|line| line.starts_with("kept ") && line.len() == 41));
    }
    let store = SqliteStore::open(&database).await.unwrap();
    let mut tx = store.read(Scope::Nobody).await.unwrap();
    assert!(acknowledged.len() >= 1_000);
    for line in acknowledged {
        let user = line["kept ".len()..].parse().unwrap();
        assert!(tx.login(&permits::own(user)).await.unwrap().is_some(), "{line}");
    }
}

/// How many flushes the child asks the system for. Where nothing can watch it, `KITAAB_NO_STRACE` says so.
fn flushes(callers: u32, rounds: u32) -> Option<usize> {
    if cfg!(not(target_os = "linux")) || std::env::var_os("KITAAB_NO_STRACE").is_some() {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-e", "trace=fsync,fdatasync,write", "-e", "signal=none", "-o"]).arg(&trace).arg(std::env::current_exe().unwrap());
    let done = child(strace, &folder.path().join("kitaab.db"), callers, rounds).status().expect("strace; scripts/test installs it");
    let trace = std::fs::read_to_string(trace).unwrap();
    // Opening and migrating flush too; only what comes after counts.
    let (_, written) = trace.split_once("ready").expect("strace saw the process");
    assert!(done.success());
    assert_eq!(written.matches("\"kept ").count(), (callers * rounds) as usize);
    Some(written.lines().filter(|line| line.contains("sync(") && line.contains("= 0")).count())
}

#[test]
fn every_acknowledged_commit_is_flushed() {
    let Some(flushes) = flushes(1, 25) else { return };
    assert!(flushes >= 25, "{flushes} flushes for 25 commits, one after the other");
    println!("promise R2: {flushes} flushes for 25 commits on SQLite, one after the other");
}

#[test]
fn callers_at_the_same_time_share_flushes() {
    let Some(flushes) = flushes(32, 8) else { return };
    assert!((8..256).contains(&flushes), "{flushes} flushes for 256 units of 32 callers, of whom each waits for 8 flushes");
    println!("promise R2: {flushes} flushes for 256 commits of 32 callers on SQLite");
}
