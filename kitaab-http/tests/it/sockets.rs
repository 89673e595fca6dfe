//! The WebSocket.

use std::time::Duration;

use kitaab_http::{HttpConfig, Live};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

use crate::support::{House, Person};

/// Nikhil's studio with a project of Mridul's, and its channel.
struct Studio {
    house: House,
    nikhil: Person,
    mridul: Person,
    card: String,
    workspace: String,
    project: String,
    channel: String,
}

impl Studio {
    async fn open() -> Self {
        Self::on(House::open().await).await
    }

    async fn on(house: House) -> Self {
        let (nikhil, workspace) = house.freelancer("Nikhil").await;
        let made = nikhil.post(&format!("/workspaces/{workspace}/projects"), &json!({"name": "Website"})).await.expect(201);
        let project = made.text("/id").to_owned();
        let (mridul, card) = house.client(&nikhil, &workspace, "Mridul", &[&project]).await;
        let channels = nikhil.get(&format!("/workspaces/{workspace}/channels")).await.expect(200);
        let channel = channels.text("/items/0/id").to_owned();
        Self { house, nikhil, mridul, card, workspace, project, channel }
    }

    fn at(&self, path: &str) -> String {
        format!("/workspaces/{}{path}", self.workspace)
    }

    async fn say(&self, who: &Person, text: &str) {
        let body = json!({"client_message_id": crate::support::fresh_name(), "text": text});
        who.post(&self.at(&format!("/channels/{}/messages", self.channel)), &body).await.expect(201);
    }
}

#[tokio::test]
async fn a_message_is_on_the_other_screen_and_frames_follow_each_other() {
    let studio = Studio::open().await;
    let (mut socket, subscribed) = studio.house.following(&studio.mridul, &studio.workspace, None).await;
    assert_eq!(subscribed["recovered"], false);
    let mut prev = subscribed["cursor"].clone();
    for text in ["One", "Two", "Three"] {
        studio.say(&studio.nikhil, text).await;
        let frame = socket.events().await.unwrap();
        assert_eq!((&frame["prev"], &frame["workspace_id"]), (&prev, &json!(studio.workspace)));
        assert_eq!(frame["events"][0]["data"]["text"], text);
        prev = frame["cursor"].clone();
    }
    // She answers over the socket, and hears herself with her own name for it.
    let sent = socket.ask(json!({"op": "send", "channel_id": studio.channel, "client_message_id": "m1", "text": "Four"})).await;
    assert_eq!((&sent["ok"]["seq"], &sent["ok"]["client_message_id"]), (&json!(4), &json!("m1")));
    let again = socket.ask(json!({"op": "send", "channel_id": studio.channel, "client_message_id": "m1", "text": "Other"})).await;
    assert_eq!(again["ok"]["id"], sent["ok"]["id"]);
    studio.say(&studio.nikhil, "Five").await;
    let (mut back, answer) = studio.house.following(&studio.mridul, &studio.workspace, prev.as_str()).await;
    assert_eq!(answer["recovered"], true);
    let mut missed = Vec::new();
    while missed.len() < 2 {
        missed.extend(back.events().await.unwrap()["events"].as_array().unwrap().clone());
    }
    assert_eq!(missed.iter().map(|event| event["data"]["text"].clone()).collect::<Vec<_>>(), ["Four", "Five"]);
    assert_eq!(missed[0]["client_message_id"], "m1");
}

#[tokio::test]
async fn who_opens_a_socket_says_who_they_are_in_time() {
    let studio = Studio::open().await;
    let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
    assert_eq!(studio.house.socket(&[bearer("kts_made_up")]).await.err(), Some(401));
    let foreign = ("origin", "https://evil.example".to_owned());
    assert_eq!(studio.house.socket(&[bearer(&studio.mridul.token()), foreign.clone()]).await.err(), Some(403));
    let cookie = ("cookie", format!("kitaab={}", studio.mridul.token()));
    assert_eq!(studio.house.socket(&[cookie.clone(), foreign]).await.err(), Some(403));
    assert!(studio.house.socket(&[cookie, ("origin", "http://localhost:8080".into())]).await.is_ok());

    let mut by_frame = studio.house.socket(&[]).await.unwrap();
    assert_eq!(by_frame.ask(json!({"op": "auth", "token": studio.mridul.token()})).await["ok"], json!({}));
    assert!(by_frame.ask(json!({"op": "subscribe", "workspace_id": studio.workspace})).await["ok"]["cursor"].is_string());
    for (first, code) in [
        (Message::text(json!({"op": "auth", "token": "kts_made_up"}).to_string()), 4501),
        (Message::text(json!({"op": "auth"}).to_string()), 4501),
        (Message::text(json!({"op": "ping"}).to_string()), 4400),
        (Message::text("[]"), 4400),
        (Message::text("no JSON"), 4400),
        (Message::binary(vec![1, 2, 3]), 4400),
    ] {
        let mut socket = studio.house.socket(&[]).await.unwrap();
        let said = first.to_string();
        socket.say(first).await;
        assert_eq!(socket.closed().await, code, "{said}");
    }
    let mut silent = studio.house.socket(&[]).await.unwrap();
    assert_eq!(silent.closed().await, 4400);
}

