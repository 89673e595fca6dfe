//! Ids: one type for each kind of thing, so that a project's id is never taken for a client's.
//!
//! All are UUIDv7 (RFC 9562): they sort by the time at which they were made.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$meta:meta])* $name:ident,)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(any(feature = "sqlx-postgres", feature = "sqlx-sqlite"), derive(sqlx::Type), sqlx(transparent))]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}({})", stringify!($name), self.0) }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(|_| D::Error::invalid_value(Unexpected::Str(&text), &"an id, as in 0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50"))
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            /// Only the hyphenated form, as the API writes it: one thing has one address.
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Ok(Self(uuid::fmt::Hyphenated::from_str(text)?.into_uuid()))
            }
        }
    )+};
}

id! {
    /// One human on this instance.
    UserId,
    /// The tenant: a freelancer's or studio's place.
    WorkspaceId,
    /// A client's card in a workspace. The person behind it, once they accepted, is a [`UserId`].
    ClientId,
    /// An invitation into a workspace.
    InvitationId,
    /// A project.
    ProjectId,
    /// A task of a project.
    TaskId,
    /// A comment on a task.
    TaskCommentId,
    /// An update that was posted to a project.
    UpdateId,
    /// A channel: a place where people talk.
    ChannelId,
    /// A message in a channel.
    MessageId,
    /// A canned message.
    TemplateId,
    /// A message that is sent later.
    ScheduledId,
    /// That somebody is to hear of something.
    NotificationId,
    /// A live connection that holds a lease on its person's presence.
    LeaseId,
    /// A line of the activity feed.
    ActivityId,
    /// An expense or income.
    LedgerEntryId,
    /// A time entry.
    TimeEntryId,
    /// An export.
    ExportId,
    /// A signed-in browser or application.
    SessionId,
    /// The row behind a link in a mail: reset, verification, magic link, change of address.
    LoginTokenId,
    /// A row of the event log.
    EventId,
    /// A row of the audit log.
    AuditId,
    /// Work to be done after a commit.
    JobId,
    /// The mails that one person gets about one channel.
    MailingId,
}

/// Makes UUIDv7 that grow: lists are in the order of their ids, also within a millisecond and when the clock steps
/// back (RFC 9562, 6.2, method 2: the random part counts on).
#[derive(Debug, Default)]
pub struct IdMaker(Mutex<u128>);

/// The random bits of a UUIDv7 that lie below its version and variant.
const COUNTER_BITS: u32 = 62;

impl IdMaker {
    /// An id of the given time (milliseconds since 1970), or of the last one if that is later.
    pub fn make(&self, millis: u64, random: [u8; 10]) -> Uuid {
        let fresh = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().as_u128();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The time and the bits above the counter decide; below them the last id is counted on by a random step.
        let made = if fresh > *last { fresh } else { count_on(*last, u32::from_be_bytes([random[0], random[1], random[2], random[3]])) };
        *last = made;
        Uuid::from_u128(made)
    }
}

/// The id after this one: its low bits counted on, and its millisecond if they overflow.
fn count_on(last: u128, step: u32) -> u128 {
    let low = (1u128 << COUNTER_BITS) - 1;
    let counted = (last & low) + u128::from(step) + 1;
    if counted <= low { (last & !low) | counted } else { (last & !low) + (1u128 << 80) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_within_a_millisecond_and_when_the_clock_steps_back() {
        let maker = IdMaker::default();
        let mut last = Uuid::nil();
        for index in 0..1_000u64 {
            let random = [(index * 37 % 251) as u8; 10];
            let id = maker.make(1_777_636_800_000 - index / 100 * 1_000, random);
            assert!(id > last && id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122, "{index}: {id}");
            last = id;
        }
    }

    #[test]
    fn a_full_counter_moves_on_to_the_next_millisecond() {
        let full = Uuid::from_u128(Uuid::from_u128(0x0190_0000_0000_7fff_8000_0000_0000_0000).as_u128() | ((1 << COUNTER_BITS) - 1));
        let next = Uuid::from_u128(count_on(full.as_u128(), 0));
        assert!(next > full && next.get_version_num() == 7);
    }

    #[test]
    fn only_the_hyphenated_form_is_an_address() {
        let id = "01900000-0000-7fff-8000-000000000000";
        assert!(id.parse::<ProjectId>().is_ok());
        for other in [
            "0190000000007fff8000000000000000",
            "{01900000-0000-7fff-8000-000000000000}",
            "urn:uuid:01900000-0000-7fff-8000-000000000000",
            "",
        ] {
            assert!(other.parse::<ProjectId>().is_err(), "{other}");
        }
    }
}
