//! The rows of a post by hand, one transaction for each, past every fence.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use kitaab_core::time::Timestamp;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, Executor, SqliteConnection};
use tokio::sync::Mutex;

use crate::callers::throughput;
use crate::crowd::{Crowd, next_id};
use crate::engine::Engine;

/// How much is written by hand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Much {
    /// A message, in a statement without a transaction around it.
    Message,
    /// A message and its event, which know their numbers.
    Rows,
    /// And the numbers are taken from the rows of the channel and of the log's head, and the author's position moves.
    All,
}

/// `$1` workspace, `$2` channel, `$3` number, `$4` id, `$5` author, `$6` the sender's name for it, `$7` now.
const MESSAGE: &str = "INSERT INTO messages (workspace_id, channel_id, seq, id, author_id, client_message_id, text, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, 'The drafts are in the folder, have a look before noon if you can.', $7)";
const EVENT: &str = "INSERT INTO events (workspace_id, channel_id, seq, id, actor_id, subject_id, at, kind, audience, audience_id, tag) \
    VALUES ($1, $2, $3, $4, $5, $4, $6, 'message.created', 'channel', $2, 7)";
const NUMBER: &str = "UPDATE channels SET last_seq = last_seq + 1 WHERE workspace_id = $1 AND id = $2 RETURNING last_seq";
const SEEN: &str = "UPDATE channel_members SET read_seq = $4, seen_seq = $4, seen_at = $5 \
    WHERE workspace_id = $1 AND channel_id = $2 AND user_id = $3";
const HEAD: &str = "UPDATE event_head SET seq = seq + 1 WHERE workspace_id = $1 RETURNING seq";

/// Far above those that are taken from a row.
static SEQ: AtomicI64 = AtomicI64::new(1 << 40);

macro_rules! post {
    ($connection:expr, $much:expr, $ids:expr, $now:expr) => {{
        let ((workspace, channel, author), id, connection) = ($ids, next_id(), $connection);
        let name = id.to_string();
        let mut seq = SEQ.fetch_add(1, Ordering::Relaxed);
        let mut place = seq;
        if $much == Much::All {
            (seq,) = sqlx::query_as::<_, (i64,)>(NUMBER).bind(workspace).bind(channel).fetch_one(&mut *connection).await?;
        }
        let message = sqlx::query(MESSAGE).bind(workspace).bind(channel).bind(seq).bind(id).bind(author).bind(name).bind($now);
        message.execute(&mut *connection).await?;
        if $much == Much::All {
            let seen = sqlx::query(SEEN).bind(workspace).bind(channel).bind(author).bind(seq).bind($now);
            seen.execute(&mut *connection).await?;
            (place,) = sqlx::query_as::<_, (i64,)>(HEAD).bind(workspace).fetch_one(&mut *connection).await?;
        }
        if $much != Much::Message {
            let event = sqlx::query(EVENT).bind(workspace).bind(channel).bind(place).bind(id).bind(author).bind($now);
            event.execute(&mut *connection).await?;
        }
    }};
}

/// An engine without Kitaab, and the workspaces to write in.
pub enum Bare {
    /// SQLite has one writer, so its callers take turns at one connection.
    Sqlite(Arc<Mutex<SqliteConnection>>),
    Postgres(PgPool),
}

impl Bare {
    pub async fn on(engine: &Engine) -> anyhow::Result<Self> {
        Ok(match (engine.file(), engine.url()) {
            (Some(file), _) => Self::Sqlite(Arc::new(Mutex::new(sqlite(&file).await?))),
            (None, url) => {
                let pool = PgPoolOptions::new().max_connections(40).min_connections(32).test_before_acquire(false);
                Self::Postgres(pool.connect(url.unwrap_or_default()).await?)
            }
        })
    }

    /// Posts by hand a second: each caller has a workspace after the other, and its own author.
    pub async fn posts(&self, crowds: &Arc<Vec<Crowd>>, much: Much, callers: usize, seconds: f64) -> anyhow::Result<f64> {
        let crowds = Arc::clone(crowds);
        let ids = move |caller: usize, turn: usize| {
            let crowd = &crowds[(caller + turn * callers) % crowds.len()];
            (crowd.workspace.0, crowd.channels[caller % crowd.channels.len()].0, crowd.people[caller % crowd.people.len().min(10)].0)
        };
        let turn = AtomicI64::new(0);
        let turn = move || usize::try_from(turn.fetch_add(1, Ordering::Relaxed)).unwrap_or_default();
        match self {
            Self::Sqlite(connection) => {
                let connection = Arc::clone(connection);
                throughput(callers, seconds, move |caller| {
                    let (connection, ids) = (Arc::clone(&connection), ids(caller, turn()));
                    async move {
                        let mut connection = connection.lock().await;
                        if much == Much::Message {
                            post!(&mut *connection, much, ids, 1_777_636_800_000_000_i64);
                            return Ok(());
                        }
                        connection.execute("BEGIN IMMEDIATE").await?;
                        post!(&mut *connection, much, ids, 1_777_636_800_000_000_i64);
                        connection.execute("COMMIT").await?;
                        Ok(())
                    }
                })
                .await
            }
            Self::Postgres(pool) => {
                let pool = pool.clone();
                let now = Timestamp::from_micros(1_777_636_800_000_000);
                throughput(callers, seconds, move |caller| {
                    let (pool, ids) = (pool.clone(), ids(caller, turn()));
                    async move {
                        if much == Much::Message {
                            post!(&mut *pool.acquire().await?, much, ids, now);
                            return Ok(());
                        }
                        let mut tx = pool.begin().await?;
                        post!(&mut *tx, much, ids, now);
                        tx.commit().await?;
                        Ok(())
                    }
                })
                .await
            }
        }
    }
}

async fn sqlite(file: &Path) -> anyhow::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5));
    Ok(SqliteConnection::connect_with(&options).await?)
}
