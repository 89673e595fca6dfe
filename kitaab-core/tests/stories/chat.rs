//! Talking: channels, messages, threads, what hangs on them, and how far each has read.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kitaab_core::access::Actor;
use kitaab_core::chat::{
    ChannelKind, ChannelView, EditMessage, Forward, MarkRead, MessageView, MessagesAsk, NewChannel, NewMessage, Posted,
};
use kitaab_core::ids::{ChannelId, MessageId, UserId};
use kitaab_core::input::Input;
use kitaab_core::store::Store;
use kitaab_core::{Error, Settings};

use crate::common::{Studio, code, on_both_engines};

pub fn say(text: &str) -> NewMessage {
    static NAMES: AtomicU64 = AtomicU64::new(1);
    let name = format!("m{}", NAMES.fetch_add(1, Ordering::Relaxed));
    NewMessage { client_message_id: name, text: text.into(), ..NewMessage::default() }
}

pub fn group(name: &str, people: &[&Actor]) -> NewChannel {
    let member_ids = Some(people.iter().map(|person| person.user().unwrap()).collect());
    NewChannel { kind: Some(ChannelKind::Group), name: Some(name.into()), member_ids, ..NewChannel::default() }
}

pub fn id(actor: &Actor) -> UserId {
    actor.user().unwrap()
}

impl Studio {
    /// A studio in which people may talk as fast as they like.
    pub async fn talkative(store: Arc<dyn Store>) -> Self {
        Self::with(store, Settings { limits: false, ..Settings::default() }).await
    }

    pub async fn channels(&self, who: &Actor) -> Vec<ChannelView> {
        self.kitaab.chat(who).channels(self.workspace, Input::default()).await.unwrap().items
    }

    pub async fn channel_named(&self, who: &Actor, name: &str) -> ChannelView {
        self.channels(who).await.into_iter().find(|channel| channel.name.as_deref() == Some(name)).expect("they are in it")
    }

    pub async fn group(&self, name: &str, people: &[&Actor]) -> ChannelId {
        self.kitaab.chat(&self.nikhil).open_channel(self.workspace, group(name, people).into()).await.unwrap().0.item.id
    }

    pub async fn post(&self, who: &Actor, channel: ChannelId, text: &str) -> MessageView {
        self.kitaab.chat(who).post(self.workspace, channel, say(text).into()).await.unwrap().message
    }

    pub async fn reply(&self, who: &Actor, to: &MessageView, text: &str) -> MessageView {
        let reply = NewMessage { reply_to: Some(to.id), ..say(text) };
        self.kitaab.chat(who).post(self.workspace, to.channel_id, reply.into()).await.unwrap().message
    }

    pub async fn page(&self, who: &Actor, channel: ChannelId, ask: MessagesAsk) -> Vec<(i64, Option<String>)> {
        let page = self.kitaab.chat(who).messages(self.workspace, channel, ask.into()).await.unwrap();
        page.items.into_iter().map(|message| (message.seq, message.text)).collect()
    }

    pub async fn message(&self, who: &Actor, id: MessageId) -> MessageView {
        self.kitaab.chat(who).message(self.workspace, id).await.unwrap().item
    }

    pub async fn counts(&self, who: &Actor, channel: ChannelId) -> (i64, i64) {
        let own = self.kitaab.chat(who).channel(self.workspace, channel).await.unwrap().item.own.unwrap();
        (own.unread_count, own.mention_count)
    }

    pub async fn read(&self, who: &Actor, channel: ChannelId, seq: i64, mark_unread: bool) -> i64 {
        let mark = MarkRead { seq: Some(seq), mark_unread };
        self.kitaab.chat(who).mark_read(self.workspace, channel, mark.into()).await.unwrap().own.read_seq
    }
}

