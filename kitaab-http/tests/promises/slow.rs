//! Sockets that never read hurt nobody, and stopping cuts nobody off.

use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::follower::{next, subscribe};
use crate::server::Server;
use crate::{figure, is_full};

/// What a socket that never reads may cost, in KiB.
const EACH: u64 = 2 * 1024;
/// In 99 of 100 cases the others hear of a message within this time meanwhile. A build that is not optimised promises
/// less.
fn heard_within() -> Duration {
    Duration::from_millis(if is_full() { 250 } else { 1_000 })
}

async fn room(server: &Server, client: &Client) -> (String, String, String) {
    let (token, workspace) = server.sign_up(client, "nikhil").await;
    let body = json!({"kind": "group", "name": "Flood", "member_ids": []});
    let made = client.post(format!("{}/api/v1/workspaces/{workspace}/channels", server.url)).bearer_auth(&token).json(&body).send().await;
    let made: Value = made.expect("an answer").json().await.expect("JSON");
    (token, workspace, made["id"].as_str().expect("an id").to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_that_never_read_hurt_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[]).await;
    let client = Client::new();
    let (token, workspace, channel) = room(&server, &client).await;
    let mut asleep = Vec::new();
    for _ in 0..figure(100) {
        asleep.push(subscribe(&server.url, &token, &workspace, None).await.expect("a socket"));
    }
    let (mut awake, _) = subscribe(&server.url, &token, &workspace, None).await.expect("a socket");
    let before = server.memory();
    let url = format!("{}/api/v1/workspaces/{workspace}/channels/{channel}/messages", server.url);
    let mut took = Vec::new();
    let text = "x".repeat(8_000);
    for n in 0..figure(2_000) {
        let sent = Instant::now();
        let body = json!({"client_message_id": format!("m{n}"), "text": format!("{n} {text}")});
        let answer = client.post(&url).bearer_auth(&token).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::CREATED);
        let told = format!("{n} ");
        loop {
            let frame = next(&mut awake).await.expect("an event");
            if frame["events"][0]["data"]["text"].as_str().is_some_and(|text| text.starts_with(&told)) {
                break;
            }
        }
        took.push(sent.elapsed());
    }
    took.sort_unstable();
    let p99 = took[took.len() * 99 / 100];
    let grown = server.memory().saturating_sub(before);
    let each = grown / asleep.len() as u64;
    assert!(each <= EACH, "a socket that never reads costs {each} KiB");
    assert!(p99 < heard_within(), "the others heard after {p99:?}");
    println!("promise R7: {} sockets that never read: {each} KiB each, the others heard within {p99:?} (p99)", asleep.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_asked_to_stop_cuts_nobody_off() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(folder.path(), &[]).await;
    let client = Client::new();
    let (token, workspace, channel) = room(&server, &client).await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        sockets.push(subscribe(&server.url, &token, &workspace, None).await.expect("a socket").0);
    }
    let url = format!("{}/api/v1/workspaces/{workspace}/channels/{channel}/messages", server.url);
    let callers = (0..16).map(|caller| {
        let (client, url, token) = (client.clone(), url.clone(), token.clone());
        tokio::spawn(async move {
            let (mut answered, mut unanswered) = (0, None);
            for n in 0.. {
                let name = format!("c{caller}-{n}");
                let body = json!({"client_message_id": name, "text": name});
                match client.post(&url).bearer_auth(&token).json(&body).send().await {
                    Ok(answer) if answer.status() == StatusCode::CREATED => answered += 1,
                    Ok(answer) => panic!("{}", answer.status()),
                    // Nobody is there any more.
                    Err(error) if error.is_connect() => break,
                    // An idle connection that ended just as it was used, or an answer that was cut off.
                    Err(_) => {
                        unanswered = Some(name);
                        break;
                    }
                }
            }
            (answered, unanswered)
        })
    });
    let callers: Vec<_> = callers.collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let asked = Instant::now();
    let closing: Vec<_> = sockets.into_iter().map(|socket| tokio::spawn(close_code(socket))).collect();
    server.terminate().await;
    let gone = asked.elapsed();
    for socket in closing {
        assert_eq!(socket.await.expect("a socket"), 4001);
    }
    let (mut answered, mut unanswered) = (0, Vec::new());
    for caller in callers {
        let (of_caller, of_unanswered) = caller.await.expect("a caller");
        answered += of_caller;
        unanswered.extend(of_unanswered);
    }
    assert!(answered > 0);
    // What was begun was answered: of what was not answered nothing was done.
    let again = Server::start(folder.path(), &[]).await;
    let url = format!("{}/api/v1/workspaces/{workspace}/channels/{channel}/messages?limit=200", again.url);
    let said = client.get(&url).bearer_auth(&token).send().await.expect("an answer").text().await.expect("a text");
    assert!(said.contains("\"text\":\"c"), "{said:.200}");
    for name in &unanswered {
        assert!(!said.contains(&format!("\"{name}\"")), "{name} was done and not answered");
    }
    assert!(gone < Duration::from_secs(10), "it took {gone:?} to stop");
    println!("promise R9: stopped under load in {gone:?}, {answered} calls answered, none cut off, sockets told 4001");
}

async fn close_code(mut socket: crate::follower::Stream) -> u16 {
    use futures_util::StreamExt;
    use tokio_tungstenite::tungstenite::Message;
    loop {
        match socket.next().await {
            Some(Ok(Message::Close(frame))) => return frame.map_or(1005, |frame| frame.code.into()),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return 1006,
        }
    }
}
