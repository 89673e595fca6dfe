//! A word that is in everything that a client may not see, and in nothing that they may: nothing that they are ever shown has it.

use std::sync::Arc;
use std::time::Duration;

use kitaab_core::access::Actor;
use kitaab_core::chat::{EditMessage, InboxAsk, KeepDraft, MessagesAsk, NewScheduled, NewTemplate};
use kitaab_core::client::NewClient;
use kitaab_core::event::{From, Heard};
use kitaab_core::finance::{EntryKind, NewEntry, NewTimeEntry};
use kitaab_core::input::Input;
use kitaab_core::invitation::NewInvitation;
use kitaab_core::project::{NewProject, NewTask, NewTaskComment, NewUpdate, ProjectGrant, ProjectView, Share, UpdateProject};
use kitaab_core::search::{Results, SearchAsk};
use kitaab_core::store::Store;
use serde::Serialize;

use crate::channels::direct;
use crate::chat::id;
use crate::common::{Studio, freelancer, on_both_engines};

/// The word.
const WORD: &str = "quetzalcoatl";

fn hidden(what: &str) -> String {
    format!("{WORD} {what}")
}

/// Two clients, of whom Mridul may see the project "Shop" with its tasks and comments, and talks in "Page".
struct Place {
    studio: Studio,
    mridul: Actor,
    ines: Actor,
    meera: Actor,
}

impl Place {
    async fn open(store: Arc<dyn Store>) -> Self {
        let studio = Studio::talkative(store).await;
        let shop = studio.project("Shop").await;
        let (mridul, card) = studio.client("Mridul", &[shop]).await;
        let all = Share { grant: Some(ProjectGrant { tasks: true, comments: true, upload: true }) };
        studio.kitaab.projects(&studio.nikhil).share(studio.workspace, shop, card, all.into()).await.unwrap();
        let (ines, _) = studio.client("Ines", &[]).await;
        let meera = studio.colleague("Meera").await;
        studio.group("Page", &[&mridul, &meera]).await;
        Self { studio, mridul, ines, meera }
    }

    /// Puts the word into everything that Mridul may not see.
    async fn hide(&self) {
        self.hide_work().await;
        self.hide_talk().await;
        self.hide_elsewhere().await;
    }

    async fn hide_work(&self) {
        let (kitaab, nikhil, workspace) = (&self.studio.kitaab, &self.studio.nikhil, self.studio.workspace);
        let shop = self.studio.channel_named(nikhil, "Shop").await.project_id.unwrap();
        let notes = UpdateProject { internal_notes: kitaab_core::input::Patch::Set(hidden("notes")), ..UpdateProject::default() };
        kitaab.projects(nikhil).update(workspace, shop, notes.into(), None).await.unwrap();
        let task = |title: &str, visible| NewTask { title: title.into(), client_visible: Some(visible), ..NewTask::default() };
        let internal = NewTask { tags: vec![hidden("tag")], ..task(&hidden("internal task"), false) };
        let internal = kitaab.tasks(nikhil).create(workspace, shop, internal.into()).await.unwrap().item;
        let seen = kitaab.tasks(nikhil).create(workspace, shop, task("Draw the logo", true).into()).await.unwrap().item;
        for (task, visible) in [(internal.id, true), (seen.id, false)] {
            let comment = NewTaskComment { text: hidden("comment"), client_visible: Some(visible) };
            kitaab.tasks(nikhil).comment(workspace, task, comment.into()).await.unwrap();
        }
        let secret = NewProject {
            name: hidden("project"),
            description: Some(hidden("description")),
            tags: vec![hidden("project tag")],
            ..NewProject::default()
        };
        let ProjectView::Staff(secret) = kitaab.projects(nikhil).create(workspace, secret.into()).await.unwrap().item else { panic!() };
        kitaab.tasks(nikhil).create(workspace, secret.id, task(&hidden("task"), true).into()).await.unwrap();
        kitaab.updates(nikhil).post(workspace, secret.id, NewUpdate { text: hidden("update") }.into()).await.unwrap();
        // One that was shared with her, and is archived.
        let (old, card) =
            (self.studio.project("Old").await, kitaab.accounts(&self.mridul).session().await.unwrap().workspaces[0].client_id);
        kitaab.projects(nikhil).share(workspace, old, card.unwrap(), Share { grant: Some(ProjectGrant::INVITED) }.into()).await.unwrap();
        let channel = self.studio.channel_named(nikhil, "Old").await.id;
        self.studio.post(nikhil, channel, &format!("<@{}> {}", id(&self.meera), hidden("in an archived project"))).await;
        kitaab.projects(nikhil).archive(workspace, old).await.unwrap();
        let card = NewClient { name: hidden("client"), email: "c@example.com".into(), notes: Some(hidden("note")), ..NewClient::default() };
        kitaab.clients(nikhil).create(workspace, card.into()).await.unwrap();
        let ask = NewInvitation { message: Some(hidden("invitation")), ..crate::common::for_client("Otto", &[]) };
        self.studio.invite(ask).await.unwrap();
        let spent = serde_json::json!({"money": {"amount": "120.50", "currency": "EUR"}, "on": "2026-05-01", "note": hidden("expense"),
            "category": WORD, "tags": [hidden("money tag")]});
        let spent: NewEntry = serde_json::from_value(spent).unwrap();
        kitaab.finance(nikhil).create(workspace, EntryKind::Expense, spent.into()).await.unwrap();
        let worked = NewTimeEntry {
            started_at: Some(kitaab.now().before(Duration::from_hours(2))),
            ended_at: Some(kitaab.now()),
            note: Some(hidden("time")),
            ..NewTimeEntry::default()
        };
        kitaab.time(nikhil).create(workspace, worked.into()).await.unwrap();
    }

