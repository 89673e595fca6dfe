//! Pages, threads, and how far people have read.

use serde_json::json;

use super::{MISSING, Studio, message, texts};
use crate::support::Reply;

#[tokio::test]
async fn a_channel_is_read_in_pages_from_any_of_its_numbers() {
    let studio = Studio::open().await;
    for number in 1..=7 {
        studio.say(&studio.nikhil, &number.to_string()).await;
    }
    let ends = |page: &Reply| (page.at("/has_before"), page.at("/has_after"));
    for (query, found, before, after) in [
        ("?limit=3", vec!["5", "6", "7"], true, false),
        ("?before=5&limit=3", vec!["2", "3", "4"], true, true),
        ("?before=3&limit=3", vec!["1", "2"], false, true),
        ("?after=5&limit=3", vec!["6", "7"], true, false),
        ("?after=0&limit=3", vec!["1", "2", "3"], false, true),
        ("?around=4&limit=3", vec!["3", "4", "5"], true, true),
        ("", vec!["1", "2", "3", "4", "5", "6", "7"], false, false),
    ] {
        let page = studio.mridul.get(&format!("{}{query}", studio.messages())).await.expect(200);
        assert_eq!((texts(&page), ends(&page)), (found.into_iter().map(str::to_owned).collect(), (json!(before), json!(after))), "{query}");
    }
    for (query, fields) in [
        ("?before=1&after=1", vec!["after not_allowed"]),
        ("?after=1&around=1", vec!["around not_allowed"]),
        ("?before=-1", vec!["before out_of_range"]),
        ("?limit=0&x=1", vec!["limit out_of_range", "x unknown_field"]),
        ("?limit=201&after=a", vec!["after invalid", "limit out_of_range"]),
    ] {
        let refused = studio.mridul.get(&format!("{}{query}", studio.messages())).await.refused(422, "invalid");
        assert_eq!(refused.fields(), fields, "{query}");
    }
}

#[tokio::test]
async fn answers_gather_in_the_thread_of_the_first_message() {
    let studio = Studio::open().await;
    let root = studio.say(&studio.nikhil, "Which blue?").await;
    let root_id = root.rsplit('/').next().unwrap();
    let reply = |text: &str, to: &str| {
        let mut body = message(text);
        body["reply_to"] = json!(to);
        body
    };
    let first = studio.mridul.post(&studio.messages(), &reply("The dark one", root_id)).await.expect(201);
    let second = studio.meera.post(&studio.messages(), &reply("Really?", first.text("/id"))).await.expect(201);
    assert_eq!((second.text("/reply_to"), second.text("/thread_id")), (first.text("/id"), root_id), "a reply to a reply joins the thread");
    let quoted =
        studio.meera.post(&studio.messages(), &json!({"client_message_id": "q", "text": "See", "quote_of": root_id})).await.expect(201);
    assert_eq!((quoted.text("/quote_of"), quoted.at("/thread_id")), (root_id, json!(null)));
    let seen = studio.nikhil.get(&root).await.expect(200);
    assert_eq!((seen.at("/reply_count"), seen.at("/thread_id")), (json!(2), json!(null)));
    let thread = studio.nikhil.get(&studio.at(&format!("/messages/{}/replies", first.text("/id")))).await.expect(200);
    assert_eq!((texts(&thread), thread.at("/unread_count")), (vec!["The dark one".to_owned(), "Really?".to_owned()], json!(2)));
    assert_eq!(thread.text("/participants/0/display_name"), "Nikhil");
    let read = studio.nikhil.put(&format!("{root}/thread-read"), &json!({"seq": 2})).await.expect(200);
    assert_eq!(read.json(), json!({"thread_id": root_id, "read_seq": 2, "unread_count": 1}));
    assert_eq!(studio.seen_by(&studio.nikhil).await.at("/unread_count"), json!(3), "the channel is read by itself");
    assert_eq!(
        studio.nikhil.get(&format!("{root}/replies?after=2&before=3")).await.refused(422, "invalid").fields(),
        ["after not_allowed"]
    );
}

#[tokio::test]
async fn reading_moves_forward_and_marking_unread_moves_back_for_oneself_alone() {
    let studio = Studio::open().await;
    for number in 1..=4 {
        studio.say(&studio.nikhil, &number.to_string()).await;
    }
    let read = studio.at(&format!("/channels/{}/read", studio.group));
    let position = |reply: Reply| (reply.at("/read_seq"), reply.at("/unread_count"));
    assert_eq!(position(studio.mridul.put(&read, &json!({"seq": 3})).await.expect(200)), (json!(3), json!(1)));
    assert_eq!(position(studio.mridul.put(&read, &json!({"seq": 1})).await.expect(200)), (json!(3), json!(1)));
    assert_eq!(position(studio.mridul.put(&read, &json!({"seq": 99})).await.expect(200)), (json!(4), json!(0)));
    assert_eq!(position(studio.mridul.put(&read, &json!({"seq": 2, "mark_unread": true})).await.expect(200)), (json!(1), json!(3)));
    assert_eq!(position(studio.seen_by(&studio.mridul).await), (json!(1), json!(3)));
    for (body, fields) in [
        (json!({}), vec!["seq required"]),
        (json!({"seq": -1}), vec!["seq out_of_range"]),
        (json!({"seq": 0, "mark_unread": true}), vec!["seq out_of_range"]),
        (json!({"seq": "2", "all": true}), vec!["all unknown_field", "seq invalid"]),
    ] {
        assert_eq!(studio.mridul.put(&read, &body).await.refused(422, "invalid").fields(), fields, "{body}");
    }
    // What he has seen he has seen: others are told the farthest.
    let receipts = studio.nikhil.get(&studio.at(&format!("/channels/{}/receipts", studio.group))).await.expect(200).at("/items");
    let mut seen: Vec<(&str, i64)> =
        receipts.as_array().unwrap().iter().map(|one| (one["user_id"].as_str().unwrap(), one["seq"].as_i64().unwrap())).collect();
    let mut expected = vec![(studio.nikhil.id.as_str(), 4), (studio.mridul.id.as_str(), 4)];
    seen.sort_unstable();
    expected.sort_unstable();
    assert_eq!(seen, expected, "Meera has seen nothing yet");
    // Sending moves the own position to what was sent.
    studio.say(&studio.mridul, "5").await;
    assert_eq!(position(studio.seen_by(&studio.mridul).await), (json!(5), json!(0)));
}

#[tokio::test]
async fn one_asks_after_those_one_knows() {
    let studio = Studio::open().await;
    let (ines, _) = studio.house.client(&studio.nikhil, &studio.id, "Ines", &[]).await;
    let ask = |ids: &str| studio.at(&format!("/presence?user_ids={ids}"));
    let found = studio.mridul.get(&ask(&format!("{},{}", studio.meera.id, studio.nikhil.id))).await.expect(200).at("/items");
    let gone = |id: &str| json!({"user_id": id, "state": "offline", "last_seen_at": null});
    assert_eq!(found, json!([gone(&studio.meera.id), gone(&studio.nikhil.id)]));
    for id in [ines.id.as_str(), MISSING, "nonsense"] {
        let refused = studio.mridul.get(&ask(&format!("{},{id}", studio.meera.id))).await.refused(422, "invalid");
        assert_eq!(refused.fields(), ["user_ids[1] not_found"], "{id}");
    }
    assert_eq!(studio.mridul.get(&studio.at("/presence")).await.refused(422, "invalid").fields(), ["user_ids required"]);
}
