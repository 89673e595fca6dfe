//! What a job does, and what becomes of it.

use std::time::Duration;

use super::{Job, JobKind, MAIL_TRIED_FOR, TRIES, backoff};
use crate::access::{Actor, InWorkspace, Instance, OnInvitation, action};
use crate::away::{self, Ended};
use crate::error::{Error, Result};
use crate::event::{EventKind, Told};
use crate::ids::{InvitationId, WorkspaceId};
use crate::invitation::{Delivery, DeliveryState};
use crate::kitaab::Kitaab;
use crate::notice::{Composed, compose};
use crate::notification::{Notice, Rule};
use crate::provider::Email;
use crate::store::Scope;
use crate::time::Timestamp;
use crate::work::{Work, again};
use crate::workspace::GRACE;

/// After this long an export that waits for its turn looks again.
const NEXT_TURN: Duration = Duration::from_secs(1);

/// How a try ended.
enum Try {
    /// Done, or nothing left to do.
    Done,
    /// The mail is with the mail server.
    Mailed,
    /// It was not its turn yet.
    Later(Timestamp),
    /// It failed; `again` says when it may work.
    Failed { why: String, again: Option<Timestamp> },
}

/// Runs the job once and notes how it ended, in one unit with what it changed.
pub(super) async fn execute(kitaab: &Kitaab, job: &Job) -> Result<()> {
    let system = Actor::system();
    let ended = match job.kind {
        JobKind::EraseWorkspace => erase(kitaab, &system, job).await,
        JobKind::MakeExport => export(kitaab, &system, job).await,
        JobKind::SendScheduled => send_scheduled(kitaab, job).await,
        JobKind::IndexWorkspace => index(kitaab, &system, job).await,
        JobKind::LookForAway => look_for_away(kitaab, job).await,
        _ => mail(kitaab, &system, job).await,
    };
    let ended = ended.unwrap_or_else(|error| {
        tracing::warn!(job = %job.id, kind = %job.kind, error = &error as &dyn std::error::Error, "a job failed");
        Try::Failed { why: format!("{}: {error}", error.code()), again: next_try(kitaab, job) }
    });
    end(kitaab, &system, job, ended).await
}

/// Notes that a try of the job panicked.
pub(super) async fn panicked(kitaab: &Kitaab, job: &Job) -> Result<()> {
    end(kitaab, &Actor::system(), job, Try::Failed { why: "it panicked".into(), again: next_try(kitaab, job) }).await
}

/// When a job that failed is tried again: mail for a day, everything else ten times.
fn next_try(kitaab: &Kitaab, job: &Job) -> Option<Timestamp> {
    let now = kitaab.now();
    let more = if job.kind.is_mail() { now.since(job.created_at) < MAIL_TRIED_FOR } else { job.attempts < TRIES };
    more.then(|| now.after(backoff(job.attempts, u64::from_be_bytes(kitaab.random()))))
}

