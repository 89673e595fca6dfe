//! What is known of people who may be away, and of what they may have missed.

use crate::chat::LAPSES_AFTER;
use crate::ids::{ChannelId, MailingId, UserId};
use crate::notification::{Level, QuietHours};
use crate::time::Timestamp;

/// Somebody in a channel who has not seen all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwayPerson {
    /// Who.
    pub user_id: UserId,
    /// The last message that they have seen, also if they marked it unread since.
    pub seen_seq: i64,
    /// What they want by mail.
    pub wishes: MailWishes,
    /// The mails about the channel that they got.
    pub mailing: Option<Mailing>,
}

impl AwayPerson {
    /// The last message that they have seen, or were mailed of.
    #[must_use]
    pub fn told(&self) -> i64 {
        self.seen_seq.max(self.mailing.map_or(0, |mailing| mailing.mailed_seq))
    }
}

/// What somebody wants to hear of a channel by mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailWishes {
    /// Of what: what they set for the channel, or for all.
    pub email: Level,
    /// Whether the mail shows what was said.
    pub content: bool,
    /// What was said before this is not mailed.
    pub muted_until: Option<Timestamp>,
    /// When they want no mail.
    pub quiet_hours: Option<QuietHours>,
    /// The time zone of their profile.
    pub time_zone: String,
}

/// The mails that one person got about one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mailing {
    /// The id, by which a job names it.
    pub id: MailingId,
    /// About which channel.
    pub channel_id: ChannelId,
    /// To whom.
    pub user_id: UserId,
    /// The last message that a mail told of.
    pub mailed_seq: i64,
    /// When the last one was sent.
    pub mailed_at: Option<Timestamp>,
    /// How many followed each other without a rest, the first one not counted.
    pub step: i64,
    /// The last message of which a mail is on its way.
    pub up_to: Option<i64>,
}

/// A message as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidLately {
    /// Its number in the channel.
    pub seq: i64,
    /// Who said it.
    pub author_id: UserId,
    /// When.
    pub at: Timestamp,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// A time during which a connection of somebody's was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// Whose.
    pub user_id: UserId,
    /// From when on.
    pub began_at: Timestamp,
    /// When it was renewed last.
    pub seen_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

impl Stay {
    /// Whether it was going on at this moment: until it was ended, or lapsed because nobody renewed it.
    #[must_use]
    pub fn covers(&self, at: Timestamp) -> bool {
        let lapsed_at = self.seen_at.after(LAPSES_AFTER);
        let ended_at = self.ended_at.map_or(lapsed_at, |ended| ended.min(lapsed_at));
        self.began_at <= at && at < ended_at
    }
}
