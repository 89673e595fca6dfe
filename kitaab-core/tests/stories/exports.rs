//! What people take away, and what they do not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use kitaab_core::Kitaab;
use kitaab_core::access::Actor;
use kitaab_core::audit::AuditAsk;
use kitaab_core::chat::{KeepDraft, NewScheduled, NewTemplate};
use kitaab_core::export::{ExportScope, ExportStatus, ExportView, NewExport};
use kitaab_core::finance::{EntryKind, NewEntry, NewTimeEntry, UpdateEntry};
use kitaab_core::ids::ProjectId;
use kitaab_core::input::Patch;
use kitaab_core::money::GivenMoney;
use kitaab_core::project::{NewTask, NewTaskComment, NewUpdate, ProjectGrant, Share, TasksAsk, UpdateTask};
use kitaab_core::provider::Blobs;
use kitaab_core::store::Store;
use kitaab_core::time::Date;
use kitaab_core::workspace::{DeleteWorkspace, GRACE};
use serde_json::Value;

use crate::common::{Studio, code, freelancer, on_both_engines};

type Database = Arc<dyn Store>;
/// Names of files and what is in them.
type Files = BTreeMap<String, String>;

/// With a password typed just now.
fn fresh(studio: &Studio, who: &Actor) -> Actor {
    who.clone().fresh_until(studio.kitaab.now().after(Duration::from_mins(15)))
}

async fn ask(studio: &Studio, who: &Actor, scope: ExportScope) -> Result<ExportView, kitaab_core::Error> {
    studio.kitaab.exports(who).create(studio.workspace, NewExport { scope: Some(scope) }.into()).await
}

async fn look(studio: &Studio, who: &Actor, export: &ExportView) -> ExportView {
    studio.kitaab.exports(&fresh(studio, who)).get(studio.workspace, export.id).await.unwrap()
}

/// The secret in a link.
fn token(view: &ExportView) -> String {
    view.url.as_deref().unwrap().rsplit_once('/').unwrap().1.to_owned()
}

async fn fetch(studio: &Studio, who: &Actor, token: &str) -> Result<Files, kitaab_core::Error> {
    let download = studio.kitaab.exports(who).download(token).await?;
    let pieces: Vec<_> = download.blob.bytes.try_collect().await.unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(pieces.concat())).unwrap();
    let mut files = Files::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().unwrap().into_owned(), text);
    }
    Ok(files)
}

/// Asked for, made, and fetched.
async fn export(studio: &Studio, who: &Actor, scope: ExportScope) -> Files {
    let asked = ask(studio, &fresh(studio, who), scope).await.unwrap();
    assert_eq!((asked.state, &asked.url), (ExportStatus::Pending, &None));
    studio.kitaab.run_due_jobs().await.unwrap();
    let made = look(studio, who, &asked).await;
    assert_eq!(made.state, ExportStatus::Ready);
    fetch(studio, &Actor::nobody(), &token(&made)).await.unwrap()
}

fn rows(files: &Files, name: &str) -> Vec<BTreeMap<String, String>> {
    let rows: Vec<BTreeMap<String, String>> =
        csv::Reader::from_reader(files[&format!("{name}.csv")].as_bytes()).deserialize().collect::<Result<_, _>>().unwrap();
    let json: Vec<Value> = serde_json::from_str(&files[&format!("{name}.json")]).unwrap();
    assert_eq!(rows.len(), json.len(), "{name} says the same twice");
    rows
}

fn column(files: &Files, name: &str, column: &str) -> Vec<String> {
    let mut found: Vec<String> = rows(files, name).into_iter().map(|mut row| row.remove(column).unwrap()).collect();
    found.sort();
    found
}

/// Every key of a document, however deep.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            found.insert(key.clone());
            keys(value, found);
        }),
        _ => {}
    }
}

