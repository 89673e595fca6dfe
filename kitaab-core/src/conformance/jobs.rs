//! Jobs.

use super::permits;
use super::together::together;
use super::world::{World, id, job, second};
use crate::ids::{JobId, WorkspaceId};
use crate::job::{Job, JobCounts, NewJob};
use crate::store::{Closing, Scope, Store, StoreError, StoreResult};

async fn enqueue(store: &dyn Store, jobs: &[NewJob]) -> StoreResult<()> {
    let mut tx = store.write(Scope::Nobody).await?;
    tx.insert_jobs(&Closing::forged(None), jobs).await?;
    tx.commit().await
}

/// What a worker claims at `now`, with a lease of a minute.
async fn claim(store: &dyn Store, now: i64, limit: i64) -> StoreResult<Vec<Job>> {
    let mut tx = store.write(Scope::Nobody).await?;
    let claimed = tx.claim_jobs(&permits::instance(), second(now), second(now + 60), limit, 4).await?;
    tx.commit().await?;
    Ok(claimed)
}

async fn finish(store: &dyn Store, job: &Job) -> StoreResult<bool> {
    let mut tx = store.write(Scope::Nobody).await?;
    let done = tx.finish_job(&permits::instance(), job.id, job.fence, second(1)).await?;
    tx.commit().await?;
    Ok(done)
}

/// Workers that claim at the same time never get the same job, and together they get all.
pub async fn a_job_is_claimed_once(store: &dyn Store) -> StoreResult<()> {
    let workspaces: Vec<Option<WorkspaceId>> = vec![None, Some(id()), Some(id()), Some(id())];
    let jobs: Vec<NewJob> = (0..48).map(|n| job(workspaces[n % 4])).collect();
    enqueue(store, &jobs).await?;
    let left = &std::sync::atomic::AtomicUsize::new(jobs.len());
    let workers = together((0..4).map(|_| async move {
        let mut mine = Vec::new();
        while left.load(std::sync::atomic::Ordering::Relaxed) > 0 {
            for job in claim(store, 0, 5).await? {
                assert!(finish(store, &job).await?, "nobody else has it");
                left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
                mine.push(job.id);
            }
            tokio::task::yield_now().await;
        }
        Ok::<_, StoreError>(mine)
    }))
    .await;
    let mut claimed = workers.into_iter().collect::<StoreResult<Vec<_>>>()?.concat();
    claimed.sort_unstable();
    assert_eq!(claimed, jobs.iter().map(|job| job.id).collect::<Vec<JobId>>());
    Ok(())
}

/// A job whose lease ended is somebody else's, and whoever had it can do nothing to it any more.
pub async fn a_lost_lease_is_taken_over_and_fenced(store: &dyn Store) -> StoreResult<()> {
    let (anyone, mail) = (permits::instance(), job(Some(id())));
    enqueue(store, std::slice::from_ref(&mail)).await?;
    let first = claim(store, 0, 9).await?.pop().expect("the job");
    assert_eq!((first.id, first.attempts, first.kind, first.subject), (mail.id, 1, mail.kind, mail.subject));
    assert_eq!((first.workspace_id, first.created_at), (mail.workspace_id, mail.created_at));
    assert_eq!(claim(store, 59, 9).await?, [], "it is held");
    let mut tx = store.write(Scope::Nobody).await?;
    assert!(tx.extend_lease(&anyone, first.id, first.fence, second(120)).await?);
    tx.commit().await?;
    assert_eq!(claim(store, 119, 9).await?, [], "it was renewed");
    let taken = claim(store, 120, 9).await?.pop().expect("the job again");
    assert!(taken.fence > first.fence);
    assert_eq!((taken.id, taken.attempts), (mail.id, 2));

    let mut tx = store.write(Scope::Nobody).await?;
    assert!(!tx.extend_lease(&anyone, first.id, first.fence, second(999)).await?);
    assert!(!tx.finish_job(&anyone, first.id, first.fence, second(121)).await?);
    assert!(!tx.retry_job(&anyone, first.id, first.fence, second(121), None, true).await?);
    assert!(!tx.bury_job(&anyone, first.id, first.fence, "late", second(121)).await?);
    assert!(tx.finish_job(&anyone, taken.id, taken.fence, second(121)).await?);
    assert!(!tx.finish_job(&anyone, taken.id, taken.fence, second(122)).await?, "it is done");
    tx.commit().await
}

