//! An hour of random activity on a test clock: what three devices of one person show is what the server counts, and the mails that
//! leave are those that somebody who knows the rules, and not the code, expects.

mod device;
mod expected;

use std::sync::Arc;
use std::time::Duration;

use kitaab_core::Settings;
use kitaab_core::access::Actor;
use kitaab_core::chat::{EditMessage, InboxAsk, KeepDraft, MessageView, NewScheduled, UpdatePreferences};
use kitaab_core::ids::{ChannelId, MessageId};
use kitaab_core::input::{Input, Patch};
use kitaab_core::notification::{Level, MarkNotifications, QuietHours, SetPreferences};
use kitaab_core::store::Store;

use crate::channels::direct;
use crate::chat::id;
use crate::common::{Studio, email, on_both_engines};
use device::Device;
use expected::{Expected, Reader};

/// How long a step of the hour is; everything that is planned falls on one.
const STEP: Duration = Duration::from_secs(15);

/// So much after a step what is scheduled is due.
const BETWEEN: Duration = Duration::from_secs(8);

/// Chance that is the same in each run.
pub struct Dice(u64);

impl Dice {
    pub fn below(&mut self, most: usize) -> usize {
        // Xorshift (Marsaglia 2003), whose low bits are the weakest.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 33) % most as u64).unwrap()
    }

    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub fn of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }
}

/// A seeded hour: who talks, where, and what was said so far.
struct Hour {
    studio: Studio,
    dice: Dice,
    people: Vec<Actor>,
    channels: Vec<(ChannelId, Vec<usize>)>,
    said: Vec<MessageView>,
    devices: Vec<Device>,
    expected: Expected,
}

const NAMES: [&str; 3] = ["Nikhil", "Meera", "Mridul"];
const MEERA: usize = 1;

impl Hour {
    async fn begin(store: Arc<dyn Store>, seed: u64) -> Self {
        let studio = Studio::with(store, Settings { limits: false, ..Settings::default() }).await;
        let shop = studio.project("Shop").await;
        let meera = studio.colleague("Meera").await;
        let (mridul, _) = studio.client("Mridul", &[shop]).await;
        let people = vec![studio.nikhil.clone(), meera, mridul];
        let open = async |one: usize, other: usize| {
            let chat = studio.kitaab.chat(&people[one]);
            (chat.open_channel(studio.workspace, direct(&people[other]).into()).await.unwrap().0.item.id, vec![one, other])
        };
        let page = studio.group("Page", &[&people[1], &people[2]]).await;
        let shop = studio.channel_named(&people[0], "Shop").await.id;
        let channels = vec![(shop, vec![0, 1, 2]), (page, vec![0, 1, 2]), open(0, 1).await, open(2, 0).await];
        // Nikhil wants everything, Meera what concerns her, and Mridul nothing from 12:20 to 12:35.
        let quiet = QuietHours { from: "12:20".parse().unwrap(), to: "12:35".parse().unwrap(), time_zone: Some("UTC".into()) };
        let wishes = [
            SetPreferences::default(),
            SetPreferences { email: Some(Level::Mentions), ..SetPreferences::default() },
            SetPreferences { quiet_hours: Patch::Set(quiet), ..SetPreferences::default() },
        ];
        let mut readers = Vec::new();
        for (index, wish) in wishes.into_iter().enumerate() {
            let mentions = wish.email == Some(Level::Mentions);
            let quiet = matches!(wish.quiet_hours, Patch::Set(_)).then_some((20, 35));
            studio.kitaab.notifications(&people[index]).set_preferences(studio.workspace, wish.into()).await.unwrap();
            readers.push(Reader::new(mentions, quiet));
        }
        let expected = Expected::new(studio.kitaab.now(), readers, &channels);
        let mut devices = Vec::new();
        for owner in [MEERA, MEERA, MEERA, 0, 2] {
            devices.push(Device::of(&studio, owner, &people[owner]).await);
        }
        Self { studio, dice: Dice(seed), people, channels, said: Vec::new(), devices, expected }
    }

    fn channel(&mut self) -> (ChannelId, Vec<usize>) {
        self.dice.of(&self.channels).clone()
    }

    async fn say(&mut self) {
        let (channel, inside) = self.channel();
        let who = *self.dice.of(&inside);
        let named = *self.dice.of(&inside);
        let text = match self.dice.below(4) {
            0 => format!("<@{}> look", id(&self.people[named])),
            1 if self.dice.one_in(3) => "<!channel> all of you".to_owned(),
            _ => "Well".to_owned(),
        };
        let answered = self.said.iter().rev().filter(|message| message.channel_id == channel).nth(self.dice.below(4)).cloned();
        let message = match answered.filter(|_| self.dice.one_in(4)) {
            Some(answered) => self.studio.reply(&self.people[who], &answered, &text).await,
            None => self.studio.post(&self.people[who], channel, &text).await,
        };
        self.expected.said(&message, who, true);
        self.said.push(message);
    }

