//! What people are to hear of, and what they are not.

use std::sync::Arc;
use std::time::Duration;

use kitaab_core::access::Actor;
use kitaab_core::chat::{MarkRead, UpdateChannel, UpdatePreferences};
use kitaab_core::event::{Feed, From, Heard};
use kitaab_core::ids::ChannelId;
use kitaab_core::input::{Input, Patch};
use kitaab_core::notification::{
    ChannelLevel, Level, MarkNotifications, NotificationKind, NotificationPreferences, NotificationView, NotificationsPage, Reason, Rule,
    SetChannelLevel, SetPreferences,
};
use kitaab_core::page::PageAsk;
use kitaab_core::project::{NewTask, NewUpdate, ProjectGrant, Share, UpdateTask};
use kitaab_core::store::Store;

use crate::channels::direct;
use crate::chat::{id, say};
use crate::common::{Studio, code, on_both_engines};

impl Studio {
    async fn notified(&self, who: &Actor) -> NotificationsPage {
        self.kitaab.notifications(who).list(self.workspace, Input::default()).await.unwrap()
    }

    /// What somebody is to hear of, oldest first, as kind and text.
    async fn heard_of(&self, who: &Actor) -> Vec<(NotificationKind, String)> {
        let items = self.notified(who).await.items.into_iter().rev();
        items.map(|each| (each.kind, each.text.unwrap_or_default())).collect()
    }

    async fn badge(&self, who: &Actor) -> i64 {
        self.notified(who).await.unread_count
    }

    async fn rule(&self, who: &Actor, notification: &NotificationView) -> Rule {
        self.kitaab.notifications(who).why(self.workspace, notification.id).await.unwrap().rule
    }

    async fn wants(&self, who: &Actor, change: SetPreferences) -> NotificationPreferences {
        self.kitaab.notifications(who).set_preferences(self.workspace, change.into()).await.unwrap()
    }

    async fn mute(&self, who: &Actor, channel: ChannelId, until: Duration) {
        let muted_until = Patch::Set(self.kitaab.now().after(until));
        let change = UpdatePreferences { muted_until, ..UpdatePreferences::default() };
        self.kitaab.chat(who).update_preferences(self.workspace, channel, change.into()).await.unwrap();
    }
}

async fn each_hears_once_of_what_concerns_them_for_the_strongest_reason(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let (meera, sara) = (studio.colleague("Meera").await, studio.colleague("Sara").await);
    let page = studio.group("Page", &[&meera, &sara]).await;
    let first = studio.post(&meera, page, "What do you think?").await;
    studio.post(&studio.nikhil, page, "Nothing special").await;
    assert!(studio.heard_of(&meera).await.is_empty(), "nobody is mentioned");
    let answer = studio.reply(&studio.nikhil, &first, &format!("**Well**, <@{}>, <!channel>", id(&meera))).await;
    studio.reply(&sara, &answer, "I agree").await;
    let heard = studio.notified(&meera).await;
    assert_eq!((heard.items.len(), heard.unread_count), (2, 2));
    let (second, first_heard) = (&heard.items[0], &heard.items[1]);
    assert_eq!((first_heard.kind, first_heard.text.as_deref()), (NotificationKind::Mention, Some("Well, @Meera, @all")));
    assert_eq!(first_heard.actor.as_ref().and_then(|actor| actor.id), Some(id(&studio.nikhil)));
    assert_eq!((first_heard.title.as_deref(), first_heard.channel_id), (Some("Page"), Some(page)));
    assert_eq!(studio.rule(&meera, first_heard).await, Rule::MentionedByName);
    assert_eq!((second.kind, studio.rule(&meera, second).await), (NotificationKind::Reply, Rule::InOwnThread));
    // Nikhil is answered; Sara was mentioned with all, and nobody hears of what they said themselves.
    assert_eq!(studio.heard_of(&studio.nikhil).await.last().unwrap(), &(NotificationKind::Reply, "I agree".into()));
    assert_eq!(studio.heard_of(&sara).await.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [NotificationKind::Mention]);

    let between = studio.kitaab.chat(&sara).open_channel(studio.workspace, direct(&meera).into()).await.unwrap().0.item.id;
    let chat = studio.kitaab.chat(&sara);
    let once = say("Only you");
    chat.post(studio.workspace, between, once.clone().into()).await.unwrap();
    chat.post(studio.workspace, between, once.into()).await.unwrap();
    let direct: Vec<_> = studio.heard_of(&meera).await.into_iter().filter(|(kind, _)| *kind == NotificationKind::DirectMessage).collect();
    assert_eq!(direct, [(NotificationKind::DirectMessage, "Only you".into())], "a repeat says nothing new");
    assert_eq!(code(studio.kitaab.notifications(&sara).why(studio.workspace, second.id).await), "not_found", "it is Meera's");
}

