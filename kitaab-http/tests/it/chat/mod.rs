//! Talking, over HTTP: a group of the owner, a member and a client.

mod changing;
mod channels;
mod marks;
mod posting;
mod reading;

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::support::{House, Person, Reply, Setup};

/// The id of nothing.
const MISSING: &str = "0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50";
/// 👍 in a path.
const THUMB: &str = "%F0%9F%91%8D";

/// Nikhil's studio with Meera as a member, Mridul as a client and a group of the three.
struct Studio {
    house: House,
    nikhil: Person,
    meera: Person,
    mridul: Person,
    id: String,
    group: String,
}

impl Studio {
    async fn open() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Setup)) -> Self {
        let house = House::with(change).await;
        let (nikhil, id) = house.freelancer("Nikhil").await;
        let colleague = json!({"role": "member", "email": "meera@example.com"});
        let sent = nikhil.post(&format!("/workspaces/{id}/invitations"), &colleague).await.expect(201);
        let meera = house.accept("Meera", sent.text("/link")).await;
        let (mridul, _) = house.client(&nikhil, &id, "Mridul", &[]).await;
        let mut studio = Self { house, nikhil, meera, mridul, id, group: String::new() };
        studio.group = studio.group_of(&[&studio.meera, &studio.mridul]).await;
        studio
    }

    /// A path in the studio.
    fn at(&self, path: &str) -> String {
        format!("/workspaces/{}{path}", self.id)
    }

    /// The messages of the group.
    fn messages(&self) -> String {
        self.at(&format!("/channels/{}/messages", self.group))
    }

    /// A group of Nikhil's with these people.
    async fn group_of(&self, people: &[&Person]) -> String {
        let people: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
        let group = json!({"kind": "group", "name": "Shop opening", "member_ids": people});
        self.nikhil.post(&self.at("/channels"), &group).await.expect(201).text("/id").to_owned()
    }

    /// The direct channel of Nikhil with somebody.
    async fn direct(&self, with: &Person) -> String {
        let opened = self.nikhil.post(&self.at("/channels"), &json!({"kind": "direct", "user_id": with.id})).await;
        assert!([200, 201].contains(&opened.status), "{}", opened.body);
        opened.text("/id").to_owned()
    }

    /// Says something in the group: the path of the message.
    async fn say(&self, person: &Person, text: &str) -> String {
        let said = person.post(&self.messages(), &message(text)).await.expect(201);
        self.at(&format!("/messages/{}", said.text("/id")))
    }

    /// The channel as this person sees it.
    async fn seen_by(&self, person: &Person) -> Reply {
        person.get(&self.at(&format!("/channels/{}", self.group))).await.expect(200)
    }
}

/// A message with a name of its own.
fn message(text: &str) -> Value {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    json!({"client_message_id": format!("message-{}", NUMBER.fetch_add(1, Ordering::Relaxed)), "text": text})
}

/// The texts of a page.
fn texts(page: &Reply) -> Vec<String> {
    let items = page.at("/items");
    items.as_array().unwrap().iter().map(|item| item["text"].as_str().unwrap_or("(deleted)").to_owned()).collect()
}
