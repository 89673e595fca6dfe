//! Changing, deleting and forwarding what was said.

use std::collections::BTreeMap;
use std::time::Duration;

use kitaab_http::settings::{Sources, read};
use serde_json::{Value, json};

use super::{MISSING, Studio, message, texts};
use crate::support::difference;

#[tokio::test]
async fn only_mridul_changes_what_mridul_said_and_what_it_said_before_is_kept() {
    let studio = Studio::open().await;
    let path = studio.say(&studio.mridul, "Which blue?").await;
    let before = studio.house.database.dump().await;
    for other in [&studio.nikhil, &studio.meera] {
        other.patch(&path, &json!({"text": "Never mind"})).await.refused(403, "not_author");
    }
    studio.meera.delete(&path).await.refused(403, "not_author");
    for (body, fields) in [
        (json!({}), vec!["text required"]),
        (json!({"text": "a".repeat(10_001), "seq": 7}), vec!["seq unknown_field", "text too_long"]),
        (json!({"text": format!("<@{MISSING}>")}), vec!["text mention_unknown"]),
    ] {
        assert_eq!(studio.mridul.patch(&path, &body).await.refused(422, "invalid").fields(), fields, "{body}");
    }
    assert_eq!(difference(&before, &studio.house.database.dump().await), Vec::<String>::new());
    let changed = studio.mridul.patch(&path, &json!({"text": format!("Which blue, <@{}>?", studio.meera.id)})).await.expect(200);
    assert!(changed.at("/edited_at").is_string() && changed.at("/seq") == json!(1));
    assert_eq!(studio.seen_by(&studio.meera).await.at("/mention_count"), json!(1), "who is newly mentioned is");
    let history = studio.nikhil.get(&format!("{path}/history")).await.expect(200);
    assert_eq!((history.at("/items/0/version"), history.text("/items/0/text")), (json!(1), "Which blue?"));
    let can = |seen: crate::support::Reply| seen.at("/can");
    assert_eq!(can(studio.mridul.get(&path).await), json!(["edit", "delete", "react", "pin", "star"]));
    assert_eq!(can(studio.nikhil.get(&path).await), json!(["redact", "react", "pin", "star"]));
}

#[tokio::test]
async fn what_is_deleted_keeps_its_place_and_says_nothing() {
    let studio = Studio::open().await;
    let path = studio.say(&studio.mridul, "Which blue?").await;
    studio.mridul.patch(&path, &json!({"text": "Which green?"})).await.expect(200);
    studio.meera.put(&format!("{path}/star"), &json!({})).await.expect(200);
    studio.mridul.delete(&path).await.expect(204);
    studio.mridul.delete(&path).await.expect(204);
    studio.mridul.patch(&path, &json!({"text": "Which red?"})).await.refused(409, "message_deleted");
    let left = studio.meera.get(&path).await.expect(200);
    assert_eq!((left.at("/text"), left.at("/blocks"), left.at("/seq")), (Value::Null, Value::Null, json!(1)));
    assert!(left.at("/deleted_at").is_string() && left.json().get("deleted_by").is_none());
    assert_eq!(studio.meera.get(&format!("{path}/history")).await.expect(200).at("/items"), json!([]));
    assert_eq!(studio.meera.get(&studio.at("/starred")).await.expect(200).at("/items"), json!([]));
    for mark in ["pin", "star", "reactions/%F0%9F%91%8D"] {
        studio.meera.put(&format!("{path}/{mark}"), &json!({})).await.refused(409, "message_deleted");
    }
    assert_eq!(studio.seen_by(&studio.meera).await.at("/unread_count"), json!(0));

    // What the owner takes away says so, and is in the log.
    let path = studio.say(&studio.mridul, "An insult").await;
    studio.nikhil.delete(&path).await.expect(204);
    assert_eq!(studio.mridul.get(&path).await.expect(200).text("/deleted_by"), studio.nikhil.id);
    let log = studio.nikhil.get(&studio.at("/audit?action=message.redact")).await.expect(200);
    assert_eq!(log.at("/items").as_array().unwrap().len(), 1);
    assert!(!log.body.contains("An insult"));
}

