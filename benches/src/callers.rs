//! Several callers at once, each waiting for its answer before it asks again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Runs `write`, which is told which caller it is for, from several callers at once until the time is over; how many a
/// second.
pub async fn throughput<F, Fut>(callers: usize, seconds: f64, write: F) -> anyhow::Result<f64>
where
    F: Fn(usize) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = anyhow::Result<()>> + Send,
{
    let (write, done) = (Arc::new(write), Arc::new(AtomicU64::new(0)));
    let started = Instant::now();
    let end = started + Duration::from_secs_f64(seconds);
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let (write, done) = (Arc::clone(&write), Arc::clone(&done));
            tokio::spawn(async move {
                while Instant::now() < end {
                    write(caller).await?;
                    done.fetch_add(1, Ordering::Relaxed);
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of seconds' work")]
    Ok(done.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64())
}
