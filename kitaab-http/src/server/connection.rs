//! One connection.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Request, Response, StatusCode, Version};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;
use tokio::time::sleep;
use tower::ServiceExt;

use super::Stop;
use crate::problem::Problem;

/// The head of a request must have come within this time.
const HEAD: Duration = Duration::from_secs(10);
/// As the server stops, so long a new connection may take until its first request is there.
const ON_ITS_WAY: Duration = Duration::from_millis(500);
/// The largest head, and the most headers in it.
const HEAD_SIZE: usize = 16 * 1024;
const HEADERS: usize = 100;
/// Requests that one HTTP/2 connection may have open.
const STREAMS: u32 = 100;
/// HTTP/2 connections whose other end has vanished are found this way.
const PING: Duration = Duration::from_secs(20);

/// Serves a connection until it ends.
pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, router: Router, stop: Stop) {
    // Answers are written whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let asked = Arc::new(AtomicBool::new(false));
    let service = {
        let (asked, stop) = (asked.clone(), stop.clone());
        service_fn(move |request: Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            answer(request, peer, router.clone(), stop.clone())
        })
    };
    let builder = limits();
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let (mut letting_go, mut let_go) = (false, false);
    let last = sleep(HEAD);
    tokio::pin!(last);
    let first = sleep(HEAD);
    tokio::pin!(first);
    let mut waiting = true;
    loop {
        tokio::select! {
            ended = &mut connection => {
                if let Err(error) = ended {
                    tracing::debug!(error = &*error, "a connection ended badly");
                }
                return;
            }
            () = stop.is_letting_go(), if !letting_go => {
                letting_go = true;
                if asked.load(Ordering::Relaxed) {
                    connection.as_mut().graceful_shutdown();
                } else {
                    last.as_mut().reset(tokio::time::Instant::now() + ON_ITS_WAY);
                }
            }
            // Who connected at the last moment and has not asked by now asks somebody else.
            () = &mut last, if letting_go && !let_go => {
                let_go = true;
                connection.as_mut().graceful_shutdown();
            }
            // Before the first bytes say which version of HTTP this is, no other timeout runs.
            () = &mut first, if waiting => {
                waiting = false;
                if !asked.load(Ordering::Relaxed) {
                    return;
                }
            }
        }
    }
}

fn limits() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_headers(HEADERS).max_buf_size(HEAD_SIZE);
    let head_size = u32::try_from(HEAD_SIZE).unwrap_or(u32::MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(head_size)
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING);
    builder
}

async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    router: Router,
    stop: Stop,
) -> Result<Response<Body>, std::convert::Infallible> {
    let version = request.version();
    if request.headers().len() > HEADERS {
        let problem = Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "too_many_headers", "Send at most 100 headers.");
        return Ok(problem.into_response());
    }
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let mut response = router.oneshot(request).await?;
    // A handshake has a `Connection` header of its own.
    let handshake = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    if stop.is_announced() && version <= Version::HTTP_11 && !handshake {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}
