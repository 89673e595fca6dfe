//! What a message may say, before it is written.

use crate::chat::Mentions;
use crate::chat::{MENTIONS_MAX, MESSAGE_MAX};
use crate::error::Problems;
use crate::ids::UserId;
use crate::text;

/// Brings the text into its stored form and notes what is wrong with it.
pub(in crate::chat) fn check_text(value: &mut String, problems: &mut Problems) {
    text::required_text(value, "text", MESSAGE_MAX, problems);
}

/// Whom a text mentions, apart from those who may not be.
pub(super) fn mentions(text: &str, problems: &mut Problems) -> Mentions {
    let mentions = Mentions::of(text);
    if mentions.people.len() > MENTIONS_MAX {
        problems.add("text", "too_many_mentions", format!("Mention at most {MENTIONS_MAX} people by name."));
    }
    if mentions.unreadable {
        unknown(problems);
    }
    mentions
}

/// Notes that somebody is mentioned who is not in the channel. Who is missing and who is hidden answer alike.
pub(super) fn check_mentioned(mentions: &Mentions, inside: &[UserId], problems: &mut Problems) {
    if !mentions.people.iter().all(|person| inside.contains(person)) {
        unknown(problems);
    }
}

fn unknown(problems: &mut Problems) {
    problems.add("text", "mention_unknown", "Mention people who are in this channel.");
}

/// The rows by which mentions are counted: everybody is the nil id.
pub(super) fn counted(mentions: &Mentions, author: UserId) -> Vec<UserId> {
    let mut rows: Vec<UserId> = mentions.people.iter().copied().filter(|person| *person != author).collect();
    if mentions.everybody {
        rows.push(UserId(uuid::Uuid::nil()));
    }
    rows
}

/// The author's own name for a message: 1 to 64 visible ASCII characters.
pub(super) fn check_client_message_id(value: &str, problems: &mut Problems) {
    if value.is_empty() {
        problems.add("client_message_id", "required", "Give the message a name of your own, such as a UUID, and keep it for retries.");
    } else if value.len() > 64 || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        problems.add("client_message_id", "invalid", "Use 1 to 64 visible ASCII characters.");
    }
}
