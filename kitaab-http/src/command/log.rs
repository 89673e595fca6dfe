//! Logs go to standard error: for people on a terminal, as JSON lines otherwise.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

use crate::settings::Wrong;

/// Begins to log. A process can do this once; a second time nothing changes.
pub(super) fn begin(filter: &str) -> Result<(), Wrong> {
    let wrong = |error| Wrong::new("KITAAB_LOG", format!("`{filter}` is no filter; give debug, info, warn or error ({error})"));
    let filter = EnvFilter::try_new(filter).map_err(wrong)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    if stderr().is_terminal() {
        lines.with_target(false).try_init().ok();
    } else {
        lines.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init().ok();
    }
    Ok(())
}