async fn people_on_a_project_talk_in_its_channel(store: Arc<dyn Store>) {
    let studio = Studio::on(store).await;
    let website = studio.project("Website").await;
    let (mridul, _) = studio.client("Mridul", &[website]).await;
    let channel = studio.channel_named(&mridul, "Website").await;
    assert_eq!((channel.kind, channel.project_id), (ChannelKind::Project, Some(website)));

    let hello = studio.post(&studio.nikhil, channel.id, "Hello **Mridul**").await;
    let answer = studio.reply(&mridul, &hello, "Hello!").await;
    assert_eq!((hello.seq, answer.seq, answer.thread_id), (1, 2, Some(hello.id)));
    let deeper = studio.reply(&studio.nikhil, &answer, "How is it going?").await;
    assert_eq!(deeper.thread_id, Some(hello.id), "a reply to a reply joins the same thread");
    assert_eq!(studio.message(&mridul, hello.id).await.reply_count, 2);

    let thread = studio.kitaab.chat(&mridul).replies(studio.workspace, deeper.id, Input::default()).await.unwrap();
    assert_eq!(thread.items.iter().map(|reply| reply.id).collect::<Vec<_>>(), [answer.id, deeper.id]);
    assert_eq!(thread.participants.iter().map(|person| person.display_name.as_str()).collect::<Vec<_>>(), ["Nikhil", "Mridul"]);
    assert_eq!((thread.read_seq, thread.unread_count), (0, 1));
    let seen = MarkRead { seq: Some(99), mark_unread: false };
    let position = studio.kitaab.chat(&mridul).mark_thread_read(studio.workspace, hello.id, seen.into()).await.unwrap();
    assert_eq!((position.read_seq, position.unread_count), (3, 0));

    studio.kitaab.chat(&mridul).react(studio.workspace, hello.id, "❤").await.unwrap();
    let loved = studio.kitaab.chat(&studio.nikhil).react(studio.workspace, hello.id, "❤\u{FE0F}").await.unwrap().item;
    assert_eq!(loved.reactions.iter().map(|each| (each.emoji.as_str(), each.count, each.me)).collect::<Vec<_>>(), [("❤️", 2, Some(true))]);
    studio.kitaab.chat(&mridul).pin(studio.workspace, hello.id).await.unwrap();
    studio.kitaab.chat(&mridul).star(studio.workspace, hello.id).await.unwrap();
    let (mine, his) = (studio.message(&mridul, hello.id).await, studio.message(&studio.nikhil, hello.id).await);
    assert_eq!((mine.pinned, mine.starred, his.pinned, his.starred), (true, Some(true), true, Some(false)), "a star is private");
    assert_eq!((mine.client_message_id, his.client_message_id.is_some()), (None, true));
    assert_eq!(studio.kitaab.chat(&mridul).starred(studio.workspace, Input::default()).await.unwrap().items.len(), 1);
    assert_eq!(studio.kitaab.chat(&studio.nikhil).pins(studio.workspace, channel.id).await.unwrap().items[0].id, hello.id);
}