#[tokio::test]
async fn when_the_time_that_the_operator_gives_is_over_a_message_stays_as_it_is() {
    let given = BTreeMap::from([("KITAAB_MESSAGE_EDIT_WINDOW".to_owned(), "2s".to_owned())]);
    let set = read(&Sources::new(BTreeMap::new(), given, BTreeMap::new())).unwrap();
    let studio = Studio::with(|setup| setup.settings.message_edit_window = set.core().message_edit_window).await;
    let path = studio.say(&studio.mridul, "Which blue?").await;
    studio.house.clock.advance(Duration::from_millis(1_900));
    studio.mridul.patch(&path, &json!({"text": "Which green?"})).await.expect(200);
    studio.house.clock.advance(Duration::from_millis(100));
    let late = studio.mridul.patch(&path, &json!({"text": "Which red?"})).await.refused(409, "edit_window_over");
    assert_eq!(late.at("/temporary"), json!(false));
    studio.nikhil.patch(&path, &json!({"text": "Which red?"})).await.refused(403, "not_author");
    let seen = studio.mridul.get(&path).await.expect(200);
    assert_eq!((seen.text("/text"), seen.at("/can")), ("Which green?", json!(["delete", "react", "pin", "star"])));
    studio.mridul.delete(&path).await.expect(204);
}

#[tokio::test]
async fn nikhil_forwards_a_message_and_it_mentions_nobody_anew() {
    let studio = Studio::open().await;
    let direct = studio.direct(&studio.mridul).await;
    let path = studio.say(&studio.mridul, &format!("<@{}> which blue?", studio.meera.id)).await;
    let id = path.rsplit('/').next().unwrap();
    let forward = format!("{path}/forward");
    let body = json!({"channel_id": direct, "client_message_id": "f"});
    let there = studio.nikhil.post(&forward, &body).await.expect(201);
    assert_eq!((there.text("/channel_id"), there.text("/quote_of")), (direct.as_str(), id));
    assert_eq!((there.text("/text"), there.at("/mentions")), ("@Someone which blue?", json!([])), "Meera is not in that channel");
    assert_eq!(studio.nikhil.post(&forward, &body).await.expect(200).text("/id"), there.text("/id"));
    let back = json!({"channel_id": studio.group, "client_message_id": "f"});
    assert_eq!(studio.nikhil.post(&forward, &back).await.expect(201).text("/text"), "@Meera which blue?");

    let before = studio.house.database.dump().await;
    let hidden = json!({"channel_id": direct, "client_message_id": "g"});
    for (person, body, fields) in [
        (&studio.meera, hidden, vec!["channel_id not_found"]),
        (&studio.meera, json!({"channel_id": MISSING, "client_message_id": "g"}), vec!["channel_id not_found"]),
        (&studio.nikhil, json!({}), vec!["channel_id required", "client_message_id required"]),
        (&studio.nikhil, json!({"channel_id": direct, "client_message_id": "g", "text": "x"}), vec!["text unknown_field"]),
    ] {
        assert_eq!(person.post(&forward, &body).await.refused(422, "invalid").fields(), fields, "{body}");
    }
    assert_eq!(difference(&before, &studio.house.database.dump().await), Vec::<String>::new());
    studio.mridul.delete(&path).await.expect(204);
    let late = json!({"channel_id": direct, "client_message_id": "h"});
    studio.nikhil.post(&forward, &late).await.refused(409, "message_deleted");
}

#[tokio::test]
async fn a_link_to_a_message_opens_for_those_inside_and_for_nobody_else() {
    let studio = Studio::open().await;
    let path = studio.say(&studio.nikhil, "Which blue?").await;
    let (ines, _) = studio.house.client(&studio.nikhil, &studio.id, "Ines", &[]).await;
    let (olga, _) = studio.house.freelancer("Olga").await;
    studio.mridul.get(&path).await.expect(200);
    let missing = ines.get(&studio.at(&format!("/messages/{MISSING}"))).await.refused(404, "not_found");
    for person in [&ines, &olga] {
        for part in ["", "/replies", "/history"] {
            let hidden = person.get(&format!("{path}{part}")).await.refused(404, "not_found");
            assert_eq!(hidden.without_id(), missing.without_id(), "{part}");
        }
    }
    // Who is put out loses it at once, and who is taken in sees what was said before.
    let inside = |person: &str| studio.at(&format!("/channels/{}/members/{person}", studio.group));
    studio.nikhil.delete(&inside(&studio.mridul.id)).await.expect(204);
    assert_eq!(studio.mridul.get(&path).await.refused(404, "not_found").without_id(), missing.without_id());
    studio.mridul.post(&studio.messages(), &message("Still here?")).await.refused(404, "not_found");
    studio.nikhil.put(&inside(&ines.id), &json!({})).await.expect(200);
    assert_eq!(texts(&ines.get(&studio.messages()).await.expect(200)), ["Which blue?"]);
    assert_eq!(studio.seen_by(&ines).await.at("/unread_count"), json!(0));
}
