//! The unit of work: rows, events, jobs and audit entries of one change, in one commit.
//!
//! Dropping it rolls back. No network, hashing or rendering while it is open; tables and exports, which read batch by batch
//! and write to a file of their own, are the exception.

mod again;
mod ask;
mod commit;

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::access::{Action, Actor, AnyTarget, Denied, Facts, Instance, action};
use crate::account::{AccountAct, AccountEntry};
use crate::activity::Deed;
use crate::audit::AuditEntry;
use crate::chat::MessageRow;
use crate::error::{Error, Result};
use crate::event::{EventKind, Fresh, Told};
use crate::ids::{AuditId, JobId, ProjectId, UserId, WorkspaceId};
use crate::job::{JobKind, NewJob};
use crate::kitaab::Kitaab;
use crate::notification::Notice;
use crate::store::{Closing, Repeat, Scope, StoreError, Tx};
use crate::time::Timestamp;

pub(crate) use again::again;
pub(crate) use ask::note_refusals;

/// How long the answer to a call with an idempotency key is kept (Matrix Complement, Zulip).
pub const ANSWERS_KEPT_FOR: Duration = Duration::from_hours(24);

/// One unit of work of one actor.
pub struct Work<'k> {
    kitaab: &'k Kitaab,
    actor: &'k Actor,
    tx: Option<Box<dyn Tx>>,
    workspace: Option<WorkspaceId>,
    writes: bool,
    now: Timestamp,
    facts: Option<Facts>,
    looked: Option<(AnyTarget, Facts)>,
    events: Vec<(Option<UserId>, Told)>,
    jobs: Vec<NewJob>,
    audit: Vec<AuditEntry>,
    deeds: Vec<(Option<UserId>, Deed)>,
    access_changed: bool,
    answer: Option<String>,
    claimed: bool,
    appended: Option<Fresh>,
    said: Vec<MessageRow>,
    notices: Vec<Notice>,
    refusals: Vec<(Actor, Denied)>,
}

fn workspace_of(scope: Scope) -> Option<WorkspaceId> {
    match scope {
        Scope::Nobody | Scope::Person(_) => None,
        Scope::Workspace { workspace, .. } | Scope::Guest(workspace) | Scope::System(workspace) => Some(workspace),
    }
}

impl<'k> Work<'k> {
    /// Opens a unit that reads one snapshot.
    pub(crate) async fn read(kitaab: &'k Kitaab, actor: &'k Actor, scope: Scope) -> Result<Self> {
        let tx = kitaab.store().read(scope).await?;
        Ok(Self::new(kitaab, actor, tx, scope, false))
    }

    /// Opens a unit that writes.
    pub(crate) async fn write(kitaab: &'k Kitaab, actor: &'k Actor, scope: Scope) -> Result<Self> {
        let tx = kitaab.store().write(scope).await?;
        Ok(Self::new(kitaab, actor, tx, scope, true))
    }

    fn new(kitaab: &'k Kitaab, actor: &'k Actor, tx: Box<dyn Tx>, scope: Scope, writes: bool) -> Self {
        Self {
            kitaab,
            actor,
            tx: Some(tx),
            workspace: workspace_of(scope),
            writes,
            now: kitaab.now(),
            facts: None,
            looked: None,
            events: Vec::new(),
            jobs: Vec::new(),
            audit: Vec::new(),
            deeds: Vec::new(),
            access_changed: false,
            answer: None,
            claimed: false,
            appended: None,
            said: Vec::new(),
            notices: Vec::new(),
            refusals: Vec::new(),
        }
    }

