//! Following what happens: everything that is for one, once and in order, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use kitaab_core::Kitaab;
use kitaab_core::access::{Actor, Role};
use kitaab_core::chat::{EditMessage, KeepDraft, MarkRead, UpdateChannel, UpdatePreferences};
use kitaab_core::client::{NewClient, UpdateClient};
use kitaab_core::event::{EventKind, Feed, From, Heard};
use kitaab_core::finance::{EntryKind, NewEntry, NewTimeEntry, UpdateEntry, UpdateTimeEntry};
use kitaab_core::input::{Input, Patch};
use kitaab_core::notification::MarkNotifications;
use kitaab_core::project::{
    EditUpdate, NewTask, NewTaskComment, NewUpdate, ProjectGrant, Share, UpdateProject, UpdateTask, UpdateTaskComment,
};
use kitaab_core::store::Store;
use kitaab_core::workspace::{DeleteWorkspace, UpdateMember};
use serde_json::Value;

use crate::chat::say;
use crate::common::{Studio, on_both_engines};

/// What a follower is told until nothing more comes at once.
async fn hear(feed: &mut Feed) -> Vec<Value> {
    let mut heard = Vec::new();
    loop {
        match feed.now(7).await.unwrap() {
            Heard::Batch(batch) => {
                let more = batch.more;
                heard.extend(batch.events.iter().map(|event| serde_json::from_str::<Value>(&event.json()).unwrap()));
                if !more {
                    return heard;
                }
            }
            Heard::Ended => return heard,
            other => panic!("{other:?}"),
        }
    }
}

