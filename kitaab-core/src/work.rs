//! The unit of work: rows, events, jobs and audit entries of one change, in one commit.
//!
//! Dropping it rolls back. No network, hashing or rendering while it is open; tables and exports, which read batch by batch
//! and write to a file of their own, are the exception.

mod again;

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::access::{self, Action, Actor, AnyTarget, Denied, Facts, Instance, Moment, Permit, Proof, Role, Standing, Target, action};
use crate::account::{AccountAct, AccountEntry};
use crate::activity::{Activity, Deed};
use crate::audit::{AuditEntry, Outcome};
use crate::chat::MessageRow;
use crate::error::{Error, Result};
use crate::event::{EventKind, Fresh, NewEvent, Part, Told};
use crate::ids::{ActivityId, AuditId, EventId, JobId, ProjectId, UserId, WorkspaceId};
use crate::job::{JobKind, NewJob};
use crate::kitaab::Kitaab;
use crate::store::{Closing, LogRow, Repeat, Scope, StoreError, Tx};
use crate::time::Timestamp;

pub(crate) use again::again;

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

    /// Asks for a permit: the only way to one.
    pub(crate) async fn may<A: Action>(&mut self, target: A::Target) -> Result<Permit<A>> {
        self.ask(target, None).await
    }

    /// A permit, if there is one to be had: for what an input names, where a refusal is no attempt.
    pub(crate) async fn permitted<A: Action>(&mut self, target: A::Target) -> Result<Option<Permit<A>>> {
        let facts = self.facts_of(target.any()).await?;
        Ok(access::ask::<A>(self.actor, target, facts, None).ok().map(|(permit, _)| permit))
    }

    /// Asks for a permit, showing a secret.
    pub(crate) async fn may_with<A: Action>(&mut self, target: A::Target, proof: Proof) -> Result<Permit<A>> {
        self.ask(target, Some(proof)).await
    }

    /// A permit for somebody else than the actor of this unit, who was asked for by name: a unit that works for several
    /// asks for each. A refusal is kept, to be noted after the unit.
    pub(crate) fn may_as<A: Action>(&mut self, actor: &Actor, target: A::Target, standing: Option<Standing>) -> Result<Permit<A>> {
        let facts = access::judge(actor, self.moment(), target.any(), standing);
        match access::ask::<A>(actor, target, facts, None) {
            Ok((permit, facts)) => {
                if self.facts.is_none_or(|first| first.epoch.is_none()) {
                    self.facts = Some(facts);
                }
                Ok(permit)
            }
            Err(denied) => {
                self.refusals.push((actor.clone(), denied));
                Err(denied.into())
            }
        }
    }

    /// As [`may_as`](Self::may_as), with the facts fetched.
    pub(crate) async fn may_for<A: Action>(&mut self, actor: &Actor, target: A::Target) -> Result<Permit<A>> {
        let moment = self.moment();
        let facts = access::facts_of(self.tx()?, actor, moment, target.any()).await?;
        Ok(access::ask::<A>(actor, target, facts, None).map(|(permit, _)| permit)?)
    }

    /// Who was refused in this unit, other than its actor.
    pub(crate) fn take_refusals(&mut self) -> Vec<(Actor, Denied)> {
        std::mem::take(&mut self.refusals)
    }

    /// Proves that rows are written as a part of this unit.
    pub(crate) fn closing(&self) -> Closing {
        Closing::new(self.workspace)
    }

    fn moment(&self) -> Moment {
        Moment { now: self.now, edit_window: self.kitaab.settings().message_edit_window }
    }

    async fn ask<A: Action>(&mut self, target: A::Target, proof: Option<Proof>) -> Result<Permit<A>> {
        let facts = self.facts_of(target.any()).await?;
        match access::ask::<A>(self.actor, target, facts, proof) {
            Ok((permit, facts)) => {
                if A::KIND.audited() && self.writes {
                    let done = AuditEntry::blank(self.id(), self.now, self.actor, A::KIND, facts.role);
                    self.audit.push(AuditEntry { target_id: target.id(), ..done });
                }
                // The epoch of the first look is the one that must still hold at the commit.
                if self.facts.is_none_or(|first| first.epoch.is_none()) {
                    self.facts = Some(facts);
                }
                Ok(permit)
            }
            Err(denied) => {
                self.refused(denied).await;
                Err(denied.into())
            }
        }
    }

    /// The names of what the actor may do to a thing now, for `can`.
    pub(crate) async fn can<T: Target>(&mut self, target: T) -> Result<Vec<String>> {
        let facts = self.facts_of(target.any()).await?;
        Ok(access::allowed(T::KIND, &facts).into_iter().map(|action| action.verb().to_owned()).collect())
    }

    /// One query, and none if a unit that reads asks about the same thing again: it sees one snapshot.
    async fn facts_of(&mut self, target: AnyTarget) -> Result<Facts> {
        if let Some((_, facts)) = self.looked.filter(|(looked, _)| !self.writes && *looked == target) {
            return Ok(facts);
        }
        let (actor, moment) = (self.actor, self.moment());
        let facts = access::facts_of(self.tx()?, actor, moment, target).await?;
        self.looked = Some((target, facts));
        Ok(facts)
    }

    /// Notes a refused write in a unit of its own, after this one is undone. Somebody who is nothing to the workspace, a
    /// moderator too, leaves no trace in its log: a stranger must not be able to fill it, nor to time what exists.
    async fn refused(&mut self, denied: Denied) {
        self.tx = None;
        if self.writes {
            note_refusals(self.kitaab, vec![(self.actor.clone(), denied)]).await;
        }
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

    /// Writes what was told, enqueued and noted, and commits. Returns once it is on disk.
    ///
    /// [`StoreError::Conflict`] if somebody's access changed between the check and now: see [`again`].
    pub(crate) async fn commit(mut self) -> Result<()> {
        let mut tx = self.tx.take().ok_or(StoreError::Ended)?;
        if self.writes
            && let Err(error) = self.close(&mut *tx).await
        {
            tx.rollback().await;
            return Err(error);
        }
        tx.commit().await?;
        if !self.jobs.is_empty() {
            self.kitaab.new_jobs().notify_one();
        }
        if let (Some(workspace), Some(fresh)) = (self.workspace, self.appended) {
            self.kitaab.hub().appended(workspace, fresh);
        }
        Ok(())
    }

    /// Commits without the head of the log: the workspace is gone with this unit.
    pub(crate) async fn commit_bare(mut self) -> Result<()> {
        let tx = self.tx.take().ok_or(StoreError::Ended)?;
        tx.commit().await?;
        Ok(())
    }

    async fn close(&mut self, tx: &mut dyn Tx) -> Result<()> {
        let closing = Closing::new(self.workspace);
        if !self.jobs.is_empty() {
            tx.insert_jobs(&closing, &self.jobs).await?;
        }
        if self.workspace.is_none() {
            return Ok(());
        }
        if !self.audit.is_empty() {
            tx.append_audit(&closing, &self.audit).await?;
        }
        if !self.deeds.is_empty() {
            let deeds = std::mem::take(&mut self.deeds).into_iter();
            let lines: Vec<Activity> =
                deeds.map(|(actor_id, deed)| Activity { id: self.id::<ActivityId>(), at: self.now, actor_id, deed }).collect();
            tx.append_activity(&closing, &lines).await?;
        }
        if let (Some(answer), Some(key), Some(user)) = (&self.answer, &self.actor.origin().idempotency, self.actor.user()) {
            tx.keep_answer(&closing, user, key, answer, self.now).await?;
        }
        let epoch = self.facts.and_then(|facts| facts.epoch);
        if self.events.is_empty() && epoch.is_none() {
            return Ok(());
        }
        self.keep_channels_in_step(tx, &closing).await?;
        let told = std::mem::take(&mut self.events);
        let events: Vec<NewEvent> = told
            .into_iter()
            .map(|(actor_id, told)| NewEvent {
                id: self.id::<EventId>(),
                told,
                at: self.now,
                actor_id,
                tag: i64::from_be_bytes(self.kitaab.random()),
            })
            .collect();
        let appended = tx.append_events(&closing, &events, self.access_changed).await?;
        if let Some(appended) = &appended {
            let first = appended.seq - i64::try_from(events.len()).unwrap_or(0) + 1;
            let rows = (first..).zip(events).map(|(seq, event)| LogRow { seq, event }).collect();
            self.appended = Some(Fresh { rows, said: std::mem::take(&mut self.said) });
        }
        match (appended, epoch) {
            (Some(appended), Some(epoch)) if appended.access_epoch != epoch => Err(StoreError::Conflict.into()),
            (None, Some(_)) => Err(Error::NotFound),
            _ => Ok(()),
        }
    }

    /// Who is in the channels of projects follows from who is on the projects, and nobody is in a channel of a workspace
    /// they left: whoever's access changed in this unit, for whatever reason, their channels are brought in step here.
    async fn keep_channels_in_step(&mut self, tx: &mut dyn Tx, closing: &Closing) -> Result<()> {
        let mut people: Vec<UserId> = self.events.iter().filter_map(|(_, told)| told.whose_access()).collect();
        people.sort_unstable();
        people.dedup();
        for person in people {
            for step in tx.keep_channels_in_step(closing, person, self.now).await? {
                let kind = if step.joined { EventKind::ChannelMemberAdded } else { EventKind::ChannelMemberRemoved };
                // What comes with the workspace, or with a project, was said by whoever gave that.
                let all_is_new = self.events.iter().any(|(_, told)| {
                    told.kind == EventKind::AccessGained
                        && told.whose_access() == Some(person)
                        && told.project.is_none()
                        && told.channel.is_none()
                });
                if step.joined && step.project_id.is_none() && !all_is_new {
                    self.access_changed(Told::gained(person, Part::Channel(step.channel_id)));
                }
                self.tell(Told::channel(kind, step.channel_id, step.project_id, person.0));
            }
        }
        Ok(())
    }
}

/// Notes refused writes of people who belong to the workspace, in a unit of its own.
pub(crate) async fn note_refusals(kitaab: &Kitaab, refusals: Vec<(Actor, Denied)>) {
    let written = |denied: &Denied| denied.action.writes() && !matches!(denied.role, Role::Anonymous | Role::Moderator | Role::System);
    let now = kitaab.now();
    for (actor, denied) in refusals.into_iter().filter(|(_, denied)| written(denied)) {
        let Some(workspace) = denied.workspace else { continue };
        let blank = AuditEntry::blank(kitaab.id(now), now, &actor, denied.action, denied.role);
        let entry = AuditEntry { target_id: denied.id, outcome: Outcome::Refused, ..blank };
        let noted = async {
            let mut tx = kitaab.store().write(Scope::System(workspace)).await?;
            tx.append_audit(&Closing::new(Some(workspace)), &[entry]).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a refused write could not be noted");
        }
    }
}