    async fn hide_talk(&self) {
        let (kitaab, nikhil, workspace) = (&self.studio.kitaab, &self.studio.nikhil, self.studio.workspace);
        let group = self.studio.group(&hidden("group"), &[&self.meera, &self.ines]).await;
        for text in [hidden("in a group"), format!("<!channel> {}", hidden("for all in a group"))] {
            self.studio.post(nikhil, group, &text).await;
        }
        let between = kitaab.chat(nikhil).open_channel(workspace, direct(&self.ines).into()).await.unwrap().0.item.id;
        self.studio.post(&self.ines, between, &hidden("to Nikhil alone")).await;
        let page = self.studio.channel_named(nikhil, "Page").await.id;
        let changed = self.studio.post(nikhil, page, &hidden("before it was changed")).await;
        let edit = EditMessage { text: "As it is now".into() };
        kitaab.chat(nikhil).edit(workspace, changed.id, edit.into()).await.unwrap();
        let deleted = self.studio.post(&self.meera, page, &format!("<@{}> {}", id(&self.mridul), hidden("deleted"))).await;
        kitaab.chat(&self.meera).delete(workspace, deleted.id).await.unwrap();
        let draft = KeepDraft { text: hidden("draft"), ..KeepDraft::default() };
        kitaab.chat(&self.meera).keep_draft(workspace, page, draft.into()).await.unwrap();
        let later = NewScheduled { text: hidden("later"), due_at: Some(kitaab.now().after(Duration::from_hours(90))), reply_to: None };
        kitaab.chat(&self.meera).schedule(workspace, page, later.into()).await.unwrap();
        let template = NewTemplate { name: hidden("template"), text: hidden("canned"), shared: true };
        kitaab.chat(nikhil).create_template(workspace, template.into()).await.unwrap();
        // What she read and lost since.
        let lost = self.studio.group(&hidden("lost group"), &[&self.mridul]).await;
        self.studio.post(nikhil, lost, &format!("<@{}> {}", id(&self.mridul), hidden("that she lost"))).await;
        kitaab.chat(nikhil).remove_channel_member(workspace, lost, id(&self.mridul)).await.unwrap();
    }

    async fn hide_elsewhere(&self) {
        let (dev, elsewhere) = freelancer(&self.studio.kitaab, "Dev").await;
        let other = NewProject { name: hidden("of another workspace"), ..NewProject::default() };
        self.studio.kitaab.projects(&dev).create(elsewhere, other.into()).await.unwrap();
        let channel = self.studio.kitaab.chat(&dev).channels(elsewhere, Input::default()).await.unwrap().items[0].id;
        self.studio.kitaab.chat(&dev).post(elsewhere, channel, crate::chat::say(&hidden("elsewhere")).into()).await.unwrap();
    }

    async fn find(&self, who: &Actor, q: &str, sort: Option<&str>) -> Results {
        let ask = SearchAsk { q: q.into(), sort: sort.map(str::to_owned), ..SearchAsk::default() };
        self.studio.kitaab.search(who).find(self.studio.workspace, ask.into()).await.unwrap()
    }

