//! A device as an application would write it: it keeps what it heard, and counts by itself.

use std::collections::BTreeMap;

use kitaab_core::access::Actor;
use kitaab_core::chat::{ChannelPreferences, Present};
use kitaab_core::event::{Feed, From, Heard};
use kitaab_core::ids::{ChannelId, UserId};
use kitaab_core::time::Timestamp;
use serde_json::Value;

use super::whole;
use crate::chat::id;
use crate::common::Studio;

#[derive(Default)]
struct Room {
    read_seq: i64,
    /// By number: whether it is somebody else's and still says something, and whether it mentions the owner of the device.
    messages: BTreeMap<i64, (bool, bool)>,
    preferences: ChannelPreferences,
    draft: Option<String>,
}

struct Notified {
    channel: Option<ChannelId>,
    seq: Option<i64>,
    read: bool,
}

pub struct Device {
    pub owner: usize,
    user: UserId,
    feed: Option<Feed>,
    cursor: String,
    rooms: BTreeMap<ChannelId, Room>,
    /// Numbers of messages by their ids.
    seqs: BTreeMap<String, (ChannelId, i64)>,
    notified: BTreeMap<String, Notified>,
    present: Option<(Present, u32)>,
}

impl Device {
    pub async fn of(studio: &Studio, owner: usize, actor: &Actor) -> Self {
        let feed = studio.kitaab.follow(actor, studio.workspace, From::Now).await.unwrap();
        let cursor = feed.cursor().to_owned();
        let mut device = Self {
            owner,
            user: id(actor),
            feed: Some(feed),
            cursor,
            rooms: BTreeMap::new(),
            seqs: BTreeMap::new(),
            notified: BTreeMap::new(),
            present: None,
        };
        device.fetch_notifications(studio, actor).await;
        device
    }

    pub fn is_present(&self) -> bool {
        self.present.is_some()
    }

    pub async fn toggle_presence(&mut self, studio: &Studio, actor: &Actor) {
        match self.present.take() {
            Some((present, _)) => present.leave().await.unwrap(),
            None => self.present = Some((studio.kitaab.present(actor).await.unwrap(), 0)),
        }
    }

    /// As a connection does: every 45 seconds.
    pub async fn renew(&mut self) {
        if let Some((present, steps)) = &mut self.present {
            *steps += 1;
            if *steps % 3 == 0 {
                present.renew(false).await.unwrap();
            }
        }
    }

    pub async fn toggle_feed(&mut self, studio: &Studio, actor: &Actor) {
        if self.feed.take().is_none() {
            let feed = studio.kitaab.follow(actor, studio.workspace, From::Cursor(self.cursor.clone())).await.unwrap();
            assert!(feed.recovered(), "nothing was forgotten");
            self.feed = Some(feed);
        }
    }

    /// Takes in everything that was told; false if the device is not connected.
    pub async fn listen(&mut self, studio: &Studio, actor: &Actor) -> bool {
        let Some(mut feed) = self.feed.take() else { return false };
        loop {
            match feed.now(100).await.unwrap() {
                Heard::Batch(batch) => {
                    for event in &batch.events {
                        self.hear(&serde_json::from_str(&event.json()).unwrap(), studio, actor).await;
                    }
                    self.cursor = batch.cursor;
                    if !batch.more {
                        break;
                    }
                }
                Heard::Passing(_) => {}
                other => panic!("{other:?}"),
            }
        }
        self.feed = Some(feed);
        true
    }