/// A shop that Mridul is on, a studio that she is not on, and money and notes everywhere.
async fn furnished(db: Database) -> (Studio, Actor, ProjectId) {
    let studio = Studio::on(db).await;
    let (shop, secret) = (studio.project("Shop").await, studio.project("Secret").await);
    let (mridul, card) = studio.client("Mridul", &[shop]).await;
    let (kitaab, nikhil, workspace) = (&studio.kitaab, &studio.nikhil, studio.workspace);
    let grant = Share { grant: Some(ProjectGrant { tasks: true, comments: true, upload: true }) };
    kitaab.projects(nikhil).share(workspace, shop, card, grant.into()).await.unwrap();
    for (project, title, client_visible) in [(shop, "Logo", true), (shop, "Price", false), (secret, "Plan", true)] {
        let new = NewTask { title: title.into(), client_visible: Some(client_visible), ..NewTask::default() };
        let task = kitaab.tasks(nikhil).create(workspace, project, new.into()).await.unwrap().item.id;
        for (text, client_visible) in [("In blue?", true), ("Too cheap.", false)] {
            let new = NewTaskComment { text: text.into(), client_visible: Some(client_visible) };
            kitaab.tasks(nikhil).comment(workspace, task, new.into()).await.unwrap();
        }
        kitaab.updates(nikhil).post(workspace, project, NewUpdate { text: format!("News of {title}") }.into()).await.unwrap();
    }
    let money = GivenMoney { amount: "120.50".into(), currency: "EUR".into() };
    let new = NewEntry { money: Some(money), on: Date::new(2026, 5, 1), project_id: Some(shop), ..NewEntry::default() };
    let spent = kitaab.finance(nikhil).create(workspace, EntryKind::Expense, new.clone().into()).await.unwrap().item.id;
    let note = UpdateEntry { note: Patch::Set("=cmd()".into()), ..UpdateEntry::default() };
    kitaab.finance(nikhil).update(workspace, EntryKind::Expense, spent, note.into(), None).await.unwrap();
    kitaab.finance(nikhil).create(workspace, EntryKind::Income, new.into()).await.unwrap();
    let hour = NewTimeEntry {
        started_at: Some(kitaab.now().before(Duration::from_hours(1))),
        ended_at: Some(kitaab.now()),
        project_id: Some(shop),
        ..NewTimeEntry::default()
    };
    kitaab.time(nikhil).create(workspace, hour.into()).await.unwrap();
    let talk = studio.channel_named(&mridul, "Shop").await.id;
    studio.post(&mridul, talk, "=How blue?").await;
    let draft = |text: &str| KeepDraft { text: text.into(), ..KeepDraft::default() };
    kitaab.chat(&mridul).keep_draft(workspace, talk, draft("Perhaps").into()).await.unwrap();
    kitaab.chat(nikhil).keep_draft(workspace, talk, draft("Dear").into()).await.unwrap();
    let tomorrow = Some(kitaab.now().after(std::time::Duration::from_hours(24)));
    let later = NewScheduled { text: "Tomorrow".into(), due_at: tomorrow, reply_to: None };
    kitaab.chat(&mridul).schedule(workspace, talk, later.into()).await.unwrap();
    let hello = NewTemplate { name: "Hello".into(), text: "Hello".into(), shared: true };
    kitaab.chat(nikhil).create_template(workspace, hello.into()).await.unwrap();
    let secret = studio.channel_named(nikhil, "Secret").await.id;
    studio.post(nikhil, secret, "What they pay").await;
    (studio, mridul, shop)
}