    async fn read(&mut self) {
        let (channel, inside) = self.channel();
        let who = *self.dice.of(&inside);
        let last = self.said.iter().filter(|message| message.channel_id == channel).map(|message| message.seq).max().unwrap_or(0);
        let seq = i64::try_from(self.dice.below(usize::try_from(last).unwrap() + 1)).unwrap();
        // Mostly people read to the end.
        let (seq, unread) = if self.dice.one_in(3) { (seq, self.dice.one_in(4) && seq > 0) } else { (last, false) };
        self.studio.read(&self.people[who], channel, seq, unread).await;
        if !unread {
            self.expected.read(who, channel, seq);
        }
    }

    async fn change(&mut self) {
        if self.said.is_empty() {
            return;
        }
        let message = self.dice.of(&self.said[self.said.len().saturating_sub(20)..]).clone();
        let author = self.people.iter().position(|person| Some(id(person)) == message.author.id).unwrap();
        let chat = self.studio.kitaab.chat(&self.people[author]);
        if self.dice.one_in(2) {
            chat.delete(self.studio.workspace, message.id).await.unwrap();
            self.expected.deleted(message.channel_id, message.seq);
        } else {
            let named = id(self.dice.of(&self.people));
            let edit = EditMessage { text: format!("I mean <@{named}>") };
            // The time for it may be over, it may be deleted, or the person may not be in the channel.
            let _ = chat.edit(self.studio.workspace, message.id, edit.into()).await;
        }
    }

    async fn keep_in_order(&mut self) {
        let (channel, inside) = self.channel();
        let who = *self.dice.of(&inside);
        let (kitaab, workspace) = (&self.studio.kitaab, self.studio.workspace);
        let (chat, notifications) = (kitaab.chat(&self.people[who]), kitaab.notifications(&self.people[who]));
        match self.dice.below(5) {
            0 => {
                let until = kitaab.now().after(STEP * u32::try_from(1 + self.dice.below(40)).unwrap());
                let mute = UpdatePreferences { muted_until: Patch::Set(until), ..UpdatePreferences::default() };
                chat.update_preferences(workspace, channel, mute.into()).await.unwrap();
                self.expected.muted(who, channel, until);
            }
            1 => {
                let change = UpdatePreferences {
                    pinned: Some(self.dice.one_in(2)),
                    hidden: Some(self.dice.one_in(2)),
                    ..UpdatePreferences::default()
                };
                chat.update_preferences(workspace, channel, change.into()).await.unwrap();
            }
            2 => {
                let items = notifications.list(workspace, Input::default()).await.unwrap().items;
                if !items.is_empty() {
                    let chosen = self.dice.of(&items).id;
                    let mark = if self.dice.one_in(2) {
                        MarkNotifications { ids: Some(vec![chosen]), before: None }
                    } else {
                        MarkNotifications { ids: None, before: Some(chosen) }
                    };
                    notifications.mark_read(workspace, mark.into()).await.unwrap();
                }
            }
            3 => {
                let draft = KeepDraft { text: format!("Draft {}", self.dice.below(1_000)), ..KeepDraft::default() };
                chat.keep_draft(workspace, channel, draft.into()).await.unwrap();
            }
            _ => {
                // Between two steps, so that it is said before anything that falls on the second.
                let after = STEP * u32::try_from(4 + self.dice.below(20)).unwrap() + BETWEEN;
                let later = NewScheduled { text: "Later".into(), due_at: Some(kitaab.now().after(after)), reply_to: None };
                chat.schedule(workspace, channel, later.into()).await.unwrap();
            }
        }
    }

    /// A device comes, goes, or loses its connection and is back with its cursor.
    async fn devices_come_and_go(&mut self) {
        let index = self.dice.below(self.devices.len());
        let device = &mut self.devices[index];
        let who = device.owner;
        if self.dice.one_in(2) {
            device.toggle_feed(&self.studio, &self.people[who]).await;
        } else {
            device.toggle_presence(&self.studio, &self.people[who]).await;
            let there = self.devices.iter().any(|device| device.owner == who && device.is_present());
            self.expected.is_there(who, there, self.studio.kitaab.now());
        }
    }

