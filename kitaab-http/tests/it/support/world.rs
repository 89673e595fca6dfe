//! People of every kind around one workspace, and another workspace beside it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Database, House, KeepingMailer, ManualClock, PASSWORD, Person, token_of};

/// What somebody is to Nikhil's workspace. The order is that of the columns of the table in the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Owner,
    Member,
    /// On the project, and the one that the card is of.
    Client,
    /// In the workspace, on another project.
    OtherClient,
    /// Signed in, in no workspace at all.
    Stranger,
    /// With a workspace of their own.
    OtherOwner,
    Moderator,
    Anonymous,
}

pub const KINDS: [Kind; 8] =
    [Kind::Owner, Kind::Member, Kind::Client, Kind::OtherClient, Kind::Stranger, Kind::OtherOwner, Kind::Moderator, Kind::Anonymous];

/// The ids in a path, by their names there.
pub type Names = BTreeMap<&'static str, String>;

/// What stays when the server is started once more on a copy.
#[derive(Clone)]
pub struct Cast {
    tokens: BTreeMap<Kind, (String, String)>,
    /// Things of Nikhil's workspace.
    pub own: Names,
    /// Things of Olga's.
    pub foreign: Names,
    /// Secrets of links, by what they are for.
    pub links: BTreeMap<&'static str, String>,
}

/// Brings one world back again and again as it was at first: with SQLite a new server on a copy of the file, with
/// PostgreSQL the same server on the rows that were kept.
pub enum Stage {
    Copies { database: Database, mail: KeepingMailer, clock: ManualClock, cast: Cast },
    Kept(Option<World>),
}

impl Stage {
    pub async fn new() -> Self {
        let world = World::new().await;
        if matches!(world.house.database, Database::Postgres(_)) {
            world.house.database.keep();
            return Self::Kept(Some(world));
        }
        let (database, mail, clock) = world.house.abandon().await;
        Self::Copies { database, mail, clock, cast: world.cast }
    }

    pub async fn open(&mut self) -> World {
        match self {
            Self::Copies { database, mail, clock, cast } => {
                let copy = database.copy().unwrap();
                World { house: House::on(copy, mail.clone(), clock.clone(), |_| {}).await, cast: cast.clone() }
            }
            Self::Kept(world) => {
                let world = world.take().unwrap();
                world.house.database.bring_back();
                world
            }
        }
    }

    pub async fn close(&mut self, world: World) {
        match self {
            Self::Copies { .. } => drop(world.house.abandon().await),
            Self::Kept(kept) => *kept = Some(world),
        }
    }
}

/// A server with everybody in it.
pub struct World {
    pub house: House,
    pub cast: Cast,
}

