//! The inbox: what is new, and how each keeps their conversations.

use std::sync::Arc;
use std::time::Duration;

use kitaab_core::access::Actor;
use kitaab_core::chat::{ChannelPreferences, InboxAsk, InboxItem, KeepDraft, MessagesAsk, UpdatePreferences};
use kitaab_core::event::{Feed, From, Heard};
use kitaab_core::ids::{ChannelId, MessageId};
use kitaab_core::input::{Input, Patch};
use kitaab_core::store::Store;

use crate::chat::id;
use crate::common::{Studio, code, on_both_engines};

impl Studio {
    async fn inbox(&self, who: &Actor, filter: &str) -> Vec<InboxItem> {
        let filter = Some(filter.to_owned()).filter(|filter| !filter.is_empty());
        self.kitaab.chat(who).inbox(self.workspace, InboxAsk { filter, ..InboxAsk::default() }.into()).await.unwrap().items
    }

    /// The names of the channels in an inbox.
    async fn inbox_names(&self, who: &Actor, filter: &str) -> Vec<String> {
        self.inbox(who, filter).await.into_iter().map(|item| item.channel.name.unwrap_or_default()).collect()
    }

    async fn keep(&self, who: &Actor, channel: ChannelId, change: UpdatePreferences) -> ChannelPreferences {
        self.kitaab.chat(who).update_preferences(self.workspace, channel, change.into()).await.unwrap()
    }
}

fn change() -> UpdatePreferences {
    UpdatePreferences::default()
}

