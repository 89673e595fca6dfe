//! Reading a body within its limits.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use crate::problem::Problem;

/// A body may take this long whatever it brings; after it, it must bring something.
const GRACE: Duration = Duration::from_secs(10);
/// … at least 1 KiB for each further second.
const RATE: Duration = Duration::from_nanos(1_000_000_000 / 1024);
/// What is read and thrown away beyond the limit, so that the answer arrives: a connection that is closed on a client
/// that still sends is reset, and the client never sees why.
const THROWN_AWAY: usize = 1024 * 1024;

/// A body, or that it was larger than allowed.
pub(super) enum Read {
    Whole(Bytes),
    TooLarge,
}

/// Reads at most `limit` bytes.
pub(super) async fn read(mut body: Body, limit: usize) -> Result<Read, Problem> {
    let (mut kept, mut seen, mut deadline) = (Vec::new(), 0_usize, Instant::now() + GRACE);
    if hopeless(&body, limit) {
        return Ok(Read::TooLarge);
    }
    loop {
        let frame = match timeout_at(deadline, body.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(Problem::new(StatusCode::BAD_REQUEST, "body_cut_off", "The body ended too early.").closing()),
            Err(_) => return Err(too_slow()),
        };
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen <= limit {
            // What came fast earns no long silence, and what is thrown away earns nothing.
            deadline = (deadline + RATE.saturating_mul(u32::try_from(data.len()).unwrap_or(u32::MAX))).min(Instant::now() + GRACE);
            kept.extend_from_slice(&data);
        } else if seen > limit + THROWN_AWAY {
            break;
        }
    }
    Ok(if seen > limit { Read::TooLarge } else { Read::Whole(kept.into()) })
}

/// Whether so much is announced that there is no use in reading it away.
fn hopeless(body: &Body, limit: usize) -> bool {
    let least = axum::body::HttpBody::size_hint(body).lower();
    usize::try_from(least).map_or(true, |least| least > limit + THROWN_AWAY)
}

fn too_slow() -> Problem {
    let detail = "The body came too slowly. Send at least 1 KiB a second.";
    Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", detail).temporary(true).closing()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::Bytes;
    use tokio::time::sleep;

    use super::*;

    /// A body of pieces of `size` bytes, each `pause` after the one before.
    fn body(pieces: usize, size: usize, pause: Duration) -> Body {
        let pieces = futures_util::stream::unfold(pieces, move |left| async move {
            sleep(pause).await;
            (left > 0).then(|| (Ok::<_, Infallible>(Bytes::from(vec![b'x'; size])), left - 1))
        });
        Body::from_stream(pieces)
    }

    async fn outcome(body: Body) -> Result<usize, &'static str> {
        match read(body, 256 * 1024).await {
            Ok(Read::Whole(bytes)) => Ok(bytes.len()),
            Ok(Read::TooLarge) => Err("too_large"),
            Err(problem) => Err(problem.code()),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_keeps_up_its_kibibyte_a_second_is_read_however_long_it_takes() {
        assert_eq!(outcome(body(100, 1100, Duration::from_secs(1))).await, Ok(110_000));
        assert_eq!(outcome(body(1, 5, Duration::from_secs(4))).await, Ok(5), "the first ten seconds are free");
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_is_given_up_after_ten_seconds() {
        let begun = Instant::now();
        assert_eq!(outcome(body(10_000, 10, Duration::from_secs(1))).await, Err("too_slow"));
        assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
        assert_eq!(outcome(body(1, 1, Duration::from_mins(10))).await, Err("too_slow"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_earns_no_long_silence() {
        for size in [64 * 1024, 256 * 1024, 1280 * 1024] {
            let begun = Instant::now();
            let burst = futures_util::stream::once(async move { Ok::<_, Infallible>(Bytes::from(vec![b'x'; size])) });
            let silence = futures_util::stream::pending();
            let stalled = Body::from_stream(futures_util::StreamExt::chain(burst, silence));
            assert_eq!(outcome(stalled).await, Err("too_slow"), "{size}");
            assert!(begun.elapsed() < Duration::from_secs(12), "{size}: {:?}", begun.elapsed());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_not_read_for_ever() {
        assert_eq!(outcome(body(usize::MAX, 64 * 1024, Duration::from_millis(1))).await, Err("too_large"));
    }
}