impl World {
    pub async fn new() -> Self {
        let house = House::open().await;
        let (nikhil, studio) = house.freelancer("Nikhil").await;
        let project = make(&nikhil, &studio, "/projects", json!({"name": "Website", "internal_notes": "n"})).await.0;
        let second = make(&nikhil, &studio, "/projects", json!({"name": "Logo"})).await.0;
        let (mridul, card) = house.client(&nikhil, &studio, "Mridul", &[&project]).await;
        // All that an owner can grant, so that what a client may not do is refused for another reason.
        let grant = json!({"grant": {"tasks": true, "comments": true, "upload": true}});
        nikhil.put(&format!("/workspaces/{studio}/projects/{project}/collaborators/{card}"), &grant).await.expect(200);
        let within = within(&nikhil, &mridul, &studio, &project).await;
        let (ines, _) = house.client(&nikhil, &studio, "Ines", &[&second]).await;
        let sara = invite(&nikhil, &studio, json!({"role": "member", "email": "sara@example.com"})).await.1;
        let sara = house.accept("Sara", &sara).await;
        let talk = talk(&nikhil, &mridul, &[&sara.id, &mridul.id], &studio).await;
        let (gone, _) = house.client(&nikhil, &studio, "Stan", &[]).await;
        nikhil.delete(&format!("/workspaces/{studio}/members/{}", gone.id)).await.expect(204);
        let open =
            invite(&nikhil, &studio, json!({"client": {"name": "Leila", "email": "leila@example.com"}, "project_ids": [project]})).await;
        let (olga, others) = house.freelancer("Olga").await;
        let other_project = make(&olga, &others, "/projects", json!({"name": "Foreign"})).await.0;
        let others_within = self::within(&olga, &olga, &others, &other_project).await;
        let (oskar, other_card) = house.client(&olga, &others, "Oskar", &[&other_project]).await;
        let others_talk = self::talk(&olga, &oskar, &[&oskar.id], &others).await;
        let other_invitation = invite(&olga, &others, json!({"client": {"name": "Otto", "email": "otto@example.com"}})).await;
        let moderator = house.moderator().await;
        house.deliver().await;
        let links = links(&house, open.1).await;
        // Mridul is away for long enough to be mailed what he missed.
        house.clock.advance(std::time::Duration::from_mins(2));
        house.deliver().await;
        let unsubscribe = house.mail.last_to("mridul@example.com").and_then(|mail| mail.unsubscribe).expect("a link that ends mail");
        let mut own = names(&studio, &sara.id, &card, &open.0, &project, &session_of(&nikhil).await);
        let mut foreign = names(&others, &oskar.id, &other_card, &other_invitation.0, &other_project, &session_of(&olga).await);
        own.extend(within.into_iter().chain(talk));
        foreign.extend(others_within.into_iter().chain(others_talk));
        for names in [&mut own, &mut foreign] {
            names.insert("unsubscribe_token", token_of(&unsubscribe));
        }
        let people = [
            (Kind::Owner, nikhil),
            (Kind::Member, sara),
            (Kind::Client, mridul),
            (Kind::OtherClient, ines),
            (Kind::Stranger, gone),
            (Kind::OtherOwner, olga),
            (Kind::Moderator, moderator),
        ];
        let tokens = people.into_iter().map(|(kind, person)| (kind, (person.token(), person.id))).collect();
        Self { house, cast: Cast { tokens, own, foreign, links } }
    }

    pub fn person(&self, kind: Kind) -> Person {
        match self.cast.tokens.get(&kind) {
            Some((token, id)) => self.house.holder_of(token).known_as(&format!("{kind:?}"), id),
            None => self.house.anybody().known_as("Anonymous", ""),
        }
    }

    /// One more of what the owner can make.
    pub async fn spare(&self, path: &str, body: Value) -> String {
        make(&self.person(Kind::Owner), &self.cast.own["workspace_id"], path, body).await.0
    }

    /// A session of this person's besides the one they use.
    pub async fn spare_session(&self, kind: Kind) -> Option<String> {
        let person = self.person(kind);
        let email = person.get("/auth/session").await.json().pointer("/user/email")?.as_str()?.to_owned();
        let signed = self.house.anybody().post("/auth/sign-in", &json!({"email": email, "password": PASSWORD})).await.expect(200);
        Some(session_of(&self.house.holder_of(signed.text("/session/token"))).await)
    }
}

fn names(workspace: &str, person: &str, card: &str, invitation: &str, project: &str, session: &str) -> Names {
    BTreeMap::from([
        ("workspace_id", workspace.to_owned()),
        ("user_id", person.to_owned()),
        ("client_id", card.to_owned()),
        ("invitation_id", invitation.to_owned()),
        ("project_id", project.to_owned()),
        ("session_id", session.to_owned()),
    ])
}

async fn make(owner: &Person, workspace: &str, path: &str, body: Value) -> (String, Value) {
    let made = owner.post(&format!("/workspaces/{workspace}{path}"), &body).await.expect(201);
    (made.text("/id").to_owned(), made.json())
}

/// What there is in a project: a task, an update, money, and a comment on the task by whoever says something.
async fn within(owner: &Person, says: &Person, workspace: &str, project: &str) -> Names {
    let task = make(owner, workspace, &format!("/projects/{project}/tasks"), json!({"title": "Draw the logo"})).await.0;
    let comment = make(says, workspace, &format!("/tasks/{task}/comments"), json!({"text": "In blue?"})).await.0;
    let update = make(owner, workspace, &format!("/projects/{project}/updates"), json!({"text": "Half way there."})).await.0;
    let money = json!({"money": {"amount": "120.50", "currency": "EUR"}, "on": "2026-05-01", "project_id": project});
    let expense = make(owner, workspace, "/expenses", money.clone()).await.0;
    let income = make(owner, workspace, "/income", money).await.0;
    let span = json!({"started_at": "2026-05-01T08:00:00Z", "ended_at": "2026-05-01T09:30:00Z", "task_id": task});
    let time = make(owner, workspace, "/time-entries", span).await.0;
    let export = owner.post(&format!("/workspaces/{workspace}/exports"), &json!({"scope": "mine"})).await.expect(202);
    BTreeMap::from([
        ("export_id", export.text("/id").to_owned()),
        ("task_id", task),
        ("comment_id", comment),
        ("update_id", update),
        ("expense_id", expense),
        ("income_id", income),
        ("time_entry_id", time),
    ])
}

