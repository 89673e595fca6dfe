//! The writer: hands its connection from unit to unit, and commits what they wrote together.
//!
//! COMMIT is sent only between units: one sent while a unit is open would keep half of it. Whatever goes wrong with the
//! transaction is the fate of all who wrote in it; who still waits is served in the next.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kitaab_core::store::{StoreError, StoreResult};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::lease::{Lease, Look, Returned, Verdict, lease};
use super::queue::{Caller, Queue, Refused, Waiter};
use crate::error::{shared_error, store_error};

// Plain statements, so that each is prepared once.
const BEGIN: &str = "BEGIN IMMEDIATE;SAVEPOINT u";
const NEXT: &str = "RELEASE u;SAVEPOINT u";
const UNDO: &str = "ROLLBACK TO u";
const COMMIT: &str = "RELEASE u;COMMIT";

/// The writer's times.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// A unit that does nothing for this long loses the writer.
    pub(crate) hold: Duration,
    /// A transaction takes further units for at least this long. It is more where a COMMIT takes longer.
    pub(crate) gather: Duration,
    #[cfg(test)]
    pub(crate) fault: Option<super::Fault>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            hold: Duration::from_secs(2),
            gather: Duration::from_millis(2),
            #[cfg(test)]
            fault: None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the store is closed")]
struct Closed;

#[derive(Debug, thiserror::Error)]
#[error("a task waited for the writer while it held it")]
struct WaitsForItself;

#[derive(Debug, thiserror::Error)]
#[error("the engine rolled back the transaction that the unit shared with others")]
struct RolledBack;

/// The handle of the writer's task.
pub(crate) struct Writer {
    queue: Arc<Queue>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Opens the writer's connection.
    pub(crate) async fn open(options: SqliteConnectOptions, rules: Rules) -> StoreResult<Self> {
        let connection = options.connect().await.map_err(store_error)?;
        let queue = Arc::new(Queue::default());
        let task = Task { queue: Arc::clone(&queue), options, rules, last_commit: Duration::ZERO };
        Ok(Self { queue, task: Mutex::new(Some(tokio::spawn(task.run(connection)))) })
    }

    /// Waits for the connection.
    pub(crate) async fn lease(&self) -> StoreResult<Lease> {
        let (reply, answer) = oneshot::channel();
        let waiter = Waiter { caller: Caller::current(), reply };
        if self.queue.push(waiter).is_err() {
            return Err(StoreError::Unavailable(Closed.into()));
        }
        match answer.await {
            Ok(Ok(lease)) => Ok(lease),
            Ok(Err(Refused::Store(error))) => Err(error),
            Ok(Err(Refused::WaitsForItself)) => {
                debug_assert!(false, "a unit of work was opened while the same task held another one, which would have waited for ever");
                Err(StoreError::Unavailable(WaitsForItself.into()))
            }
            Err(_) => Err(StoreError::Unavailable(Closed.into())),
        }
    }

    /// Lets nobody else in, and waits for the last commit.
    pub(crate) async fn close(&self) {
        self.queue.close();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            task.await.ok();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.close();
    }
}

struct Task {
    queue: Arc<Queue>,
    options: SqliteConnectOptions,
    rules: Rules,
    last_commit: Duration,
}

/// Units that wait for the COMMIT.
#[derive(Default)]
struct Kept(Vec<oneshot::Sender<StoreResult<()>>>);

impl Kept {
    fn tell(self, answer: impl Fn() -> StoreResult<()>) {
        for unit in self.0 {
            unit.send(answer()).ok();
        }
    }
}

async fn say(connection: &mut SqliteConnection, words: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(words).execute(connection).await.map(drop)
}

impl Task {
    async fn run(mut self, mut connection: SqliteConnection) {
        let mut left_over = None;
        loop {
            let first = match left_over.take() {
                Some(waiter) => waiter,
                None => match self.queue.next().await {
                    Some(waiter) => waiter,
                    None => break,
                },
            };
            (connection, left_over) = self.transaction(connection, first).await;
        }
        connection.close().await.ok();
    }

