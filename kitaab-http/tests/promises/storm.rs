//! A storm: servers that are killed, connections that drop, calls that are repeated. Nothing acknowledged is lost, doubled
//! or out of order, and everybody ends up with the same view.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kitaab_core::testing::TemporaryPostgres;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::figure;
use crate::follower::{Seeded, Seen, View, follow};
use crate::server::Server;

/// What a sender was told of a message: its id and its number.
type Told = (String, i64);

#[derive(Clone)]
struct Room {
    client: Client,
    urls: Vec<String>,
    token: String,
    workspace: String,
    channel: String,
}

impl Room {
    async fn open(servers: &[Server]) -> Self {
        let client = Client::builder().timeout(Duration::from_secs(10)).build().expect("a client");
        let (token, workspace) = servers[0].sign_up(&client, "nikhil").await;
        let urls: Vec<String> = servers.iter().map(|server| server.url.clone()).collect();
        let body = json!({"kind": "group", "name": "Storm", "member_ids": []});
        let made = client.post(format!("{}/api/v1/workspaces/{workspace}/channels", urls[0])).bearer_auth(&token).json(&body).send().await;
        let made: Value = made.expect("an answer").json().await.expect("JSON");
        let channel = made["id"].as_str().expect("an id").to_owned();
        Self { client, urls, token, workspace, channel }
    }

    fn at(&self, random: &mut Seeded, path: &str) -> String {
        let url = &self.urls[usize::try_from(random.below(self.urls.len() as u64)).expect("small")];
        format!("{url}/api/v1/workspaces/{}{path}", self.workspace)
    }

