//! Mail never for what was rolled back, at least once for what was committed, whatever is killed in between; repeats
//! carry the same `Message-ID`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kitaab_core::testing::{Behaviour, PlannedSmtp, Received};
use mail_parser::MessageParser;
use reqwest::StatusCode;
use serde_json::json;

use crate::figure;
use crate::server::Server;

fn recipients(received: &[Received]) -> BTreeMap<&str, BTreeSet<String>> {
    let mut ids: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for mail in received {
        let id =
            MessageParser::default().parse(&mail.data).and_then(|mail| mail.message_id().map(str::to_owned)).expect("a mail with an id");
        ids.entry(&mail.to).or_default().insert(id);
    }
    ids
}

#[tokio::test]
async fn every_invitation_that_nikhil_was_told_of_is_mailed_and_no_other() {
    let (invitations, kills) = (figure(200), figure(20));
    let plan = [Behaviour::Take, Behaviour::RefuseForNow, Behaviour::CutAfterData, Behaviour::Take, Behaviour::CutAtOnce];
    let smtp = PlannedSmtp::start(plan.into_iter().cycle().take(invitations)).await.expect("a mail server");
    let folder = tempfile::tempdir().expect("a folder");
    let mut server =
        Server::start(folder.path(), &[("KITAAB_SMTP_URL", &smtp.url()), ("KITAAB_MAIL_FROM", "Kitaab <kitaab@example.com>")]).await;
    let client = reqwest::Client::new();
    let (token, workspace) = server.sign_up(&client, "nikhil").await;
    for index in 0..invitations {
        // The same key until there is an answer: a kill may have come before or after the commit.
        let key = format!("0190aaaa-0000-7000-8000-{index:012}");
        let post = async |server: &Server, email: String, projects: serde_json::Value| {
            let body = json!({ "client": { "name": "Somebody", "email": email }, "project_ids": projects });
            let request = client.post(format!("{}/api/v1/workspaces/{workspace}/invitations", server.url));
            request.bearer_auth(&token).header("Idempotency-Key", &key).json(&body).send().await
        };
        let missing = json!(["0190aaaa-0000-7000-8000-ffffffffffff"]);
        let refused = post(&server, format!("refused{index}@example.com"), missing).await.expect("an answer");
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        if index % (invitations / kills).max(1) == 0 {
            // Killed while the call is on its way: the answer is lost, or not.
            let (lost, ()) = tokio::join!(post(&server, format!("told{index}@example.com"), json!([])), async {
                tokio::time::sleep(Duration::from_millis((index as u64 * 7) % 23)).await;
            });
            drop(lost);
            server.crash_and_restart().await;
        }
        let told = post(&server, format!("told{index}@example.com"), json!([])).await.expect("an answer");
        assert_eq!(told.status(), StatusCode::CREATED);
    }
    let all =
        |received: &[Received]| (0..invitations).all(|index| received.iter().any(|mail| mail.to == format!("told{index}@example.com")));
    tokio::time::timeout(Duration::from_secs(400), smtp.until(all)).await.expect("every mail, a lease and its waits later");
    let received = smtp.received();
    let by_recipient = recipients(&received);
    assert!(by_recipient.keys().all(|address| !address.starts_with("refused")), "a mail for what was rolled back");
    for (address, ids) in &by_recipient {
        assert_eq!(ids.len(), 1, "{address} got the same mail under {ids:?}");
    }
    println!("promise R10: {invitations} of {invitations} mailed after {kills} kills, {} copies, none of what was refused", received.len());
}

/// A client who came in by the copied link, with a direct channel to Nikhil.
struct Reader {
    email: String,
    token: String,
    channel: String,
}