async fn a_message_is_changed_for_a_while_and_deleted_for_good(store: Arc<dyn Store>) {
    let studio = Studio::on(store).await;
    let website = studio.project("Website").await;
    let (mridul, _) = studio.client("Mridul", &[website]).await;
    let channel = studio.channel_named(&mridul, "Website").await.id;
    let said = studio.post(&mridul, channel, "First").await;
    let edit = async |who: &Actor, text: &str| {
        let change = EditMessage { text: text.into() };
        studio.kitaab.chat(who).edit(studio.workspace, said.id, change.into()).await.map(|single| single.item)
    };
    assert_eq!(edit(&mridul, "Second").await.unwrap().text.as_deref(), Some("Second"));
    assert_eq!(code(edit(&studio.nikhil, "Mine").await), "not_author");
    let versions = studio.kitaab.chat(&studio.nikhil).history(studio.workspace, said.id).await.unwrap().items;
    assert_eq!(versions.iter().map(|version| (version.version, version.text.as_str())).collect::<Vec<_>>(), [(1, "First")]);
    studio.clock.advance(Duration::from_mins(15));
    assert_eq!(code(edit(&mridul, "Third").await), "edit_window_over");

    studio.kitaab.chat(&studio.nikhil).react(studio.workspace, said.id, "👍").await.unwrap();
    studio.kitaab.chat(&mridul).star(studio.workspace, said.id).await.unwrap();
    studio.kitaab.chat(&studio.nikhil).delete(studio.workspace, said.id).await.unwrap();
    studio.kitaab.chat(&studio.nikhil).delete(studio.workspace, said.id).await.unwrap();
    let tombstone = studio.message(&mridul, said.id).await;
    assert_eq!((tombstone.text, tombstone.blocks, tombstone.reactions.len()), (None, None, 0));
    assert_eq!(tombstone.deleted_by, studio.nikhil.user(), "the owner redacted it");
    assert_eq!(code(edit(&mridul, "Fourth").await), "message_deleted");
    assert!(studio.kitaab.chat(&mridul).history(studio.workspace, said.id).await.unwrap().items.is_empty());
    assert!(studio.kitaab.chat(&mridul).starred(studio.workspace, Input::default()).await.unwrap().items.is_empty());
    let audit = studio.kitaab.audit(&studio.nikhil).list(studio.workspace, Input::default()).await.unwrap().items;
    let redacted = audit.iter().filter(|entry| entry.action.to_string() == "message.redact" && entry.outcome.to_string() == "done");
    assert_eq!(redacted.count(), 1);
    assert_eq!(
        code(studio.kitaab.chat(&mridul).delete(studio.workspace, studio.post(&studio.nikhil, channel, "Mine").await.id).await),
        "not_author"
    );
}

async fn a_message_changes_a_hundred_times_and_no_more(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let (mridul, _) = studio.client("Mridul", &[studio.project("Website").await]).await;
    let channel = studio.channel_named(&mridul, "Website").await.id;
    let too_often = studio.post(&mridul, channel, "0").await;
    for n in 1..=100 {
        let change = EditMessage { text: n.to_string() };
        studio.kitaab.chat(&mridul).edit(studio.workspace, too_often.id, change.into()).await.unwrap();
    }
    let once_more = EditMessage { text: "101".into() };
    assert_eq!(code(studio.kitaab.chat(&mridul).edit(studio.workspace, too_often.id, once_more.into()).await), "too_many_edits");
    assert_eq!(studio.message(&mridul, too_often.id).await.text.as_deref(), Some("100"));
    assert_eq!(studio.kitaab.chat(&mridul).history(studio.workspace, too_often.id).await.unwrap().items.len(), 100);
}

async fn a_message_is_made_once_however_often_it_is_sent(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let page = studio.group("Page", &[]).await;
    let message = say("Once");
    let sends = (0..20).map(|n| {
        let (kitaab, nikhil, workspace) = (studio.kitaab.clone(), studio.nikhil.clone(), studio.workspace);
        let again = NewMessage { text: if n % 2 == 0 { "Once".into() } else { "Another".into() }, ..message.clone() };
        tokio::spawn(async move { kitaab.chat(&nikhil).post(workspace, page, again.into()).await.unwrap() })
    });
    let answers: Vec<Posted> = futures_util::future::join_all(sends).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|posted| posted.made).count(), 1);
    assert_eq!(answers.iter().map(|posted| posted.message.id).collect::<HashSet<_>>().len(), 1);
    assert_eq!(answers.iter().map(|posted| posted.message.text.clone()).collect::<HashSet<_>>().len(), 1);
    assert_eq!(studio.page(&studio.nikhil, page, MessagesAsk::default()).await.len(), 1);
    let id = answers[0].message.id;
    studio.kitaab.chat(&studio.nikhil).delete(studio.workspace, id).await.unwrap();
    let again = studio.kitaab.chat(&studio.nikhil).post(studio.workspace, page, message.into()).await.unwrap();
    assert_eq!((again.message.id, again.made, again.message.text), (id, false, None), "its tombstone answers too");
}