async fn what_was_read_is_read_on_all_devices(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    let mut devices = Vec::new();
    for _ in 0..3 {
        devices.push(studio.kitaab.follow(&meera, studio.workspace, From::Now).await.unwrap());
    }
    let call = format!("<@{}>", id(&meera));
    for number in 0..4 {
        studio.post(&studio.nikhil, page, &format!("{call} {number}")).await;
    }
    assert_eq!(studio.badge(&meera).await, 4);
    let items = studio.notified(&meera).await.items;
    let mark = async |mark: MarkNotifications| studio.kitaab.notifications(&meera).mark_read(studio.workspace, mark.into()).await;
    let by_ids = MarkNotifications { ids: Some(vec![items[0].id, items[0].id]), before: None };
    assert_eq!(mark(by_ids.clone()).await.unwrap().unread_count, 3);
    assert_eq!(mark(MarkNotifications { ids: None, before: Some(items[3].id) }).await.unwrap().unread_count, 2);
    // Having read the channel that far is having read what is about it.
    let read = MarkRead { seq: Some(3), mark_unread: false };
    studio.kitaab.chat(&meera).mark_read(studio.workspace, page, read.into()).await.unwrap();
    assert_eq!(studio.badge(&meera).await, 0);
    assert!(studio.notified(&meera).await.items.iter().all(|each| each.read));
    for device in &mut devices {
        let told = told(device).await;
        let read = told.iter().filter(|event| event["type"] == "notifications.read");
        let unread: Vec<i64> = read.filter_map(|event| event["data"]["unread_count"].as_i64()).collect();
        let created = told.iter().filter(|event| event["type"] == "notification.created").count();
        assert_eq!(created, 4);
        assert_eq!(unread, [0, 0], "as it is when it is told");
    }
    for wrong in [MarkNotifications::default(), MarkNotifications { ids: Some(vec![]), before: Some(items[0].id) }] {
        assert_eq!(code(mark(wrong).await), "invalid");
    }
    // Another's are passed over.
    let his = studio.kitaab.notifications(&studio.nikhil).mark_read(studio.workspace, by_ids.into()).await.unwrap();
    assert_eq!(his.unread_count, studio.badge(&studio.nikhil).await);
    let page_of_one = PageAsk { limit: Some(1), ..PageAsk::default() };
    assert!(studio.kitaab.notifications(&meera).list(studio.workspace, page_of_one.into()).await.unwrap().next_cursor.is_some());
}

/// What a device is told.
async fn told(feed: &mut Feed) -> Vec<serde_json::Value> {
    let Heard::Batch(batch) = feed.now(100).await.unwrap() else { panic!("a batch") };
    batch.events.iter().map(|event| serde_json::from_str(&event.json()).unwrap()).collect()
}

async fn who_does_not_want_to_hear_does_not(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    let call = format!("<@{}>", id(&meera));
    studio.mute(&meera, page, Duration::from_hours(1)).await;
    let muted = studio.post(&studio.nikhil, page, &format!("{call} muted")).await;
    assert_eq!(studio.badge(&meera).await, 0);
    let why = async |message: &kitaab_core::chat::MessageView, person: &Actor| {
        studio.kitaab.notifications(&studio.nikhil).why_not(studio.workspace, message.id, id(person)).await.unwrap().reason
    };
    assert_eq!(why(&muted, &meera).await, Reason::Muted);
    studio.clock.advance(Duration::from_hours(1));
    let heard = studio.post(&studio.nikhil, page, &format!("{call} heard")).await;
    assert_eq!(studio.badge(&meera).await, 1);
    assert_eq!((why(&heard, &meera).await, why(&heard, &studio.nikhil).await), (Reason::Notified, Reason::OwnMessage));

    let set = |channel_id, level| SetChannelLevel { channel_id, level: Some(level), email: Patch::Keep };
    let level = |level| SetPreferences { channels: Some(vec![set(page, level)]), ..SetPreferences::default() };
    let kept = studio.wants(&meera, level(Level::None)).await;
    assert_eq!(kept.channels, [ChannelLevel { channel_id: page, level: Level::None, email: None }]);
    let silent = studio.post(&studio.nikhil, page, &format!("{call} silent")).await;
    assert_eq!((studio.badge(&meera).await, why(&silent, &meera).await), (1, Reason::ChannelSilenced));
    studio.wants(&meera, level(Level::All)).await;
    studio.post(&studio.nikhil, page, "Anything").await;
    assert_eq!(studio.heard_of(&meera).await.last().unwrap(), &(NotificationKind::Message, "Anything".into()));

    let silence = |kinds: &[NotificationKind]| SetPreferences { silenced: Some(kinds.to_vec()), ..SetPreferences::default() };
    let kept = studio.wants(&meera, silence(&[NotificationKind::Message, NotificationKind::Mention, NotificationKind::Mention])).await;
    assert_eq!(kept.silenced, [NotificationKind::Mention, NotificationKind::Message]);
    let none = studio.post(&studio.nikhil, page, &format!("{call} nothing")).await;
    assert_eq!((studio.badge(&meera).await, why(&none, &meera).await), (2, Reason::NotConcerned));
    let preferences = studio.kitaab.notifications(&meera).preferences(studio.workspace).await.unwrap();
    assert_eq!(
        preferences,
        NotificationPreferences { channels: vec![ChannelLevel { channel_id: page, level: Level::All, email: None }], ..kept }
    );
    let elsewhere = studio.group("Elsewhere", &[]).await;
    let foreign = vec![set(elsewhere, Level::All)];
    let foreign = SetPreferences { channels: Some(foreign), silenced: Some(vec![]), email: Some(Level::None), ..SetPreferences::default() };
    assert_eq!(code(studio.kitaab.notifications(&meera).set_preferences(studio.workspace, foreign.into()).await), "invalid");
    let after = studio.kitaab.notifications(&meera).preferences(studio.workspace).await.unwrap();
    assert_eq!(after, preferences, "nothing of it was done");
    let by_meera = studio.kitaab.notifications(&meera).why_not(studio.workspace, none.id, id(&meera)).await;
    assert_eq!(code(by_meera), "not_found", "it is the owner's question");
}