fn kinds(heard: &[Value]) -> Vec<&str> {
    heard.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

async fn follow(studio: &Studio, who: &Actor) -> Feed {
    studio.kitaab.follow(who, studio.workspace, From::Now).await.unwrap()
}

async fn resume(studio: &Studio, who: &Actor, cursor: &str) -> Feed {
    studio.kitaab.follow(who, studio.workspace, From::Cursor(cursor.into())).await.unwrap()
}

async fn what_is_said_is_heard_by_all_in_the_channel_in_order(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let website = studio.project("Website").await;
    let ((mridul, _), meera) = (studio.client("Mridul", &[website]).await, studio.colleague("Meera").await);
    let channel = studio.channel_named(&mridul, "Website").await.id;
    let mut feeds = Vec::new();
    for who in [&studio.nikhil, &meera, &mridul] {
        feeds.push(follow(&studio, who).await);
    }
    for n in 1..=20 {
        studio.post(if n % 2 == 0 { &mridul } else { &meera }, channel, &format!("{n}")).await;
    }
    for (feed, who) in feeds.iter_mut().zip([&studio.nikhil, &meera, &mridul]) {
        let heard = hear(feed).await;
        let texts: Vec<_> = heard.iter().map(|event| event["data"]["text"].as_str().unwrap().to_owned()).collect();
        assert_eq!(texts, (1..=20).map(|n| n.to_string()).collect::<Vec<_>>());
        for event in &heard {
            assert_eq!(event["type"], "message.created");
            assert_eq!(event["channel_id"], channel.to_string());
            assert!(event["data"].get("starred").is_none() && event["data"].get("client_message_id").is_none());
            let own = event["actor_id"] == who.user().unwrap().to_string();
            assert_eq!(event.get("client_message_id").is_some(), own, "beside the data, for the author's own devices");
        }
    }
    // Somebody who waits hears at once.
    let mut waiting = feeds.pop().unwrap();
    let hearing = tokio::spawn(async move { waiting.next().await.unwrap() });
    studio.post(&meera, channel, "Are you there?").await;
    let heard = tokio::time::timeout(Duration::from_secs(5), hearing).await.unwrap().unwrap();
    assert!(matches!(heard, Heard::Batch(batch) if batch.events.len() == 1));
}

async fn who_comes_back_hears_what_they_missed_as_it_is_now(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let website = studio.project("Website").await;
    let (mridul, _) = studio.client("Mridul", &[website]).await;
    let channel = studio.channel_named(&mridul, "Website").await.id;
    let cursor = follow(&studio, &mridul).await.cursor().to_owned();
    let first = studio.post(&studio.nikhil, channel, "A secret slipped out").await;
    let second = studio.post(&studio.nikhil, channel, "Befor").await;
    let change = EditMessage { text: "Before".into() };
    studio.kitaab.chat(&studio.nikhil).edit(studio.workspace, second.id, change.into()).await.unwrap();
    studio.kitaab.chat(&studio.nikhil).delete(studio.workspace, first.id).await.unwrap();
    let mut feed = resume(&studio, &mridul, &cursor).await;
    assert!(feed.recovered());
    let heard = hear(&mut feed).await;
    assert_eq!(kinds(&heard), ["message.created", "message.created", "message.edited", "message.deleted"]);
    assert_eq!(heard[0]["data"]["text"], Value::Null, "what was deleted is replayed as a tombstone");
    assert_eq!(heard[1]["data"]["text"], "Before");
    assert!(!serde_json::to_string(&heard).unwrap().contains("secret"));
    assert!(hear(&mut feed).await.is_empty(), "once");
    let later = match feed.now(300).await.unwrap() {
        Heard::Batch(batch) => batch.cursor,
        other => panic!("{other:?}"),
    };
    assert!(hear(&mut resume(&studio, &mridul, &later).await).await.is_empty());
    assert_eq!(hear(&mut resume(&studio, &mridul, &cursor).await).await, heard, "a repeat has the same ids");
}

async fn a_follower_who_saw_it_live_forgets_nothing_that_was_deleted_meanwhile(store: Arc<dyn Store>) {
    // What is in memory is written anew once it changes.
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    let cursor = follow(&studio, &meera).await.cursor().to_owned();
    let mut live = follow(&studio, &studio.nikhil).await;
    let said = studio.post(&studio.nikhil, page, "A secret").await;
    assert_eq!(hear(&mut live).await[0]["data"]["text"], "A secret");
    studio.kitaab.chat(&studio.nikhil).delete(studio.workspace, said.id).await.unwrap();
    let heard = hear(&mut resume(&studio, &meera, &cursor).await).await;
    assert_eq!(kinds(&heard), ["message.created", "message.deleted"]);
    assert!(!serde_json::to_string(&heard).unwrap().contains("secret"));
}

async fn a_place_that_cannot_be_trusted_leads_to_a_new_beginning(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    let mut feed = follow(&studio, &meera).await;
    assert!(!feed.recovered(), "who begins now recovers nothing");
    studio.post(&studio.nikhil, page, "One").await;
    hear(&mut feed).await;
    let Heard::Batch(batch) = feed.now(1).await.unwrap() else { panic!("a batch") };
    let good = batch.cursor;
    let mut changed = good.clone().into_bytes();
    let last = changed.len() - 1;
    changed[last] = if changed[last] == b'A' { b'B' } else { b'A' };
    let of_nikhil = follow(&studio, &studio.nikhil).await.cursor().to_owned();
    for bad in [String::from_utf8(changed).unwrap(), of_nikhil, "garbage".into(), String::new(), "x".repeat(10_000)] {
        let anew = resume(&studio, &meera, &bad).await;
        assert!(!anew.recovered(), "{bad:.40}");
    }
    assert!(resume(&studio, &meera, &good).await.recovered());
    // The log is forgotten behind the cursor.
    let old = good;
    studio.post(&studio.nikhil, page, "What is forgotten").await;
    studio.clock.advance(Duration::from_hours(31 * 24));
    studio.post(&studio.nikhil, page, "Two").await;
    studio.kitaab.run_due_jobs().await.unwrap();
    studio.kitaab.sweep().await.unwrap();
    assert!(!resume(&studio, &meera, &old).await.recovered(), "too old");
    let mut start = studio.kitaab.follow(&meera, studio.workspace, From::Start).await.unwrap();
    assert_eq!(hear(&mut start).await.len(), 1, "the oldest that is kept");
}

async fn who_is_put_out_hears_that_and_nothing_after_it(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let website = studio.project("Website").await;
    let ((mridul, card), meera) = (studio.client("Mridul", &[website]).await, studio.colleague("Meera").await);
    let channel = studio.channel_named(&mridul, "Website").await.id;
    let page = studio.group("Page", &[&mridul, &meera]).await;
    let (mut client, mut member) = (follow(&studio, &mridul).await, follow(&studio, &meera).await);
    let before = client.cursor().to_owned();
    studio.post(&meera, channel, "Before").await;
    studio.kitaab.chat(&studio.nikhil).remove_channel_member(studio.workspace, page, mridul.user().unwrap()).await.unwrap();
    studio.post(&meera, page, "He is gone").await;
    let heard = hear(&mut client).await;
    assert_eq!(kinds(&heard), ["message.created", "access.lost"]);
    assert_eq!(heard[1]["data"], serde_json::json!({"channel_id": page}));

    studio.kitaab.projects(&studio.nikhil).unshare(studio.workspace, website, card).await.unwrap();
    studio.post(&meera, channel, "And gone from here").await;
    let change = UpdateProject { name: Some("Secret".into()), ..UpdateProject::default() };
    studio.kitaab.projects(&studio.nikhil).update(studio.workspace, website, change.into(), None).await.unwrap();
    let heard = hear(&mut client).await;
    assert_eq!(kinds(&heard), ["access.lost"]);
    assert_eq!(heard[0]["data"], serde_json::json!({"project_id": website, "channel_id": channel}));
    // Also who comes back from before it hears nothing of what they lost.
    let heard = hear(&mut resume(&studio, &mridul, &before).await).await;
    assert_eq!(kinds(&heard), ["access.lost", "access.lost"]);

    let grant = Some(ProjectGrant { tasks: false, comments: false, upload: false });
    studio.kitaab.projects(&studio.nikhil).share(studio.workspace, website, card, Share { grant }.into()).await.unwrap();
    studio.post(&meera, channel, "Welcome back").await;
    let heard = hear(&mut client).await;
    assert_eq!(kinds(&heard)[0], "access.gained");
    assert_eq!(heard.last().unwrap()["data"]["text"], "Welcome back");
    let heard = hear(&mut resume(&studio, &mridul, &before).await).await;
    assert!(!serde_json::to_string(&heard).unwrap().contains("gone from here"), "what happened before is fetched, not replayed");

    studio.kitaab.people(&studio.nikhil).remove(studio.workspace, meera.user().unwrap()).await.unwrap();
    studio.post(&studio.nikhil, channel, "She is gone").await;
    let heard = hear(&mut member).await;
    assert_eq!(heard.last().unwrap()["data"], serde_json::json!({"workspace_id": studio.workspace}));
    assert_eq!(kinds(&heard).iter().filter(|kind| **kind == "access.lost").count(), 1);
    assert!(matches!(member.next().await.unwrap(), Heard::Ended));
    assert!(studio.kitaab.follow(&meera, studio.workspace, From::Now).await.is_err());
}

/// Has everything happen once that the log tells of.
async fn everything(studio: &Studio, mridul: &Actor, meera: &Actor) {
    let (kitaab, workspace, nikhil) = (&studio.kitaab, studio.workspace, &studio.nikhil);
    let website = studio.project("Shown").await;
    let hidden = studio.project("Hidden").await;
    let cards = kitaab.clients(nikhil).list(workspace, Input::default()).await.unwrap().items;
    let card = cards.iter().find(|card| card.user_id == mridul.user()).unwrap().id;
    let grant = Some(ProjectGrant { tasks: true, comments: false, upload: false });
    kitaab.projects(nikhil).share(workspace, website, card, Share { grant }.into()).await.unwrap();
    for project in [website, hidden] {
        let rename = UpdateProject { description: Some("More".to_owned()).map_or(Patch::Keep, Patch::Set), ..UpdateProject::default() };
        kitaab.projects(nikhil).update(workspace, project, rename.into(), None).await.unwrap();
        for shown in [true, false] {
            let new = NewTask { title: "Task".into(), client_visible: Some(shown), ..NewTask::default() };
            let task = kitaab.tasks(meera).create(workspace, project, new.into()).await.unwrap().item.id;
            let said = NewTaskComment { text: "Comment".into(), client_visible: None };
            let comment = kitaab.tasks(meera).comment(workspace, task, said.into()).await.unwrap().item.id;
            let change = UpdateTaskComment { text: Some("Comment!".into()), client_visible: None };
            kitaab.tasks(meera).update_comment(workspace, comment, change.into(), None).await.unwrap();
            kitaab.tasks(nikhil).delete_comment(workspace, comment).await.unwrap();
            let change = UpdateTask { title: Some("Task!".into()), ..UpdateTask::default() };
            kitaab.tasks(meera).update(workspace, task, change.into(), None).await.unwrap();
            kitaab.tasks(nikhil).delete(workspace, task).await.unwrap();
        }
        let update = kitaab.updates(nikhil).post(workspace, project, NewUpdate { text: "Update".into() }.into()).await.unwrap().item.id;
        let change = EditUpdate { text: Some("Update!".into()) };
        kitaab.updates(nikhil).update(workspace, update, change.into(), None).await.unwrap();
        kitaab.updates(nikhil).delete(workspace, update).await.unwrap();
    }
    let new = NewClient { name: "Quiet".into(), email: "quiet@example.com".into(), ..NewClient::default() };
    let quiet = kitaab.clients(nikhil).create(workspace, new.into()).await.unwrap().item.id;
    let change = UpdateClient { name: Some("Quieter".into()), ..UpdateClient::default() };
    kitaab.clients(nikhil).update(workspace, quiet, change.into(), None).await.unwrap();
    kitaab.clients(nikhil).delete(workspace, quiet).await.unwrap();
    let invited = studio.invite_client("Zoya", &[]).await;
    kitaab.invitations(nikhil).revoke(workspace, invited.id).await.unwrap();
    for kind in [EntryKind::Expense, EntryKind::Income] {
        let new = serde_json::from_value::<NewEntry>(
            serde_json::json!({"money": {"amount": "5.00", "currency": "EUR"}, "on": "2026-01-02", "category": "x"}),
        );
        let entry = kitaab.finance(nikhil).create(workspace, kind, new.unwrap().into()).await.unwrap().item.id;
        let change = UpdateEntry { category: Patch::Set("y".into()), ..UpdateEntry::default() };
        kitaab.finance(nikhil).update(workspace, kind, entry, change.into(), None).await.unwrap();
        kitaab.finance(nikhil).delete(workspace, kind, entry).await.unwrap();
    }
    let new = serde_json::json!({"project_id": website, "started_at": "2026-01-02T10:00:00Z", "ended_at": "2026-01-02T11:00:00Z"});
    let new = serde_json::from_value::<NewTimeEntry>(new).unwrap();
    let entry = kitaab.time(nikhil).create(workspace, new.into()).await.unwrap().item.id;
    let change = UpdateTimeEntry { billable: Some(false), ..UpdateTimeEntry::default() };
    kitaab.time(nikhil).update(workspace, entry, change.into(), None).await.unwrap();
    kitaab.time(nikhil).delete(workspace, entry).await.unwrap();

    let (with, without) = (studio.group("With", &[mridul, meera]).await, studio.group("Without", &[meera]).await);
    for channel in [with, without, studio.channel_named(nikhil, "Hidden").await.id] {
        let said = studio.post(meera, channel, "Said").await;
        let change = EditMessage { text: "Said!".into() };
        kitaab.chat(meera).edit(workspace, said.id, change.into()).await.unwrap();
        kitaab.chat(meera).pin(workspace, said.id).await.unwrap();
        kitaab.chat(meera).unpin(workspace, said.id).await.unwrap();
        kitaab.chat(meera).react(workspace, said.id, "👍").await.unwrap();
        kitaab.chat(meera).unreact(workspace, said.id, "👍").await.unwrap();
        kitaab.chat(meera).star(workspace, said.id).await.unwrap();
        kitaab.chat(meera).unstar(workspace, said.id).await.unwrap();
        kitaab.chat(nikhil).mark_read(workspace, channel, MarkRead { seq: Some(1), mark_unread: false }.into()).await.unwrap();
        let keep = UpdatePreferences { pinned: Some(true), ..UpdatePreferences::default() };
        kitaab.chat(meera).update_preferences(workspace, channel, keep.into()).await.unwrap();
        let draft = KeepDraft { text: "Well".into(), ..KeepDraft::default() };
        kitaab.chat(meera).keep_draft(workspace, channel, draft.into()).await.unwrap();
        let call = format!("<@{}>", meera.user().unwrap());
        kitaab.chat(nikhil).post(workspace, channel, say(&call).into()).await.unwrap();
        let heard = kitaab.notifications(meera).list(workspace, Input::default()).await.unwrap().items;
        let read = MarkNotifications { ids: Some(heard.iter().map(|each| each.id).collect()), before: None };
        kitaab.notifications(meera).mark_read(workspace, read.into()).await.unwrap();
        kitaab.chat(meera).delete(workspace, said.id).await.unwrap();
    }
    for channel in [with, without] {
        let rename = UpdateChannel { name: Some("Renamed".into()), archived: None };
        kitaab.chat(nikhil).update_channel(workspace, channel, rename.into(), None).await.unwrap();
        kitaab.chat(nikhil).remove_channel_member(workspace, channel, meera.user().unwrap()).await.unwrap();
        kitaab.chat(nikhil).add_channel_member(workspace, channel, meera.user().unwrap()).await.unwrap();
        let archive = UpdateChannel { name: None, archived: Some(true) };
        kitaab.chat(nikhil).update_channel(workspace, channel, archive.into(), None).await.unwrap();
    }
    kitaab.projects(nikhil).delete(workspace, hidden).await.ok();
}

async fn every_kind_of_event_reaches_exactly_those_it_is_for(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let old = studio.project("Old").await;
    let (mridul, _) = studio.client("Mridul", &[old]).await;
    let (farah, _) = studio.client("Farah", &[]).await;
    let meera = studio.colleague("Meera").await;
    let (stranger, _) = crate::common::freelancer(&studio.kitaab, "Stranger").await;
    assert!(studio.kitaab.follow(&stranger, studio.workspace, From::Now).await.is_err());
    assert!(studio.kitaab.follow(&Actor::nobody(), studio.workspace, From::Now).await.is_err());
    let people = [("owner", &studio.nikhil), ("member", &meera), ("client", &mridul), ("other client", &farah)];
    let mut feeds = Vec::new();
    for (_, who) in people {
        feeds.push(follow(&studio, who).await);
    }
    everything(&studio, &mridul, &meera).await;
    let mut told: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut words: BTreeMap<&str, String> = BTreeMap::new();
    for ((role, _), feed) in people.iter().zip(&mut feeds) {
        let heard = hear(feed).await;
        told.insert(role, kinds(&heard).into_iter().map(str::to_owned).collect());
        words.insert(role, serde_json::to_string(&heard).unwrap());
    }
    let everything_there_is: BTreeSet<String> = EventKind::ALL.iter().map(ToString::to_string).collect();
    let silent = ["access.changed", "access.lost", "project.deleted"];
    let ledger = |kind: &String| ["expense.", "income.", "time_entry."].iter().any(|money| kind.starts_with(money));
    let own = |kind: &String| ["star.", "read.", "draft.", "channel.preferences", "notifications."].iter().any(|own| kind.starts_with(own));
    for kind in everything_there_is.iter().filter(|kind| !silent.contains(&kind.as_str())) {
        let staff = told["owner"].contains(kind) || told["member"].contains(kind);
        assert!(staff, "nobody was told of {kind}: does anything tell it?");
    }
    assert!(told["member"].iter().all(|kind| !ledger(kind)), "{:?}", told["member"]);
    assert!(told["owner"].iter().filter(|kind| ledger(kind)).count() == 9);
    // What one does for oneself is nobody else's.
    assert!(told["owner"].contains("read.moved") && !told["owner"].contains("star.added"));
    assert!(told["member"].contains("star.added") && !told["member"].contains("read.moved"));
    for kind in ["draft.changed", "channel.preferences_changed", "notifications.read"] {
        assert!(told["member"].contains(kind) && !told["owner"].contains(kind), "{kind}");
    }
    for client in ["client", "other client"] {
        let staff_only = |kind: &String| ledger(kind) || own(kind) || kind.starts_with("client.") || kind.starts_with("invitation.");
        assert!(told[client].iter().all(|kind| !staff_only(kind)), "{client}: {:?}", told[client]);
        for secret in ["Hidden", "internal_notes", "amount", "Quiet", "quiet@", "Without", "task_comment", "@example.com"] {
            assert!(!words[client].contains(secret), "{client} was told {secret}");
        }
    }
    assert!(told["other client"].is_empty(), "{:?}", told["other client"]);
    let for_clients = ["access.gained", "task.created", "update.created", "message.created", "reaction.added", "channel.member_removed"];
    for kind in for_clients {
        assert!(told["client"].contains(kind), "the client was not told of {kind}: {:?}", told["client"]);
    }
    // Both tasks of the shown project were told to staff, one to the client.
    let tasks = |role: &str| words[role].matches("\"task.created\"").count();
    assert_eq!((tasks("owner"), tasks("member"), tasks("client")), (4, 4, 1));
}

async fn many_writers_leave_no_gap_for_who_follows(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let channels = [studio.group("One", &[&meera]).await, studio.group("Two", &[&meera]).await];
    let mut feed = follow(&studio, &meera).await;
    let hearing = tokio::spawn(async move {
        let mut heard = Vec::new();
        while heard.len() < 160 {
            match tokio::time::timeout(Duration::from_secs(20), feed.next()).await.expect("all of it comes").unwrap() {
                Heard::Batch(batch) => {
                    heard.extend(batch.events.iter().map(|event| serde_json::from_str::<Value>(&event.json()).unwrap()));
                }
                Heard::Passing(_) => {}
                other => panic!("{other:?}"),
            }
        }
        heard
    });
    let writers = (0..8).map(|writer| {
        let (kitaab, nikhil, workspace) = (studio.kitaab.clone(), studio.nikhil.clone(), studio.workspace);
        let channel = channels[writer % 2];
        tokio::spawn(async move {
            for n in 0..20 {
                kitaab.chat(&nikhil).post(workspace, channel, say(&format!("{writer} {n}")).into()).await.unwrap();
            }
        })
    });
    futures_util::future::join_all(writers).await.into_iter().for_each(|done| done.unwrap());
    let heard = hearing.await.unwrap();
    for channel in channels {
        let numbers: Vec<i64> = heard
            .iter()
            .filter(|event| event["channel_id"] == channel.to_string())
            .map(|event| event["data"]["seq"].as_i64().unwrap())
            .collect();
        assert_eq!(numbers, (1..=80).collect::<Vec<_>>(), "each once, in the order of the channel");
    }
}

async fn a_workspace_that_is_deleted_ends_what_followed_it(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store.clone()).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    let mut here = follow(&studio, &meera).await;
    // Another server of the same database learns of it by looking.
    let elsewhere = Kitaab::builder(store).clock(studio.clock.clone()).build();
    let mut there = elsewhere.follow(&meera, studio.workspace, From::Now).await.unwrap();
    studio.post(&studio.nikhil, page, "The last word").await;
    for feed in [&mut here, &mut there] {
        let Heard::Batch(batch) = feed.next().await.unwrap() else { panic!("a batch") };
        assert!(batch.events[0].json().contains("The last word"));
    }
    let fresh = studio.nikhil.clone().fresh_until(studio.kitaab.now().after(Duration::from_mins(15)));
    let confirm = DeleteWorkspace { confirm: "Nikhil Design".into() };
    studio.kitaab.workspaces(&fresh).delete(studio.workspace, confirm.into()).await.unwrap();
    for feed in [&mut here, &mut there] {
        let Heard::Batch(batch) = feed.next().await.unwrap() else { panic!("a batch") };
        let told: Value = serde_json::from_str(&batch.events[0].json()).unwrap();
        assert_eq!((told["type"].as_str(), &told["data"]), (Some("access.lost"), &serde_json::json!({"workspace_id": studio.workspace})));
        assert!(matches!(feed.next().await.unwrap(), Heard::Ended));
    }
}