async fn many_who_post_at_once_get_numbers_without_gaps(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let (one, other) = (studio.group("One", &[&meera]).await, studio.group("Other", &[&meera]).await);
    let sends = (0..60).map(|n| {
        let (kitaab, workspace) = (studio.kitaab.clone(), studio.workspace);
        let who = if n % 2 == 0 { studio.nikhil.clone() } else { meera.clone() };
        let channel = if n % 3 == 0 { one } else { other };
        tokio::spawn(async move { kitaab.chat(&who).post(workspace, channel, say(&format!("{n}")).into()).await.unwrap().message.seq })
    });
    futures_util::future::join_all(sends).await.into_iter().for_each(|sent| assert!(sent.unwrap() > 0));
    for (channel, many) in [(one, 20), (other, 40)] {
        let numbers: Vec<i64> = studio.page(&meera, channel, MessagesAsk::default()).await.into_iter().map(|(seq, _)| seq).collect();
        assert_eq!(numbers, (1..=many).collect::<Vec<_>>());
    }
}

async fn a_post_that_is_refused_hurts_no_other(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let (both, hers) = (studio.group("Both", &[&meera]).await, studio.group("His", &[]).await);
    let elsewhere = studio.post(&studio.nikhil, hers, "Elsewhere").await.id;
    let stranger = format!("<@{}>", uuid::Uuid::from_u128(99));
    let posts = [
        (both, say("Good"), None),
        (hers, say("Not in it"), Some("not_found")),
        (both, say(""), Some("invalid")),
        (both, say(&"x".repeat(10_001)), Some("invalid")),
        (both, say(&stranger), Some("invalid")),
        (both, NewMessage { reply_to: Some(elsewhere), ..say("Reply") }, Some("invalid")),
        (both, NewMessage { quote_of: Some(elsewhere), ..say("Quote") }, Some("invalid")),
        (both, NewMessage { file_ids: vec![uuid::Uuid::from_u128(99)], ..say("File") }, Some("invalid")),
        (both, NewMessage { client_message_id: "two words".into(), ..say("Name") }, Some("invalid")),
        (both, NewMessage { client_message_id: "x".repeat(65), ..say("Name") }, Some("invalid")),
        (both, say("Good too"), None),
    ];
    let sends = posts.map(|(channel, new, expected)| {
        let (kitaab, meera, workspace) = (studio.kitaab.clone(), meera.clone(), studio.workspace);
        async move {
            let text = new.text.chars().take(40).collect::<String>();
            let answer = kitaab.chat(&meera).post(workspace, channel, new.into()).await;
            assert_eq!(answer.err().map(|error| error.code()), expected, "{text}");
        }
    });
    futures_util::future::join_all(sends).await;
    let mut said: Vec<_> = studio.page(&meera, both, MessagesAsk::default()).await.into_iter().filter_map(|(_, text)| text).collect();
    said.sort_unstable();
    assert_eq!(said, ["Good", "Good too"]);
    assert_eq!(studio.channel_named(&meera, "Both").await.last_seq, 2);
}

async fn pages_go_both_ways_from_any_place(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let page = studio.group("Page", &[]).await;
    for n in 1..=12 {
        studio.post(&studio.nikhil, page, &format!("{n}")).await;
    }
    let look = async |ask: MessagesAsk| {
        let page = studio.kitaab.chat(&studio.nikhil).messages(studio.workspace, page, ask.into()).await.unwrap();
        (page.items.iter().map(|message| message.seq).collect::<Vec<_>>(), page.has_before, page.has_after)
    };
    let limit = Some(5);
    let ask = MessagesAsk { limit, ..MessagesAsk::default() };
    assert_eq!(look(ask.clone()).await, ((8..=12).collect(), true, false));
    assert_eq!(look(MessagesAsk { before: Some(8), ..ask.clone() }).await, ((3..=7).collect(), true, true));
    assert_eq!(look(MessagesAsk { before: Some(3), ..ask.clone() }).await, ((1..=2).collect(), false, true));
    assert_eq!(look(MessagesAsk { after: Some(0), ..ask.clone() }).await, ((1..=5).collect(), false, true));
    assert_eq!(look(MessagesAsk { after: Some(8), ..ask.clone() }).await, ((9..=12).collect(), true, false));
    assert_eq!(look(MessagesAsk { around: Some(6), ..ask.clone() }).await, ((4..=8).collect(), true, true));
    assert_eq!(look(MessagesAsk { around: Some(12), ..ask.clone() }).await, ((10..=12).collect(), true, false));
    assert_eq!(look(MessagesAsk { after: Some(12), ..ask.clone() }).await, (vec![], true, false));
}