async fn what_one_may_not_see_any_more_is_not_shown_and_not_counted(store: Arc<dyn Store>) {
    use NotificationKind::{Mention, ProjectUpdate, TaskAssigned};
    let studio = Studio::talkative(store).await;
    let (kitaab, nikhil, workspace) = (&studio.kitaab, &studio.nikhil, studio.workspace);
    let shop = studio.project("Shop").await;
    let (mridul, card) = studio.client("Mridul", &[shop]).await;
    let grant = |tasks| Share { grant: Some(ProjectGrant { tasks, comments: false, upload: false }) };
    kitaab.projects(nikhil).share(workspace, shop, card, grant(true).into()).await.unwrap();
    let page = studio.group("Page", &[&mridul]).await;
    let said = studio.post(nikhil, page, &format!("<@{}> in the group", id(&mridul))).await;
    kitaab.updates(nikhil).post(workspace, shop, NewUpdate { text: "Half way".into() }.into()).await.unwrap();
    let task = NewTask { title: "Send the texts".into(), assignee_id: mridul.user(), ..NewTask::default() };
    let task = kitaab.tasks(nikhil).create(workspace, shop, task.into()).await.unwrap().item;
    let kinds = async || studio.heard_of(&mridul).await.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
    assert_eq!(studio.heard_of(&mridul).await.last().unwrap().1, "Send the texts");
    assert_eq!(kinds().await, [Mention, ProjectUpdate, TaskAssigned]);
    let hide = UpdateTask { client_visible: Some(false), ..UpdateTask::default() };
    kitaab.tasks(nikhil).update(workspace, task.id, hide.into(), None).await.unwrap();
    assert_eq!((kinds().await, studio.badge(&mridul).await), (vec![Mention, ProjectUpdate], 2));
    kitaab.chat(nikhil).delete(workspace, said.id).await.unwrap();
    assert_eq!(kinds().await, [ProjectUpdate]);
    kitaab.projects(nikhil).archive(workspace, shop).await.unwrap();
    assert!(kinds().await.is_empty() && studio.badge(&mridul).await == 0);
    // Who sent the invitation heard that it was accepted.
    let of_nikhil = studio.heard_of(nikhil).await;
    assert_eq!(of_nikhil, [(NotificationKind::InvitationAccepted, "mridul@example.com".into())]);
    kitaab.people(nikhil).remove(workspace, id(&mridul)).await.unwrap();
    assert_eq!(code(kitaab.notifications(&mridul).list(workspace, Input::default()).await), "not_found");
}

async fn a_scheduled_message_that_could_not_be_sent_is_told_to_its_author(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    studio.schedule(&meera, page, "Too late", Duration::from_hours(1)).await;
    let archive = UpdateChannel { name: None, archived: Some(true) };
    studio.kitaab.chat(&studio.nikhil).update_channel(studio.workspace, page, archive.into(), None).await.unwrap();
    studio.clock.advance(Duration::from_hours(1));
    studio.mail().await;
    let heard = studio.notified(&meera).await.items;
    assert_eq!(heard.len(), 1);
    assert_eq!((heard[0].kind, heard[0].text.as_deref()), (NotificationKind::DeliveryFailed, Some("Too late")));
    assert_eq!(studio.rule(&meera, &heard[0]).await, Rule::OwnMessageFailed);
}

on_both_engines! {
    each_hears_once_of_what_concerns_them_for_the_strongest_reason,
    what_was_read_is_read_on_all_devices,
    who_does_not_want_to_hear_does_not,
    what_one_may_not_see_any_more_is_not_shown_and_not_counted,
    a_scheduled_message_that_could_not_be_sent_is_told_to_its_author,
}