async fn mail(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Try> {
    let Some(Composed { to, content, thread, unsubscribe, not_before }) = compose(kitaab, system, job).await? else { return Ok(Try::Done) };
    if let Some(at) = not_before.filter(|at| *at > kitaab.now()) {
        return Ok(Try::Later(at));
    }
    let email = Email {
        message_id: format!("{}@{}", job.id, kitaab.mail_host()),
        at: job.created_at,
        from: kitaab.settings().mail_from.clone(),
        to,
        content,
        thread,
        unsubscribe,
    };
    match kitaab.send_mail(&email).await {
        Ok(()) => Ok(Try::Mailed),
        Err(error) => {
            tracing::warn!(job = %job.id, kind = %job.kind, error = &error as &dyn std::error::Error, "a mail was not taken");
            let again = if error.is_transient() { next_try(kitaab, job) } else { None };
            Ok(Try::Failed { why: error.to_string(), again })
        }
    }
}

async fn erase(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Try> {
    let Some(workspace) = job.workspace_id else { return Ok(Try::Done) };
    let mut work = Work::write(kitaab, system, Scope::System(workspace)).await?;
    let permit = work.may::<action::EraseWorkspace>(InWorkspace(workspace)).await?;
    // One that was brought back and deleted again has a grace of its own, and a job of its own.
    let deleted_before = work.now().before(GRACE);
    let erased = work.tx()?.erase_workspace(&permit, deleted_before).await?;
    work.commit_bare().await?;
    // Also where it was erased before: the files may have outlived it. Of one that was brought back they stay.
    if erased || !exists(kitaab, system, workspace).await? {
        crate::export::erase(kitaab, workspace).await?;
    }
    Ok(Try::Done)
}

async fn exists(kitaab: &Kitaab, system: &Actor, workspace: WorkspaceId) -> Result<bool> {
    let mut work = Work::read(kitaab, system, Scope::System(workspace)).await?;
    Ok(work.permitted::<action::SweepWorkspace>(InWorkspace(workspace)).await?.is_some())
}

async fn export(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Try> {
    let Some(workspace) = job.workspace_id else { return Ok(Try::Done) };
    // Others are to go on reading, and mails to leave, while somebody takes everything away.
    let Ok(_turn) = kitaab.exporting().try_acquire() else { return Ok(Try::Later(kitaab.now().after(NEXT_TURN))) };
    match crate::export::make(kitaab, system, workspace, job.subject.into()).await {
        // Deleted meanwhile, and everything in it.
        Ok(()) | Err(Error::NotFound) => Ok(Try::Done),
        Err(error) => Err(error),
    }
}

async fn send_scheduled(kitaab: &Kitaab, job: &Job) -> Result<Try> {
    let Some(workspace) = job.workspace_id else { return Ok(Try::Done) };
    match crate::chat::send_scheduled(kitaab, workspace, job.subject.into(), job.detail).await {
        // Cancelled, or the workspace is gone.
        Ok(()) | Err(Error::NotFound) => Ok(Try::Done),
        Err(error) => Err(error),
    }
}

async fn index(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Try> {
    let Some(workspace) = job.workspace_id else { return Ok(Try::Done) };
    match crate::search::rebuild(kitaab, system, workspace).await {
        // The workspace is gone.
        Ok(()) | Err(Error::NotFound) => Ok(Try::Done),
        Err(error) => Err(error),
    }
}

async fn look_for_away(kitaab: &Kitaab, job: &Job) -> Result<Try> {
    let Some(workspace) = job.workspace_id else { return Ok(Try::Done) };
    match away::look(kitaab, workspace, job.subject.into()).await {
        // The channel or the workspace is gone.
        Ok(()) | Err(Error::NotFound) => Ok(Try::Done),
        Err(error) => Err(error),
    }
}

/// Notes how the try ended. A worker that lost the job changes nothing.
async fn end(kitaab: &Kitaab, system: &Actor, job: &Job, ended: Try) -> Result<()> {
    // What was sent is sent: it is noted also if another unit is in the way at first.
    again(kitaab, || try_end(kitaab, system, job, &ended)).await
}

async fn try_end(kitaab: &Kitaab, system: &Actor, job: &Job, ended: &Try) -> Result<()> {
    let scope = match (job.kind, job.workspace_id) {
        (JobKind::InvitationMail | JobKind::MakeExport | JobKind::AwayMail, Some(workspace)) => Scope::System(workspace),
        _ => Scope::Nobody,
    };
    let mut work = Work::write(kitaab, system, scope).await?;
    let permit = work.may::<action::RunJobs>(Instance).await?;
    let now = work.now();
    let held = match ended {
        Try::Done | Try::Mailed => work.tx()?.finish_job(&permit, job.id, job.fence, now).await?,
        Try::Later(at) => work.tx()?.retry_job(&permit, job.id, job.fence, *at, None, false).await?,
        Try::Failed { why, again: Some(at) } => work.tx()?.retry_job(&permit, job.id, job.fence, *at, Some(why), true).await?,
        Try::Failed { why, again: None } => work.tx()?.bury_job(&permit, job.id, job.fence, why, now).await?,
    };
    if !held {
        return Ok(());
    }
    match job.kind {
        JobKind::InvitationMail => record(&mut work, job, ended).await?,
        JobKind::AwayMail => record_away(&mut work, job, ended).await?,
        _ => {}
    }
    if let (JobKind::MakeExport, Some(workspace), Try::Failed { again: None, .. }) = (job.kind, job.workspace_id, ended) {
        crate::export::give_up(&mut work, workspace, job.subject.into()).await?;
    }
    work.commit().await
}

/// Shows on the invitation how its mail fares.
async fn record(work: &mut Work<'_>, job: &Job, ended: &Try) -> Result<()> {
    let (Some(workspace), at) = (job.workspace_id, work.now()) else { return Ok(()) };
    let delivery = match ended {
        // Accepted, taken back or expired before its turn. One that was sent anew meanwhile is not meant.
        Try::Done | Try::Later(_) => Delivery { state: DeliveryState::Withheld, error: None, at },
        Try::Mailed => Delivery { state: DeliveryState::Sent, error: None, at },
        Try::Failed { why, again: Some(_) } => Delivery { state: DeliveryState::Retrying, error: Some(why.clone()), at },
        Try::Failed { why, again: None } => Delivery { state: DeliveryState::Failed, error: Some(why.clone()), at },
    };
    let permit = match work.may::<action::RecordDelivery>(OnInvitation(workspace, InvitationId(job.subject))).await {
        Ok(permit) => permit,
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    if work.tx()?.record_delivery(&permit, job.detail, &delivery).await? {
        work.tell(Told::staff(EventKind::InvitationUpdated, job.subject));
        if delivery.state == DeliveryState::Failed
            && let Some((invitation, _)) = work.tx()?.invitation(&permit).await?
        {
            let (rule, subject) = (Rule::OwnInvitationFailed, job.subject);
            work.notify(Notice { user: invitation.invited_by, rule, actor: None, subject, channel: None, project: None });
        }
    }
    Ok(())
}

/// Notes for the next mail about the conversation how this one fared.
async fn record_away(work: &mut Work<'_>, job: &Job, ended: &Try) -> Result<()> {
    let ended = match ended {
        Try::Done => Ended::Nothing,
        Try::Mailed => Ended::Mailed,
        Try::Failed { again: None, .. } => Ended::Failed,
        Try::Later(_) | Try::Failed { again: Some(_), .. } => return Ok(()),
    };
    away::end(work, job, ended).await
}