async fn what_is_forwarded_says_the_same_and_calls_nobody(store: Arc<dyn Store>) {
    let studio = Studio::on(store).await;
    let meera = studio.colleague("Meera").await;
    let website = studio.project("Website").await;
    let (mridul, _) = studio.client("Mridul", &[website]).await;
    let (inside, outside) = (studio.group("Inside", &[&meera]).await, studio.channel_named(&mridul, "Website").await.id);
    let said = studio.post(&studio.nikhil, inside, &format!("<@{}> knows, <!channel>", id(&meera))).await;
    let forward = Forward { channel_id: Some(outside), client_message_id: "f1".into() };
    let copy = studio.kitaab.chat(&meera).forward(studio.workspace, said.id, forward.clone().into()).await.unwrap().message;
    assert_eq!((copy.text.as_deref(), copy.quote_of, copy.author.id), (Some("@Meera knows, @channel"), Some(said.id), meera.user()));
    assert_eq!(studio.counts(&mridul, outside).await, (1, 0));
    assert_eq!(code(studio.kitaab.chat(&mridul).message(studio.workspace, said.id).await), "not_found");
    let to_hidden = Forward { channel_id: Some(inside), client_message_id: "f2".into() };
    assert_eq!(code(studio.kitaab.chat(&mridul).forward(studio.workspace, copy.id, to_hidden.into()).await), "invalid");
    let repeated = studio.kitaab.chat(&meera).forward(studio.workspace, said.id, forward.into()).await.unwrap();
    assert_eq!((repeated.made, repeated.message.id), (false, copy.id));
}

async fn what_is_unread_is_counted_and_receipts_tell_who_has_seen_what(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    for text in ["1", "2", &format!("<@{}>", id(&meera)), "4", "<!channel> 5"] {
        studio.post(&studio.nikhil, page, text).await;
    }
    assert_eq!(studio.counts(&meera, page).await, (5, 2));
    assert_eq!(studio.read(&meera, page, 3, false).await, 3);
    assert_eq!(studio.counts(&meera, page).await, (2, 1));
    assert_eq!(studio.read(&meera, page, 1, false).await, 3, "a position only moves forward");
    assert_eq!(studio.read(&meera, page, 99, false).await, 5, "and not beyond what there is");
    assert_eq!(studio.read(&meera, page, 4, true).await, 3, "marked unread, it is unread from there on");
    assert_eq!(studio.counts(&meera, page).await, (2, 1));
    let receipts = studio.kitaab.chat(&studio.nikhil).receipts(studio.workspace, page).await.unwrap().items;
    let of_meera = receipts.iter().find(|receipt| receipt.user_id == id(&meera)).unwrap();
    assert_eq!(of_meera.seq, 5, "what was seen was seen");
    studio.post(&meera, page, "6").await;
    assert_eq!(studio.counts(&meera, page).await, (0, 0), "who writes has read");
}

/// What a naive reader of everything would count.
fn naive(messages: &[MessageView], me: &Actor, read_seq: i64) -> (i64, i64) {
    let unread: Vec<_> = messages
        .iter()
        .filter(|message| message.seq > read_seq && message.author.id != me.user() && message.deleted_at.is_none())
        .collect();
    let calls = |message: &&&MessageView| {
        message.mentions.contains(&me.user().unwrap()) || message.text.as_deref().is_some_and(|text| text.contains("<!channel>"))
    };
    (i64::try_from(unread.len()).unwrap(), i64::try_from(unread.iter().filter(calls).count()).unwrap())
}