async fn nikhil_takes_everything_away(db: Database) {
    let (studio, ..) = furnished(db).await;
    let (olga, theirs) = freelancer(&studio.kitaab, "Olga").await;
    let foreign = kitaab_core::project::NewProject { name: "Foreign".into(), ..Default::default() };
    studio.kitaab.projects(&olga).create(theirs, foreign.into()).await.unwrap();
    let files = export(&studio, &studio.nikhil, ExportScope::Workspace).await;
    assert_eq!(column(&files, "projects", "name"), ["Secret", "Shop"]);
    assert_eq!(column(&files, "clients", "name"), ["Mridul"]);
    assert_eq!(column(&files, "collaborators", "project"), ["Shop"]);
    assert_eq!(column(&files, "members", "display_name"), ["Mridul", "Nikhil"]);
    assert_eq!(column(&files, "invitations", "status"), ["accepted"]);
    assert_eq!(column(&files, "tasks", "title"), ["Logo", "Plan", "Price"]);
    assert_eq!(rows(&files, "task_comments").len(), 6);
    assert_eq!(rows(&files, "updates").len(), 3);
    assert_eq!(column(&files, "expenses", "note"), ["'=cmd()"]);
    assert_eq!(column(&files, "income", "project"), ["Shop"]);
    assert_eq!(column(&files, "channels", "name"), ["Secret", "Shop"]);
    assert_eq!(column(&files, "messages", "text"), ["'=How blue?", "What they pay"]);
    assert_eq!(column(&files, "messages", "channel"), ["Secret", "Shop"]);
    assert_eq!(column(&files, "drafts", "text"), ["Dear"], "his own, and nobody else's");
    assert!(rows(&files, "scheduled_messages").is_empty());
    assert_eq!(column(&files, "templates", "name"), ["Hello"]);
    assert_eq!(column(&files, "time_entries", "minutes"), ["60"]);
    assert_eq!(column(&files, "ledger_history", "version"), ["1", "1", "2"]);
    assert!(rows(&files, "activity").len() > 10 && rows(&files, "audit").len() > 10);
    let about: Value = serde_json::from_str(&files["export.json"]).unwrap();
    assert_eq!((about["scope"].as_str(), about["role"].as_str()), (Some("workspace"), Some("owner")));
    assert!(!files.values().any(|text| text.contains("Foreign")), "nothing of Olga's");
    let audit = studio.kitaab.audit(&studio.nikhil).list(studio.workspace, AuditAsk::default().into()).await.unwrap();
    assert_eq!(audit.items[0].action.to_string(), "workspace.export");
}

async fn mridul_takes_away_what_she_may_see_and_no_money(db: Database) {
    let (studio, mridul, _) = furnished(db).await;
    let files = export(&studio, &mridul, ExportScope::Mine).await;
    assert_eq!(column(&files, "projects", "name"), ["Shop"]);
    assert_eq!(column(&files, "clients", "name"), ["Mridul"]);
    assert_eq!(column(&files, "tasks", "title"), ["Logo"]);
    assert_eq!(column(&files, "task_comments", "text"), ["In blue?"]);
    assert_eq!(column(&files, "updates", "text"), ["News of Logo", "News of Price"]);
    assert_eq!(column(&files, "drafts", "text"), ["Perhaps"], "her own, and nobody else's");
    assert_eq!(column(&files, "scheduled_messages", "text"), ["Tomorrow"]);
    for money in ["templates", "expenses", "income", "time_entries", "ledger_history", "audit", "invitations", "collaborators"] {
        assert!(!files.contains_key(&format!("{money}.json")) && !files.contains_key(&format!("{money}.csv")), "{money}");
    }
    let mut found = BTreeSet::new();
    for document in files.values().filter_map(|text| serde_json::from_str::<Value>(text).ok()) {
        keys(&document, &mut found);
    }
    assert!(found.contains("client_visible"), "the documents were looked at");
    for key in ["amount", "rate", "expense", "income", "profit", "margin", "internal", "notes", "internal_notes", "invitation_status"] {
        assert!(!found.contains(key), "{key}");
    }
    for text in ["Price", "Too cheap.", "Secret", "Plan", "120.50", "What they pay", "Dear"] {
        let told = files.iter().find(|(_, file)| file.contains(text)).map(|(name, _)| name.as_str());
        // The update that Nikhil posted says the word himself.
        assert!(told.is_none() || (text == "Price" && told == Some("updates.csv")), "{text} in {told:?}");
    }
}

