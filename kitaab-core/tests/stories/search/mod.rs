//! Finding things again, and finding nothing that one must not see.

mod table;

use std::sync::Arc;
use std::time::Duration;

use kitaab_core::Error;
use kitaab_core::access::{Actor, Origin};
use kitaab_core::chat::{EditMessage, MessageView};
use kitaab_core::client::NewClient;
use kitaab_core::ids::ProjectId;
use kitaab_core::input::Input;
use kitaab_core::project::{NewTask, NewTaskComment, ProjectGrant, Share, UpdateTask};
use kitaab_core::search::{DocumentKind, Hit, Results, SearchAsk};
use kitaab_core::store::Store;

use crate::accounts::{actor, sign_in};
use crate::channels::direct;
use crate::chat::id;
use crate::common::{PASSWORD, Studio, code, on_both_engines};

impl Studio {
    async fn try_find(&self, who: &Actor, ask: SearchAsk) -> Result<Results, Error> {
        self.kitaab.search(who).find(self.workspace, ask.into()).await
    }

    async fn find(&self, who: &Actor, q: &str) -> Vec<Hit> {
        let results = self.try_find(who, SearchAsk { q: q.into(), ..SearchAsk::default() }).await.unwrap();
        assert!(!results.partial, "{q} took too long");
        results.items
    }

    /// What is found, as its kind and the thing's name or text.
    async fn titles(&self, who: &Actor, q: &str) -> Vec<String> {
        self.find(who, q).await.into_iter().map(|hit| format!("{}: {}", hit.kind, hit.snippet)).collect()
    }
}

async fn each_query_finds_what_the_table_says(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let page = studio.group("Page", &[]).await;
    let mut said: Vec<MessageView> = Vec::new();
    for text in table::TEXTS {
        studio.clock.advance(Duration::from_secs(1));
        said.push(studio.post(&studio.nikhil, page, text).await);
    }
    assert!(table::TABLE.len() >= 60);
    for (query, expected) in table::TABLE {
        let found: Vec<_> = studio.find(&studio.nikhil, query).await;
        let found: Vec<usize> = found.iter().map(|hit| said.iter().position(|message| message.id.0 == hit.id).unwrap()).collect();
        assert_eq!(&found, expected, "{query}");
    }
    println!(
        "promise search: {} queries in 6 scripts find what they should and nothing else, in order, on both engines",
        table::TABLE.len()
    );
    let hit = studio.find(&studio.nikhil, "rechnungsadresse muller").await.remove(0);
    assert_eq!(hit.snippet, table::TEXTS[0]);
    let marked: Vec<String> = hit.highlights.iter().map(|(from, to)| hit.snippet.chars().skip(*from).take(to - from).collect()).collect();
    assert_eq!(marked, ["Rechnungsadresse", "Müller"]);
    assert_eq!((hit.kind, hit.channel_id, hit.title.as_str()), (DocumentKind::Message, Some(page), "Page"));
}

/// A word in every kind of thing that there is, seen and not seen by Mridul.
async fn hidden_everywhere(studio: &Studio) -> (Actor, ProjectId, ProjectId) {
    let (kitaab, nikhil, workspace) = (&studio.kitaab, &studio.nikhil, studio.workspace);
    let (shared, hidden) = (studio.project("Seen zebra").await, studio.project("Hidden zebra").await);
    let (mridul, card) = studio.client("Mridul", &[shared]).await;
    let grant = ProjectGrant { tasks: true, comments: true, upload: false };
    kitaab.projects(nikhil).share(workspace, shared, card, Share { grant: Some(grant) }.into()).await.unwrap();
    for (project, name) in [(shared, "seen"), (hidden, "hidden")] {
        for visible in [true, false] {
            let title = format!("{name} zebra task, {}", if visible { "open" } else { "internal" });
            let task = NewTask { title, client_visible: Some(visible), ..NewTask::default() };
            let task = kitaab.tasks(nikhil).create(workspace, project, task.into()).await.unwrap().item;
            for visible in [true, false] {
                let text = format!("{name} zebra comment, {} on {}", if visible { "open" } else { "internal" }, task.title);
                let comment = NewTaskComment { text, client_visible: Some(visible) };
                kitaab.tasks(nikhil).comment(workspace, task.id, comment.into()).await.unwrap();
            }
        }
    }
    let sara = studio.colleague("Sara").await;
    let page = studio.group("Zebras", &[&mridul]).await;
    let other = studio.group("Others", &[&sara]).await;
    let between = kitaab.chat(nikhil).open_channel(workspace, direct(&sara).into()).await.unwrap().0.item.id;
    studio.post(nikhil, page, "seen zebra message").await;
    studio.post(nikhil, other, "hidden zebra message").await;
    studio.post(nikhil, between, "hidden zebra message between two").await;
    let of_hidden = studio.channel_named(nikhil, "Hidden zebra").await.id;
    studio.post(nikhil, of_hidden, "hidden zebra message of a project").await;
    let farah =
        NewClient { name: "Hidden Zebra".into(), email: "zebra@example.com".into(), notes: Some("zebra".into()), ..NewClient::default() };
    kitaab.clients(nikhil).create(workspace, farah.into()).await.unwrap();
    (mridul, shared, hidden)
}