    /// Everything that Mridul is shown by the calls that list, count and suggest.
    async fn shown(&self) -> Vec<(&'static str, String)> {
        let (kitaab, mridul, workspace) = (&self.studio.kitaab, &self.mridul, self.studio.workspace);
        let chat = kitaab.chat(mridul);
        let mut shown = Vec::new();
        let mut show = |what: &'static str, answer: &dyn erased::Text| shown.push((what, answer.text()));
        show("inbox", &chat.inbox(workspace, InboxAsk::default().into()).await.unwrap());
        show("channels", &chat.channels(workspace, Input::default()).await.unwrap());
        show("drafts", &chat.drafts(workspace, Input::default()).await.unwrap());
        show("starred", &chat.starred(workspace, Input::default()).await.unwrap());
        show("notifications", &kitaab.notifications(mridul).list(workspace, Input::default()).await.unwrap());
        show("dashboard", &kitaab.overview(mridul).dashboard(workspace).await.unwrap());
        show("activity", &kitaab.overview(mridul).activity(workspace, Input::default()).await.unwrap());
        show("tags", &kitaab.overview(mridul).tags(workspace).await.unwrap());
        show("projects", &kitaab.projects(mridul).list(workspace, Input::default()).await.unwrap());
        show("people", &kitaab.people(mridul).list(workspace, Input::default()).await.unwrap());
        for channel in chat.channels(workspace, Input::default()).await.unwrap().items {
            show("messages", &chat.messages(workspace, channel.id, MessagesAsk::default().into()).await.unwrap());
        }
        shown
    }
}

/// Any answer as text.
mod erased {
    use super::Serialize;

    pub trait Text {
        fn text(&self) -> String;
    }

    impl<T: Serialize> Text for T {
        fn text(&self) -> String {
            serde_json::to_string(self).unwrap()
        }
    }
}

async fn a_word_that_a_client_may_not_see_is_never_found_counted_suggested_told_or_mailed(store: Arc<dyn Store>) {
    let place = Place::open(store).await;
    let mut feed = place.studio.kitaab.follow(&place.mridul, place.studio.workspace, From::Now).await.unwrap();
    let before = place.shown().await;
    place.hide().await;
    // The walk can fail: the owner finds it in everything that is searched.
    let of_nikhil = place.find(&place.studio.nikhil, WORD, None).await;
    let mut kinds: Vec<_> = of_nikhil.items.iter().map(|hit| hit.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, ["client", "message", "project", "task", "task_comment"]);
    assert!(of_nikhil.items.len() >= 10, "{}", of_nikhil.items.len());

    for q in [
        WORD,
        "quetzal",
        "coatl",
        "\"quetzalcoatl in\"",
        "QUETZAL",
        "que",
        "qu",
        "quetzalcoatl from:nikhil",
        "quetzalcoatl in:page",
        "quetzal mentions:me",
    ] {
        for sort in [None, Some("relevance")] {
            let found = place.find(&place.mridul, q, sort).await;
            assert!(found.items.is_empty() && !found.partial && found.next_cursor.is_none(), "{q} found {found:?}");
        }
    }
    for who in ["from:quetzalcoatl", "in:quetzalcoatl", "-quetzalcoatl logo"] {
        let found = place.find(&place.mridul, who, None).await;
        assert!(!serde_json::to_string(&found).unwrap().contains("quetzal"), "{who} found {found:?}");
    }
    let after = place.shown().await;
    for (what, text) in &after {
        assert!(!text.to_lowercase().contains("quetzal"), "{what} shows {text}");
    }
    // What is counted did not change with what is hidden: two messages were said where she is, one of them deleted.
    let (badge, inbox) =
        (|shown: &[(&str, String)]| shown.iter().find(|(what, _)| *what == "notifications").unwrap().1.clone(), &after[0].1);
    assert_eq!(badge(&before), badge(&after));
    assert!(inbox.contains("\"unread_count\":1"), "{inbox}");
    loop {
        let Heard::Batch(batch) = feed.now(100).await.unwrap() else { continue };
        for event in &batch.events {
            assert!(!event.json().to_lowercase().contains("quetzal"), "{}", event.json());
        }
        if !batch.more {
            break;
        }
    }
    // And nothing of it is mailed to her, for days.
    place.studio.pass(Duration::from_hours(24)).await;
    let mails = place.studio.mailer.mails();
    let of_mridul: Vec<_> = mails.iter().filter(|mail| mail.to == "mridul@example.com").collect();
    for mail in &of_mridul {
        let text = String::from_utf8(mail.message().unwrap().formatted()).unwrap();
        assert!(!mail.content.text.contains(WORD) && !mail.content.html.contains(WORD) && !text.contains("quetzal"), "{text}");
    }
    assert!(of_mridul.iter().any(|mail| mail.content.text.contains("As it is now")), "she is mailed what she may see");
    assert!(mails.iter().any(|mail| mail.to == "ines@example.com" && mail.content.text.contains(WORD)), "and others what they may");
}

on_both_engines! {
    a_word_that_a_client_may_not_see_is_never_found_counted_suggested_told_or_mailed,
}
