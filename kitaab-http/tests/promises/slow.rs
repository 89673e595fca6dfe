//! Sockets that never read hurt nobody.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::json;
use tokio::time::timeout;

use crate::breach::{Breach, Breaches};
use crate::follower::{next, subscribe};
use crate::proxy::{Fault, Proxy};
use crate::room::Room;
use crate::server::{Server, memory_of};
use crate::{figure, is_full};

/// What a socket that never reads may cost, in KiB.
const EACH: u64 = 2 * 1024;
/// So many messages of 8 KB are more than that: who keeps them for the sockets is noticed.
const AT_LEAST: usize = 400;
/// Who has not heard of a message after this time does not hear of it.
const PATIENCE: Duration = Duration::from_secs(5);

/// In 99 of 100 cases the others hear of a message within this time meanwhile. A build that is not optimised promises
/// less.
fn heard_within() -> Duration {
    Duration::from_millis(if is_full() { 250 } else { 1_000 })
}

/// What a socket that never reads cost, in KiB, and after which time the others heard.
struct Outcome {
    each: u64,
    p99: Duration,
    breaches: Breaches,
}

/// What a flood costs with sockets that never read, beyond what it costs without them.
async fn compare_floods(asleep: u32, messages: usize, fault: Option<Fault>) -> Outcome {
    let (alone, _) = flood(0, messages, fault).await;
    let (grown, p99) = flood(asleep, messages, fault).await;
    let (each, mut breaches) = (grown.saturating_sub(alone) / u64::from(asleep), Breaches::default());
    if each > EACH {
        breaches.note(Breach::Costly, format!("a socket that never reads costs {each} KiB"));
    }
    if p99 >= heard_within() {
        breaches.note(Breach::Late, format!("the others heard after {p99:?}"));
    }
    Outcome { each, p99, breaches }
}

/// A flood of long messages, with sockets that never read and one that does: by how many KiB memory grew, and after which
/// time the one heard in 99 of 100 cases.
async fn flood(asleep: u32, messages: usize, fault: Option<Fault>) -> (u64, Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[]).await;
    let proxy = fault.map(|fault| Proxy::before(&server, fault));
    let live = proxy.as_ref().map_or(&server.url, |proxy| &proxy.url);
    // What stands before the server is part of what is measured.
    let memory = || server.memory() + proxy.as_ref().map_or(0, |_| memory_of(std::process::id()));
    let room = Room::open(&server, vec![server.url.clone()]).await;
    let mut sleepers = Vec::new();
    for _ in 0..asleep {
        sleepers.push(subscribe(live, &room.token, &room.workspace, None).await.expect("a socket"));
    }
    let (mut awake, _) = subscribe(live, &room.token, &room.workspace, None).await.expect("a socket");
    let before = memory();
    let (mut took, text) = (Vec::new(), "x".repeat(8_000));
    for n in 0..messages {
        let sent = Instant::now();
        let body = json!({"client_message_id": format!("m{n}"), "text": format!("{n} {text}")});
        let answer = room.client.post(room.messages()).bearer_auth(&room.token).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::CREATED);
        let told = format!("{n} ");
        let heard = async {
            loop {
                let frame = next(&mut awake).await.expect("an event");
                if frame["events"][0]["data"]["text"].as_str().is_some_and(|text| text.starts_with(&told)) {
                    return;
                }
            }
        };
        let heard = timeout(PATIENCE, heard).await;
        took.push(sent.elapsed());
        if heard.is_err() {
            break;
        }
    }
    took.sort_unstable();
    (memory().saturating_sub(before), took[took.len() * 99 / 100])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_that_never_read_hurt_nobody() {
    let asleep = if is_full() { 100 } else { 10 };
    let Outcome { each, p99, breaches } = compare_floods(asleep, figure(2_000).max(AT_LEAST), None).await;
    breaches.assert_none();
    println!("promise R7: {asleep} sockets that never read: {each} KiB each, the others heard within {p99:?} (p99)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_for_those_that_never_read_is_found_out() {
    compare_floods(10, 100, Some(Fault::None)).await.breaches.assert_none();
    compare_floods(10, 100, Some(Fault::OneForAll)).await.breaches.assert_some(Breach::Late);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_keeps_everything_for_those_that_never_read_is_found_out() {
    compare_floods(10, AT_LEAST, Some(Fault::Hoard)).await.breaches.assert_some(Breach::Costly);
}