/// Whoever is told of a post is told of nothing that was refused, and hears by mail what they did not read.
#[tokio::test]
async fn everybody_who_was_away_is_mailed_what_nikhil_said_to_them_and_nobody_else_is() {
    let (people, kills) = (figure(200), figure(20));
    let plan = [Behaviour::Take, Behaviour::RefuseForNow, Behaviour::CutAfterData, Behaviour::Take, Behaviour::CutAtOnce];
    // The first mails are those of the accounts.
    let smtp = PlannedSmtp::start(std::iter::repeat_n(Behaviour::Take, people * 5).chain(plan.into_iter().cycle().take(people)));
    let smtp = smtp.await.expect("a mail server");
    let folder = tempfile::tempdir().expect("a folder");
    let mut server =
        Server::start(folder.path(), &[("KITAAB_SMTP_URL", &smtp.url()), ("KITAAB_MAIL_FROM", "Kitaab <kitaab@example.com>")]).await;
    let client = reqwest::Client::new();
    let (nikhil, workspace) = server.sign_up(&client, "nikhil").await;
    let ask = async |server: &Server, method: reqwest::Method, path: &str, token: &str, body: serde_json::Value| {
        client.request(method, format!("{}/api/v1{path}", server.url)).bearer_auth(token).json(&body).send().await
    };
    let inside = |path: &str| format!("/workspaces/{workspace}{path}");
    let mut readers = Vec::new();
    for index in 0..people {
        // Of every four one reads at once, and to one nothing is said that is taken.
        let email = format!("{}{index}@example.com", ["away", "away", "reading", "refused"][index % 4]);
        let body = json!({ "client": { "name": "Somebody", "email": email }, "project_ids": [] });
        let sent = ask(&server, reqwest::Method::POST, &inside("/invitations"), &nikhil, body).await.expect("an answer");
        let link = sent.json::<serde_json::Value>().await.expect("JSON")["link"].as_str().expect("a link").to_owned();
        let body = json!({ "token": link.split_once("token=").expect("a token").1, "display_name": "Somebody", "password": "velvet-quartz-umber-11" });
        let joined = client.post(format!("{}/api/v1/invitations/accept", server.url)).json(&body).send().await.expect("an answer");
        let joined: serde_json::Value = joined.json().await.expect("JSON");
        let body = json!({ "kind": "direct", "user_id": joined["user"]["id"] });
        let opened = ask(&server, reqwest::Method::POST, &inside("/channels"), &nikhil, body).await.expect("an answer");
        let opened: serde_json::Value = opened.json().await.expect("JSON");
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        readers.push(Reader { email, token: text(&joined["session"]["token"]), channel: text(&opened["id"]) });
    }
    for (index, reader) in readers.iter().enumerate() {
        let messages = inside(&format!("/channels/{}/messages", reader.channel));
        let refused = reader.email.starts_with("refused");
        let body = json!({ "client_message_id": "1", "text": if refused { "x".repeat(10_001) } else { "Hello".to_owned() } });
        if index % (people / kills).max(1) == 0 {
            let (lost, ()) = tokio::join!(ask(&server, reqwest::Method::POST, &messages, &nikhil, body.clone()), async {
                tokio::time::sleep(Duration::from_millis((index as u64 * 7) % 23)).await;
            });
            drop(lost);
            server.crash_and_restart().await;
        }
        let told = ask(&server, reqwest::Method::POST, &messages, &nikhil, body).await.expect("an answer").status();
        assert_eq!(told.is_success(), !refused, "{told}");
        if reader.email.starts_with("reading") {
            let path = inside(&format!("/channels/{}/read", reader.channel));
            let read = ask(&server, reqwest::Method::PUT, &path, &reader.token, json!({ "seq": 1 })).await.expect("an answer");
            assert_eq!(read.status(), StatusCode::OK);
        }
    }
    let away: Vec<&str> = readers.iter().map(|reader| reader.email.as_str()).filter(|email| email.starts_with("away")).collect();
    let about_conversations = |received: &[Received]| -> Vec<Received> {
        received.iter().filter(|mail| String::from_utf8_lossy(&mail.data).contains("List-Unsubscribe-Post")).cloned().collect()
    };
    let all = |received: &[Received]| {
        let mailed = about_conversations(received);
        away.iter().all(|email| mailed.iter().any(|mail| mail.to == *email))
    };
    // While they are waited for the server is killed once more: what is due is in the database.
    let halfway = |received: &[Received]| about_conversations(received).len() >= away.len() / 2;
    tokio::time::timeout(Duration::from_secs(400), smtp.until(halfway)).await.expect("half of the mails");
    server.crash_and_restart().await;
    tokio::time::timeout(Duration::from_secs(400), smtp.until(all)).await.expect("every mail, a lease and its waits later");
    let received = about_conversations(&smtp.received());
    for (address, ids) in &recipients(&received) {
        assert!(address.starts_with("away"), "{address} has missed nothing");
        assert_eq!(ids.len(), 1, "{address} got the same mail under {ids:?}");
    }
    println!(
        "promise R10n: {} of {} who were away are mailed what was said to them, after {} kills, {} copies; none of what was refused or read",
        away.len(),
        away.len(),
        kills + 1,
        received.len()
    );
}
