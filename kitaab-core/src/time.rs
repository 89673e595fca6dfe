//! Times and dates. Nothing here reads a clock: the time is an argument, and comes from [`Clock`](crate::provider::Clock).

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment in whole microseconds since 1970, UTC. In JSON RFC 3339 with a `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since 1970, clamped to the years that RFC 3339 can write.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(jiff::Timestamp::MIN.as_microsecond(), jiff::Timestamp::MAX.as_microsecond()))
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since 1970; zero before.
    #[must_use]
    pub fn millis(self) -> u64 {
        u64::try_from(self.0 / 1_000).unwrap_or(0)
    }

    /// The moment `span` later.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self::from_micros(self.0.saturating_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    /// The moment `span` earlier.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        Self::from_micros(self.0.saturating_sub(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero if it is not.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The calendar date in a zone of the IANA database; UTC where the zone is unknown.
    #[must_use]
    pub fn date_in(self, zone: &str) -> Date {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        Date(self.to_jiff().to_zoned(zone).date())
    }

    /// As text of this form (`strftime`) in a zone of the IANA database; in UTC where the zone is unknown.
    #[must_use]
    pub fn in_zone(self, zone: &str, form: &str) -> String {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        self.to_jiff().to_zoned(zone).strftime(form).to_string()
    }

    /// For formatting and arithmetic with calendars.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        Ok(Self::from_micros(text.parse::<jiff::Timestamp>()?.as_microsecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| de::Error::custom("expected a time as in 2026-05-01T12:00:00Z (RFC 3339)"))
    }
}

/// A calendar date without a time, `YYYY-MM-DD`, from year 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// A date that exists.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        (year >= 1).then(|| jiff::civil::Date::new(year, month, day).ok().map(Self)).flatten()
    }

    /// Its month, `YYYY-MM`.
    #[must_use]
    pub fn month(self) -> String {
        format!("{:04}-{:02}", self.0.year(), self.0.month())
    }

    /// The first moment of the day in a zone of the IANA database; UTC where the zone is unknown.
    #[must_use]
    pub fn begins_in(self, zone: &str) -> Timestamp {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let begins = zone.to_ambiguous_zoned(self.0.at(0, 0, 0, 0)).compatible();
        begins.map_or(Timestamp(i64::MAX), |begins| Timestamp(begins.timestamp().as_microsecond()))
    }

    /// The first moment after the day.
    #[must_use]
    pub fn ends_in(self, zone: &str) -> Timestamp {
        self.0.tomorrow().map_or(Timestamp(i64::MAX), |next| Self(next).begins_in(zone))
    }

    /// So many days later; none after year 9999.
    #[must_use]
    pub fn after_days(self, days: i32) -> Option<Self> {
        self.0.checked_add(jiff::Span::new().days(days)).ok().map(Self)
    }

    /// For arithmetic with calendars.
    #[must_use]
    pub fn to_jiff(self) -> jiff::civil::Date {
        self.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// The text is no date of the calendar.
#[derive(Debug, thiserror::Error)]
#[error("expected a date of the calendar as in 2026-05-31")]
pub struct BadDate;

impl FromStr for Date {
    type Err = BadDate;
    fn from_str(text: &str) -> Result<Self, BadDate> {
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts[..] else { return Err(BadDate) };
        if [year.len(), month.len(), day.len()] != [4, 2, 2] || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(BadDate);
        }
        let number = |s: &str| s.parse::<i16>().map_err(|_| BadDate);
        let small = |s: &str| s.parse::<i8>().map_err(|_| BadDate);
        Self::new(number(year)?, small(month)?, small(day)?).ok_or(BadDate)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
    use utoipa::openapi::{RefOr, Schema};

    fn text(format: KnownFormat) -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format))).build().into()
    }

    impl utoipa::PartialSchema for super::Timestamp {
        fn schema() -> RefOr<Schema> {
            text(KnownFormat::DateTime)
        }
    }
    impl utoipa::ToSchema for super::Timestamp {}
    impl utoipa::PartialSchema for super::Date {
        fn schema() -> RefOr<Schema> {
            text(KnownFormat::Date)
        }
    }
    impl utoipa::ToSchema for super::Date {}
}

#[cfg(feature = "sqlx-postgres")]
mod postgres {
    use sqlx::encode::IsNull;
    use sqlx::error::BoxDynError;
    use sqlx::postgres::types::Oid;
    use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef, Postgres};
    use sqlx::{Decode, Encode, Type};

    use super::{Date, Timestamp};

    // PostgreSQL counts from 2000-01-01 (its manual, "Date/Time Types").
    const EPOCH_MICROS: i64 = 946_684_800_000_000;
    const EPOCH_DATE: jiff::civil::Date = jiff::civil::date(2000, 1, 1);

    impl Type<Postgres> for Timestamp {
        fn type_info() -> PgTypeInfo {
            PgTypeInfo::with_oid(Oid(1184)) // timestamptz
        }
    }
    impl Encode<'_, Postgres> for Timestamp {
        fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
            Encode::<Postgres>::encode(self.micros() - EPOCH_MICROS, buf)
        }
    }
    impl Decode<'_, Postgres> for Timestamp {
        fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
            let bytes = <[u8; 8]>::try_from(value.as_bytes()?)?;
            Ok(Self::from_micros(i64::from_be_bytes(bytes).saturating_add(EPOCH_MICROS)))
        }
    }

    impl Type<Postgres> for Date {
        fn type_info() -> PgTypeInfo {
            PgTypeInfo::with_oid(Oid(1082)) // date
        }
    }
    impl Encode<'_, Postgres> for Date {
        fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
            let days = (self.0 - EPOCH_DATE).get_days();
            Encode::<Postgres>::encode(days, buf)
        }
    }
    impl Decode<'_, Postgres> for Date {
        fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
            let days = i32::from_be_bytes(<[u8; 4]>::try_from(value.as_bytes()?)?);
            Ok(Self(EPOCH_DATE.checked_add(jiff::Span::new().try_days(days)?)?))
        }
    }
}

#[cfg(feature = "sqlx-sqlite")]
mod sqlite {
    use sqlx::encode::IsNull;
    use sqlx::error::BoxDynError;
    use sqlx::sqlite::{Sqlite, SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
    use sqlx::{Decode, Encode, Type};

    use super::{Date, Timestamp};

    impl Type<Sqlite> for Timestamp {
        fn type_info() -> SqliteTypeInfo {
            <i64 as Type<Sqlite>>::type_info()
        }
        fn compatible(ty: &SqliteTypeInfo) -> bool {
            <i64 as Type<Sqlite>>::compatible(ty)
        }
    }
    impl Encode<'_, Sqlite> for Timestamp {
        fn encode_by_ref(&self, buf: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
            Encode::<Sqlite>::encode(self.micros(), buf)
        }
    }
    impl Decode<'_, Sqlite> for Timestamp {
        fn decode(value: SqliteValueRef<'_>) -> Result<Self, BoxDynError> {
            Ok(Self::from_micros(<i64 as Decode<Sqlite>>::decode(value)?))
        }
    }

    // As text, because ISO dates sort as dates and a person can read the table.
    impl Type<Sqlite> for Date {
        fn type_info() -> SqliteTypeInfo {
            <str as Type<Sqlite>>::type_info()
        }
        fn compatible(ty: &SqliteTypeInfo) -> bool {
            <str as Type<Sqlite>>::compatible(ty)
        }
    }
    impl Encode<'_, Sqlite> for Date {
        fn encode_by_ref(&self, buf: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
            Encode::<Sqlite>::encode(self.to_string(), buf)
        }
    }
    impl Decode<'_, Sqlite> for Date {
        fn decode(value: SqliteValueRef<'_>) -> Result<Self, BoxDynError> {
            Ok(<&str as Decode<Sqlite>>::decode(value)?.parse()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_it_was_read() {
        for text in ["2026-02-28", "0001-01-01", "9999-12-31", "2024-02-29"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_day_of_the_calendar_is_refused() {
        for text in ["2026-02-30", "0000-01-01", "2026-2-1", "26-02-01", "2026-02-01T00:00", "+026-02-01", "", "2025-02-29"] {
            assert!(text.parse::<Date>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_moment_keeps_its_microseconds_through_json() {
        let moment = Timestamp::from_micros(1_775_000_000_123_456);
        let json = serde_json::to_string(&moment).unwrap();
        assert_eq!(json, r#""2026-03-31T23:33:20.123456Z""#);
        assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), moment);
    }

    #[test]
    fn the_date_in_auckland_is_tomorrow_in_the_evening_of_europe() {
        let moment: Timestamp = "2026-05-01T20:00:00Z".parse().unwrap();
        assert_eq!(moment.date_in("Pacific/Auckland").to_string(), "2026-05-02");
    }
}
