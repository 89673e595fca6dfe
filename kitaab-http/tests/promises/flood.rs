//! A flood of nonsense: no error of ours, no hang, no memory that stays, and others are served meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use reqwest::{Client, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::server::Server;
use crate::{figure, is_full};

/// What may stay in memory, in KiB.
const MEMORY: u64 = 64 * 1024;
/// In 99 of 100 cases a probe is answered within this time meanwhile.
const PROBE: Duration = Duration::from_millis(100);

/// Requests that no client of ours would send, as they go over the wire.
fn nonsense(token: &str, workspace: &str) -> Vec<Vec<u8>> {
    let post = |path: &str, kind: &str, body: &[u8]| {
        let head = format!(
            "POST /api/v1{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    let json = "application/json";
    let clients = format!("/workspaces/{workspace}/clients");
    let deep = "[".repeat(100_000);
    let wide = format!("{{\"tags\":[{}]}}", vec!["\"x\""; 40_000].join(","));
    let names = format!("{{{}}}", (0..20_000).map(|n| format!("\"f{n}\":1")).collect::<Vec<_>>().join(","));
    vec![
        post(&clients, json, deep.as_bytes()),
        post(&clients, json, wide.as_bytes()),
        post(&clients, json, names.as_bytes()),
        post(&clients, json, &vec![0xff; 200_000]),
        post(&clients, json, &vec![b'9'; 250_000]),
        post(&clients, json, &vec![b' '; 2_000_000]),
        post(&clients, "text/html; charset=utf-7", b"{}"),
        post("/auth/sign-in", json, br#"{"email":"a@example.com","password":1e999}"#),
        post("/invitations/preview", json, format!("{{\"token\":\"{}\"}}", "k".repeat(200_000)).as_bytes()),
        format!("GET /api/v1/{} HTTP/1.1\r\nHost: x\r\n\r\n", "a/".repeat(6_000)).into_bytes(),
        format!("GET /api/v1{clients}?{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "q=%ff&".repeat(2_000)).into_bytes(),
        format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: y\r\n".repeat(5_000)).into_bytes(),
        b"POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        vec![0; 100_000],
    ]
}

/// Sends bytes and reads what comes; the status, if there is one.
async fn send(address: &str, bytes: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    // The other side may close before it has read everything.
    stream.write_all(bytes).await.ok();
    stream.shutdown().await.ok();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok();
    String::from_utf8_lossy(&answer).split(' ').nth(1)?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_nonsense_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[]).await;
    let (token, workspace) = server.sign_up(&Client::new(), "nikhil").await;
    let (requests, address) = (nonsense(&token, &workspace), server.url.trim_start_matches("http://").to_owned());
    // Once beforehand, so that what a first time costs is not counted.
    for request in &requests {
        send(&address, request).await;
    }
    let (before, over, sent) = (server.memory(), AtomicBool::new(false), figure(5_000));
    let flood = async {
        let each = futures_util::stream::iter(0..sent).map(|n| send(&address, &requests[n % requests.len()]));
        let mut each = std::pin::pin!(each.buffer_unordered(8));
        while let Ok(Some(status)) = tokio::time::timeout(Duration::from_secs(10), each.next()).await {
            assert!(status.is_none_or(|status| status < 500), "{status:?}");
        }
        over.store(true, Ordering::Relaxed);
    };
    let probe = async {
        let (client, mut times) = (Client::new(), Vec::new());
        while !over.load(Ordering::Relaxed) {
            let begun = Instant::now();
            let answer = client.get(format!("{}/readyz", server.url)).send().await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK);
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        times[times.len() * 99 / 100]
    };
    let ((), p99) = tokio::join!(flood, probe);
    let grown = server.memory().saturating_sub(before);
    println!("promise S2: {sent} malformed requests: memory +{grown} KiB, probes p99 {p99:?}");
    assert!(grown <= MEMORY, "memory grew by {grown} KiB");
    // A build without optimisation is no measure of time.
    assert!(!is_full() || p99 <= PROBE, "99 of 100 probes took up to {p99:?}");
}
