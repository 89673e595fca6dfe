//! What Nikhil, Sara and Mridul see first.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kitaab_core::access::Actor;
use kitaab_core::account::UpdateProfile;
use kitaab_core::dashboard::{Dashboard, OwnerCards, StaffDashboard};
use kitaab_core::finance::{EntryKind, NewEntry};
use kitaab_core::input::Patch;
use kitaab_core::money::GivenMoney;
use kitaab_core::project::{NewTask, NewUpdate, ProjectGrant, ProjectStatus, Share, TaskState, UpdateProject};
use kitaab_core::store::Store;
use kitaab_core::time::Date;

use tracing::field::{Field, Visit};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::common::{Studio, card, code, for_client, freelancer, on_both_engines};

type Database = Arc<dyn Store>;

async fn dashboard(studio: &Studio, who: &Actor) -> Dashboard {
    studio.kitaab.overview(who).dashboard(studio.workspace).await.unwrap()
}

async fn of_nikhil(studio: &Studio) -> StaffDashboard<OwnerCards> {
    match dashboard(studio, &studio.nikhil).await {
        Dashboard::Owner(owner) => owner,
        other => panic!("{other:?}"),
    }
}

async fn book(studio: &Studio, kind: EntryKind, amount: &str, currency: &str) {
    let money = GivenMoney { amount: amount.into(), currency: currency.into() };
    let new = NewEntry { money: Some(money), on: Date::new(2020, 1, 1), ..NewEntry::default() };
    studio.kitaab.finance(&studio.nikhil).create(studio.workspace, kind, new.into()).await.unwrap();
}

async fn nikhil_sees_how_he_stands_and_sara_the_same_without_money(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    studio.project("Menu").await;
    let active = UpdateProject { status: Some(ProjectStatus::Active), ..UpdateProject::default() };
    studio.kitaab.projects(&studio.nikhil).update(studio.workspace, shop, active.into(), None).await.unwrap();
    let sara = studio.colleague("Sara").await;
    studio.invite(for_client("Farah", &[])).await.unwrap();
    for (kind, amount, currency) in
        [(EntryKind::Income, "1000.10", "EUR"), (EntryKind::Expense, "300.25", "EUR"), (EntryKind::Expense, "50", "JPY")]
    {
        book(&studio, kind, amount, currency).await;
    }
    let seen = of_nikhil(&studio).await;
    let cards = serde_json::to_value(&seen.cards).unwrap();
    let expected = serde_json::json!({
        "projects_total": 2, "clients_total": 1, "unread": 0, "invitations_pending": 1,
        "revenue": [{"amount": "1000.10", "currency": "EUR"}, {"amount": "0", "currency": "JPY"}],
        "expenses": [{"amount": "300.25", "currency": "EUR"}, {"amount": "50", "currency": "JPY"}],
        "profit": [{"amount": "699.85", "currency": "EUR"}, {"amount": "-50", "currency": "JPY"}],
    });
    assert_eq!(cards, expected);
    assert_eq!(seen.active_projects.iter().map(|project| project.name.as_str()).collect::<Vec<_>>(), ["Shop"]);
    assert!(seen.activity.iter().any(|line| line.title.as_deref() == Some("Farah")));

    let of_sara = serde_json::to_value(dashboard(&studio, &sara).await).unwrap();
    assert_eq!(of_sara["role"], "member");
    assert_eq!(of_sara["cards"], serde_json::json!({"projects_total": 2, "clients_total": 1, "unread": 0}));
    assert_eq!(of_sara["active_projects"][0]["name"], "Shop");
    let money_lines = seen.activity.len() - of_sara["activity"].as_array().unwrap().len();
    assert_eq!(money_lines, 3, "what was booked is told to Nikhil alone");
}