    /// The moment of this unit: everything in it has the same time.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Who works.
    pub(crate) fn actor(&self) -> &'k Actor {
        self.actor
    }

    /// When access in the workspace changed for the last time, as the first permit saw it.
    pub(crate) fn access_epoch(&self) -> Option<i64> {
        self.facts?.epoch
    }

    /// The workspace that the unit was opened for.
    pub(crate) fn here(&self) -> Result<WorkspaceId> {
        self.workspace.ok_or(Error::NotFound)
    }

    /// The handle this unit belongs to.
    pub(crate) fn kitaab(&self) -> &'k Kitaab {
        self.kitaab
    }

    /// The repositories.
    pub(crate) fn tx(&mut self) -> Result<&mut dyn Tx> {
        match &mut self.tx {
            Some(tx) => Ok(&mut **tx),
            None => Err(StoreError::Ended.into()),
        }
    }

    /// A new id, of this unit's time.
    pub(crate) fn id<I: From<Uuid>>(&self) -> I {
        self.kitaab.id(self.now)
    }

    /// Proves that rows are written as a part of this unit.
    pub(crate) fn closing(&self) -> Closing {
        Closing::new(self.workspace)
    }

    /// Names the thing that a permitted action made, for the audit log.
    pub(crate) fn made<A: Action>(&mut self, id: Uuid) {
        if let Some(entry) = self.entry_of::<A>() {
            entry.target_id = Some(id);
        }
    }

    /// Names the person that an action of nobody's made, for the audit log.
    pub(crate) fn made_by<A: Action>(&mut self, user: UserId) {
        if let Some(entry) = self.entry_of::<A>() {
            entry.actor_id = Some(user);
        }
    }

    /// The entry of the last time that this action was permitted.
    fn entry_of<A: Action>(&mut self) -> Option<&mut AuditEntry> {
        self.audit.iter_mut().rev().find(|entry| entry.action == A::KIND)
    }

    /// Takes an audit entry back: the action turned out to change nothing.
    pub(crate) fn unchanged<A: Action>(&mut self) {
        self.audit.retain(|entry| entry.action != A::KIND);
    }

    /// Notes what happened to an account, in the accounts' own log.
    pub(crate) async fn note(&mut self, act: AccountAct, user_id: Option<UserId>) -> Result<()> {
        let permit = self.may::<action::Recognise>(Instance).await?;
        let origin = self.actor.origin();
        let entry = AccountEntry {
            id: self.id::<AuditId>(),
            at: self.now,
            user_id,
            act,
            address: origin.address.map(|address| address.to_string()),
            request_id: origin.request_id.clone(),
        };
        self.tx()?.append_account_audit(&permit, &entry).await?;
        Ok(())
    }

    /// Records a line of the activity feed.
    pub(crate) fn record(&mut self, deed: Deed) {
        self.deeds.push((self.actor.user(), deed));
    }

    /// Records a line about what somebody did who was nobody before.
    pub(crate) fn record_by(&mut self, user: UserId, deed: Deed) {
        self.deeds.push((Some(user), deed));
    }

    /// Tells an event.
    pub(crate) fn tell(&mut self, event: Told) {
        self.tell_by(self.actor.user(), event);
    }

    /// Tells an event of what somebody else did, in a unit that works for several.
    pub(crate) fn tell_by(&mut self, actor: Option<UserId>, event: Told) {
        self.events.push((actor, event));
    }

    /// Tells that somebody said something, which those who follow here are told as it is.
    pub(crate) fn tell_said(&mut self, row: MessageRow, project: Option<ProjectId>) {
        let told = Told::channel(EventKind::MessageCreated, row.message.channel_id, project, row.message.id.0);
        self.tell_by(Some(row.message.author_id), told);
        self.said.push(row);
    }

    /// Says whom something concerns; they are notified with the commit, if they want to hear of it.
    pub(crate) fn notify(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// Tells that a person's access changed, and has every node look again. Their channels follow with the commit. It is
    /// told before everything else of this unit: readers of the log look again there.
    pub(crate) fn access_changed(&mut self, event: Told) {
        self.access_changed = true;
        let before = self.events.iter().take_while(|(_, told)| told.whose_access().is_some()).count();
        self.events.insert(before, (self.actor.user(), event));
    }

    /// The access of everybody in the workspace changed, or a client may no longer see something: what they took away
    /// before is withdrawn.
    pub(crate) fn everybody_looks_again(&mut self) {
        self.access_changed = true;
    }

    /// Enqueues a job about `subject`. `distinct` tells it from other jobs of the same kind about the same thing.
    pub(crate) fn enqueue(&mut self, kind: JobKind, subject: Uuid, detail: i64, distinct: impl std::fmt::Display) -> JobId {
        self.enqueue_at(kind, subject, detail, distinct, self.now)
    }

    /// Enqueues a job that is not to run before `run_at`.
    pub(crate) fn enqueue_at(
        &mut self,
        kind: JobKind,
        subject: Uuid,
        detail: i64,
        distinct: impl std::fmt::Display,
        run_at: Timestamp,
    ) -> JobId {
        let id = self.id();
        let dedupe_key = format!("{kind}:{subject}:{distinct}");
        self.jobs.push(NewJob { id, kind, workspace_id: self.workspace, subject, detail, dedupe_key, run_at, created_at: self.now });
        id
    }

    /// The answer of an earlier call with the same idempotency key, if there was one. Ask after the permit and before
    /// the input is looked at. On `Some` commit and answer it.
    pub(crate) async fn repeated<T: DeserializeOwned>(&mut self) -> Result<Option<T>> {
        let actor = self.actor;
        let (Some(key), Some(user), Some(_)) = (&actor.origin().idempotency, actor.user(), self.workspace) else { return Ok(None) };
        let (closing, since) = (Closing::new(self.workspace), self.now.before(ANSWERS_KEPT_FOR));
        match self.tx()?.claim_key(&closing, user, key, since).await? {
            Repeat::First => {
                self.claimed = true;
                Ok(None)
            }
            Repeat::Running => Err(Error::conflict("in_progress", "The same call is still running. Ask again in a second.")),
            Repeat::Answered(answer) => {
                self.audit.clear();
                serde_json::from_str(&answer).map(Some).map_err(|error| StoreError::Corrupt(error.to_string()).into())
            }
        }
    }

    /// Keeps the answer for repeats of this call. It must hold no secret.
    pub(crate) fn answer<T: Serialize>(&mut self, answer: &T) -> Result<()> {
        if self.claimed {
            self.answer = Some(serde_json::to_string(answer).map_err(Error::internal)?);
        }
        Ok(())
    }
}