    async fn hear(&mut self, event: &Value, studio: &Studio, actor: &Actor) {
        let data = &event["data"];
        let channel: Option<ChannelId> = event["channel_id"].as_str().and_then(|id| id.parse().ok());
        match event["type"].as_str().unwrap() {
            "message.created" | "message.edited" | "message.deleted" => self.message(data),
            "read.moved" if data["read_seq"].is_i64() && data["channel_id"].is_string() => {
                let room = self.rooms.entry(channel.unwrap()).or_default();
                let before = std::mem::replace(&mut room.read_seq, data["read_seq"].as_i64().unwrap());
                // What was marked unread is notified of again.
                if room.read_seq < before {
                    self.fetch_notifications(studio, actor).await;
                }
            }
            "channel.preferences_changed" => {
                self.rooms.entry(channel.unwrap()).or_default().preferences = serde_json::from_value(data["preferences"].clone()).unwrap();
            }
            "draft.changed" => self.rooms.entry(channel.unwrap()).or_default().draft = data["text"].as_str().map(str::to_owned),
            "notification.created" if data["subject_id"].is_string() => self.notified(data),
            "notifications.read" => self.fetch_notifications(studio, actor).await,
            _ => {}
        }
    }

    fn message(&mut self, data: &Value) {
        let channel: ChannelId = data["channel_id"].as_str().unwrap().parse().unwrap();
        let seq = data["seq"].as_i64().unwrap();
        let me = self.user.to_string();
        let own = data["author"]["id"].as_str() == Some(&me);
        let text = data["text"].as_str();
        let mentioned = text.is_some_and(|text| text.contains("<!channel>"))
            || data["mentions"].as_array().is_some_and(|all| all.iter().any(|id| id == &me));
        let room = self.rooms.entry(channel).or_default();
        if own {
            // Who says something has read what was said before; what they change later says nothing of that.
            if !room.messages.contains_key(&seq) {
                room.read_seq = room.read_seq.max(seq);
            }
        }
        if room.messages.last_key_value().is_none_or(|(last, _)| *last < seq) {
            // What was hidden comes back with the next message.
            room.preferences.hidden = false;
        }
        room.messages.insert(seq, (!own && text.is_some(), mentioned));
        let subject = data["id"].as_str().unwrap().to_owned();
        if text.is_none() {
            self.notified.remove(&subject);
        }
        self.seqs.insert(subject, (channel, seq));
    }

    fn notified(&mut self, data: &Value) {
        let subject = data["subject_id"].as_str().unwrap();
        let place = self.seqs.get(subject);
        let notified =
            Notified { channel: place.map(|place| place.0), seq: place.map(|place| place.1), read: data["read"].as_bool().unwrap() };
        self.notified.insert(subject.to_owned(), notified);
    }

    async fn fetch_notifications(&mut self, studio: &Studio, actor: &Actor) {
        self.notified.clear();
        for item in studio.kitaab.notifications(actor).list(studio.workspace, whole()).await.unwrap().items {
            // Read by itself, or by the channel that far, which the device counts itself.
            let data = serde_json::to_value(&item).unwrap();
            self.notified(&data);
        }
    }

    pub fn counts(&self, channel: ChannelId) -> (i64, i64) {
        let Some(room) = self.rooms.get(&channel) else { return (0, 0) };
        let unread = room.messages.range(room.read_seq + 1..).filter(|(_, (counts, _))| *counts);
        unread.fold((0, 0), |(all, mentions), (_, (_, mentioned))| (all + 1, mentions + i64::from(*mentioned)))
    }

    /// What was muted until then is not muted any more.
    pub fn preferences(&self, channel: ChannelId, now: Timestamp) -> ChannelPreferences {
        let kept = self.rooms.get(&channel).map(|room| room.preferences.clone()).unwrap_or_default();
        ChannelPreferences { muted_until: kept.muted_until.filter(|until| *until > now), ..kept }
    }

    pub fn drafts(&self) -> Vec<(ChannelId, String)> {
        self.rooms.iter().filter_map(|(channel, room)| Some((*channel, room.draft.clone()?))).collect()
    }

    pub fn badge(&self) -> i64 {
        let unread = |each: &&Notified| {
            let beyond =
                each.channel.zip(each.seq).is_none_or(|(channel, seq)| self.rooms.get(&channel).is_none_or(|room| seq > room.read_seq));
            !each.read && beyond
        };
        i64::try_from(self.notified.values().filter(unread).count()).unwrap()
    }
}
