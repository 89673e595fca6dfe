//! A committed write: starting a project, beside the same rows written by hand, one transaction for each.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kitaab_core::access::action::CreateProject;
use kitaab_core::access::{ActionKind, InWorkspace, Permit, Reach, Role, TargetKind};
use kitaab_core::audit::{AuditEntry, Outcome};
use kitaab_core::event::{EventKind, NewEvent, Told};
use kitaab_core::ids::{AuditId, EventId, ProjectId};
use kitaab_core::project::{NewProject, ProgressMode, Project, ProjectStatus};
use kitaab_core::store::{Closing, Scope};
use kitaab_core::time::Timestamp;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, Executor, PgPool, SqliteConnection};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::callers::throughput;
use crate::place::{Place, postgres, sqlite};
use crate::table::{head, ratio, row};

/// The same rows by hand, in the shape that both engines take: what is read, the project, its audit entry, head, event.
/// `$1` workspace, `$2` user, `$3` a new id, `$4` now.
const READ: &str = "SELECT m.role, h.access_epoch FROM workspaces w JOIN event_head h ON h.workspace_id = w.id \
    JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2 WHERE w.id = $1 AND w.deleted_at IS NULL";
const PROJECT: &str = "INSERT INTO projects (workspace_id, id, name, name_folded, description_folded, status, progress, progress_mode, tags, \
    created_at, updated_at, version) VALUES ($1, $2, 'Shop', 'shop', '', 'planned', 0, 'manual', '[]', $3, $3, 1)";
const AUDIT: &str = "INSERT INTO audit_log (workspace_id, id, at, actor_id, role, action, target_kind, target_id, outcome) \
    VALUES ($1, $2, $3, $4, 'owner', 'workspace.create_project', 'workspace', $2, 'done')";
const HEAD: &str = "UPDATE event_head SET seq = seq + 1 WHERE workspace_id = $1 RETURNING seq";
const EVENT: &str = "INSERT INTO events (workspace_id, seq, id, kind, audience, audience_id, subject_id, project_id, at, actor_id, tag) \
    VALUES ($1, $2, $3, 'project.created', 'project', $3, $3, $3, $4, $5, 7)";

static NUMBER: AtomicU64 = AtomicU64::new(1);

fn next_id() -> Uuid {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    uuid::Builder::from_unix_timestamp_millis(1_777_636_800_000 + number, &[7; 10]).into_uuid()
}

macro_rules! by_hand {
    ($connection:expr, $workspace:expr, $user:expr, $now:expr) => {{
        let (id, connection) = (next_id(), $connection);
        sqlx::query(READ).bind($workspace).bind($user).fetch_one(&mut *connection).await?;
        sqlx::query(PROJECT).bind($workspace).bind(id).bind($now).execute(&mut *connection).await?;
        sqlx::query(AUDIT).bind($workspace).bind(id).bind($now).bind($user).execute(&mut *connection).await?;
        let (seq,): (i64,) = sqlx::query_as(HEAD).bind($workspace).fetch_one(&mut *connection).await?;
        sqlx::query(EVENT).bind($workspace).bind(seq).bind(id).bind($now).bind($user).execute(&mut *connection).await?;
    }};
}

