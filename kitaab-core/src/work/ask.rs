//! Asking for permits: the only way to one is through a unit, and a refused write leaves its trace.

use super::Work;
use crate::access::{self, Action, Actor, AnyTarget, Denied, Facts, Moment, Permit, Proof, Role, Standing, Target};
use crate::audit::{AuditEntry, Outcome};
use crate::error::Result;
use crate::kitaab::Kitaab;
use crate::store::{Closing, Scope};

impl Work<'_> {
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
