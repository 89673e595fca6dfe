//! Listing 50 of 10,000 projects, beside the same statement by hand as a server would run it: on a pooled connection, in the
//! same kind of transaction, settings and role, decoded into a struct.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use kitaab_core::access::Actor;
use kitaab_core::project::{NewProject, ProjectGrant, ProjectView, ProjectsAsk, Share};
use kitaab_core::time::{Date, Timestamp};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Executor};
use uuid::Uuid;

use crate::place::{Place, postgres, sqlite};
use crate::table::{head, quantile, ratio, row};

const PROJECTS: usize = 10_000;
/// The client is on every tenth.
const SHARED: usize = 10;
const ROUNDS: usize = 1_000;

const OWNER: &str = "SELECT p.id, p.name, p.description, p.status, p.progress, p.progress_mode, p.starts_on, p.due_on, p.client_id, p.tags, \
    p.archived_at, p.created_at, p.updated_at, p.version, n.body FROM projects p LEFT JOIN project_notes n \
    ON n.workspace_id = p.workspace_id AND n.project_id = p.id WHERE p.workspace_id = $1 AND p.archived_at IS NULL ORDER BY p.id DESC LIMIT 51";
const CLIENT: &str = "SELECT p.id, p.name, p.description, p.status, p.progress, p.progress_mode, p.starts_on, p.due_on, p.client_id, p.tags, \
    p.archived_at, p.created_at, p.updated_at, p.version, c.grant_tasks, c.grant_comments, c.grant_upload FROM collaborators c JOIN projects p \
    ON p.workspace_id = c.workspace_id AND p.id = c.project_id WHERE c.workspace_id = $1 AND c.client_id = $2 AND p.archived_at IS NULL \
    ORDER BY c.project_id DESC LIMIT 51";

/// What a by-hand list decodes.
#[derive(sqlx::FromRow)]
#[expect(dead_code, reason = "decoding is what is measured")]
struct Row {
    id: Uuid,
    name: String,
    description: Option<String>,
    status: String,
    progress: i64,
    progress_mode: String,
    starts_on: Option<Date>,
    due_on: Option<Date>,
    client_id: Option<Uuid>,
    tags: String,
    archived_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
    #[sqlx(default)]
    body: Option<String>,
    #[sqlx(default)]
    grant_tasks: bool,
    #[sqlx(default)]
    grant_comments: bool,
    #[sqlx(default)]
    grant_upload: bool,
}

/// Fills the workspace, and brings Mridul in.
async fn fill(place: &Place) -> anyhow::Result<(Actor, Uuid)> {
    let (mridul, card) = place.client().await?;
    let projects = place.kitaab.projects(&place.nikhil);
    for index in 0..PROJECTS {
        let new =
            NewProject { name: format!("Project {index}"), description: Some("What it is about. ".repeat(5)), ..NewProject::default() };
        let ProjectView::Staff(project) = projects.create(place.workspace, new.into()).await?.item else { continue };
        if index % SHARED == 0 {
            let share = Share { grant: Some(ProjectGrant::INVITED) };
            projects.share(place.workspace, project.id, card.into(), share.into()).await?;
        }
    }
    Ok((mridul, card))
}

async fn ours(place: &Place, actor: &Actor) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let page = place.kitaab.projects(actor).list(place.workspace, ProjectsAsk::default().into()).await?;
    anyhow::ensure!(page.items.len() == 50);
    Ok(started.elapsed())
}

fn print(engine: &str, who: &str, mut ours: Vec<Duration>, mut bare: Vec<Duration>) {
    let (ours, bare) = (quantile(&mut ours, 0.5), quantile(&mut bare, 0.5));
    row(&[engine.into(), who.into(), format!("{ours:.0?}"), format!("{bare:.0?}"), ratio(ours.as_secs_f64(), bare.as_secs_f64())]);
}

/// Measures both ways in turn.
pub async fn run(folder: &Path) -> anyhow::Result<()> {
    head(&["engine", "as", "Kitaab, p50", "by hand, p50", "ratio"]);
    on_sqlite(folder).await?;
    on_postgres().await
}

async fn on_sqlite(folder: &Path) -> anyhow::Result<()> {
    let (_room, path, store) = sqlite(folder).await?;
    let place = Arc::new(Place::on(store).await?);
    let (mridul, card) = fill(&place).await?;
    let options = SqliteConnectOptions::new().filename(&path).journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePoolOptions::new().max_connections(8).test_before_acquire(false).connect_with(options).await?;
    for (who, actor, sql) in [("owner", &place.nikhil, OWNER), ("client", &mridul, CLIENT)] {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            with.push(ours(&place, actor).await?);
            let started = Instant::now();
            let mut tx = pool.begin().await?;
            let query = sqlx::query_as::<_, Row>(sql).bind(place.workspace.0);
            let rows = if who == "client" { query.bind(card) } else { query }.fetch_all(&mut *tx).await?;
            drop(tx);
            without.push(started.elapsed());
            anyhow::ensure!(rows.len() == 51);
        }
        print("SQLite", who, with, without);
    }
    Ok(())
}

async fn on_postgres() -> anyhow::Result<()> {
    let (_server, database, store) = postgres().await?;
    let place = Arc::new(Place::on(store).await?);
    let (mridul, card) = fill(&place).await?;
    database.say("ANALYZE")?;
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(async move { connection.execute("SET ROLE kitaab_app; SET jit = off").await.map(drop) }))
        .connect(database.url())
        .await?;
    for (who, actor, sql) in [("owner", &place.nikhil, OWNER), ("client", &mridul, CLIENT)] {
        let user = actor.user().context("a person")?;
        let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT kitaab_enter('{}', '{user}')", place.workspace);
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            with.push(ours(&place, actor).await?);
            let started = Instant::now();
            let mut tx = pool.begin_with(AssertSqlSafe(begin.clone())).await?;
            let query = sqlx::query_as::<_, Row>(sql).bind(place.workspace.0);
            let rows = if who == "client" { query.bind(card) } else { query }.fetch_all(&mut *tx).await?;
            drop(tx);
            without.push(started.elapsed());
            anyhow::ensure!(rows.len() == 51);
        }
        print("PostgreSQL", who, with, without);
    }
    Ok(())
}