/// One unit of the store: the same statements as by hand, through the repositories.
async fn unit(place: &Place) -> anyhow::Result<()> {
    let (workspace, user, now) = (place.workspace, place.nikhil.user(), Timestamp::from_micros(1_777_636_800_000_000));
    let permit = Permit::<CreateProject>::forged(InWorkspace(workspace), place.nikhil.who(), Role::Owner, None, Reach::All);
    let (id, closing) = (next_id(), Closing::forged(Some(workspace)));
    let project = Project {
        id: ProjectId(id),
        name: "Shop".into(),
        description: None,
        status: ProjectStatus::Planned,
        progress: 0,
        progress_mode: ProgressMode::Manual,
        starts_on: None,
        due_on: None,
        client_id: None,
        tags: vec![],
        archived_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let entry = AuditEntry {
        id: AuditId(id),
        at: now,
        actor_id: user,
        role: Role::Owner,
        action: ActionKind::CreateProject,
        target_kind: TargetKind::Workspace,
        target_id: Some(id),
        outcome: Outcome::Done,
        address: None,
        request_id: None,
        reason: None,
    };
    let told = Told::project(EventKind::ProjectCreated, project.id);
    let event = NewEvent { id: EventId(id), told, at: now, actor_id: user, tag: 7 };
    let mut tx = place.kitaab.store().write(Scope::Workspace { workspace, user }).await?;
    tx.workspace_standing(workspace, user).await?;
    tx.insert_project(&permit, &project).await?;
    tx.append_audit(&closing, &[entry]).await?;
    tx.append_events(&closing, &[event], false).await?;
    Ok(tx.commit().await?)
}

async fn units(place: &Arc<Place>, callers: usize, seconds: f64) -> anyhow::Result<f64> {
    let place = Arc::clone(place);
    throughput(callers, seconds, move |_| {
        let place = Arc::clone(&place);
        async move { unit(&place).await }
    })
    .await
}

async fn ours(place: &Arc<Place>, callers: usize, seconds: f64) -> anyhow::Result<f64> {
    let place = Arc::clone(place);
    throughput(callers, seconds, move |_| {
        let place = Arc::clone(&place);
        async move {
            let new = NewProject { name: "Shop".into(), ..NewProject::default() };
            place.kitaab.projects(&place.nikhil).create(place.workspace, new.into()).await?;
            Ok(())
        }
    })
    .await
}

async fn sqlite_by_hand(path: &Path, place: &Place, callers: usize, seconds: f64) -> anyhow::Result<f64> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5));
    let connection = Arc::new(Mutex::new(SqliteConnection::connect_with(&options).await?));
    let (workspace, user) = (place.workspace.0, place.nikhil.user().map(|user| user.0));
    throughput(callers, seconds, move |_| {
        let connection = Arc::clone(&connection);
        async move {
            let mut connection = connection.lock().await;
            sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
            by_hand!(&mut *connection, workspace, user, 1_777_636_800_000_000_i64);
            sqlx::query("COMMIT").execute(&mut *connection).await?;
            Ok(())
        }
    })
    .await
}

async fn postgres_by_hand(url: &str, place: &Place, callers: usize, seconds: f64) -> anyhow::Result<f64> {
    let pool: PgPool = PgPoolOptions::new()
        .max_connections(40)
        .after_connect(|connection, _| Box::pin(async move { connection.execute("SET ROLE kitaab_app; SET jit = off").await.map(drop) }))
        .connect(url)
        .await?;
    let (workspace, user) = (place.workspace.0, place.nikhil.user().map(|user| user.0));
    let now = Timestamp::from_micros(1_777_636_800_000_000);
    throughput(callers, seconds, move |_| {
        let pool = pool.clone();
        async move {
            // The same kind of transaction, role and settings.
            let mut tx = pool
                .begin_with(AssertSqlSafe(format!("BEGIN; SELECT kitaab_enter('{workspace}', '{}')", user.unwrap_or_default())))
                .await?;
            by_hand!(&mut *tx, workspace, user, now);
            tx.commit().await?;
            Ok(())
        }
    })
    .await
}

/// Measures all ways in turn, three times each, and takes the middle by the ratio of the units.
pub async fn run(folder: &Path, seconds: f64, only_sqlite: bool) -> anyhow::Result<()> {
    head(&["engine", "callers", "units of the store, 1/s", "the same by hand, one transaction each, 1/s", "ratio", "use case, 1/s"]);
    let (_room, path, store) = sqlite(folder).await?;
    let place = Arc::new(Place::on(store).await?);
    let third = seconds / 3.0;
    for callers in [1, 32] {
        let mut figures = Vec::new();
        for _ in 0..3 {
            let bare = sqlite_by_hand(&path, &place, callers, third).await?;
            figures.push((units(&place, callers, third).await?, bare, ours(&place, callers, third).await?));
        }
        print("SQLite", callers, figures);
    }
    if only_sqlite {
        return Ok(());
    }
    let (_server, database, store) = postgres().await?;
    let place = Arc::new(Place::on(store).await?);
    for callers in [1, 32] {
        let mut figures = Vec::new();
        for _ in 0..3 {
            let bare = postgres_by_hand(database.url(), &place, callers, third).await?;
            figures.push((units(&place, callers, third).await?, bare, ours(&place, callers, third).await?));
        }
        print("PostgreSQL", callers, figures);
    }
    Ok(())
}

fn print(engine: &str, callers: usize, mut figures: Vec<(f64, f64, f64)>) {
    figures.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (units, bare, ours) = figures[figures.len() / 2];
    row(&[engine.into(), callers.to_string(), format!("{units:.0}"), format!("{bare:.0}"), ratio(units, bare), format!("{ours:.0}")]);
}