async fn what_was_said_last_comes_first_and_what_is_pinned_before_it(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let (one, two, three) =
        (studio.group("One", &[&meera]).await, studio.group("Two", &[&meera]).await, studio.group("Three", &[&meera]).await);
    for channel in [two, three, one] {
        studio.clock.advance(Duration::from_secs(1));
        studio.post(&studio.nikhil, channel, &format!("Hello <@{}>", id(&meera))).await;
    }
    assert_eq!(studio.inbox_names(&meera, "").await, ["One", "Three", "Two"]);
    studio.keep(&meera, two, UpdatePreferences { pinned: Some(true), ..change() }).await;
    assert_eq!(studio.inbox_names(&meera, "").await, ["Two", "One", "Three"]);
    assert_eq!(studio.inbox_names(&studio.nikhil, "").await, ["One", "Three", "Two"], "each keeps their own");
    let first = &studio.inbox(&meera, "").await[1];
    assert_eq!((first.own.unread_count, first.own.mention_count), (1, 1));
    let last = first.last_message.as_ref().unwrap();
    assert_eq!((last.author.display_name.as_str(), last.channel_id), ("Nikhil", one));

    // Page by page it is the same.
    let (mut paged, mut cursor) = (Vec::new(), None);
    loop {
        let ask = InboxAsk { limit: Some(1), cursor, ..InboxAsk::default() };
        let page = studio.kitaab.chat(&meera).inbox(studio.workspace, ask.into()).await.unwrap();
        paged.extend(page.items.into_iter().map(|item| item.channel.name.unwrap()));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(paged, ["Two", "One", "Three"]);
}

async fn each_filter_shows_what_it_says(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let mut channels = Vec::new();
    for name in ["Unread", "Called", "Away", "Sorted", "Closed", "Read"] {
        studio.clock.advance(Duration::from_secs(1));
        channels.push(studio.group(name, &[&meera]).await);
    }
    let [unread, called, away, sorted, closed, read] = channels[..] else { panic!("six") };
    studio.post(&studio.nikhil, unread, "Something").await;
    studio.post(&studio.nikhil, called, "<!channel> look").await;
    studio.post(&studio.nikhil, away, "Something").await;
    studio.post(&meera, read, "Mine").await;
    studio.keep(&meera, away, UpdatePreferences { archived: Some(true), ..change() }).await;
    let sort = UpdatePreferences { category: Patch::Set("Leads".into()), priority: Some(true), ..change() };
    assert_eq!(studio.keep(&meera, sorted, sort).await.category.as_deref(), Some("Leads"));
    let archive = kitaab_core::chat::UpdateChannel { name: None, archived: Some(true) };
    studio.kitaab.chat(&studio.nikhil).update_channel(studio.workspace, closed, archive.into(), None).await.unwrap();

    let sorted_names = async |filter: &str| {
        let mut names = studio.inbox_names(&meera, filter).await;
        names.sort();
        names
    };
    assert_eq!(sorted_names("").await, ["Called", "Closed", "Read", "Sorted", "Unread"]);
    assert_eq!(sorted_names("unread").await, ["Called", "Unread"]);
    assert_eq!(sorted_names("mentions").await, ["Called"]);
    assert_eq!(sorted_names("active").await, ["Called", "Read", "Sorted", "Unread"]);
    assert_eq!(sorted_names("archived").await, ["Away"]);
    assert_eq!(sorted_names("category:Leads").await, ["Sorted"]);
    assert!(sorted_names("category:Lead").await.is_empty());
    let nowhere = UpdatePreferences { category: Patch::Set(" ".into()), ..change() };
    let refused = studio.kitaab.chat(&meera).update_preferences(studio.workspace, sorted, nowhere.into()).await;
    assert_eq!(code(refused), "invalid");
    assert_eq!(sorted_names("priority").await, ["Sorted"]);
    for wrong in ["all", "category:", "category", "Unread", "category:\u{0}"] {
        let ask = InboxAsk { filter: Some(wrong.into()), ..InboxAsk::default() };
        assert_eq!(code(studio.kitaab.chat(&meera).inbox(studio.workspace, ask.into()).await), "invalid", "{wrong:?}");
    }
}

async fn what_is_hidden_comes_back_with_its_next_message(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    studio.post(&studio.nikhil, page, "One").await;
    assert!(studio.keep(&meera, page, UpdatePreferences { hidden: Some(true), ..change() }).await.hidden);
    assert!(studio.inbox_names(&meera, "").await.is_empty());
    assert!(studio.inbox_names(&meera, "unread").await.is_empty());
    studio.post(&studio.nikhil, page, "Two").await;
    let back = studio.inbox(&meera, "").await.remove(0);
    assert!(!back.preferences.hidden);
    assert_eq!(back.own.unread_count, 2);
}

async fn muting_ends_by_itself_and_is_told_to_the_own_devices_alone(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let (mridul, _) = studio.client("Mridul", &[]).await;
    let page = studio.group("Page", &[&meera]).await;
    let mut hers = studio.kitaab.follow(&meera, studio.workspace, From::Now).await.unwrap();
    let mut his = studio.kitaab.follow(&studio.nikhil, studio.workspace, From::Now).await.unwrap();
    let until = studio.kitaab.now().after(Duration::from_hours(1));
    let muted = studio.keep(&meera, page, UpdatePreferences { muted_until: Patch::Set(until), ..change() }).await;
    assert_eq!(muted.muted_until, Some(until));
    let Heard::Batch(batch) = hers.next().await.unwrap() else { panic!("a batch") };
    let told: serde_json::Value = serde_json::from_str(&batch.events[0].json()).unwrap();
    assert_eq!(told["type"], "channel.preferences_changed");
    assert_eq!(told["data"]["channel_id"], serde_json::json!(page));
    assert!(told["data"]["preferences"]["muted_until"].is_string());
    let Heard::Batch(nothing) = his.now(10).await.unwrap() else { panic!("a batch") };
    assert!(nothing.events.is_empty());
    studio.clock.advance(Duration::from_hours(1));
    assert_eq!(studio.inbox(&meera, "").await[0].preferences.muted_until, None);
    // Who is not in it has nothing to keep.
    let by_mridul = studio.kitaab.chat(&mridul).update_preferences(studio.workspace, page, change().into()).await;
    assert_eq!(code(by_mridul), "not_found");
    assert!(studio.page(&meera, page, MessagesAsk::default()).await.is_empty());
}

async fn a_draft_is_there_on_all_devices_and_gone_once_it_is_sent(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    let first = studio.post(&studio.nikhil, page, "What do you think?").await;
    let chat = studio.kitaab.chat(&meera);
    let keep = async |text: &str, thread_id: Option<MessageId>, version: Option<i64>| {
        let draft = KeepDraft { text: text.into(), thread_id, version };
        chat.keep_draft(studio.workspace, page, draft.into()).await
    };
    let texts = async |who: &Actor| {
        let drafts = studio.kitaab.chat(who).drafts(studio.workspace, Input::default()).await.unwrap().items;
        drafts.into_iter().map(|draft| (draft.text, draft.thread_id)).collect::<Vec<_>>()
    };
    let (mut hers, mut his) = (
        studio.kitaab.follow(&meera, studio.workspace, From::Now).await.unwrap(),
        studio.kitaab.follow(&studio.nikhil, studio.workspace, From::Now).await.unwrap(),
    );
    keep("I th", None, Some(1)).await.unwrap();
    assert_eq!(keep("I think so", None, Some(3)).await.unwrap().version, 3);
    let late = keep("I thi", None, Some(2)).await.unwrap();
    assert_eq!((late.text.as_str(), late.version), ("I think so", 3), "what comes late does not win");
    studio.clock.advance(Duration::from_secs(1));
    keep("In the thread", Some(first.id), None).await.unwrap();
    assert_eq!(texts(&meera).await, [("In the thread".into(), Some(first.id)), ("I think so".into(), None)]);
    assert!(texts(&studio.nikhil).await.is_empty(), "nobody else sees it");

    studio.post(&meera, page, "I think so!").await;
    assert_eq!(texts(&meera).await, [("In the thread".into(), Some(first.id))], "that of the thread is another one");
    studio.reply(&meera, &first, "Yes").await;
    assert!(texts(&meera).await.is_empty());
    keep("again", None, None).await.unwrap();
    chat.drop_draft(studio.workspace, page, Input::default()).await.unwrap();
    chat.drop_draft(studio.workspace, page, Input::default()).await.unwrap();
    assert!(texts(&meera).await.is_empty());

    let told = async |feed: &mut Feed| {
        let Heard::Batch(batch) = feed.now(100).await.unwrap() else { panic!("a batch") };
        let events = batch.events.iter().map(|event| serde_json::from_str::<serde_json::Value>(&event.json()).unwrap());
        events.filter(|event| event["type"] == "draft.changed").count()
    };
    assert_eq!(told(&mut hers).await, 7);
    assert_eq!(told(&mut his).await, 0);
    let elsewhere = studio.group("Elsewhere", &[&meera]).await;
    let other = studio.post(&studio.nikhil, elsewhere, "Other").await;
    assert_eq!(code(keep("x", Some(other.id), None).await), "invalid", "a thread of another channel");
    assert_eq!(code(keep(&"x".repeat(10_001), None, None).await), "invalid");
    keep("left behind", None, None).await.unwrap();
    studio.kitaab.chat(&studio.nikhil).remove_channel_member(studio.workspace, page, id(&meera)).await.unwrap();
    assert!(texts(&meera).await.is_empty());
    assert_eq!(code(keep("still", None, None).await), "not_found");
}

on_both_engines! {
    a_draft_is_there_on_all_devices_and_gone_once_it_is_sent,
    what_was_said_last_comes_first_and_what_is_pinned_before_it,
    each_filter_shows_what_it_says,
    what_is_hidden_comes_back_with_its_next_message,
    muting_ends_by_itself_and_is_told_to_the_own_devices_alone,
}