async fn who_becomes_an_owner_gains_the_groups_and_hears_nothing_from_before(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let (meera, sara) = (studio.colleague("Meera").await, studio.colleague("Sara").await);
    let among_us = studio.group("Among us", &[&sara]).await;
    let before = follow(&studio, &meera).await.cursor().to_owned();
    studio.post(&sara, among_us, "Do not tell Meera").await;
    let change = UpdateMember { role: Some(Role::Owner) };
    let fresh = studio.nikhil.clone().fresh_until(studio.kitaab.now().after(Duration::from_mins(15)));
    studio.kitaab.people(&fresh).update(studio.workspace, meera.user().unwrap(), change.into()).await.unwrap();
    studio.post(&sara, among_us, "Welcome").await;
    let heard = hear(&mut resume(&studio, &meera, &before).await).await;
    assert!(heard.iter().any(|event| event["type"] == "access.gained" && event["data"]["channel_id"] == serde_json::json!(among_us)));
    let texts: Vec<_> = heard.iter().filter_map(|event| event["data"]["text"].as_str()).collect();
    assert_eq!(texts, ["Welcome"]);
}

on_both_engines! {
    a_workspace_that_is_deleted_ends_what_followed_it,
    who_becomes_an_owner_gains_the_groups_and_hears_nothing_from_before,
    what_is_said_is_heard_by_all_in_the_channel_in_order,
    who_comes_back_hears_what_they_missed_as_it_is_now,
    a_follower_who_saw_it_live_forgets_nothing_that_was_deleted_meanwhile,
    a_place_that_cannot_be_trusted_leads_to_a_new_beginning,
    who_is_put_out_hears_that_and_nothing_after_it,
    every_kind_of_event_reaches_exactly_those_it_is_for,
    many_writers_leave_no_gap_for_who_follows,
}
