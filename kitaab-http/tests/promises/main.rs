//! What is promised in figures, against the real program: killed, restarted, started many times at once.
//!
//! By default at about a tenth of each figure; with `KITAAB_PROMISES=full` at the figure itself.

mod mail;
mod migrations;
mod server;

/// The figure of a promise, or a tenth of it.
#[must_use]
pub fn figure(full: usize) -> usize {
    if std::env::var("KITAAB_PROMISES").is_ok_and(|value| value == "full") { full } else { full.div_ceil(10) }
}
