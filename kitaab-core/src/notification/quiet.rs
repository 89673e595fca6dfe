//! Hours in which somebody wants no mail.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::Problems;
use crate::text::check_zone;
use crate::time::Timestamp;

/// A time of the day in whole minutes, `HH:MM`, from `00:00` to `23:59`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(i16);

impl TimeOfDay {
    /// From minutes since midnight; none if the day is over by then.
    fn from_minutes(minutes: i64) -> Option<Self> {
        i16::try_from(minutes).ok().filter(|minutes| (0..24 * 60).contains(minutes)).map(Self)
    }

    /// Minutes since midnight.
    #[must_use]
    pub fn minutes(self) -> i64 {
        i64::from(self.0)
    }

    fn to_jiff(self) -> Time {
        let part = |number: i16| i8::try_from(number).unwrap_or(0);
        Time::constant(part(self.0 / 60), part(self.0 % 60), 0, 0)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// The text is no time of the day.
#[derive(Debug, thiserror::Error)]
#[error("expected a time of the day as in 22:00")]
pub struct BadTimeOfDay;

impl FromStr for TimeOfDay {
    type Err = BadTimeOfDay;
    fn from_str(text: &str) -> Result<Self, BadTimeOfDay> {
        let (hours, minutes) = text.split_once(':').ok_or(BadTimeOfDay)?;
        let two = |digits: &str| (digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse::<i64>().ok());
        let (Some(Some(hours)), Some(Some(minutes))) = (two(hours), two(minutes)) else { return Err(BadTimeOfDay) };
        if minutes > 59 {
            return Err(BadTimeOfDay);
        }
        Self::from_minutes(hours * 60 + minutes).ok_or(BadTimeOfDay)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    use utoipa::openapi::{RefOr, Schema};

    impl utoipa::PartialSchema for super::TimeOfDay {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new().schema_type(Type::String).pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$")).build().into()
        }
    }
    impl utoipa::ToSchema for super::TimeOfDay {}
}

/// Hours of each day, from one time to before the other, also over midnight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuietHours {
    /// When they begin.
    pub from: TimeOfDay,
    /// When they end; another time than they begin.
    pub to: TimeOfDay,
    /// The zone of the IANA database in which they are meant; that of the profile when null.
    #[serde(default)]
    pub time_zone: Option<String>,
}

impl QuietHours {
    /// From what is kept of them, in minutes since midnight; none unless both are times of a day.
    #[must_use]
    pub fn from_minutes(from: Option<i64>, to: Option<i64>, time_zone: Option<String>) -> Option<Self> {
        let (from, to) = from.and_then(TimeOfDay::from_minutes).zip(to.and_then(TimeOfDay::from_minutes))?;
        Some(Self { from, to, time_zone })
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        if self.from == self.to {
            problems.add("quiet_hours.to", "invalid", "Quiet hours end at another time than they begin.");
        }
        if let Some(zone) = &self.time_zone {
            check_zone(zone, "quiet_hours.time_zone", problems);
        }
    }

    /// This moment, or the end of the quiet hours that it is in. `profile_zone` is the zone of the person's profile. An hour
    /// that a change to summer time leaves out begins when the clock goes on; of one that comes twice the first is meant.
    #[must_use]
    pub fn end_after(&self, at: Timestamp, profile_zone: &str) -> Timestamp {
        let zone = TimeZone::get(self.time_zone.as_deref().unwrap_or(profile_zone)).unwrap_or(TimeZone::UTC);
        let local = at.to_jiff().to_zoned(zone.clone()).datetime();
        let (from, to, now) = (self.from.to_jiff(), self.to.to_jiff(), local.time());
        let over_midnight = from > to;
        let quiet = if over_midnight { now >= from || now < to } else { now >= from && now < to };
        if !quiet {
            return at;
        }
        let ends_on = if over_midnight && now >= from { local.date().tomorrow() } else { Ok(local.date()) };
        let Ok(ends_on) = ends_on else { return at };
        let ends = zone.to_ambiguous_zoned(DateTime::from_parts(ends_on, to)).compatible();
        // Where the clock goes back over the end, that has been already.
        ends.map_or(at, |ends| Timestamp::from_micros(ends.timestamp().as_microsecond()).max(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(from: &str, to: &str, zone: &str, at: &str) -> String {
        let quiet = QuietHours { from: from.parse().unwrap(), to: to.parse().unwrap(), time_zone: None };
        quiet.end_after(at.parse().unwrap(), zone).to_string()
    }

    #[test]
    fn the_night_ends_in_the_morning_of_the_person() {
        let kolkata = |at| end("22:00", "07:30", "Asia/Kolkata", at);
        assert_eq!(kolkata("2026-05-01T16:29:59Z"), "2026-05-01T16:29:59Z", "21:59:59 is no night");
        assert_eq!(kolkata("2026-05-01T16:30:00Z"), "2026-05-02T02:00:00Z");
        assert_eq!(kolkata("2026-05-01T23:00:00Z"), "2026-05-02T02:00:00Z", "04:30 of the next day");
        assert_eq!(kolkata("2026-05-02T02:00:00Z"), "2026-05-02T02:00:00Z");
        assert_eq!(end("12:00", "13:00", "UTC", "2026-05-01T12:59:00Z"), "2026-05-01T13:00:00Z");
        assert_eq!(end("12:00", "13:00", "Nowhere/None", "2026-05-01T11:00:00Z"), "2026-05-01T11:00:00Z");
    }

    #[test]
    fn the_clock_may_be_put_forward_or_back_in_the_night() {
        // In Berlin 02:30 does not exist on 29 March 2026 and comes twice on 25 October.
        assert_eq!(end("22:00", "02:30", "Europe/Berlin", "2026-03-28T23:00:00Z"), "2026-03-29T01:30:00Z");
        assert_eq!(end("22:00", "02:30", "Europe/Berlin", "2026-10-24T23:00:00Z"), "2026-10-25T00:30:00Z");
        assert_eq!(end("22:00", "02:30", "Europe/Berlin", "2026-10-25T01:10:00Z"), "2026-10-25T01:10:00Z");
    }

    #[test]
    fn only_times_of_the_day_are_read() {
        for good in ["00:00", "23:59", "07:05"] {
            assert_eq!(good.parse::<TimeOfDay>().unwrap().to_string(), good);
        }
        for bad in ["24:00", "7:05", "12:60", "12", "12:00:00", "-1:00", "", "１２:00"] {
            assert!(bad.parse::<TimeOfDay>().is_err(), "{bad}");
        }
    }
}