async fn a_client_finds_what_they_see_and_nothing_else(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let (mridul, shared, _) = hidden_everywhere(&studio).await;
    let mut found = studio.titles(&mridul, "zebra").await;
    found.sort();
    assert_eq!(
        found,
        [
            "message: seen zebra message",
            "project: Seen zebra",
            "task: seen zebra task, open",
            "task_comment: seen zebra comment, open on seen zebra task, open",
        ]
    );
    for query in
        ["hidden", "\"zebra task, internal\"", "internal", "zebra@example.com", "in:Hidden zebra", "in:Others zebra", "from:Sara zebra"]
    {
        assert!(studio.titles(&mridul, query).await.is_empty(), "{query}");
    }
    assert_eq!(studio.titles(&mridul, "in:Zebras zebra").await, ["message: seen zebra message"]);
    assert_eq!(studio.titles(&mridul, "zebra in:\"Seen zebra\"").await.len(), 3);

    // The owner finds it all but what others say between them; a colleague finds no clients.
    assert_eq!(studio.titles(&studio.nikhil, "zebra").await.len(), 2 + 4 + 8 + 4 + 1);
    assert_eq!(studio.titles(&studio.nikhil, "hidden zebra").await.iter().filter(|hit| hit.starts_with("client")).count(), 1);
    let lea = studio.colleague("Lea").await;
    let found = studio.titles(&lea, "zebra").await;
    assert!(found.iter().all(|hit| !hit.starts_with("client") && !hit.contains("between two")), "{found:?}");
    assert_eq!(found.len(), 2 + 4 + 8 + 1, "she is in no group, and in the channels of projects");

    // What is taken away is found no more, and what is given back is.
    let narrow = |tasks, comments| Share { grant: Some(ProjectGrant { tasks, comments, upload: false }) };
    let card = studio.kitaab.clients(&studio.nikhil).list(studio.workspace, Input::default()).await.unwrap().items;
    let card = card.into_iter().find(|card| card.user_id == mridul.user()).unwrap().id;
    for (grant, count) in [(narrow(true, false), 3), (narrow(false, true), 2), (narrow(true, true), 4)] {
        studio.kitaab.projects(&studio.nikhil).share(studio.workspace, shared, card, grant.into()).await.unwrap();
        assert_eq!(studio.titles(&mridul, "zebra").await.len(), count);
    }
    studio.kitaab.projects(&studio.nikhil).unshare(studio.workspace, shared, card).await.unwrap();
    assert_eq!(studio.titles(&mridul, "zebra").await, ["message: seen zebra message"]);
    studio.kitaab.people(&studio.nikhil).remove(studio.workspace, id(&mridul)).await.unwrap();
    let gone = studio.try_find(&mridul, SearchAsk { q: "zebra".into(), ..SearchAsk::default() }).await;
    assert_eq!(code(gone), "not_found");
}

async fn people_are_shown_by_their_names_and_not_searched_by_them(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    studio.post(&studio.nikhil, page, &format!("<@{}> brings the **quince**, <!channel>", id(&meera))).await;
    let found = studio.find(&meera, "quince").await;
    assert_eq!(found.iter().map(|hit| hit.snippet.as_str()).collect::<Vec<_>>(), ["@Meera brings the quince, @all"]);
    assert_eq!(found[0].highlights, [(18, 24)]);
    assert!(studio.find(&studio.nikhil, "meera brings").await.is_empty(), "names change");
}