async fn an_export_wants_a_password_typed_just_now_and_the_right_role(db: Database) {
    let (studio, mridul, _) = furnished(db).await;
    let sara = studio.colleague("Sara").await;
    let (olga, _) = freelancer(&studio.kitaab, "Olga").await;
    for who in [&studio.nikhil, &mridul, &sara] {
        assert_eq!(code(ask(&studio, who, ExportScope::Mine).await), "reauth_required");
    }
    assert_eq!(code(ask(&studio, &studio.nikhil, ExportScope::Workspace).await), "reauth_required");
    assert_eq!(code(ask(&studio, &fresh(&studio, &sara), ExportScope::Workspace).await), "forbidden");
    assert_eq!(code(ask(&studio, &fresh(&studio, &mridul), ExportScope::Workspace).await), "forbidden");
    assert_eq!(code(ask(&studio, &fresh(&studio, &olga), ExportScope::Mine).await), "not_found");
    let empty = studio.kitaab.exports(&fresh(&studio, &sara)).create(studio.workspace, NewExport::default().into()).await;
    assert_eq!(code(empty), "invalid");
    let asked = ask(&studio, &fresh(&studio, &sara), ExportScope::Mine).await.unwrap();
    let seen = studio.kitaab.exports(&sara).get(studio.workspace, asked.id).await.unwrap();
    assert_eq!(seen.state, ExportStatus::Pending, "how far it is may be seen without");
    studio.kitaab.run_due_jobs().await.unwrap();
    assert_eq!(code(studio.kitaab.exports(&sara).get(studio.workspace, asked.id).await), "reauth_required");
    for other in [&studio.nikhil, &mridul, &olga] {
        let looked = studio.kitaab.exports(&fresh(&studio, other)).get(studio.workspace, asked.id).await;
        assert_eq!(code(looked), "not_found", "it is Sara's");
    }
}

async fn a_link_ends_and_is_nobody_elses(db: Database) {
    let (studio, mridul, _) = furnished(db).await;
    let asked = ask(&studio, &fresh(&studio, &studio.nikhil), ExportScope::Workspace).await.unwrap();
    studio.kitaab.run_due_jobs().await.unwrap();
    let link = token(&look(&studio, &studio.nikhil, &asked).await);
    assert!(fetch(&studio, &Actor::nobody(), &link).await.is_ok());
    assert!(fetch(&studio, &studio.nikhil, &link).await.is_ok());
    assert_eq!(code(fetch(&studio, &mridul, &link).await), "not_found", "signed in as somebody else");
    assert_eq!(code(fetch(&studio, &Actor::nobody(), &link[1..]).await), "not_found");
    studio.clock.advance(Duration::from_mins(15));
    assert_eq!(code(fetch(&studio, &Actor::nobody(), &link).await), "not_found", "it is over");
    let again = token(&look(&studio, &studio.nikhil, &asked).await);
    assert!(fetch(&studio, &Actor::nobody(), &again).await.is_ok(), "a new link to the same file");
    studio.clock.advance(Duration::from_hours(24));
    assert_eq!(look(&studio, &studio.nikhil, &asked).await.state, ExportStatus::Expired);
    studio.kitaab.sweep().await.unwrap();
    let looked = studio.kitaab.exports(&fresh(&studio, &studio.nikhil)).get(studio.workspace, asked.id).await;
    assert_eq!(code(looked), "not_found");
    let kept = std::fs::read_dir(studio.files.path().join(format!("exports/{}", studio.workspace)));
    assert_eq!(kept.map_or(0, Iterator::count), 0, "the file is gone");
}