    /// What was scheduled and said in this step; others learn of it as people do.
    async fn take_in_what_was_scheduled(&mut self) {
        for (channel, inside) in self.channels.clone() {
            let known = self.said.iter().filter(|message| message.channel_id == channel).map(|message| message.seq).max().unwrap_or(0);
            let ask = kitaab_core::chat::MessagesAsk { after: Some(known), ..Default::default() };
            let page = self.studio.kitaab.chat(&self.people[inside[0]]).messages(self.studio.workspace, channel, ask.into()).await.unwrap();
            for message in page.items {
                let who = self.people.iter().position(|person| Some(id(person)) == message.author.id).unwrap();
                self.expected.said(&message, who, false);
                self.said.push(message);
            }
        }
    }

    async fn step(&mut self) {
        for device in &mut self.devices {
            device.renew().await;
        }
        self.studio.clock.advance(STEP);
        let before = self.studio.mailer.mails().len();
        self.studio.mail().await;
        self.take_in_what_was_scheduled().await;
        let now = self.studio.kitaab.now();
        let mut concerned = Vec::new();
        for person in &self.people {
            let items = self.studio.kitaab.notifications(person).list(self.studio.workspace, whole()).await.unwrap().items;
            concerned.push(items.into_iter().map(|item| MessageId(item.subject_id)).collect::<Vec<_>>());
        }
        let expected = self.expected.mails(now, &concerned);
        let mut sent: Vec<(usize, ChannelId, String)> = Vec::new();
        for mail in self.studio.mailer.mails().into_iter().skip(before).filter(|mail| mail.thread.is_some()) {
            let who = NAMES.iter().position(|name| email(name) == mail.to).unwrap();
            let channel = mail.thread.as_deref().and_then(|thread| thread.split('.').next()).unwrap().parse().unwrap();
            sent.push((who, channel, mail.content.text.split(' ').next().unwrap().to_owned()));
        }
        sent.sort();
        assert_eq!(sent, expected, "who is mailed of which conversation, and of how many messages, at {now}");
        for _ in 0..self.dice.below(4) {
            match self.dice.below(10) {
                0..=3 => self.say().await,
                4..=5 => self.read().await,
                6 => self.change().await,
                7 => self.keep_in_order().await,
                _ => self.devices_come_and_go().await,
            }
        }
        self.compare().await;
    }

    /// Whatever device is connected shows what the server says.
    async fn compare(&mut self) {
        for device in &mut self.devices {
            let actor = &self.people[device.owner];
            if !device.listen(&self.studio, actor).await {
                continue;
            }
            let inbox = self.studio.kitaab.chat(actor).inbox(self.studio.workspace, InboxAsk::default().into()).await.unwrap().items;
            for item in inbox {
                let shown = device.counts(item.channel.id);
                let name = NAMES[device.owner];
                assert_eq!(shown, (item.own.unread_count, item.own.mention_count), "unread and mentions of {name} in {}", item.channel.id);
                assert_eq!(device.preferences(item.channel.id, self.studio.kitaab.now()), item.preferences, "{name}");
            }
            let badge = self.studio.kitaab.notifications(actor).list(self.studio.workspace, Input::default()).await.unwrap().unread_count;
            assert_eq!(device.badge(), badge, "the badge of {}", NAMES[device.owner]);
            let drafts = self.studio.kitaab.chat(actor).drafts(self.studio.workspace, Input::default()).await.unwrap().items;
            let mut drafts: Vec<_> = drafts.into_iter().map(|draft| (draft.channel_id, draft.text)).collect();
            drafts.sort();
            assert_eq!(device.drafts(), drafts, "{}", NAMES[device.owner]);
        }
    }
}

/// All that fits on one page.
pub fn whole() -> Input<kitaab_core::page::PageAsk> {
    kitaab_core::page::PageAsk { limit: Some(200), ..Default::default() }.into()
}

async fn devices_badges_and_mails_are_in_step_through_an_hour(store: Arc<dyn Store>) {
    let seed = std::env::var("KITAAB_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0x6b69_7461_6162);
    println!("seed {seed}");
    let mut hour = Hour::begin(store, seed).await;
    for _ in 0..240 {
        hour.step().await;
    }
    let mails = hour.studio.mailer.mails().iter().filter(|mail| mail.thread.is_some()).count();
    assert!(hour.said.len() > 100 && mails > 5, "{} messages, {mails} mails", hour.said.len());
    println!("promise hour: {} messages and {mails} mails with seed {seed}: every device shows what the server counts", hour.said.len());
}

on_both_engines! {
    devices_badges_and_mails_are_in_step_through_an_hour,
}