async fn mridul_sees_what_she_is_on_and_as_much_of_it_as_she_may(db: Database) {
    let studio = Studio::on(db).await;
    let (shop, menu) = (studio.project("Shop").await, studio.project("Menu").await);
    let (mridul, client) = studio.client("Mridul", &[shop]).await;
    let today = studio.kitaab.now().date_in("UTC");
    for (title, state, client_visible) in
        [("Logo", TaskState::Done, true), ("Price", TaskState::Done, false), ("Signs", TaskState::Todo, true)]
    {
        let new = NewTask {
            title: title.into(),
            state: Some(state),
            client_visible: Some(client_visible),
            due_on: Some(today),
            ..NewTask::default()
        };
        studio.kitaab.tasks(&studio.nikhil).create(studio.workspace, shop, new.into()).await.unwrap();
    }
    for (project, text) in [(shop, "Half way there."), (menu, "Of nobody's business.")] {
        studio.kitaab.updates(&studio.nikhil).post(studio.workspace, project, NewUpdate { text: text.into() }.into()).await.unwrap();
    }
    book(&studio, EntryKind::Income, "5000", "EUR").await;
    let seen = async || match dashboard(&studio, &mridul).await {
        Dashboard::Client(client) => client,
        other => panic!("{other:?}"),
    };
    let before = seen().await;
    assert_eq!((before.cards.projects, before.cards.tasks_completed, before.cards.upcoming_deadlines), (1, 0, 0), "tasks are not granted");
    let grant = Share { grant: Some(ProjectGrant { tasks: true, comments: false, upload: true }) };
    studio.kitaab.projects(&studio.nikhil).share(studio.workspace, shop, client, grant.into()).await.unwrap();
    let after = seen().await;
    assert_eq!((after.cards.projects, after.cards.tasks_completed, after.cards.upcoming_deadlines), (1, 1, 1));
    assert_eq!(after.projects.iter().map(|project| project.name.as_str()).collect::<Vec<_>>(), ["Shop"]);
    assert_eq!(after.updates.iter().map(|update| update.text.as_str()).collect::<Vec<_>>(), ["Half way there."]);
    assert_eq!(after.deadlines.iter().map(|due| due.title.as_str()).collect::<Vec<_>>(), ["Signs"]);
    assert!(after.messages.is_empty() && after.meetings.is_empty());
    studio.kitaab.projects(&studio.nikhil).archive(studio.workspace, shop).await.unwrap();
    let archived = seen().await;
    assert_eq!(archived.cards.projects + archived.cards.tasks_completed + archived.cards.upcoming_deadlines, 0);
    assert!(archived.projects.is_empty() && archived.updates.is_empty() && archived.deadlines.is_empty());
}

/// When it is eight in the evening in UTC, the next day has begun in Kolkata.
async fn what_is_overdue_is_judged_where_its_reader_lives(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let sara = studio.colleague("Sara").await;
    studio.clock.advance(Duration::from_hours(8));
    let due = UpdateProject { due_on: Patch::Set(studio.kitaab.now().date_in("UTC")), ..UpdateProject::default() };
    studio.kitaab.projects(&studio.nikhil).update(studio.workspace, shop, due.into(), None).await.unwrap();
    let kolkata = UpdateProfile { time_zone: Some("Asia/Kolkata".into()), ..UpdateProfile::default() };
    studio.kitaab.accounts(&sara).update_profile(kolkata.into()).await.unwrap();
    assert_eq!(of_nikhil(&studio).await.deadlines.iter().map(|due| due.overdue).collect::<Vec<_>>(), [false]);
    match dashboard(&studio, &sara).await {
        Dashboard::Member(of_sara) => assert_eq!(of_sara.deadlines.iter().map(|due| due.overdue).collect::<Vec<_>>(), [true]),
        other => panic!("{other:?}"),
    }
}

async fn strangers_have_no_dashboard_here(db: Database) {
    let studio = Studio::on(db).await;
    let (mridul, client) = studio.client("Mridul", &[]).await;
    let (olga, theirs) = freelancer(&studio.kitaab, "Olga").await;
    studio.kitaab.clients(&olga).create(theirs, card("Otto").into()).await.unwrap();
    for who in [&olga, &Actor::nobody()] {
        assert_eq!(code(studio.kitaab.overview(who).dashboard(studio.workspace).await), "not_found");
    }
    assert_eq!(of_nikhil(&studio).await.cards.clients_total, 1, "Olga's clients are hers");
    studio.kitaab.clients(&studio.nikhil).archive(studio.workspace, client).await.unwrap();
    assert_eq!(code(studio.kitaab.overview(&mridul).dashboard(studio.workspace).await), "not_found");
}

/// Counts the questions among the statements that the database library says it runs.
struct Statements(Arc<AtomicUsize>);

