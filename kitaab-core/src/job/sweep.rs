//! Clearing away what has run out.

use std::time::Duration;

use super::{KEPT_FOR, run::open};
use crate::access::{Actor, InWorkspace, action};
use crate::error::{Error, Result};
use crate::ids::WorkspaceId;
use crate::kitaab::Kitaab;
use crate::store::Scope;
use crate::work::{ANSWERS_KEPT_FOR, Work};

/// How long the audit logs are kept.
pub const AUDIT_KEPT_FOR: Duration = Duration::from_hours(400 * 24);
/// How long counts for limits are kept; the longest window is a day.
const TALLIES_KEPT_FOR: Duration = Duration::from_hours(48);
/// How long it is known who was there: for as long as mail about what was said then may leave, and a day.
const LEASES_KEPT_FOR: Duration = Duration::from_hours(4 * 24);
/// Workspaces looked at in one unit.
const PAGE: u32 = 100;

impl Kitaab {
    /// Removes what has run out: sessions, links, counts, finished jobs, old answers, events and log entries. [`run_jobs`](Self::run_jobs) does it
    /// hourly; several nodes may do it at once. How many rows went.
    pub async fn sweep(&self) -> Result<u64> {
        let system = Actor::system();
        let (mut work, permit) = open(self, &system).await?;
        let now = work.now();
        let (idle, audit) = (now.before(self.settings().session_idle), now.before(AUDIT_KEPT_FOR));
        let tx = work.tx()?;
        let mut gone = tx.sweep_accounts(&permit, now, idle, audit).await?;
        gone += tx.sweep_tallies(&permit, now.before(TALLIES_KEPT_FOR)).await?;
        gone += tx.sweep_leases(&permit, now.before(LEASES_KEPT_FOR)).await?;
        gone += tx.sweep_jobs(&permit, now.before(KEPT_FOR)).await?;
        work.commit().await?;
        let mut after = None;
        loop {
            let (mut work, permit) = open(self, &system).await?;
            let page = work.tx()?.workspaces_after(&permit, after, PAGE).await?;
            drop(work);
            for workspace in &page {
                gone += self.sweep_workspace(&system, *workspace).await?;
            }
            after = page.last().copied();
            if page.len() < PAGE as usize {
                return Ok(gone);
            }
        }
    }

    async fn sweep_workspace(&self, system: &Actor, workspace: WorkspaceId) -> Result<u64> {
        let mut work = Work::write(self, system, Scope::System(workspace)).await?;
        let permit = match work.may::<action::SweepWorkspace>(InWorkspace(workspace)).await {
            // Deleted meanwhile: its own job erases it.
            Err(Error::NotFound) => return Ok(0),
            permit => permit?,
        };
        let (audit, answers) = (work.now().before(AUDIT_KEPT_FOR), work.now().before(ANSWERS_KEPT_FOR));
        let events = work.now().before(self.settings().event_retention);
        let tx = work.tx()?;
        let gone = tx.sweep_audit(&permit, audit).await? + tx.sweep_answers(&permit, answers).await?;
        let gone = gone + tx.sweep_events(&permit, events).await?;
        work.commit_bare().await?;
        match crate::export::sweep(self, system, workspace).await {
            Ok(exports) => Ok(gone + exports),
            Err(Error::NotFound) => Ok(gone),
            // The next workspace is not to wait for a file that cannot be removed.
            Err(Error::Provider(error)) => {
                tracing::warn!(%workspace, error = &error as &dyn std::error::Error, "an old export could not be removed");
                Ok(gone)
            }
            Err(error) => Err(error),
        }
    }
}