    /// Tries until it is answered: the answer to the same name is the same message.
    async fn post(&self, random: &mut Seeded, name: &str, text: &str) -> Told {
        loop {
            let url = self.at(random, &format!("/channels/{}/messages", self.channel));
            let body = json!({"client_message_id": name, "text": text});
            let sent = self.client.post(url).bearer_auth(&self.token).json(&body).send().await;
            if let Ok(answer) = sent
                && matches!(answer.status(), StatusCode::OK | StatusCode::CREATED)
                && let Ok(message) = answer.json::<Value>().await
            {
                return (message["id"].as_str().expect("an id").to_owned(), message["seq"].as_i64().expect("a number"));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Everything that was said, page by page.
    async fn history(&self) -> HashMap<i64, (String, Option<String>)> {
        let mut found = HashMap::new();
        let (mut after, mut random) = (0, Seeded::new(1));
        loop {
            let url = self.at(&mut random, &format!("/channels/{}/messages?after={after}&limit=200", self.channel));
            let page = self.client.get(url).bearer_auth(&self.token).send().await.expect("an answer");
            let page: Value = page.json().await.expect("JSON");
            for message in page["items"].as_array().expect("a list") {
                after = message["seq"].as_i64().expect("a number");
                let text = message["text"].as_str().map(str::to_owned);
                let before = found.insert(after, (message["id"].as_str().expect("an id").to_owned(), text));
                assert!(before.is_none(), "two messages have the number {after}");
            }
            if page["has_after"] == false {
                return found;
            }
        }
    }

    async fn send(self, sender: u64, stop: CancellationToken) -> Vec<(String, Told)> {
        let mut random = Seeded::new(1_000 + sender);
        let mut told = Vec::new();
        let mut count = 0;
        while !stop.is_cancelled() {
            count += 1;
            let name = format!("s{sender}-{count}");
            let posted = self.post(&mut random, &name, &name).await;
            // One in twenty is repeated, also with another text.
            if random.below(20) == 0 {
                assert_eq!(self.post(&mut random, &name, "another text").await, posted, "a repeat is the same message");
            }
            let path = format!("/messages/{}", posted.0);
            if random.below(10) == 0 {
                let url = self.at(&mut random, &path);
                self.client.patch(url).bearer_auth(&self.token).json(&json!({"text": "edited"})).send().await.ok();
            }
            if random.below(17) == 0 {
                let url = self.at(&mut random, &path);
                self.client.delete(url).bearer_auth(&self.token).send().await.ok();
            }
            told.push((name, posted));
        }
        told
    }
}

fn server_settings(database: Option<&str>) -> Vec<(&str, &str)> {
    let key = ("KITAAB_SECRET_KEY", "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a");
    std::iter::once(key).chain(database.map(|url| ("KITAAB_DATABASE_URL", url))).collect()
}

/// 32 senders, followers that drop at random, and kills meanwhile.
async fn storm(folder: &Path, database: Option<&str>, nodes: usize, kills: usize, drops: usize) -> (usize, usize) {
    let mut servers = Vec::new();
    for _ in 0..nodes {
        servers.push(Server::start(folder, &server_settings(database)).await);
    }
    let room = Room::open(&servers).await;
    let (stop_sending, stop_following) = (CancellationToken::new(), CancellationToken::new());
    let followers: Vec<Arc<Mutex<Seen>>> = (0..8).map(|_| Arc::default()).collect();
    let following: Vec<_> = followers
        .iter()
        .zip(0_u64..)
        .map(|(seen, seed)| {
            let (urls, token, workspace) = (room.urls.clone(), room.token.clone(), room.workspace.clone());
            tokio::spawn(follow(urls, token, workspace, seed, Arc::clone(seen), stop_following.clone()))
        })
        .collect();
    let sending: Vec<_> = (0..32).map(|sender| tokio::spawn(room.clone().send(sender, stop_sending.clone()))).collect();
    let mut random = Seeded::new(7);
    let dropped = |followers: &[Arc<Mutex<Seen>>]| followers.iter().map(|seen| seen.lock().expect("sound").drops).sum::<usize>();
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(150 + random.below(300))).await;
        let node = usize::try_from(random.below(nodes as u64)).expect("small");
        servers[node].crash_and_restart().await;
    }
    while dropped(&followers) < drops {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop_sending.cancel();
    let mut told = Vec::new();
    for sender in sending {
        told.push(sender.await.expect("a sender"));
    }
    let (quiet, history) = (Instant::now(), room.history().await);
    check_acknowledged(&told, &history);
    check_views(&followers, &history, quiet).await;
    stop_following.cancel();
    for follower in following {
        follower.await.expect("a follower");
    }
    (told.iter().map(Vec::len).sum(), dropped(&followers))
}

/// Each acknowledged message is there once, under the number that was told, and each sender's in the order of sending.
fn check_acknowledged(told: &[Vec<(String, Told)>], history: &HashMap<i64, (String, Option<String>)>) {
    let mut numbers: Vec<i64> = history.keys().copied().collect();
    numbers.sort_unstable();
    assert!(numbers.iter().zip(1..).all(|(number, expected)| *number == expected), "numbers have no gap");
    for of_sender in told {
        let mut last = 0;
        for (name, (id, seq)) in of_sender {
            assert_eq!(history.get(seq).map(|(id, _)| id), Some(id), "{name} was acknowledged as {seq}");
            assert!(*seq > last, "{name} is out of order");
            last = *seq;
        }
    }
}

/// Within two seconds everybody shows what the history says.
async fn check_views(followers: &[Arc<Mutex<Seen>>], history: &HashMap<i64, (String, Option<String>)>, since: Instant) {
    let expected: View = history.iter().map(|(seq, (_, text))| (*seq, text.clone())).collect();
    for (seen, number) in followers.iter().zip(0..) {
        loop {
            let late = since.elapsed() > Duration::from_secs(8);
            {
                let seen = seen.lock().expect("sound");
                if seen.view == expected {
                    assert_eq!((seen.doubles, seen.resyncs), (0, 0), "follower {number} heard something twice, or lost its place");
                    break;
                }
                let missing = expected.iter().filter(|(seq, text)| seen.view.get(seq) != Some(text)).count();
                assert!(!late, "follower {number} differs in {missing} of {}", expected.len());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let (sent, drops) = storm(folder.path(), None, 1, figure(50), figure(1_000)).await;
    println!("promise R1: {sent} acknowledged messages on SQLite after {} kills: none lost, doubled or out of order", figure(50));
    println!("promise R4: after {drops} drops and {} kills on SQLite every view equals the history, nothing twice", figure(50));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_postgresql() {
    let (folder, database) = (tempfile::tempdir().expect("a folder"), TemporaryPostgres::shared().database());
    let (sent, drops) = storm(folder.path(), Some(database.url()), 1, figure(50), figure(1_000)).await;
    println!("promise R1: {sent} acknowledged messages on PostgreSQL after {} kills: none lost, doubled or out of order", figure(50));
    println!("promise R4: after {drops} drops and {} kills on PostgreSQL every view equals the history, nothing twice", figure(50));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_of_one_database_tell_the_same_story() {
    let (folder, database) = (tempfile::tempdir().expect("a folder"), TemporaryPostgres::shared().database());
    let (sent, drops) = storm(folder.path(), Some(database.url()), 2, figure(20), figure(1_000)).await;
    println!("promise R5: {sent} messages through two servers on one PostgreSQL, {} kills, {drops} drops: no cursor skipped", figure(20));
}
