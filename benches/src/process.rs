//! What processes take: their time and their memory, as Linux counts them.

use std::fs;

use anyhow::Context;

/// Ticks of a second in `/proc`: on Linux always so many.
const TICKS: f64 = 100.0;

/// The numbers of `/proc/PID/stat` after the name, which may have blanks: the parent, and ticks of its own and of those of
/// its children that have ended.
fn stat(pid: u32) -> Option<(u32, u64, u64)> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = line.rsplit_once(") ")?.1.split(' ').collect();
    let at = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok());
    Some((fields.get(1)?.parse().ok()?, at(11)? + at(12)?, at(13)? + at(14)?))
}

#[expect(clippy::cast_precision_loss, reason = "ticks of some minutes")]
fn seconds(ticks: u64) -> f64 {
    ticks as f64 / TICKS
}

/// Seconds of processor time that a process has taken.
pub fn cpu(pid: u32) -> f64 {
    stat(pid).map_or(0.0, |(_, own, _)| seconds(own))
}

/// Seconds of processor time of a process and its children, also of those that have ended.
pub fn cpu_of_family(pid: u32) -> f64 {
    let children: u64 = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| stat(entry.ok()?.file_name().to_str()?.parse().ok()?))
        .filter(|(parent, ..)| *parent == pid)
        .map(|(_, own, _)| own)
        .sum();
    stat(pid).map_or(0.0, |(_, own, ended)| seconds(own + ended + children))
}

/// What a process holds in memory, in KiB.
pub fn resident(pid: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("its memory")?;
    Ok(resident.trim().trim_end_matches(" kB").parse()?)
}
