//! Connections that stay open: WebSocket, server-sent events, long poll. Each is a view of core's feed and decides nothing.

mod frame;
mod op;
pub(crate) mod poll;
pub(crate) mod socket;
mod sse;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What ends connections that stay open, and waits for them. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Live {
    stop: CancellationToken,
    sockets: TaskTracker,
}

impl Live {
    /// Connections are told to come back when `stop` is cancelled.
    #[must_use]
    pub fn new(stop: CancellationToken) -> Self {
        Self { stop, sockets: TaskTracker::new() }
    }

    /// Returns once every socket was told, after the stop.
    pub async fn ended(&self) {
        self.sockets.close();
        self.sockets.wait().await;
    }
}
