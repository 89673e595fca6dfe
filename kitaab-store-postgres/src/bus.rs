//! Hints between nodes by LISTEN and NOTIFY: sent after the commit, on a connection of their own, put together for a few
//! milliseconds. Inside the transactions they would make writing several times slower.

use std::collections::HashMap;
use std::time::Duration;

use kitaab_core::Kitaab;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::provider::{EventBus, Hint};
use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::store::PostgresStore;

/// The channel that all nodes of a database listen on.
const CHANNEL: &str = "kitaab_hints";
/// How long hints are gathered before they leave together.
const GATHERED: Duration = Duration::from_millis(5);
/// How many hints may wait. Beyond that they are lost, which costs a second at most.
const WAITING: usize = 4096;
/// PostgreSQL takes a payload of less than 8000 bytes.
const PAYLOAD: usize = 7_500;
/// How long a lost connection rests before it is tried again.
const REST: Duration = Duration::from_secs(1);

/// Tells other nodes of the same database.
#[derive(Debug, Clone)]
pub struct PostgresBus(mpsc::Sender<Hint>);

impl EventBus for PostgresBus {
    fn publish(&self, hint: &Hint) {
        self.0.try_send(hint.clone()).ok();
    }
}

/// What one node says to the others.
#[derive(serde::Serialize, serde::Deserialize)]
struct Said {
    /// Who says it: nobody listens to themselves.
    node: Uuid,
    hints: Vec<Hint>,
}

impl PostgresStore {
    /// Joins the nodes of this database until `stop`: what happens here is hinted to them, and what they hint is heard.
    pub fn join(&self, kitaab: &Kitaab, stop: CancellationToken) {
        let (sender, waiting) = mpsc::channel(WAITING);
        kitaab.reach_others(std::sync::Arc::new(PostgresBus(sender)));
        let node = Uuid::from_bytes(kitaab.random());
        tokio::spawn(tell(self.pool().clone(), node, waiting, stop.clone()));
        tokio::spawn(listen(self.pool().clone(), node, kitaab.clone(), stop));
    }
}

/// Sends what was gathered. Of the heads of one log the last one is enough.
async fn tell(pool: PgPool, node: Uuid, mut waiting: mpsc::Receiver<Hint>, stop: CancellationToken) {
    loop {
        let first = tokio::select! {
            () = stop.cancelled() => return,
            first = waiting.recv() => first,
        };
        let Some(first) = first else { return };
        sleep(GATHERED).await;
        let mut heads: HashMap<WorkspaceId, i64> = HashMap::new();
        let mut others = Vec::new();
        let mut next = Some(first);
        while let Some(hint) = next {
            match hint {
                Hint::Appended { workspace, seq } => {
                    let head = heads.entry(workspace).or_insert(seq);
                    *head = seq.max(*head);
                }
                other => others.push(other),
            }
            next = waiting.try_recv().ok();
        }
        let heads = heads.into_iter().map(|(workspace, seq)| Hint::Appended { workspace, seq });
        for payload in payloads(node, heads.chain(others)) {
            if let Err(error) = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(payload).execute(&pool).await {
                tracing::debug!(error = &error as &dyn std::error::Error, "other nodes could not be told");
            }
        }
    }
}

/// As many hints in each payload as fit.
fn payloads(node: Uuid, hints: impl Iterator<Item = Hint>) -> Vec<String> {
    let write = |hints: &mut Vec<Hint>| serde_json::to_string(&Said { node, hints: std::mem::take(hints) }).ok();
    let (mut payloads, mut gathered, mut size) = (Vec::new(), Vec::new(), 0);
    for hint in hints {
        // What is too long for one payload is lost; nothing rests on it.
        let Some(length) = serde_json::to_string(&hint).ok().map(|text| text.len()).filter(|length| *length < PAYLOAD) else { continue };
        if size + length > PAYLOAD {
            payloads.extend(write(&mut gathered));
            size = 0;
        }
        size += length + 1;
        gathered.push(hint);
    }
    if !gathered.is_empty() {
        payloads.extend(write(&mut gathered));
    }
    payloads
}

async fn listen(pool: PgPool, node: Uuid, kitaab: Kitaab, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let heard = async {
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.listen(CHANNEL).await?;
            loop {
                let notification = listener.recv().await?;
                let Ok(said) = serde_json::from_str::<Said>(notification.payload()) else { continue };
                if said.node != node {
                    said.hints.into_iter().for_each(|hint| kitaab.heard(hint));
                }
            }
        };
        let ended: Result<(), sqlx::Error> = tokio::select! {
            () = stop.cancelled() => return,
            ended = heard => ended,
        };
        if let Err(error) = ended {
            tracing::debug!(error = &error as &dyn std::error::Error, "other nodes cannot be heard");
        }
        sleep(REST).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_cut_into_payloads_that_postgresql_takes() {
        let hint = |seq| Hint::Appended { workspace: WorkspaceId(Uuid::from_u128(u128::try_from(seq).unwrap())), seq };
        let long = Hint::Passing { workspace: WorkspaceId(Uuid::nil()), passing: "x".repeat(10_000) };
        let payloads = payloads(Uuid::nil(), (0..500).map(hint).chain([long]));
        assert!(payloads.len() > 1 && payloads.iter().all(|payload| payload.len() < 8_000));
        let told: usize = payloads.iter().map(|payload| serde_json::from_str::<Said>(payload).unwrap().hints.len()).sum();
        assert_eq!(told, 500, "what is too long is left out, and nothing else");
    }
}
