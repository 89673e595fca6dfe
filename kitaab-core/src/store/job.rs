//! The job table. It belongs to no workspace and holds ids only.

use async_trait::async_trait;

use super::{Closing, StoreResult};
use crate::access::{Instance, Writes};
use crate::ids::JobId;
use crate::job::{Job, JobCounts, NewJob};
use crate::time::Timestamp;

/// Jobs.
#[async_trait]
pub trait JobRepo {
    /// Enqueues; a job whose key is there already is left out.
    async fn insert_jobs(&mut self, closing: &Closing, jobs: &[NewJob]) -> StoreResult<()>;
    /// Claims up to `limit` due jobs, at most `per_workspace` running ones of one workspace, longest due first; also
    /// those whose lease ended. Never waits for another worker, and never hands one job to two.
    async fn claim_jobs(
        &mut self,
        permit: &Writes<Instance>,
        now: Timestamp,
        until: Timestamp,
        limit: i64,
        per_workspace: i64,
    ) -> StoreResult<Vec<Job>>;
    /// Renews the lease; false if the job is lost.
    async fn extend_lease(&mut self, permit: &Writes<Instance>, job: JobId, fence: i64, until: Timestamp) -> StoreResult<bool>;
    /// Done; false if the job is lost.
    async fn finish_job(&mut self, permit: &Writes<Instance>, job: JobId, fence: i64, at: Timestamp) -> StoreResult<bool>;
    /// To be tried again at `run_at`; false if the job is lost. `counted` is false when it was handed back untried.
    async fn retry_job(
        &mut self,
        permit: &Writes<Instance>,
        job: JobId,
        fence: i64,
        run_at: Timestamp,
        error: Option<&str>,
        counted: bool,
    ) -> StoreResult<bool>;
    /// Given up; false if the job is lost.
    async fn bury_job(&mut self, permit: &Writes<Instance>, job: JobId, fence: i64, error: &str, at: Timestamp) -> StoreResult<bool>;
    /// When the next job is due or loses its lease.
    async fn next_due(&mut self, permit: &Writes<Instance>) -> StoreResult<Option<Timestamp>>;
    /// Removes jobs that were finished or buried before `before`.
    async fn sweep_jobs(&mut self, permit: &Writes<Instance>, before: Timestamp) -> StoreResult<u64>;
    /// How many there are in each state that wants attention, for the operator.
    async fn job_counts(&mut self, permit: &Writes<Instance>) -> StoreResult<JobCounts>;
}
