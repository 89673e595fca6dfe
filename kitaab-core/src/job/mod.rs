//! Work to be done after a commit, at least once.
//!
//! A job is enqueued in the transaction of the change that wants it, so what was rolled back sends no mail and what was
//! committed does. Workers claim jobs with a lease and a fencing token; whoever lost the lease cannot finish the job.
//! This is ours and no library's because it must commit with the data, on both engines.

mod execute;
mod run;
mod sweep;

use std::time::Duration;

use uuid::Uuid;

use crate::ids::{JobId, WorkspaceId};
use crate::sql::names;
use crate::time::Timestamp;

/// A claimed job is somebody else's again after this long without a heartbeat (River, Oban).
pub const LEASE: Duration = Duration::from_mins(1);
/// How often a worker renews its lease.
pub const HEARTBEAT: Duration = Duration::from_secs(20);
/// Jobs of one workspace that are claimed at a time, so that one tenant's work does not starve another's mail.
pub const PER_WORKSPACE: i64 = 4;
/// How often a job is tried (mail is tried for a day, however often).
pub const TRIES: i64 = 10;
/// How long a mail is tried.
pub const MAIL_TRIED_FOR: Duration = Duration::from_hours(24);
/// The longest wait between two tries.
pub const MAX_BACKOFF: Duration = Duration::from_mins(5);
/// How long finished and dead jobs can be looked at.
pub const KEPT_FOR: Duration = Duration::from_hours(7 * 24);

names! {
    /// What is to be done.
    pub enum JobKind {
        /// Mail an invitation; `detail` is its generation.
        InvitationMail = "mail.invitation",
        /// Greet somebody who joined; `subject` is the person.
        WelcomeMail = "mail.welcome",
        /// Mail the link of a login token; `subject` is its id.
        LinkMail = "mail.link",
        /// Tell a person that their password was changed; `subject` is the person.
        PasswordChangedMail = "mail.password_changed",
        /// Tell the old address that the email was changed; `subject` is the login token that did it.
        EmailChangedMail = "mail.email_changed",
        /// Tell the owner that somebody asks for a new invitation; `subject` is the invitation.
        AskedAgainMail = "mail.asked_again",
        /// Look for people in a channel who are away; `subject` is the channel.
        LookForAway = "channel.look_for_away",
        /// Mail somebody what they missed; `subject` is the mailing, `detail` the last message that the mail tells of.
        AwayMail = "mail.away",
        /// Make an export; `subject` is its id.
        MakeExport = "export.make",
        /// Send a message whose time has come; `detail` is the version of its schedule.
        SendScheduled = "message.send_scheduled",
        /// Take everything of a workspace in for searching it.
        IndexWorkspace = "workspace.index",
        /// Destroy a workspace whose grace is over.
        EraseWorkspace = "workspace.erase",
    }
}

names! {
    /// Where a job is.
    pub enum JobState {
        /// It waits until `run_at`.
        Waiting = "waiting",
        /// A worker has it, until its lease ends.
        Running = "running",
        /// It was done.
        Done = "done",
        /// It failed for good; somebody should look.
        Dead = "dead",
    }
}

/// A job as a use case enqueues it. It holds ids only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// The id; a mail's `Message-ID` is made of it.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// In which workspace, if in one.
    pub workspace_id: Option<WorkspaceId>,
    /// What it is about.
    pub subject: Uuid,
    /// A number that says more: the generation of an invitation.
    pub detail: i64,
    /// Another job with the same key is not enqueued.
    pub dedupe_key: String,
    /// Not before this.
    pub run_at: Timestamp,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

/// A job that a worker has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The id.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// In which workspace, if in one.
    pub workspace_id: Option<WorkspaceId>,
    /// What it is about.
    pub subject: Uuid,
    /// A number that says more.
    pub detail: i64,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// Grows with each claim; who holds an older one has lost the job.
    pub fence: i64,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

/// How many jobs there are, for whoever watches over the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting for their time or for a worker.
    pub waiting: i64,
    /// With a worker.
    pub running: i64,
    /// Given up within the last [`KEPT_FOR`]; somebody should look.
    pub dead: i64,
}

/// How long to wait after the given try: 1 s doubled each time with full jitter, at most five minutes.
#[must_use]
pub fn backoff(attempts: i64, random: u64) -> Duration {
    let exponent = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or(0);
    let ceiling = Duration::from_secs(1u64 << exponent).min(MAX_BACKOFF);
    let millis = u64::try_from(ceiling.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(random % millis.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_to_five_minutes_and_no_further() {
        for (attempts, ceiling) in [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (1_000, 300)] {
            let most = Duration::from_secs(ceiling);
            assert!(backoff(attempts, u64::MAX - 1) <= most);
            assert_eq!(backoff(attempts, u64::try_from(most.as_millis()).unwrap()), most, "after try {attempts}");
        }
    }
}
