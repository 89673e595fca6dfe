//! Tables for people, in Markdown.

use std::time::Duration;

/// Prints the head of a table.
pub fn head(columns: &[&str]) {
    println!("| {} |", columns.join(" | "));
    println!("|{}", columns.iter().map(|_| "---|").collect::<String>());
}

/// Prints a row.
pub fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// The value below which a share of the samples lies.
pub fn quantile(samples: &mut [Duration], share: f64) -> Duration {
    samples.sort_unstable();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "an index of a short list")]
    let index = ((samples.len() as f64 - 1.0) * share) as usize;
    samples[index]
}

/// One figure beside another.
pub fn ratio(of: f64, to: f64) -> String {
    format!("{:.2}", of / to)
}
