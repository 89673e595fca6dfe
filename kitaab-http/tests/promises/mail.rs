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
