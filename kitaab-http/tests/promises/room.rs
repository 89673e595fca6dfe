//! A channel of Nikhil's in which people write, through one server or several.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::breach::{Breach, Breaches};
use crate::follower::{Seeded, View};
use crate::server::Server;

/// What a sender was told of a message: its id and its number.
pub type Told = (String, i64);

/// Everything that was said: each message by its number, with its id and its text.
pub type History = BTreeMap<i64, (String, Option<String>)>;

/// What a sender did.
#[derive(Default)]
pub struct Sent {
    /// Each message by its name, in the order of sending, with what was told of it.
    pub told: Vec<(String, Told)>,
    /// How many of them were sent once more.
    pub repeats: usize,
    pub breaches: Breaches,
}

#[derive(Clone)]
pub struct Room {
    pub client: Client,
    pub urls: Vec<String>,
    pub token: String,
    pub workspace: String,
    pub channel: String,
}

impl Room {
    /// Nikhil signs up at a server, and opens a channel; he and the others call at these addresses from then on.
    pub async fn open(server: &Server, urls: Vec<String>) -> Self {
        let client = Client::builder().timeout(Duration::from_secs(10)).build().expect("a client");
        let (token, workspace) = server.sign_up(&client, "nikhil").await;
        let body = json!({"kind": "group", "name": "Storm", "member_ids": []});
        let made =
            client.post(format!("{}/api/v1/workspaces/{workspace}/channels", server.url)).bearer_auth(&token).json(&body).send().await;
        let made: Value = made.expect("an answer").json().await.expect("JSON");
        let channel = made["id"].as_str().expect("an id").to_owned();
        Self { client, urls, token, workspace, channel }
    }

    pub fn at(&self, random: &mut Seeded, path: &str) -> String {
        let url = &self.urls[usize::try_from(random.below(self.urls.len() as u64)).expect("small")];
        format!("{url}/api/v1/workspaces/{}{path}", self.workspace)
    }

    /// Where messages are sent to.
    pub fn messages(&self) -> String {
        self.at(&mut Seeded::new(1), &format!("/channels/{}/messages", self.channel))
    }

    /// The room as somebody else sees it, whom Nikhil invites to it.
    pub async fn joined_by(&self, name: &str) -> Self {
        let post = async |path: &str, body: Value| {
            let answer = self.client.post(format!("{}/api/v1{path}", self.urls[0])).bearer_auth(&self.token).json(&body).send().await;
            let answer = answer.expect("an answer");
            assert_eq!(answer.status(), StatusCode::CREATED, "{path}");
            answer.json::<Value>().await.expect("JSON")
        };
        let invited = json!({"role": "member", "email": format!("{name}@example.com"), "channel_ids": [self.channel]});
        let invited = post(&format!("/workspaces/{}/invitations", self.workspace), invited).await;
        let (_, token) = invited["link"].as_str().and_then(|link| link.split_once("token=")).expect("a link");
        let accept = json!({"token": token, "display_name": name, "password": "violet anchors drift at noon"});
        let url = format!("{}/api/v1/invitations/accept", self.urls[0]);
        let joined = self.client.post(url).json(&accept).send().await.expect("an answer").json::<Value>().await.expect("JSON");
        Self { token: joined["session"]["token"].as_str().expect("a token").to_owned(), ..self.clone() }
    }

    /// Tries until it is answered: the answer to the same name is the same message.
    pub async fn post(&self, random: &mut Seeded, name: &str, text: &str) -> Told {
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
    pub async fn history(&self) -> History {
        let mut found = History::new();
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

    /// Sends one message after the other until `stop`. Some are edited or deleted, and one in `repeated` is repeated, also with
    /// another text.
    pub async fn send(self, sender: u64, repeated: u64, stop: CancellationToken) -> Sent {
        let mut random = Seeded::new(1_000 + sender);
        let (mut sent, mut count) = (Sent::default(), 0);
        while !stop.is_cancelled() {
            count += 1;
            let name = format!("s{sender}-{count}");
            let posted = self.post(&mut random, &name, &name).await;
            if random.below(repeated) == 0 {
                sent.repeats += 1;
                let again = self.post(&mut random, &name, "another text").await;
                if again != posted {
                    sent.breaches.note(Breach::OtherAnswer, format!("{name} was told as {posted:?}, and then as {again:?}"));
                }
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
            sent.told.push((name, posted));
        }
        sent
    }
}

/// What somebody shows who has loaded the history.
pub fn view_of(history: &History) -> View {
    history.iter().map(|(seq, (_, text))| (*seq, text.clone())).collect()
}
