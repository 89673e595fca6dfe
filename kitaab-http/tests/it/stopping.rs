//! Stopping cuts nobody off.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use kitaab_http::server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<std::io::Result<()>>,
    /// The slow handler is inside.
    entered: Arc<Notify>,
    /// The slow handler may end.
    go: Arc<Notify>,
}

async fn run() -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let (entered, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (entered, go) = (entered.clone(), go.clone());
        move || async move {
            entered.notify_one();
            go.notified().await;
            "done"
        }
    };
    let router = Router::new().route("/", get(|| async { "here" })).route("/slow", get(slow));
    let serving = tokio::spawn(server::serve(listener, router, stop.clone()));
    Running { address, stop, serving, entered, go }
}

const QUICK: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
const SLOW: &[u8] = b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n";

async fn read_some(stream: &mut TcpStream) -> String {
    let mut buffer = vec![0; 4096];
    let count = stream.read(&mut buffer).await.unwrap_or(0);
    String::from_utf8_lossy(&buffer[..count]).into_owned()
}

#[tokio::test]
async fn a_request_that_runs_is_answered_and_its_connection_closed() {
    let running = run().await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(SLOW).await.unwrap();
    running.entered.notified().await;
    running.stop.cancel();
    running.go.notify_one();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close") && answer.ends_with("done"), "{answer}");
    timeout(Duration::from_secs(3), running.serving).await.expect("it stops").unwrap().unwrap();
}

#[tokio::test]
async fn an_idle_connection_ends_after_half_a_second_and_a_request_on_its_way_is_still_served() {
    let running = run().await;
    let (mut idle, mut late) = (TcpStream::connect(running.address).await.unwrap(), TcpStream::connect(running.address).await.unwrap());
    for stream in [&mut idle, &mut late] {
        stream.write_all(QUICK).await.unwrap();
        assert!(read_some(stream).await.starts_with("HTTP/1.1 200"));
    }
    let stopped = Instant::now();
    running.stop.cancel();
    late.write_all(QUICK).await.unwrap();
    let answer = read_some(&mut late).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer}");
    assert_eq!(read_some(&mut idle).await, "");
    let took = stopped.elapsed();
    assert!(took >= Duration::from_millis(400) && took < Duration::from_secs(2), "{took:?}");
    timeout(Duration::from_secs(3), running.serving).await.expect("it stops").unwrap().unwrap();
    assert!(TcpStream::connect(running.address).await.is_err(), "nobody listens any more");
}

#[tokio::test(start_paused = true)]
async fn what_never_ends_is_cut_off_within_ten_seconds() {
    let running = run().await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(SLOW).await.unwrap();
    running.entered.notified().await;
    let stopped = Instant::now();
    running.stop.cancel();
    running.serving.await.unwrap().unwrap();
    assert!(stopped.elapsed() < Duration::from_secs(10), "{:?}", stopped.elapsed());
}