/// A group of the owner's with these people, and what `says` said there: with an answer, a mark of each kind, and a word
/// between the two alone.
async fn talk(owner: &Person, says: &Person, people: &[&str], workspace: &str) -> Names {
    let group = json!({"kind": "group", "name": "Shop opening", "member_ids": people});
    let channel = make(owner, workspace, "/channels", group).await.0;
    let said = json!({"client_message_id": "1", "text": "Which blue?"});
    let message = make(says, workspace, &format!("/channels/{channel}/messages"), said).await.0;
    let answer = json!({"client_message_id": "1", "text": "The dark one.", "reply_to": message});
    make(owner, workspace, &format!("/channels/{channel}/messages"), answer).await;
    for mark in ["pin", "star", "reactions/%F0%9F%91%8D"] {
        says.put(&format!("/workspaces/{workspace}/messages/{message}/{mark}"), &json!({})).await.expect(200);
    }
    let direct = make(owner, workspace, "/channels", json!({"kind": "direct", "user_id": says.id})).await.0;
    make(owner, workspace, &format!("/channels/{direct}/messages"), json!({"client_message_id": "1", "text": "Call me."})).await;
    let later = json!({"text": "See you tomorrow.", "due_at": "2026-12-01T08:00:00Z"});
    let scheduled = make(says, workspace, &format!("/channels/{channel}/scheduled-messages"), later).await.0;
    says.put(&format!("/workspaces/{workspace}/channels/{channel}/draft"), &json!({"text": "Well, "})).await.expect(200);
    let template = make(owner, workspace, "/templates", json!({"name": "Hello", "text": "Hello {{client.name}}", "shared": true})).await.0;
    // The owner answered what `says` said.
    let told = says.get(&format!("/workspaces/{workspace}/notifications")).await.expect(200);
    let notification = told.text("/items/0/id").to_owned();
    BTreeMap::from([
        ("channel_id", channel),
        ("message_id", message),
        ("scheduled_id", scheduled),
        ("template_id", template),
        ("notification_id", notification),
    ])
}

/// An invitation: its id and its link.
async fn invite(owner: &Person, workspace: &str, body: Value) -> (String, String) {
    let (id, sent) = make(owner, workspace, "/invitations", body).await;
    (id, sent["link"].as_str().expect("a link").to_owned())
}

async fn session_of(person: &Person) -> String {
    let sessions = person.get("/auth/sessions").await.expect(200).at("/items");
    let current = sessions.as_array().unwrap().iter().find(|session| session["current"] == true).unwrap().clone();
    current["id"].as_str().unwrap().to_owned()
}

/// One good link of each kind.
async fn links(house: &House, invitation: String) -> BTreeMap<&'static str, String> {
    let newest = |email: &str| house.mail.token_to(email).expect("a link");
    let verification = newest("nikhil@example.com");
    let asked = house.anybody().post("/auth/magic-link", &json!({"email": "sara@example.com"})).await.expect(202);
    house.deliver().await;
    let magic = newest("sara@example.com");
    house.anybody().post("/auth/password-reset", &json!({"email": "otto-has-none@example.com"})).await.expect(202);
    house.anybody().post("/auth/password-reset", &json!({"email": "oskar@example.com"})).await.expect(202);
    house.deliver().await;
    let reset = newest("oskar@example.com");
    let (petra, _) = house.freelancer("Petra").await;
    petra.post("/auth/change-email", &json!({"email": "petra@elsewhere.example"})).await.expect(202);
    house.deliver().await;
    let change = newest("petra@elsewhere.example");
    BTreeMap::from([
        ("invitation", token_of(&invitation)),
        ("verification", verification),
        ("magic", magic),
        ("request", asked.text("/request").to_owned()),
        ("reset", reset),
        ("change", change),
    ])
}