async fn what_is_changed_is_found_as_it_is_now(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let (kitaab, nikhil, workspace) = (&studio.kitaab, &studio.nikhil, studio.workspace);
    let page = studio.group("Page", &[]).await;
    let said = studio.post(nikhil, page, "apricot 杏").await;
    kitaab.chat(nikhil).edit(workspace, said.id, EditMessage { text: "banana 蕉".into() }.into()).await.unwrap();
    assert!(studio.titles(nikhil, "apricot").await.is_empty() && studio.titles(nikhil, "杏").await.is_empty());
    assert_eq!(studio.titles(nikhil, "banana").await.len(), 1);
    assert_eq!(studio.titles(nikhil, "蕉").await.len(), 1);
    kitaab.chat(nikhil).delete(workspace, said.id).await.unwrap();
    assert!(studio.titles(nikhil, "banana").await.is_empty() && studio.titles(nikhil, "蕉").await.is_empty());

    let project = studio.project("Cherry").await;
    let task = NewTask { title: "Damson".into(), description: Some("Elderberry".into()), ..NewTask::default() };
    let task = kitaab.tasks(nikhil).create(workspace, project, task.into()).await.unwrap().item;
    assert_eq!(studio.titles(nikhil, "elderberry damson").await, ["task: Damson Elderberry"]);
    let change = UpdateTask { title: Some("Fig".into()), ..UpdateTask::default() };
    kitaab.tasks(nikhil).update(workspace, task.id, change.into(), None).await.unwrap();
    assert!(studio.titles(nikhil, "damson").await.is_empty());
    assert_eq!(studio.titles(nikhil, "fig").await, ["task: Fig Elderberry"]);
    kitaab.projects(nikhil).archive(workspace, project).await.unwrap();
    assert_eq!(studio.titles(nikhil, "cherry").await, ["project: Cherry"], "an archived one is still the owner's");
    kitaab.projects(nikhil).delete(workspace, project).await.unwrap();
    assert!(studio.titles(nikhil, "cherry").await.is_empty() && studio.titles(nikhil, "fig").await.is_empty());
}

async fn filters_narrow_what_is_found(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let (one, two) = (studio.group("Shop opening", &[&meera]).await, studio.group("Closing", &[&meera]).await);
    let first = studio.post(&meera, one, "melon one https://melon.example").await;
    studio.clock.advance(Duration::from_hours(48));
    let second = studio.post(&studio.nikhil, two, &format!("melon two <@{}>", id(&meera))).await;
    studio.clock.advance(Duration::from_hours(48));
    let third = studio.post(&studio.nikhil, one, "melon three <!channel>").await;
    let chat = studio.kitaab.chat(&meera);
    chat.star(studio.workspace, second.id).await.unwrap();
    chat.pin(studio.workspace, third.id).await.unwrap();
    let day = |message: &MessageView| message.created_at.to_string()[..10].to_owned();
    for (query, found) in [
        ("melon".to_owned(), vec![&third, &second, &first]),
        ("melon from:me".into(), vec![&first]),
        ("from:meera".into(), vec![&first]),
        ("from:\"MEÉRA\"".into(), vec![&first]),
        (format!("from:{} melon", id(&studio.nikhil)), vec![&third, &second]),
        ("from:meera from:nikhil melon".into(), vec![]),
        ("from:nobody melon".into(), vec![]),
        ("in:shop melon".into(), vec![&third, &first]),
        (format!("in:{two}"), vec![&second]),
        (format!("melon after:{}", day(&first)), vec![&third, &second]),
        (format!("melon before:{}", day(&third)), vec![&second, &first]),
        (format!("melon after:{} before:{}", day(&first), day(&third)), vec![&second]),
        ("has:link".into(), vec![&first]),
        ("is:starred".into(), vec![&second]),
        ("is:starred one".into(), vec![]),
        ("is:pinned melon".into(), vec![&third]),
        ("mentions:me".into(), vec![&third, &second]),
        ("mentions:me is:pinned".into(), vec![&third]),
        ("mentions:me -two".into(), vec![&third]),
        ("melon has:image".into(), vec![]),
    ] {
        let ids: Vec<_> = studio.find(&meera, &query).await.into_iter().map(|hit| hit.id).collect();
        assert_eq!(ids, found.iter().map(|message| message.id.0).collect::<Vec<_>>(), "{query}");
    }
    assert!(studio.titles(&studio.nikhil, "is:starred").await.is_empty(), "stars are her own");
    assert!(studio.titles(&studio.nikhil, "mentions:me").await.is_empty(), "he said it himself");
    let only = SearchAsk { q: "shop".into(), types: Some("project,task".into()), ..SearchAsk::default() };
    assert!(studio.try_find(&meera, only).await.unwrap().items.is_empty());
}