#[tokio::test]
async fn frames_that_make_no_sense_are_answered_or_end_the_socket() {
    let studio = Studio::open().await;
    let (mut socket, _) = studio.house.following(&studio.mridul, &studio.workspace, None).await;
    let stranger = uuid::Uuid::from_u128(99);
    for (frame, code, fields) in [
        (json!({"op": "dance"}), "unknown_op", vec![]),
        (json!({"x": 1}), "unknown_op", vec![]),
        (json!({"op": 5}), "unknown_op", vec![]),
        (json!({"op": "subscribe"}), "invalid", vec!["workspace_id"]),
        (json!({"op": "subscribe", "workspace_id": stranger}), "not_found", vec![]),
        (json!({"op": "subscribe", "workspace_id": studio.workspace, "cursor": 5}), "invalid", vec!["cursor"]),
        (json!({"op": "subscribe", "workspace_id": studio.workspace, "from": 5}), "invalid", vec!["from"]),
        (json!({"op": "send", "channel_id": stranger, "client_message_id": "x", "text": "x"}), "not_found", vec![]),
        (json!({"op": "send", "channel_id": studio.channel, "client_message_id": "x", "text": ""}), "invalid", vec!["text"]),
        (
            json!({"op": "send", "channel_id": studio.channel, "client_message_id": "x", "text": "x".repeat(10_001)}),
            "invalid",
            vec!["text"],
        ),
        (json!({"op": "typing", "channel_id": "x"}), "invalid", vec!["channel_id"]),
        (json!({"op": "read", "channel_id": studio.channel}), "invalid", vec!["seq"]),
        (json!({"op": "presence", "state": "asleep"}), "invalid", vec!["state"]),
    ] {
        let answer = socket.ask(frame.clone()).await["error"].clone();
        let found: Vec<_> = answer["fields"].as_array().into_iter().flatten().map(|field| field["field"].as_str().unwrap()).collect();
        assert_eq!((answer["code"].as_str().unwrap(), found), (code, fields), "{frame}");
    }
    assert_eq!(socket.ask(json!({"op": "ping"})).await["ok"], json!({}), "and it lives on");
    for (message, code) in [
        (Message::text("{"), 4400),
        (Message::text("[1]"), 4400),
        (Message::text("{\"op\":\"ping\",\"op\":\"ping\"}"), 4400),
        (Message::binary(vec![0; 10]), 4400),
        (Message::text("x".repeat(70_000)), 1009),
    ] {
        let mut socket = studio.house.socket_of(&studio.mridul).await;
        socket.say(message).await;
        assert_eq!(socket.closed().await, code);
    }
}

#[tokio::test]
async fn who_loses_something_hears_it_once_and_nothing_of_it_after() {
    let studio = Studio::open().await;
    let (mut socket, _) = studio.house.following(&studio.mridul, &studio.workspace, None).await;
    studio.nikhil.delete(&studio.at(&format!("/projects/{}/collaborators/{}", studio.project, studio.card))).await.expect(204);
    studio.say(&studio.nikhil, "Between us").await;
    let lost = socket.until("access.lost").await;
    assert_eq!(lost.last().unwrap()["data"], json!({"project_id": studio.project, "channel_id": studio.channel}));
    studio.nikhil.delete(&studio.at(&format!("/members/{}", studio.mridul.id))).await.expect(204);
    studio.say(&studio.nikhil, "Really between us").await;
    let lost = socket.until("access.lost").await;
    assert_eq!(lost, [lost[0].clone()], "nothing else");
    assert_eq!(lost[0]["data"], json!({"workspace_id": studio.workspace}));
    // The socket stays, for other workspaces.
    let own = studio.mridul.post("/workspaces", &json!({"name": "Mridul's own"})).await.expect(201).text("/id").to_owned();
    let answer = socket.ask(json!({"op": "subscribe", "workspace_id": own})).await;
    assert!(answer["ok"]["cursor"].is_string(), "{answer}");
    let refused = socket.ask(json!({"op": "subscribe", "workspace_id": studio.workspace})).await;
    assert_eq!(refused["error"]["code"], "not_found");
}