/// Also when the first one was done long ago.
pub async fn a_job_with_the_same_key_is_left_out(store: &dyn Store) -> StoreResult<()> {
    let first = job(None);
    let again = NewJob { dedupe_key: first.dedupe_key.clone(), ..job(None) };
    enqueue(store, &[first.clone(), again.clone()]).await?;
    let claimed = claim(store, 0, 9).await?;
    assert_eq!(claimed.iter().map(|job| job.id).collect::<Vec<_>>(), [first.id]);
    assert!(finish(store, &claimed[0]).await?);
    enqueue(store, &[again]).await?;
    assert_eq!(claim(store, 0, 9).await?, []);
    Ok(())
}

/// However many claim at the same time; and what belongs to no workspace is not held up.
pub async fn one_workspace_has_few_jobs_running(store: &dyn Store) -> StoreResult<()> {
    let (busy, other) = (Some(id::<WorkspaceId>()), Some(id::<WorkspaceId>()));
    let mut jobs: Vec<NewJob> = (0..12).map(|_| job(busy)).collect();
    jobs.extend([job(other), job(None), job(None), job(None), job(None), job(None), job(None)]);
    enqueue(store, &jobs).await?;
    let claimed = together((0..6).map(|_| claim(store, 0, 3))).await;
    let mut claimed: Vec<Job> = claimed.into_iter().collect::<StoreResult<Vec<_>>>()?.concat();
    // Who was passed over while another worker counted comes again.
    loop {
        let more = claim(store, 0, 3).await?;
        if more.is_empty() {
            break;
        }
        claimed.extend(more);
    }
    let running = |workspace| claimed.iter().filter(|job| job.workspace_id == workspace).count();
    assert_eq!((running(busy), running(other), running(None)), (4, 1, 6));
    let done = claimed.iter().find(|job| job.workspace_id == busy).expect("one of the busy workspace");
    assert!(finish(store, done).await?);
    assert_eq!(claim(store, 0, 9).await?.len(), 1, "there is room for one again");
    assert_eq!(claim(store, 60, 20).await?.len(), 4 + 1 + 6, "all leases have ended, and still four at a time");
    Ok(())
}

/// By the time since which they are due, and none before its time.
pub async fn jobs_are_claimed_longest_due_first(store: &dyn Store) -> StoreResult<()> {
    let anyone = permits::instance();
    let due = |seconds| NewJob { run_at: second(seconds), ..job(Some(id())) };
    let jobs = [due(3), due(1), NewJob { run_at: second(2), ..job(None) }, due(4)];
    enqueue(store, &jobs).await?;
    let mut tx = store.write(Scope::Nobody).await?;
    assert_eq!(tx.next_due(&anyone).await?, Some(second(1)));
    tx.commit().await?;
    let claimed: Vec<JobId> = claim(store, 3, 2).await?.iter().map(|job| job.id).collect();
    assert_eq!(claimed, [jobs[1].id, jobs[2].id], "two at most");
    let claimed: Vec<JobId> = claim(store, 3, 2).await?.iter().map(|job| job.id).collect();
    assert_eq!(claimed, [jobs[0].id]);
    assert_eq!(claim(store, 3, 2).await?, [], "the last one is not due");
    let mut tx = store.write(Scope::Nobody).await?;
    assert_eq!(tx.next_due(&anyone).await?, Some(second(4)));
    tx.commit().await
}

/// Tries are counted unless the job was handed back untried; what has ended is kept for a while.
pub async fn a_job_is_retried_buried_and_swept(store: &dyn Store) -> StoreResult<()> {
    let (anyone, world) = (permits::instance(), World::found(store).await?);
    enqueue(store, &[job(Some(world.workspace))]).await?;
    for (attempts, counted) in [(1, true), (2, false), (2, true)] {
        let claimed = claim(store, 0, 1).await?.pop().expect("the job");
        assert_eq!(claimed.attempts, attempts);
        let mut tx = store.write(Scope::Nobody).await?;
        assert_eq!(tx.job_counts(&anyone).await?, JobCounts { waiting: 0, running: 1, dead: 0 });
        assert!(tx.retry_job(&anyone, claimed.id, claimed.fence, second(0), Some("451 later"), counted).await?);
        assert_eq!(tx.job_counts(&anyone).await?, JobCounts { waiting: 1, running: 0, dead: 0 });
        tx.commit().await?;
    }
    let claimed = claim(store, 0, 1).await?.pop().expect("the job");
    let mut tx = store.write(Scope::Nobody).await?;
    assert!(tx.bury_job(&anyone, claimed.id, claimed.fence, "550 no", second(5)).await?);
    assert_eq!(tx.job_counts(&anyone).await?, JobCounts { waiting: 0, running: 0, dead: 1 });
    assert_eq!(tx.next_due(&anyone).await?, None);
    assert_eq!(tx.sweep_jobs(&anyone, second(5)).await?, 0);
    assert_eq!(tx.sweep_jobs(&anyone, second(6)).await?, 1);
    tx.commit().await
}
