//! The post lane: posts to a workspace that arrive while one is being written wait together, and are then written as
//! one unit of work.
//!
//! The head row of a workspace is held until its commit is on disk, so writers of one workspace come one after another.
//! Together they share that wait. There is no timer: whoever comes first goes at once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

use super::batch;
use super::post::{Post, Posted};
use crate::error::{Error, Result};
use crate::ids::WorkspaceId;
use crate::kitaab::Kitaab;

/// The most posts that are written as one unit.
const TOGETHER_AT_MOST: usize = 64;

/// The lanes of the workspaces in which something is being posted.
#[derive(Default)]
pub(crate) struct Lanes(Mutex<HashMap<WorkspaceId, Vec<Waiting>>>);

/// A post with who waits for it.
pub(super) struct Waiting {
    pub(super) post: Post,
    pub(super) answer: oneshot::Sender<Result<Posted>>,
}

impl Lanes {
    /// Queues a post, and begins to write if nobody does.
    pub(super) fn enter(&self, kitaab: &Kitaab, workspace: WorkspaceId, post: Post) -> oneshot::Receiver<Result<Posted>> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { post, answer };
        let mut lanes = self.lanes();
        if let Some(queue) = lanes.get_mut(&workspace) {
            queue.push(waiting);
        } else {
            lanes.insert(workspace, Vec::new());
            drop(lanes);
            tokio::spawn(write_all(kitaab.clone(), workspace, waiting));
        }
        answered
    }

    /// Who waits now; none if the lane is empty, which closes it.
    fn next(&self, workspace: WorkspaceId) -> Option<Vec<Waiting>> {
        let mut lanes = self.lanes();
        let queue = lanes.get_mut(&workspace)?;
        if queue.is_empty() {
            lanes.remove(&workspace);
            return None;
        }
        Some(queue.drain(..queue.len().min(TOGETHER_AT_MOST)).collect())
    }

    fn lanes(&self) -> std::sync::MutexGuard<'_, HashMap<WorkspaceId, Vec<Waiting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes a lane that a panic would leave open for ever.
struct Closes<'k>(&'k Kitaab, WorkspaceId);

impl Drop for Closes<'_> {
    fn drop(&mut self) {
        // Whoever waits hears that the unit ended.
        self.0.lanes().lanes().remove(&self.1);
    }
}

async fn write_all(kitaab: Kitaab, workspace: WorkspaceId, first: Waiting) {
    let closes = Closes(&kitaab, workspace);
    let mut waiting = vec![first];
    loop {
        write(&kitaab, workspace, waiting).await;
        match kitaab.lanes().next(workspace) {
            Some(next) => waiting = next,
            None => break,
        }
    }
    std::mem::forget(closes);
}

/// Writes posts as one unit; where that fails, each by itself, so that nobody suffers for somebody else's post.
async fn write(kitaab: &Kitaab, workspace: WorkspaceId, waiting: Vec<Waiting>) {
    let (posts, answers): (Vec<Post>, Vec<_>) = waiting.into_iter().map(|waiting| (waiting.post, waiting.answer)).unzip();
    let results = match batch::write(kitaab, workspace, &posts).await {
        Ok(results) => results,
        Err(error) if posts.len() == 1 && !may_work_alone(&error) => vec![Err(error)],
        Err(_) => one_by_one(kitaab, workspace, &posts).await,
    };
    for (answer, result) in answers.into_iter().zip(results) {
        // Whoever went away reads it in the history.
        answer.send(result).ok();
    }
}

/// Whether trying again by itself may do better.
fn may_work_alone(error: &Error) -> bool {
    matches!(error, Error::Store(crate::store::StoreError::Conflict))
}

async fn one_by_one(kitaab: &Kitaab, workspace: WorkspaceId, posts: &[Post]) -> Vec<Result<Posted>> {
    let mut results = Vec::with_capacity(posts.len());
    for post in posts {
        let alone = crate::work::again(kitaab, || async {
            let mut results = batch::write(kitaab, workspace, std::slice::from_ref(post)).await?;
            results.pop().unwrap_or_else(|| Err(crate::store::StoreError::Ended.into()))
        });
        results.push(alone.await);
    }
    results
}
