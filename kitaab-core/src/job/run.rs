//! Running jobs: claimed with a lease, kept by a heartbeat, finished by whoever still holds them.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::{HEARTBEAT, Job, JobCounts, JobKind, LEASE, PER_WORKSPACE, execute};
use crate::access::{Actor, Instance, Permit, action};
use crate::error::Result;
use crate::kitaab::Kitaab;
use crate::store::Scope;
use crate::work::Work;

/// Jobs that one process runs at a time.
const AT_ONCE: usize = 8;
/// A worker looks for due jobs at least this often, for those that another node enqueued.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What has run out is cleared away this often.
const SWEEP_EVERY: Duration = Duration::from_hours(1);
/// After an error of the database a worker waits before it looks again.
const AFTER_ERROR: Duration = Duration::from_secs(1);

impl Kitaab {
    /// Runs jobs, and clears away hourly what has run out, until `stop` is cancelled; then what is running is finished, for at most five seconds, and the rest
    /// handed back. Start it once in each process that is to send mail.
    pub async fn run_jobs(&self, stop: CancellationToken) {
        let mut running = JoinSet::new();
        let mut next_sweep = self.now();
        while !stop.is_cancelled() {
            if next_sweep <= self.now() {
                next_sweep = self.now().after(SWEEP_EVERY);
                let kitaab = self.clone();
                running.spawn(async move {
                    if let Err(error) = kitaab.sweep().await {
                        tracing::warn!(error = &error as &dyn std::error::Error, "what has run out could not be cleared away");
                    }
                });
            }
            while running.try_join_next().is_some() {}
            let wanted = AT_ONCE.saturating_sub(running.len());
            let wait = match self.claim(wanted).await {
                Ok(jobs) if jobs.is_empty() => self.until_next().await,
                Ok(jobs) => {
                    for job in jobs {
                        let (kitaab, stop) = (self.clone(), stop.clone());
                        running.spawn(async move { kitaab.run_job(job, &stop).await });
                    }
                    Duration::ZERO
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "jobs could not be claimed");
                    AFTER_ERROR
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.new_jobs().notified(), if running.len() < AT_ONCE => {}
                _ = running.join_next(), if !running.is_empty() => {}
                () = tokio::time::sleep(wait), if running.len() < AT_ONCE => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// Runs every job that is due now, one after another, until none is left; how many. For tests and for applications
    /// that run jobs themselves.
    pub async fn run_due_jobs(&self) -> Result<usize> {
        let (stop, mut count) = (CancellationToken::new(), 0);
        loop {
            let jobs = self.claim(AT_ONCE).await?;
            if jobs.is_empty() {
                return Ok(count);
            }
            count += jobs.len();
            for job in jobs {
                self.run_job(job, &stop).await;
            }
        }
    }

    /// How many jobs of all workspaces wait, run and were given up.
    pub async fn job_counts(&self) -> Result<JobCounts> {
        let system = Actor::system();
        let mut work = Work::read(self, &system, Scope::Nobody).await?;
        let permit = work.may::<action::RunJobs>(Instance).await?;
        Ok(work.tx()?.job_counts(&permit).await?)
    }

    async fn claim(&self, limit: usize) -> Result<Vec<Job>> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let system = Actor::system();
        let (mut work, permit) = open(self, &system).await?;
        let (now, limit) = (work.now(), i64::try_from(limit).unwrap_or(1));
        let jobs = work.tx()?.claim_jobs(&permit, now, now.after(LEASE), limit, PER_WORKSPACE).await?;
        work.commit().await?;
        Ok(jobs)
    }

    /// How long until a job is due, as far as is known now.
    async fn until_next(&self) -> Duration {
        let system = Actor::system();
        let due = async {
            let mut work = Work::read(self, &system, Scope::Nobody).await?;
            let permit = work.may::<action::RunJobs>(Instance).await?;
            Ok::<_, crate::Error>(work.tx()?.next_due(&permit).await?)
        };
        match due.await {
            Ok(Some(due)) => due.since(self.now()).clamp(Duration::from_millis(50), LOOK_EVERY),
            _ => LOOK_EVERY,
        }
    }

    /// Runs one job, renewing its lease meanwhile.
    async fn run_job(&self, job: Job, stop: &CancellationToken) {
        // A task of its own, so that one that panics is counted as a try and not taken up for ever.
        let mut work = AbortOnDropHandle::new(tokio::spawn({
            let (kitaab, job) = (self.clone(), job.clone());
            async move { execute::execute(&kitaab, &job).await }
        }));
        let ended = tokio::select! {
            ended = &mut work => match ended {
                Ok(ended) => ended,
                Err(_) => execute::panicked(self, &job).await,
            },
            () = self.heartbeat(&job) => return,
            () = hurry(stop) => self.hand_back(&job).await,
        };
        if let Err(error) = ended {
            tracing::warn!(job = %job.id, kind = %job.kind, error = &error as &dyn std::error::Error, "a job could not be ended; its lease will");
        }
    }

    /// Renews the lease until it is lost.
    async fn heartbeat(&self, job: &Job) {
        loop {
            tokio::time::sleep(HEARTBEAT).await;
            let system = Actor::system();
            let renewed = async {
                let (mut work, permit) = open(self, &system).await?;
                let until = work.now().after(LEASE);
                let held = work.tx()?.extend_lease(&permit, job.id, job.fence, until).await?;
                work.commit().await?;
                Ok::<bool, crate::Error>(held)
            };
            match renewed.await {
                Ok(false) => return,
                Ok(true) => {}
                Err(error) => tracing::debug!(error = &error as &dyn std::error::Error, "a lease could not be renewed"),
            }
        }
    }

    async fn hand_back(&self, job: &Job) -> Result<()> {
        let system = Actor::system();
        let (mut work, permit) = open(self, &system).await?;
        let now = work.now();
        work.tx()?.retry_job(&permit, job.id, job.fence, now, None, false).await?;
        work.commit().await
    }
}

/// How long what is running may go on after the stop.
const DRAIN: Duration = Duration::from_secs(5);

async fn hurry(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(DRAIN).await;
}

/// A unit of the system's that may touch jobs.
pub(super) async fn open<'k>(kitaab: &'k Kitaab, system: &'k Actor) -> Result<(Work<'k>, Permit<action::RunJobs>)> {
    let mut work = Work::write(kitaab, system, Scope::Nobody).await?;
    let permit = work.may::<action::RunJobs>(Instance).await?;
    Ok((work, permit))
}

impl JobKind {
    /// Whether it sends a mail.
    #[must_use]
    pub fn is_mail(self) -> bool {
        self.as_str().starts_with("mail.")
    }
}