async fn who_lost_access_fetches_nothing_of_what_was_made_before(db: Database) {
    let (studio, mridul, shop) = furnished(db).await;
    let asked = ask(&studio, &fresh(&studio, &mridul), ExportScope::Mine).await.unwrap();
    studio.kitaab.run_due_jobs().await.unwrap();
    let link = token(&look(&studio, &mridul, &asked).await);
    assert!(fetch(&studio, &Actor::nobody(), &link).await.is_ok());
    let tasks = studio.kitaab.tasks(&studio.nikhil).list(studio.workspace, shop, TasksAsk::default().into()).await.unwrap().items;
    let logo = tasks.iter().find(|task| task.title == "Logo").unwrap().id;
    let internal = UpdateTask { client_visible: Some(false), ..UpdateTask::default() };
    studio.kitaab.tasks(&studio.nikhil).update(studio.workspace, logo, internal.into(), None).await.unwrap();
    assert_eq!(code(fetch(&studio, &Actor::nobody(), &link).await), "not_found", "a task turned internal");
    let asked = ask(&studio, &fresh(&studio, &mridul), ExportScope::Mine).await.unwrap();
    studio.kitaab.run_due_jobs().await.unwrap();
    let link = token(&look(&studio, &mridul, &asked).await);
    assert!(fetch(&studio, &Actor::nobody(), &link).await.is_ok());
    studio.kitaab.projects(&studio.nikhil).archive(studio.workspace, shop).await.unwrap();
    assert_eq!(code(fetch(&studio, &Actor::nobody(), &link).await), "not_found", "a project was taken away");
    assert_eq!(look(&studio, &mridul, &asked).await.state, ExportStatus::Expired);
    let second = ask(&studio, &fresh(&studio, &mridul), ExportScope::Mine).await.unwrap();
    studio.kitaab.people(&studio.nikhil).remove(studio.workspace, mridul.user().unwrap()).await.unwrap();
    studio.kitaab.run_due_jobs().await.unwrap();
    let looked = studio.kitaab.exports(&fresh(&studio, &mridul)).get(studio.workspace, second.id).await;
    assert_eq!(code(looked), "not_found");
    let folder = studio.files.path().join(format!("exports/{}", studio.workspace));
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 2, "none was made for her");
}

async fn an_export_that_cannot_be_kept_is_tried_again_and_given_up_in_the_end(db: Database) {
    let studio = Studio::on(db.clone()).await;
    let asked = ask(&studio, &fresh(&studio, &studio.nikhil), ExportScope::Mine).await.unwrap();
    // Somebody put a file where the folder should be.
    let file = studio.files.path().join("blobs");
    std::fs::write(&file, "no folder").unwrap();
    let broken = Kitaab::builder(db).clock(studio.clock.clone()).blobs(Blobs::folder(&file).unwrap()).build();
    for _ in 0..9 {
        assert_eq!(broken.run_due_jobs().await.unwrap(), 1);
        assert_eq!(look(&studio, &studio.nikhil, &asked).await.state, ExportStatus::Pending);
        studio.clock.advance(Duration::from_mins(6));
    }
    assert_eq!(broken.run_due_jobs().await.unwrap(), 1);
    let given_up = look(&studio, &studio.nikhil, &asked).await;
    assert_eq!((given_up.state, given_up.url), (ExportStatus::Failed, None));
    assert_eq!(broken.job_counts().await.unwrap().dead, 1, "whoever runs the server can see it");
}

async fn a_workspace_that_is_erased_leaves_no_file_behind(db: Database) {
    let studio = Studio::on(db).await;
    export(&studio, &studio.nikhil, ExportScope::Workspace).await;
    let folder = studio.files.path().join(format!("exports/{}", studio.workspace));
    let files = || std::fs::read_dir(&folder).map_or(0, Iterator::count);
    assert_eq!(files(), 1);
    let confirm = DeleteWorkspace { confirm: "Nikhil Design".into() };
    studio.kitaab.workspaces(&fresh(&studio, &studio.nikhil)).delete(studio.workspace, confirm.into()).await.unwrap();
    studio.kitaab.run_due_jobs().await.unwrap();
    assert_eq!(files(), 1, "there are thirty days to think again");
    studio.clock.advance(GRACE);
    studio.kitaab.run_due_jobs().await.unwrap();
    assert_eq!(files(), 0);
}

on_both_engines! {
    a_workspace_that_is_erased_leaves_no_file_behind,
    an_export_that_cannot_be_kept_is_tried_again_and_given_up_in_the_end,
    nikhil_takes_everything_away,
    mridul_takes_away_what_she_may_see_and_no_money,
    an_export_wants_a_password_typed_just_now_and_the_right_role,
    a_link_ends_and_is_nobody_elses,
    who_lost_access_fetches_nothing_of_what_was_made_before,
}
