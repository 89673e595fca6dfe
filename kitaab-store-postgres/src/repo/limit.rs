//! Counts for limits that must hold on every node and over restarts.

use async_trait::async_trait;
use kitaab_core::access::{Instance, Writes};
use kitaab_core::store::{LimitRepo, StoreResult, Tally};
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};

use crate::engine::Unit;

#[async_trait]
impl LimitRepo for Unit {
    async fn tally(&mut self, _: &Writes<Instance>, mark: &[u8; 32], since: Timestamp) -> StoreResult<Option<Tally>> {
        let query =
            query_as!(Tally, "SELECT hits, since, last_at FROM rate_limits WHERE mark = $1 AND since > $2", mark.as_slice(), since as _);
        self.optional(query).await
    }

    async fn count(&mut self, _: &Writes<Instance>, mark: &[u8; 32], now: Timestamp, since: Timestamp) -> StoreResult<Tally> {
        let query = query_as!(
            Tally,
            r#"INSERT INTO rate_limits AS r (mark, hits, since, last_at) VALUES ($1, 1, $2, $2)
            ON CONFLICT (mark) DO UPDATE SET
                hits = CASE WHEN r.since > $3 THEN r.hits + 1 ELSE 1 END,
                since = CASE WHEN r.since > $3 THEN r.since ELSE $2 END,
                last_at = $2
            RETURNING hits AS "hits!", since AS "since!: Timestamp", last_at AS "last_at!: Timestamp""#,
            mark.as_slice(),
            now as _,
            since as _
        );
        self.one(query).await
    }

    async fn clear_tally(&mut self, _: &Writes<Instance>, mark: &[u8; 32]) -> StoreResult<()> {
        self.execute(query!("DELETE FROM rate_limits WHERE mark = $1", mark.as_slice())).await.map(drop)
    }

    async fn sweep_tallies(&mut self, _: &Writes<Instance>, before: Timestamp) -> StoreResult<u64> {
        self.execute(query!("DELETE FROM rate_limits WHERE last_at < $1", before as _)).await
    }
}
