//! The two steps of a stop: answers announce it, then idle connections end.

use tokio::signal;
use tokio_util::sync::CancellationToken;

/// Where a stop is. Clones are the same stop.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    announced: CancellationToken,
    let_go: CancellationToken,
}

impl Stop {
    /// Nobody stops.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on answers close their connection.
    pub fn announce(&self) {
        self.announced.cancel();
    }

    /// From now on idle connections end.
    pub fn let_go(&self) {
        self.let_go.cancel();
    }

    pub(super) fn is_announced(&self) -> bool {
        self.announced.is_cancelled()
    }

    pub(super) async fn is_letting_go(&self) {
        self.let_go.cancelled().await;
    }
}

/// Returns when the process is asked to stop: by SIGTERM, as service managers do, or by Ctrl-C.
pub async fn asked_to_stop() {
    let interrupted = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminated) => {
                terminated.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