async fn counts_never_drift_from_what_was_said(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let (meera, dev) = (studio.colleague("Meera").await, studio.colleague("Dev").await);
    let page = studio.group("Page", &[&meera, &dev]).await;
    let people = [studio.nikhil.clone(), meera.clone(), dev.clone()];
    // A fixed seed: the same course each time.
    let mut seed = 20_261_121_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut said: Vec<MessageView> = Vec::new();
    for _ in 0..120 {
        let who = people[usize::try_from(random(3)).unwrap()].clone();
        let other = people[usize::try_from(random(3)).unwrap()].clone();
        let text = ["hi".into(), format!("<@{}>", id(&other)), "<!channel>".into()][usize::try_from(random(3)).unwrap()].clone();
        let at = |said: &[MessageView], n: u64| said[usize::try_from(n).unwrap() % said.len()].clone();
        match random(7) {
            0 | 1 => said.push(studio.post(&who, page, &text).await),
            2 if !said.is_empty() => {
                let message = at(&said, random(1000));
                let author = Actor::person(message.author.id.unwrap());
                studio.kitaab.chat(&author).edit(studio.workspace, message.id, EditMessage { text }.into()).await.ok();
            }
            3 if !said.is_empty() => {
                let message = at(&said, random(1000));
                studio.kitaab.chat(&studio.nikhil).delete(studio.workspace, message.id).await.unwrap();
            }
            // Two devices at once.
            4 if !said.is_empty() => {
                let (one, two) = (at(&said, random(1000)).seq, at(&said, random(1000)).seq);
                tokio::join!(studio.read(&who, page, one, false), studio.read(&who, page, two, false));
            }
            5 if !said.is_empty() => {
                let seq = at(&said, random(1000)).seq;
                studio.read(&who, page, seq, true).await;
            }
            6 if who.user() != studio.nikhil.user() => {
                studio.kitaab.chat(&studio.nikhil).remove_channel_member(studio.workspace, page, id(&who)).await.unwrap();
                studio.kitaab.chat(&studio.nikhil).add_channel_member(studio.workspace, page, id(&who)).await.unwrap();
            }
            _ => {}
        }
        let ask = MessagesAsk { limit: Some(200), ..MessagesAsk::default() };
        let now = studio.kitaab.chat(&studio.nikhil).messages(studio.workspace, page, ask.into()).await.unwrap().items;
        for person in &people {
            let own = studio.kitaab.chat(person).channel(studio.workspace, page).await.unwrap().item.own.unwrap();
            assert_eq!((own.unread_count, own.mention_count), naive(&now, person, own.read_seq));
        }
    }
}

async fn a_person_posts_no_faster_than_people_do(store: Arc<dyn Store>) {
    let studio = Studio::on(store).await;
    let page = studio.group("Page", &[]).await;
    let mut answers = Vec::new();
    for n in 0..25 {
        answers.push(studio.kitaab.chat(&studio.nikhil).post(studio.workspace, page, say(&format!("{n}")).into()).await);
    }
    let refused: Vec<_> = answers.into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 5, "a new account posts twenty messages in ten seconds");
    assert!(matches!(refused[0], Error::TooMany { retry_after } if retry_after > Duration::ZERO));
    let said = studio.kitaab.chat(&studio.nikhil).messages(studio.workspace, page, Input::default()).await.unwrap().items;
    assert_eq!(said.len(), 20, "and reads as ever");
    let change = studio.kitaab.chat(&studio.nikhil).edit(studio.workspace, said[0].id, EditMessage { text: "other".into() }.into()).await;
    assert_eq!(code(change), "too_many_requests", "a change counts as a post");
    studio.clock.advance(Duration::from_secs(10));
    studio.post(&studio.nikhil, page, "later").await;
}

on_both_engines! {
    people_on_a_project_talk_in_its_channel,
    a_message_is_changed_for_a_while_and_deleted_for_good,
    a_message_changes_a_hundred_times_and_no_more,
    a_message_is_made_once_however_often_it_is_sent,
    many_who_post_at_once_get_numbers_without_gaps,
    a_post_that_is_refused_hurts_no_other,
    pages_go_both_ways_from_any_place,
    what_is_forwarded_says_the_same_and_calls_nobody,
    what_is_unread_is_counted_and_receipts_tell_who_has_seen_what,
    counts_never_drift_from_what_was_said,
    a_person_posts_no_faster_than_people_do,
}
