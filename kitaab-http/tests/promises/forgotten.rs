//! Nobody is forgotten silently: whose cursor leads nowhere any more is told to begin anew, and then shows what there is.

use std::path::Path;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::time::timeout;

use crate::breach::{Breach, Breaches};
use crate::follower::Seeded;
use crate::proxy::{Fault, Proxy};
use crate::room::{Room, view_of};
use crate::server::{Server, program, settings};
use crate::ways::{Person, WAYS, come_back, shows};

async fn say(room: &Room, names: &str) {
    for name in names.split_whitespace() {
        room.post(&mut Seeded::new(1), name, name).await;
    }
}

fn run(data: &Path, arguments: &[&str]) {
    let data = ("KITAAB_DATA_DIR", data.to_str().expect("a path"));
    let environment: Vec<_> = settings(None).into_iter().chain([data]).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    assert!(program(&environment, arguments).status().expect("it runs").success(), "{arguments:?}");
}

/// Nikhil follows in three ways; the server is lost, and what was backed up before is restored. `mistaken` is what may be
/// wrong with it then.
async fn restore(mistaken: impl AsyncFnOnce(&Path, &Path)) -> Breaches {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, copy, new) = (folder.path().join("old"), folder.path().join("copy"), folder.path().join("new"));
    let mut server = Server::start(&old, &settings(None)).await;
    let room = Room::open(&server, vec![server.url.clone()]).await;
    say(&room, "one two three").await;
    run(&old, &["backup", "--to", copy.to_str().expect("a path")]);
    say(&room, "lost also-lost").await;
    // Numbers are given again after the restore; an edit that is lost stays lost.
    let (one, _) = room.post(&mut Seeded::new(1), "one", "one").await;
    let edit = room.client.patch(room.at(&mut Seeded::new(1), &format!("/messages/{one}"))).bearer_auth(&room.token);
    let edited = edit.json(&json!({"text": "lost edit"})).send().await.expect("an answer");
    assert_eq!(edited.status(), StatusCode::OK);
    let expected = view_of(&room.history().await);
    let mut people = WAYS.map(|way| Person::new(&room, way, "start"));
    for person in &mut people {
        person.come(&expected).await;
        assert!(shows(&person.seen, &expected) && person.anew == 0, "{:?}", person.way);
    }
    server.terminate().await;
    run(&new, &["restore", "--from", copy.to_str().expect("a path")]);
    mistaken(&old, &new).await;
    let server = Server::start(&new, &settings(None)).await;
    let room = Room { urls: vec![server.url.clone()], ..room };
    // More than was lost: the numbers alone do not tell that something is missing.
    say(&room, "four five six seven eight").await;
    for person in &mut people {
        person.room = room.clone();
    }
    let mut found = Breaches::default();
    come_back(&mut people, &view_of(&room.history().await), &mut found).await;
    // And from there on nothing is missing.
    say(&room, "nine").await;
    come_back(&mut people, &view_of(&room.history().await), &mut found).await;
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_followed_before_a_restore_begins_anew() {
    restore(async |_, _| ()).await.assert_none();
    println!("promise R6: after the restore of a backup everybody is told to begin anew, by socket, stream and poll");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_that_goes_on_with_the_log_that_was_is_found_out() {
    let found = restore(async |old, new| {
        let options = SqliteConnectOptions::new().filename(new.join("kitaab.db"));
        let mut database: SqliteConnection = options.connect().await.expect("the database");
        let attach = format!("ATTACH '{}' AS old", old.join("kitaab.db").display());
        let go_on = "INSERT INTO events SELECT * FROM old.events AS was WHERE was.seq > (SELECT max(seq) FROM events);
            UPDATE event_head SET (seq, log_epoch) = (SELECT seq, log_epoch FROM old.event_head)";
        for sql in [attach.as_str(), go_on] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut database).await.expect("it is done");
        }
        database.close().await.expect("it is closed");
    });
    let found = found.await;
    found.assert_some(Breach::Forgotten);
    found.assert_some(Breach::Differs);
}

/// What a poll with this query answers: the status, and the cursor to go on with.
async fn poll(room: &Room, query: &str) -> (StatusCode, String) {
    let url = room.at(&mut Seeded::new(1), &format!("/events{query}"));
    let answer = room.client.get(url).bearer_auth(&room.token).send().await.expect("an answer");
    let (status, answer) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
    (status, answer["cursor"].as_str().expect("a cursor").to_owned())
}

/// A cursor that is too old, one that was changed, and one of somebody else's, each by each way.
async fn cursors_that_lead_nowhere(fault: Fault) -> Breaches {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(folder.path(), &[("KITAAB_EVENT_RETENTION", "10ms")]).await;
    let proxy = Proxy::before(&server, fault);
    let room = Room::open(&server, vec![proxy.url.clone()]).await;
    let mridul = room.joined_by("mridul").await;
    say(&room, "one").await;
    let (_, old) = poll(&room, "").await;
    say(&room, "two three").await;
    // What is no longer kept goes soon after a server starts.
    server.crash_and_restart().await;
    let swept = async { while poll(&room, &format!("?cursor={old}")).await.0 != StatusCode::GONE {} };
    timeout(Duration::from_secs(20), swept).await.expect("a cursor of what went is refused");
    let ((_, fresh), (_, foreign)) = (poll(&room, "").await, poll(&mridul, "").await);
    let forged = fresh.chars().rev().collect::<String>();
    let (expected, mut found) = (view_of(&room.history().await), Breaches::default());
    let nowhere = [old, forged, foreign];
    let mut people: Vec<_> = nowhere.iter().flat_map(|cursor| WAYS.map(|way| Person::new(&room, way, cursor))).collect();
    come_back(&mut people, &expected, &mut found).await;
    // Who has a good one goes on, with what they show.
    for way in WAYS {
        let mut nikhil = Person::new(&room, way, &fresh);
        nikhil.seen.get_mut().expect("nobody panicked").view.clone_from(&expected);
        nikhil.come(&expected).await;
        if nikhil.anew > 0 {
            found.note(Breach::Resync, format!("by {way:?}"));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_cursor_leads_nowhere_begins_anew() {
    cursors_that_lead_nowhere(Fault::None).await.assert_none();
    println!("promise R6: a cursor that is too old, forged or of somebody else is told to begin anew, by socket, stream and poll");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_reassured_of_a_cursor_that_leads_nowhere_is_found_out() {
    let found = cursors_that_lead_nowhere(Fault::Reassure).await;
    found.assert_some(Breach::Forgotten);
    found.assert_some(Breach::Differs);
}
