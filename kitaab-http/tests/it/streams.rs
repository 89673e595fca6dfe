//! Long polls and server-sent events.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::Method;
use serde_json::json;

use crate::support::{House, Person};

struct Studio {
    house: House,
    nikhil: Person,
    workspace: String,
    channel: String,
}

impl Studio {
    async fn open() -> Self {
        let house = House::open().await;
        let (nikhil, workspace) = house.freelancer("Nikhil").await;
        let body = json!({"kind": "group", "name": "Page", "member_ids": []});
        let channel = nikhil.post(&format!("/workspaces/{workspace}/channels"), &body).await.expect(201).text("/id").to_owned();
        Self { house, nikhil, workspace, channel }
    }

    fn at(&self, path: &str) -> String {
        format!("/workspaces/{}{path}", self.workspace)
    }

    async fn say(&self, text: &str) {
        let body = json!({"client_message_id": crate::support::fresh_name(), "text": text});
        self.nikhil.post(&self.at(&format!("/channels/{}/messages", self.channel)), &body).await.expect(201);
    }

    async fn cursor(&self) -> String {
        self.nikhil.get(&self.at("/events")).await.expect(200).text("/cursor").to_owned()
    }
}

#[tokio::test]
async fn a_poll_waits_for_what_comes_and_goes_on_where_it_was() {
    let studio = Studio::open().await;
    let cursor = studio.cursor().await;
    let (nikhil, path) = (studio.nikhil.clone(), studio.at(&format!("/events?cursor={cursor}&wait=30")));
    let waiting = tokio::spawn(async move { nikhil.get(&path).await.expect(200) });
    studio.say("Hello").await;
    let heard = tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("at once").unwrap();
    assert_eq!(heard.text("/events/0/data/text"), "Hello");
    for n in 0..5 {
        studio.say(&format!("{n}")).await;
    }
    let mut cursor = heard.text("/cursor").to_owned();
    let mut texts = Vec::new();
    loop {
        let page = studio.nikhil.get(&studio.at(&format!("/events?cursor={cursor}&limit=2"))).await.expect(200).json();
        texts.extend(page["events"].as_array().unwrap().iter().map(|event| event["data"]["text"].as_str().unwrap().to_owned()));
        cursor = page["cursor"].as_str().unwrap().to_owned();
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(texts, ["0", "1", "2", "3", "4"]);
    assert_eq!(studio.nikhil.get(&studio.at(&format!("/events?cursor={cursor}"))).await.expect(200).json()["events"], json!([]));
}

#[tokio::test]
async fn a_poll_that_cannot_go_on_says_where_to_begin_anew() {
    let studio = Studio::open().await;
    for bad in ["x", "", "start2", &"x".repeat(5_000)] {
        let refused = studio.nikhil.get(&studio.at(&format!("/events?cursor={bad}"))).await;
        let refused = refused.refused(410, "cursor_invalid");
        let anew = refused.text("/cursor").to_owned();
        studio.nikhil.get(&studio.at(&format!("/events?cursor={anew}"))).await.expect(200);
    }
    let another = json!({"kind": "group", "name": "Another", "member_ids": []});
    studio.nikhil.post(&studio.at("/channels"), &another).await.expect(201);
    let list = studio.nikhil.get(&studio.at("/audit?limit=1")).await.expect(200).text("/next_cursor").to_owned();
    studio.nikhil.get(&studio.at(&format!("/events?cursor={list}"))).await.refused(410, "cursor_invalid");
    let events = studio.cursor().await;
    studio.nikhil.get(&studio.at(&format!("/audit?cursor={events}"))).await.refused(422, "invalid");
    for wrong in ["wait=56", "wait=-1", "wait=x", "limit=0", "limit=301", "since=5"] {
        studio.nikhil.get(&studio.at(&format!("/events?{wrong}"))).await.refused(422, "invalid");
    }
}

#[tokio::test]
async fn a_poll_ends_with_its_session() {
    let studio = Studio::open().await;
    let cursor = studio.cursor().await;
    let (nikhil, path) = (studio.nikhil.clone(), studio.at(&format!("/events?cursor={cursor}&wait=30")));
    let waiting = tokio::spawn(async move { nikhil.get(&path).await });
    // It waits once it has been seen to be in the room.
    while studio.house.kitaab.followers() == 0 {
        tokio::task::yield_now().await;
    }
    studio.nikhil.post_nothing("/auth/sign-out").await.expect(204);
    let ended = tokio::time::timeout(Duration::from_secs(5), waiting).await.expect("within a second or so").unwrap();
    ended.refused(401, "unauthenticated");
}

/// Lines of a stream until one begins like this.
async fn lines_until(stream: &mut (impl StreamExt<Item = reqwest::Result<bytes::Bytes>> + Unpin), begins: &str) -> Vec<String> {
    let mut text = String::new();
    loop {
        if let Some(at) = text.lines().position(|line| line.starts_with(begins))
            && text.ends_with("\n\n")
        {
            assert!(at < usize::MAX);
            return text.lines().map(str::to_owned).collect();
        }
        let chunk = tokio::time::timeout(Duration::from_secs(10), stream.next()).await.expect("in time").expect("more").unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
}

#[tokio::test]
async fn a_stream_begins_tells_and_resumes_by_its_last_event_id() {
    let studio = Studio::open().await;
    let open = async |headers: &[(&str, &str)]| {
        let mut ask = studio.nikhil.ask(Method::GET, &studio.at("/events")).header("accept", "text/event-stream");
        for (name, value) in headers {
            ask = ask.header(*name, *value);
        }
        let answer = ask.send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (200, "text/event-stream"));
        Box::pin(answer.bytes_stream())
    };
    let mut stream = open(&[]).await;
    let ready = lines_until(&mut stream, "event: ready").await;
    assert!(ready.iter().any(|line| line == "retry: 3000"), "{ready:?}");
    let id = ready.iter().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();
    studio.say("One").await;
    studio.say("Two").await;
    let told = lines_until(&mut stream, "data: {\"id\"").await;
    assert!(!told.iter().any(|line| line.starts_with("event: message")), "events have no name");
    drop(stream);
    // The header wins over the query.
    let mut back = open(&[("last-event-id", &id)]).await;
    let mut texts = Vec::new();
    while texts.len() < 2 {
        let lines = lines_until(&mut back, "data: {\"id\"").await;
        texts.extend(lines.iter().filter_map(|line| line.strip_prefix("data: {\"id\"")).map(str::to_owned));
    }
    assert!(texts[0].contains("\"text\":\"One\"") && texts[1].contains("\"text\":\"Two\""), "{texts:?}");
    let mut anew = open(&[("last-event-id", "made-up")]).await;
    let resync = lines_until(&mut anew, "event: resync").await;
    let names: Vec<_> = resync.iter().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!(names, ["ready", "resync"], "first that the stream is open, then that something is missing");
    assert_eq!(resync.iter().filter(|line| line.starts_with("id: ")).count(), 2);
    studio.nikhil.post_nothing("/auth/sign-out").await.expect(204);
    let end = lines_until(&mut anew, "event: end").await;
    assert!(end.iter().any(|line| line.contains("session_ended")), "{end:?}");
}