    /// One transaction of as many units as come in time. What is handed back besides the connection is who was to be
    /// next when the transaction broke.
    async fn transaction(&mut self, mut connection: SqliteConnection, first: Waiter) -> (SqliteConnection, Option<Waiter>) {
        if let Err(error) = say(&mut connection, BEGIN).await {
            first.reply.send(Err(Refused::Store(store_error(error)))).ok();
            return (self.recover(connection).await, None);
        }
        let began = Instant::now();
        let mut kept = Kept::default();
        let mut next = first;
        loop {
            let returned = self.hand_out(connection, next).await;
            connection = returned.connection;
            let keeps = match returned.verdict {
                Verdict::Keep(unit) => {
                    kept.0.push(unit);
                    true
                }
                Verdict::Undo => {
                    // If the engine rolled the whole transaction back, the savepoint is gone, and so is what others wrote.
                    if say(&mut connection, UNDO).await.is_err() {
                        kept.tell(|| Err(StoreError::Unavailable(RolledBack.into())));
                        return (self.recover(connection).await, None);
                    }
                    false
                }
            };
            let waiting = if began.elapsed() < self.patience() { self.queue.pop() } else { None };
            let Some(waiter) = waiting else { break };
            if keeps && say(&mut connection, NEXT).await.is_err() {
                kept.tell(|| Err(StoreError::Unavailable(RolledBack.into())));
                return (self.recover(connection).await, Some(waiter));
            }
            next = waiter;
        }
        (self.commit(connection, kept).await, None)
    }

    /// How long a transaction takes further units: the longer a COMMIT takes, the more are worth waiting for.
    fn patience(&self) -> Duration {
        self.rules.gather.max(self.last_commit * 2)
    }

    async fn commit(&mut self, mut connection: SqliteConnection, kept: Kept) -> SqliteConnection {
        let began = Instant::now();
        match say(&mut connection, COMMIT).await {
            Ok(()) => {
                if !kept.0.is_empty() {
                    self.last_commit = began.elapsed();
                }
                kept.tell(|| Ok(()));
                connection
            }
            Err(error) => {
                let error = Arc::new(error);
                kept.tell(|| Err(shared_error(&error)));
                self.recover(connection).await
            }
        }
    }

    /// Gives the connection to a unit and waits until it comes back, or takes it away.
    async fn hand_out(&self, connection: SqliteConnection, waiter: Waiter) -> Returned {
        let Waiter { caller, reply } = waiter;
        let (lease, watch, mut returned) = lease(connection);
        // Whoever went away meanwhile drops the lease.
        reply.send(Ok(lease)).ok();
        let mut look_at = Instant::now() + self.rules.hold;
        loop {
            #[cfg(test)]
            if self.rules.fault == Some(super::Fault::CommitsInTheMiddle) {
                tokio::time::sleep(Duration::from_millis(5)).await;
                if let Some(mut connection) = watch.steal() {
                    say(&mut connection, "COMMIT").await.ok();
                    watch.put(connection);
                }
            }
            tokio::select! {
                biased;
                back = &mut returned => match back {
                    Ok(back) => return back,
                    Err(_) => unreachable!("a lease gives its connection back when it is dropped"),
                },
                () = tokio::time::sleep_until(look_at) => match watch.look(self.rules.hold) {
                    Look::Later(then) => look_at = then,
                    Look::Over => look_at += self.rules.hold,
                    Look::Expired(connection) => {
                        tracing::warn!("a unit of work held the writer for too long and was undone");
                        self.queue.refuse(caller);
                        return Returned { connection, verdict: Verdict::Undo };
                    }
                },
            }
        }
    }

    /// Leaves no transaction open behind a failure, on a new connection if this one is of no use any more.
    async fn recover(&self, mut connection: SqliteConnection) -> SqliteConnection {
        match say(&mut connection, "ROLLBACK").await {
            // That none is open is an error too, and a welcome one.
            Ok(()) | Err(sqlx::Error::Database(_)) => connection,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the writer's connection broke and is opened anew");
                match self.options.connect().await {
                    Ok(fresh) => fresh,
                    Err(_) => connection,
                }
            }
        }
    }
}
