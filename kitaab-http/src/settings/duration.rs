//! Spans of time as operators write them: `250ms`, `2s`, `15m`, `1h`, `7d`.

use std::time::Duration;

/// Reads a number and its unit.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let seconds = |each: u64| number.checked_mul(each).map(Duration::from_secs);
    let span = match unit.trim() {
        "ms" => Some(Duration::from_millis(number)),
        "s" => seconds(1),
        "m" => seconds(60),
        "h" => seconds(60 * 60),
        "d" => seconds(24 * 60 * 60),
        _ => None,
    }?;
    // Times are kept in microseconds of an i64; a hundred years from now is far from its end.
    (Duration::from_millis(1)..=Duration::from_hours(100 * 365 * 24)).contains(&span).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_with_their_units() {
        let millis = |text| parse(text).map(|span| span.as_millis());
        assert_eq!(millis("250ms"), Some(250));
        assert_eq!(millis("2s"), Some(2_000));
        assert_eq!(millis("15m"), Some(900_000));
        assert_eq!(millis("7d"), Some(604_800_000));
        for bad in ["", "7", "d", "1.5h", "-1s", "0s", "7 days", "99999999999999999999d", "40000d"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
