//! How fast a folder's disk flushes: what every figure of a write hangs on.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

const LONG_ENOUGH: Duration = Duration::from_millis(500);

/// Flushes of one page, one after the other, a second.
pub fn flushes(folder: &Path) -> anyhow::Result<f64> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::tempfile_in(folder)?;
    let (started, mut done) = (Instant::now(), 0_u32);
    while started.elapsed() < LONG_ENOUGH {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        done += 1;
    }
    Ok(f64::from(done) / started.elapsed().as_secs_f64())
}

/// Prints it.
pub fn print_flushes(folder: &Path, when: &str) -> anyhow::Result<()> {
    println!("\nfdatasync of 4 KiB in {}, {when}: {:.0}/s", folder.display(), flushes(folder)?);
    Ok(())
}
