//! Who is to be mailed what, worked out from the rules alone, in seconds since the beginning.

use std::collections::BTreeMap;

use kitaab_core::chat::MessageView;
use kitaab_core::ids::{ChannelId, MessageId};
use kitaab_core::time::Timestamp;

/// Somebody who may be away.
pub struct Reader {
    /// Wants to hear by mail only of what concerns them.
    mentions: bool,
    /// From which minute to which they want no mail.
    quiet: Option<(i64, i64)>,
    /// From when to when they were there.
    there: Vec<(i64, Option<i64>)>,
}

impl Reader {
    pub fn new(mentions: bool, quiet: Option<(i64, i64)>) -> Self {
        Self { mentions, quiet, there: Vec::new() }
    }

    fn was_there(&self, at: i64) -> bool {
        self.there.iter().any(|(from, until)| *from <= at && until.is_none_or(|until| at < until))
    }
}

struct Said {
    seq: i64,
    id: MessageId,
    author: usize,
    at: i64,
    deleted: bool,
}

/// What one reader was mailed of one channel.
#[derive(Default, Clone)]
struct Told {
    seen: i64,
    mailed: i64,
    mailed_at: Option<i64>,
    step: usize,
    muted_until: i64,
}

struct Room {
    inside: Vec<usize>,
    said: Vec<Said>,
    told: BTreeMap<usize, Told>,
    look_at: Option<i64>,
}

pub struct Expected {
    began: Timestamp,
    readers: Vec<Reader>,
    rooms: BTreeMap<ChannelId, Room>,
}

impl Expected {
    pub fn new(began: Timestamp, readers: Vec<Reader>, channels: &[(ChannelId, Vec<usize>)]) -> Self {
        let room = |inside: &Vec<usize>| Room { inside: inside.clone(), said: Vec::new(), told: BTreeMap::new(), look_at: None };
        Self { began, readers, rooms: channels.iter().map(|(channel, inside)| (*channel, room(inside))).collect() }
    }

    fn seconds(&self, at: Timestamp) -> i64 {
        i64::try_from(at.since(self.began).as_secs()).unwrap()
    }

    fn told(&mut self, who: usize, channel: ChannelId) -> &mut Told {
        self.rooms.get_mut(&channel).unwrap().told.entry(who).or_default()
    }

    /// `there` says whether the author was, or it was sent for them at its time.
    pub fn said(&mut self, message: &MessageView, author: usize, there: bool) {
        let at = self.seconds(message.created_at);
        let room = self.rooms.get_mut(&message.channel_id).unwrap();
        room.said.push(Said { seq: message.seq, id: message.id, author, at, deleted: message.text.is_none() });
        room.look_at = Some(room.look_at.map_or(at + 120, |planned| planned.min(at + 120)));
        if there {
            let told = self.told(author, message.channel_id);
            told.seen = told.seen.max(message.seq);
        }
    }

    pub fn read(&mut self, who: usize, channel: ChannelId, seq: i64) {
        let told = self.told(who, channel);
        told.seen = told.seen.max(seq);
    }

    pub fn deleted(&mut self, channel: ChannelId, seq: i64) {
        self.rooms.get_mut(&channel).unwrap().said.iter_mut().filter(|said| said.seq == seq).for_each(|said| said.deleted = true);
    }

    pub fn muted(&mut self, who: usize, channel: ChannelId, until: Timestamp) {
        let until = self.seconds(until);
        self.told(who, channel).muted_until = until;
    }

    pub fn is_there(&mut self, who: usize, there: bool, now: Timestamp) {
        let now = self.seconds(now);
        let stays = &mut self.readers[who].there;
        match stays.last_mut().filter(|(_, until)| until.is_none()) {
            Some((_, until)) if !there => *until = Some(now),
            None if there => stays.push((now, None)),
            _ => {}
        }
    }

    /// The mails of this moment: to whom, about which channel, telling of how many messages; in order.
    pub fn mails(&mut self, now: Timestamp, concerned: &[Vec<MessageId>]) -> Vec<(usize, ChannelId, String)> {
        let now = self.seconds(now);
        let mut mails = Vec::new();
        for (channel, room) in &mut self.rooms {
            if room.look_at.is_none_or(|at| at > now) {
                continue;
            }
            room.look_at = None;
            let mut next: Option<i64> = None;
            for who in room.inside.clone() {
                let reader = &self.readers[who];
                let told = room.told.get(&who).cloned().unwrap_or_default();
                let after = told.seen.max(told.mailed);
                let wanted = |said: &&Said| {
                    said.seq > after
                        && said.author != who
                        && !said.deleted
                        && said.at >= told.muted_until
                        && (!reader.mentions || concerned[who].contains(&said.id))
                };
                let missed: Vec<&Said> = room
                    .said
                    .iter()
                    .filter(wanted)
                    .filter(|said| !reader.was_there(said.at) || (said.at + 120 <= now && !reader.was_there(said.at + 120)))
                    .collect();
                let unsure =
                    room.said.iter().filter(wanted).filter(|said| reader.was_there(said.at)).map(|said| said.at + 120).find(|at| *at > now);
                let mut later = |at: i64| next = Some(next.map_or(at, |next| next.min(at)));
                let (Some(first), Some(last)) = (missed.first(), missed.last()) else {
                    unsure.into_iter().for_each(later);
                    continue;
                };
                let mut due = (last.at + 120).min(first.at + 900);
                if let Some(mailed_at) = told.mailed_at {
                    // Ten minutes, an hour, six hours, a day.
                    due = due.max(mailed_at + [600, 3_600, 21_600, 86_400][told.step.min(3)]);
                }
                due = due.max(now);
                if let Some((from, to)) = reader.quiet
                    && (from * 60..to * 60).contains(&due)
                {
                    due = to * 60;
                }
                if due > now {
                    later(due);
                    unsure.into_iter().for_each(later);
                    continue;
                }
                let up_to = last.seq;
                let count = room.said.iter().filter(wanted).filter(|said| said.seq <= up_to).count();
                mails.push((who, *channel, count.to_string()));
                if room.said.iter().any(|said| said.seq > up_to) {
                    later(now + 120);
                }
                let step = if told.mailed_at.is_some() { told.step + 1 } else { 0 };
                room.told.insert(who, Told { mailed: up_to, mailed_at: Some(now), step, ..told });
            }
            if let Some(at) = next {
                room.look_at = Some(room.look_at.map_or(at, |planned: i64| planned.min(at)));
            }
        }
        mails.sort();
        mails
    }
}
