//! Somebody who follows a room by socket, by stream or by poll, goes away, and comes back with their cursor.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::time::timeout;

use crate::breach::{Breach, Breaches};
use crate::follower::{Seeded, Seen, View, differences, listen, subscribe};
use crate::room::{Room, view_of};

/// After this time what was not heard is not heard.
const PATIENCE: Duration = Duration::from_secs(3);

/// How somebody follows.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    Socket,
    Stream,
    Poll,
}

pub const WAYS: [Way; 3] = [Way::Socket, Way::Stream, Way::Poll];

/// Somebody who follows a room, goes away, and comes back with a cursor.
pub struct Person {
    pub room: Room,
    pub way: Way,
    cursor: String,
    pub seen: Mutex<Seen>,
    /// How often they were told to begin anew.
    pub anew: usize,
}

impl Person {
    pub fn new(room: &Room, way: Way, cursor: &str) -> Self {
        Self { room: room.clone(), way, cursor: cursor.to_owned(), seen: Mutex::default(), anew: 0 }
    }

    /// Loads what there is, to go on with this cursor.
    async fn begin_anew(&mut self, cursor: &Value) {
        self.anew += 1;
        cursor.as_str().expect("a fresh cursor").clone_into(&mut self.cursor);
        self.seen = Mutex::default();
        self.seen.get_mut().expect("nobody panicked").view = view_of(&self.room.history().await);
    }

    /// Comes with the cursor, and follows until they show what is expected, or nothing more comes.
    pub async fn come(&mut self, expected: &View) {
        let following = async {
            match self.way {
                Way::Socket => self.follow_by_socket(expected).await,
                Way::Stream => self.follow_by_stream(expected).await,
                Way::Poll => self.follow_by_poll(expected).await,
            }
        };
        timeout(PATIENCE, following).await.ok();
    }

    async fn follow_by_socket(&mut self, expected: &View) {
        let (room, cursor) = (&self.room, Some(self.cursor.as_str()));
        let (mut socket, answer) = subscribe(&room.urls[0], &room.token, &room.workspace, cursor).await.expect("a socket");
        if answer["recovered"] == false {
            self.begin_anew(&answer["cursor"]).await;
        } else {
            answer["cursor"].as_str().expect("a cursor").clone_into(&mut self.cursor);
        }
        let shown = async {
            while !shows(&self.seen, expected) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            () = shown => {}
            () = listen(&mut socket, &mut self.cursor, &self.seen, u64::MAX) => {}
        }
    }

    async fn follow_by_stream(&mut self, expected: &View) {
        let url = self.room.at(&mut Seeded::new(1), "/events");
        let asked = self.room.client.get(url).bearer_auth(&self.room.token).header("accept", "text/event-stream");
        let answer = asked.header("last-event-id", &self.cursor).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let (mut pieces, mut text) = (answer.bytes_stream(), String::new());
        // Before anything else a stream says whether it goes on from the cursor.
        let mut begun = false;
        while !begun || !shows(&self.seen, expected) {
            let Some((told, rest)) = text.split_once("\n\n") else {
                text += std::str::from_utf8(&pieces.next().await.expect("more").expect("a piece")).expect("ASCII");
                continue;
            };
            begun = true;
            let field = |name| told.lines().find_map(|line| line.strip_prefix(name));
            let (event, id, data) = (field("event: "), field("id: ").map(Value::from), field("data: {\"id\"").and(field("data: ")));
            let (data, rest) = (data.map(|data| serde_json::from_str::<Value>(data).expect("JSON")), rest.to_owned());
            if let Some(id) = id.as_ref().and_then(Value::as_str) {
                id.clone_into(&mut self.cursor);
            }
            match event {
                Some("resync") => self.begin_anew(&id.expect("an id")).await,
                Some(_) => {}
                None => data.iter().for_each(|event| self.seen.get_mut().expect("nobody panicked").take(event)),
            }
            text = rest;
        }
    }

    async fn follow_by_poll(&mut self, expected: &View) {
        let mut begun = false;
        while !begun || !shows(&self.seen, expected) {
            let url = self.room.at(&mut Seeded::new(1), &format!("/events?cursor={}&wait=1", self.cursor));
            let answer = self.room.client.get(url).bearer_auth(&self.room.token).send().await.expect("an answer");
            let (status, answer) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
            begun = true;
            if status == StatusCode::GONE {
                assert_eq!(answer["code"], "cursor_invalid");
                self.begin_anew(&answer["cursor"]).await;
                continue;
            }
            assert_eq!(status, StatusCode::OK);
            let seen = self.seen.get_mut().expect("nobody panicked");
            answer["events"].as_array().expect("a list").iter().for_each(|event| seen.take(event));
            answer["cursor"].as_str().expect("a cursor").clone_into(&mut self.cursor);
        }
    }

    /// What is wrong, if they had to be told to begin anew and then to show what is expected.
    fn judge(&self, expected: &View, found: &mut Breaches) {
        if self.anew != 1 {
            found.note(Breach::Forgotten, format!("by {:?} one was told {} times to begin anew", self.way, self.anew));
        }
        if !shows(&self.seen, expected) {
            found.note(Breach::Differs, format!("by {:?}", self.way));
        }
        found.add(&self.seen.lock().expect("nobody panicked").breaches);
    }
}

pub fn shows(seen: &Mutex<Seen>, expected: &View) -> bool {
    differences(&seen.lock().expect("nobody panicked").view, expected) == 0
}

/// All of them come back, and were to be told to begin anew once by now.
pub async fn come_back(people: &mut [Person], expected: &View, found: &mut Breaches) {
    join_all(people.iter_mut().map(|person| person.come(expected))).await;
    for person in people.iter() {
        person.judge(expected, found);
    }
}
