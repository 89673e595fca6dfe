//! What is promised in figures, against the real program: killed, restarted, started many times at once.
//!
//! By default at about a tenth of each figure; with `KITAAB_PROMISES=full` at the figure itself.
//!
//! A check that finds nothing must be able to find something: `…_is_found_out` runs the same scenario with a fault planted
//! on the way (`proxy`) or in the database.

#![expect(clippy::disallowed_methods, reason = "a promise about time is measured with a watch")]

mod breach;
mod crowd;
mod flood;
mod follower;
mod forgotten;
mod jobs;
mod mail;
mod migrations;
mod proxy;
mod room;
mod sequence;
mod server;
mod slow;
mod stop;
mod storm;
mod timing;
mod ways;

/// The figure of a promise, or a tenth of it.
#[must_use]
pub fn figure(full: usize) -> usize {
    if is_full() { full } else { full.div_ceil(10) }
}

/// Whether the figures themselves are asked for, of a build that is optimised.
#[must_use]
pub fn is_full() -> bool {
    std::env::var("KITAAB_PROMISES").is_ok_and(|value| value == "full")
}
