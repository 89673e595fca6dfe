//! The job table.

use async_trait::async_trait;
use kitaab_core::access::{Instance, Writes};
use kitaab_core::ids::JobId;
use kitaab_core::job::{Job, JobCounts, NewJob};
use kitaab_core::store::{Closing, JobRepo, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};

use crate::engine::Unit;

#[async_trait]
impl JobRepo for Unit {
    async fn insert_jobs(&mut self, _: &Closing, jobs: &[NewJob]) -> StoreResult<()> {
        for job in jobs {
            let NewJob { id, kind, workspace_id, subject, detail, dedupe_key, run_at, created_at } = job;
            let query = query!(
                "INSERT INTO jobs (id, kind, workspace_id, subject_id, detail, dedupe_key, state, due_at, attempts, fence, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, 0, 0, $8) ON CONFLICT (dedupe_key) DO NOTHING",
                id as _,
                kind as _,
                workspace_id as _,
                subject,
                detail,
                dedupe_key,
                run_at as _,
                created_at as _
            );
            self.execute(query).await?;
        }
        Ok(())
    }

    async fn claim_jobs(
        &mut self,
        _: &Writes<Instance>,
        now: Timestamp,
        until: Timestamp,
        limit: i64,
        per_workspace: i64,
    ) -> StoreResult<Vec<Job>> {
        self.claim_due(now, until, limit, per_workspace).await
    }

    async fn extend_lease(&mut self, _: &Writes<Instance>, job: JobId, fence: i64, until: Timestamp) -> StoreResult<bool> {
        let query = query!("UPDATE jobs SET due_at = $3 WHERE id = $1 AND fence = $2 AND state = 'running'", job as _, fence, until as _);
        self.touch(query).await
    }

    async fn finish_job(&mut self, _: &Writes<Instance>, job: JobId, fence: i64, at: Timestamp) -> StoreResult<bool> {
        let query = query!(
            "UPDATE jobs SET state = 'done', ended_at = $3, error = NULL WHERE id = $1 AND fence = $2 AND state = 'running'",
            job as _,
            fence,
            at as _
        );
        self.touch(query).await
    }

    async fn retry_job(
        &mut self,
        _: &Writes<Instance>,
        job: JobId,
        fence: i64,
        run_at: Timestamp,
        error: Option<&str>,
        counted: bool,
    ) -> StoreResult<bool> {
        let query = query!(
            "UPDATE jobs SET state = 'waiting', due_at = $3, error = $4, attempts = attempts - CASE WHEN $5 THEN 0 ELSE 1 END
            WHERE id = $1 AND fence = $2 AND state = 'running'",
            job as _,
            fence,
            run_at as _,
            error,
            counted
        );
        self.touch(query).await
    }

    async fn bury_job(&mut self, _: &Writes<Instance>, job: JobId, fence: i64, error: &str, at: Timestamp) -> StoreResult<bool> {
        let query = query!(
            "UPDATE jobs SET state = 'dead', ended_at = $3, error = $4 WHERE id = $1 AND fence = $2 AND state = 'running'",
            job as _,
            fence,
            at as _,
            error
        );
        self.touch(query).await
    }

    async fn next_due(&mut self, _: &Writes<Instance>) -> StoreResult<Option<Timestamp>> {
        let query =
            query!(r#"SELECT due_at AS "due_at!: Timestamp" FROM jobs WHERE state IN ('waiting', 'running') ORDER BY due_at LIMIT 1"#);
        Ok(self.optional(query).await?.map(|row| row.due_at))
    }

    async fn sweep_jobs(&mut self, _: &Writes<Instance>, before: Timestamp) -> StoreResult<u64> {
        self.execute(query!("DELETE FROM jobs WHERE ended_at < $1", before as _)).await
    }

    async fn job_counts(&mut self, _: &Writes<Instance>) -> StoreResult<JobCounts> {
        let query = query_as!(
            JobCounts,
            r#"SELECT COALESCE(CAST(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS BIGINT), 0) AS "waiting!: i64",
                COALESCE(CAST(SUM(CASE WHEN state = 'running' THEN 1 ELSE 0 END) AS BIGINT), 0) AS "running!: i64",
                COALESCE(CAST(SUM(CASE WHEN state = 'dead' THEN 1 ELSE 0 END) AS BIGINT), 0) AS "dead!: i64"
            FROM jobs"#
        );
        self.one(query).await
    }
}
