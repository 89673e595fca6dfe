//! Reading a body within its limits.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use crate::problem::Problem;

/// A body may take this long whatever it brings; after it, it must bring something.
const GRACE: Duration = Duration::from_secs(10);
/// … at least so many bytes for each further second.
const RATE: usize = 1024;
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
    let (mut kept, mut seen, start) = (Vec::new(), 0_usize, Instant::now());
    if hopeless(&body, limit) {
        return Ok(Read::TooLarge);
    }
    loop {
        let earned = Duration::from_secs(u64::try_from(seen / RATE).unwrap_or(u64::MAX));
        let frame = match timeout_at(start + GRACE + earned, body.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(Problem::new(StatusCode::BAD_REQUEST, "body_cut_off", "The body ended too early.").closing()),
            Err(_) => return Err(too_slow()),
        };
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen <= limit {
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