async fn pages_are_stable_while_people_go_on_talking(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let page = studio.group("Page", &[]).await;
    let mut said = Vec::new();
    for number in 0..7 {
        studio.clock.advance(Duration::from_secs(1));
        let text = if number % 3 == 0 { format!("kiwi number {number}") } else { format!("kiwifruit number {number}") };
        said.push(studio.post(&studio.nikhil, page, &text).await.id.0);
    }
    for (sort, expected) in [("newest", [6, 5, 4, 3, 2, 1, 0]), ("relevance", [6, 3, 0, 5, 4, 2, 1])] {
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let ask = SearchAsk { q: "kiwi".into(), sort: Some(sort.into()), limit: Some(2), cursor, ..SearchAsk::default() };
            let results = studio.try_find(&studio.nikhil, ask).await.unwrap();
            found.extend(results.items.into_iter().map(|hit| hit.id));
            studio.post(&studio.nikhil, page, "kiwi came later").await;
            cursor = results.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(found, expected.map(|number| said[number]), "{sort}");
        let newer = studio.find(&studio.nikhil, "\"came later\"").await;
        assert_eq!(newer.len(), 4);
        for hit in newer {
            studio.kitaab.chat(&studio.nikhil).delete(studio.workspace, hit.id.into()).await.unwrap();
        }
    }
}

async fn a_query_that_means_nothing_is_refused(store: Arc<dyn Store>) {
    let studio = Studio::on(store).await;
    let many = vec!["word"; 1_000].join(" ");
    let long = "x".repeat(501);
    for q in ["", " ", "-only", "before:soon", "has:money", "nul\0", &many, &long] {
        let asked = studio.try_find(&studio.nikhil, SearchAsk { q: q.into(), ..SearchAsk::default() }).await;
        assert_eq!(code(asked), "invalid", "{q:?}");
    }
    let ask =
        |types: &str, sort: &str| SearchAsk { q: "a".into(), types: Some(types.into()), sort: Some(sort.into()), ..SearchAsk::default() };
    assert_eq!(code(studio.try_find(&studio.nikhil, ask("money", "newest")).await), "invalid");
    assert_eq!(code(studio.try_find(&studio.nikhil, ask("task", "oldest")).await), "invalid");
    assert!(studio.try_find(&studio.nikhil, ask("file", "relevance")).await.unwrap().items.is_empty());
}

async fn a_moderator_finds_messages_alone_and_says_why(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    hidden_everywhere(&studio).await;
    studio.kitaab.create_moderator("maya@example.com", "Maya", &PASSWORD.into()).await.unwrap();
    let silent = actor(&studio, &sign_in(&studio, "Maya", PASSWORD).await.unwrap()).await.unwrap();
    let maya = silent.clone().from(Origin { reason: Some("A flag".into()), ..Origin::default() });
    let mut found = studio.titles(&maya, "zebra").await;
    found.sort();
    let messages = ["hidden zebra message", "hidden zebra message between two", "hidden zebra message of a project", "seen zebra message"];
    assert_eq!(found, messages.map(|text| format!("message: {text}")));
    assert_eq!(code(studio.try_find(&silent, SearchAsk { q: "zebra".into(), ..SearchAsk::default() }).await), "invalid");
    let noted = studio.kitaab.audit(&studio.nikhil).list(studio.workspace, Input::default()).await.unwrap().items;
    let looks = noted.iter().filter(|entry| entry.action.as_str() == "workspace.look_for_messages").count();
    assert_eq!(looks, 1);
    assert!(!format!("{noted:?}").contains("zebra"), "what is looked for is not noted");
}

on_both_engines! {
    each_query_finds_what_the_table_says,
    a_client_finds_what_they_see_and_nothing_else,
    people_are_shown_by_their_names_and_not_searched_by_them,
    what_is_changed_is_found_as_it_is_now,
    filters_narrow_what_is_found,
    pages_are_stable_while_people_go_on_talking,
    a_query_that_means_nothing_is_refused,
    a_moderator_finds_messages_alone_and_says_why,
}
