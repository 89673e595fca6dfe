//! The accept loop of the program: limits on connections, and a stop that cuts nobody off.

mod connection;
mod stop;

use std::io;
use std::time::Duration;

use axum::Router;
use futures_util::FutureExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

pub use stop::{Stop, asked_to_stop};

/// After being asked to stop, connections that are idle are kept this long: a request may be on its way.
const LINGER: Duration = Duration::from_millis(500);
/// What is still running then is given up, so that the process is gone within ten seconds.
const PATIENCE: Duration = Duration::from_secs(8);
/// Without file descriptors there is nothing to do but wait for some.
const WAIT: Duration = Duration::from_millis(100);

/// Serves until `stop` is cancelled, then lets go: requests that are there are answered with `Connection: close`, idle
/// connections end after half a second, and what has not ended after eight seconds is cut off.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> io::Result<()> {
    let phases = Stop::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accept(accepted, &router, &phases, &mut connections).await,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    tracing::info!(connections = connections.len(), "stopping");
    phases.announce();
    linger(&listener, &router, &phases, &mut connections).await;
    // Those who stand in line were promised a connection by the system.
    while let Some(accepted) = listener.accept().now_or_never() {
        accept(accepted, &router, &phases, &mut connections).await;
    }
    drop(listener);
    phases.let_go();
    if timeout(PATIENCE, async { while connections.join_next().await.is_some() {} }).await.is_err() {
        tracing::warn!(connections = connections.len(), "some connections did not end in time and are cut off");
    }
    Ok(())
}

async fn accept(accepted: io::Result<(TcpStream, std::net::SocketAddr)>, router: &Router, phases: &Stop, connections: &mut JoinSet<()>) {
    match accepted {
        Ok((stream, peer)) => {
            connections.spawn(connection::serve(stream, peer, router.clone(), phases.clone()));
        }
        Err(error) if is_the_clients(&error) => {}
        Err(error) => {
            tracing::error!(%error, "no connection could be accepted");
            sleep(WAIT).await;
        }
    }
}

/// Who has connected already is still let in.
async fn linger(listener: &TcpListener, router: &Router, phases: &Stop, connections: &mut JoinSet<()>) {
    let end = sleep(LINGER);
    tokio::pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            accepted = listener.accept() => accept(accepted, router, phases, connections).await,
        }
    }
}

/// An error of one connection that is gone already.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionRefused | ConnectionAborted | ConnectionReset)
}