#[tokio::test]
async fn a_socket_ends_with_its_session_and_others_do_not() {
    let studio = Studio::open().await;
    let signed = json!({"email": "mridul@example.com", "password": crate::support::PASSWORD});
    let other = studio.house.anybody().post("/auth/sign-in", &signed).await.expect(200);
    let other = studio.house.holder_of(other.text("/session/token"));
    let (mut first, _) = studio.house.following(&studio.mridul, &studio.workspace, None).await;
    let (mut second, _) = studio.house.following(&other, &studio.workspace, None).await;
    studio.mridul.post_nothing("/auth/sign-out").await.expect(204);
    assert_eq!(first.closed().await, 4501);
    studio.say(&studio.nikhil, "Still there?").await;
    assert_eq!(second.events().await.unwrap()["events"][0]["data"]["text"], "Still there?");
    // What ends sessions elsewhere is found by looking.
    other.post_nothing("/auth/sign-out-everywhere").await.expect(204);
    assert_eq!(second.closed().await, 4501);
}

#[tokio::test]
async fn sockets_are_told_to_come_back_when_the_server_stops() {
    let stop = CancellationToken::new();
    let live = Live::new(stop.clone());
    let config = HttpConfig::default().live(live.clone());
    let studio = Studio::on(House::with(|setup| setup.config = config).await).await;
    let (mut socket, _) = studio.house.following(&studio.mridul, &studio.workspace, None).await;
    stop.cancel();
    assert_eq!(socket.closed().await, 4001);
    tokio::time::timeout(Duration::from_secs(5), live.ended()).await.expect("all sockets ended");
}

#[tokio::test]
async fn who_types_who_has_seen_what_and_who_is_there_passes_by() {
    let studio = Studio::open().await;
    let (mut hers, _) = studio.house.following(&studio.mridul, &studio.workspace, None).await;
    let (mut his, _) = studio.house.following(&studio.nikhil, &studio.workspace, None).await;
    his.ask(json!({"op": "typing", "channel_id": studio.channel})).await;
    let typing = hers.passing("typing.started").await;
    assert_eq!(typing["data"], json!({"channel_id": studio.channel, "user_id": studio.nikhil.id}));
    studio.say(&studio.nikhil, "Done typing").await;
    hers.passing("typing.stopped").await;
    let read = hers.ask(json!({"op": "read", "channel_id": studio.channel, "seq": 1})).await;
    assert_eq!(read["ok"]["unread_count"], 0);
    let receipt = his.passing("receipts.changed").await;
    assert_eq!(receipt["data"]["positions"], json!([{"user_id": studio.mridul.id, "seq": 1}]));
    // Her other device hears how far she has read; nobody else does.
    let start = studio.mridul.get(&studio.at("/events?cursor=start")).await.expect(200);
    assert!(start.body.contains("read.moved"));
    let of_nikhil = studio.nikhil.get(&studio.at("/events?cursor=start")).await.expect(200);
    assert!(!of_nikhil.body.contains("read.moved"));
    // She is there while one of her devices is.
    let path = studio.at(&format!("/presence?user_ids={}", studio.mridul.id));
    assert_eq!(studio.nikhil.get(&path).await.expect(200).text("/items/0/state"), "online");
    hers.ask(json!({"op": "presence", "state": "away"})).await;
    assert_eq!(studio.nikhil.get(&path).await.expect(200).text("/items/0/state"), "away");
    let gone = his.passing("presence.changed");
    drop(hers);
    let mut told = tokio::time::timeout(Duration::from_secs(20), gone).await.unwrap();
    while told["data"]["user_id"] != studio.mridul.id.as_str() || told["data"]["state"] != "offline" {
        told = tokio::time::timeout(Duration::from_secs(20), his.passing("presence.changed")).await.unwrap();
    }
    assert!(told["data"]["last_seen_at"].is_string());
}

#[tokio::test]
async fn who_sends_too_fast_waits_and_hears_everything_meanwhile() {
    let studio = Studio::on(House::with(|setup| setup.settings.limits = true).await).await;
    let (mut socket, _) = studio.house.following(&studio.mridul, &studio.workspace, None).await;
    let mut refused = None;
    for n in 0..40 {
        let frame = json!({"op": "send", "channel_id": studio.channel, "client_message_id": format!("m{n}"), "text": format!("{n}")});
        let answer = socket.ask(frame).await;
        if answer.get("error").is_some() {
            refused = Some(answer["error"].clone());
            break;
        }
    }
    let refused = refused.expect("a limit");
    assert_eq!(refused["code"], "too_many_requests");
    assert!(refused["retry_after"].as_u64().unwrap() >= 1);
    assert_eq!(socket.ask(json!({"op": "ping"})).await["ok"], json!({}), "other calls go on");
}