/// Whether a statement asks for something; how units begin and end is told at any time.
struct Asks(bool);

impl Visit for Asks {
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0 |= field.name() == "summary" && (value.starts_with("SELECT ") || value.starts_with("WITH "));
    }
}

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut asks = Asks(false);
        event.record(&mut asks);
        if event.metadata().target() == "sqlx::query" && asks.0 {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

async fn a_dashboard_takes_as_many_statements_with_many_projects_as_with_one(db: Database) {
    let count = Arc::new(AtomicUsize::new(0));
    tracing_subscriber::registry().with(Statements(Arc::clone(&count))).init();
    let studio = Studio::on(db).await;
    let sara = studio.colleague("Sara").await;
    let first = studio.project("First").await;
    let (mridul, card) = studio.client("Mridul", &[first]).await;
    let people = [&studio.nikhil, &sara, &mridul];
    let ask = async || {
        let mut taken = Vec::new();
        for who in people {
            let before = count.load(Ordering::SeqCst);
            dashboard(&studio, who).await;
            taken.push(count.load(Ordering::SeqCst) - before);
        }
        taken
    };
    let with_one = ask().await;
    let grant = Share { grant: Some(ProjectGrant { tasks: true, comments: true, upload: true }) };
    for number in 0..12 {
        let project = studio.project(&format!("Project {number}")).await;
        let new = NewTask { title: "Logo".into(), due_on: Some(studio.kitaab.now().date_in("UTC")), ..NewTask::default() };
        studio.kitaab.tasks(&studio.nikhil).create(studio.workspace, project, new.into()).await.unwrap();
        studio.kitaab.projects(&studio.nikhil).share(studio.workspace, project, card, grant.clone().into()).await.unwrap();
    }
    assert_eq!(ask().await, with_one);
    // Who asks, their time zone, and the facts of the channels, and one or two for each of the parts.
    assert!(with_one.iter().all(|statements| (8..=10).contains(statements)), "{with_one:?}");
}

async fn what_was_said_and_not_read_is_counted_and_a_client_sees_the_newest(db: Database) {
    let studio = Studio::talkative(db).await;
    let shop = studio.project("Shop").await;
    let (mridul, _) = studio.client("Mridul", &[shop]).await;
    let (tanvi, _) = studio.client("Tanvi", &[]).await;
    let sara = studio.colleague("Sara").await;
    let talk = studio.channel_named(&mridul, "Shop").await.id;
    let among_us = studio.group("Among us", &[&sara]).await;
    for text in ["One", "Two"] {
        studio.post(&studio.nikhil, talk, text).await;
    }
    let gone = studio.post(&studio.nikhil, talk, "Not this").await;
    studio.kitaab.chat(&studio.nikhil).delete(studio.workspace, gone.id).await.unwrap();
    studio.post(&sara, among_us, "What they pay").await;
    studio.post(&mridul, talk, "Three").await;
    let unread = async |who: &Actor| serde_json::to_value(dashboard(&studio, who).await).unwrap()["cards"]["unread"].clone();
    assert_eq!(unread(&studio.nikhil).await, 2, "Three, and what Sara said");
    assert_eq!(unread(&sara).await, 3);
    assert_eq!((unread(&mridul).await, unread(&tanvi).await), (0.into(), 0.into()), "who writes has read what is before it");
    let Dashboard::Client(seen) = dashboard(&studio, &mridul).await else { panic!("a client") };
    let texts: Vec<_> = seen.messages.iter().filter_map(|message| message.text.as_deref()).collect();
    assert_eq!(texts, ["Three", "Two", "One"]);
    let Dashboard::Client(seen) = dashboard(&studio, &tanvi).await else { panic!("a client") };
    assert!(seen.messages.is_empty());
}

on_both_engines! {
    what_was_said_and_not_read_is_counted_and_a_client_sees_the_newest,
    a_dashboard_takes_as_many_statements_with_many_projects_as_with_one,
    nikhil_sees_how_he_stands_and_sara_the_same_without_money,
    mridul_sees_what_she_is_on_and_as_much_of_it_as_she_may,
    what_is_overdue_is_judged_where_its_reader_lives,
    strangers_have_no_dashboard_here,
}
