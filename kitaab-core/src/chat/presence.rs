//! Who is there. A connection holds a lease on its person's presence and renews it; several devices hold several.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Chat;
use crate::access::{Actor, InWorkspace, OnPerson, Own, action};
use crate::error::{Problems, Result};
use crate::event::Passing;
use crate::ids::{LeaseId, UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::kitaab::Kitaab;
use crate::page::Page;
use crate::sql::names;
use crate::store::Scope;
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::scope;

/// A lease that is not renewed for this long has lapsed (Campfire).
pub(crate) const LAPSES_AFTER: Duration = Duration::from_mins(2);
/// The most people that are asked after at once.
const PEOPLE_MAX: usize = 200;

names! {
    /// Whether somebody is there.
    pub enum PresenceState {
        /// One of their devices is in use.
        Online = "online",
        /// Their devices are connected and not in use.
        Away = "away",
        /// None is connected.
        Offline = "offline",
    }
}

/// The lease of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Of which connection.
    pub id: LeaseId,
    /// Whose.
    pub user_id: UserId,
    /// Whether the device is not in use.
    pub away: bool,
    /// When it was renewed.
    pub seen_at: Timestamp,
}

/// How somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PresenceRow {
    /// Who.
    pub user_id: UserId,
    /// Whether they are there.
    pub state: PresenceState,
    /// When they were last there, if ever.
    pub last_seen_at: Option<Timestamp>,
}

/// How somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Presence {
    /// Who.
    pub user_id: UserId,
    /// Whether they are there.
    pub state: PresenceState,
    /// When they were last there; null if never.
    pub last_seen_at: Option<Timestamp>,
}

impl From<PresenceRow> for Presence {
    fn from(row: PresenceRow) -> Self {
        let PresenceRow { user_id, state, last_seen_at } = row;
        Self { user_id, state, last_seen_at }
    }
}

/// After whom one asks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PresenceAsk {
    /// Ids, with commas between them; at most 200.
    pub user_ids: Option<String>,
}

impl PresenceAsk {
    fn people(&self) -> impl Iterator<Item = &str> {
        self.user_ids.as_deref().unwrap_or_default().split(',').filter(|id| !id.is_empty())
    }
}

impl Check for PresenceAsk {
    fn check(&mut self, problems: &mut Problems) {
        match self.people().count() {
            0 => problems.add("user_ids", "required", "Name whom you ask after."),
            many if many > PEOPLE_MAX => problems.add("user_ids", "too_many", format!("Ask after at most {PEOPLE_MAX} people.")),
            _ => {}
        }
    }
}

/// A change of presence is told after this long, if it still is one: who reloads a page did not leave.
const TOLD_AFTER: Duration = Duration::from_secs(5);

/// Somebody is there, as long as this is held and renewed.
pub struct Present {
    kitaab: Kitaab,
    lease: Lease,
    left: bool,
}

impl Present {
    /// Renews the lease; `away` if the device is not in use. To be called every 55 seconds, and when that changes.
    pub async fn renew(&mut self, away: bool) -> Result<()> {
        let changed = self.lease.away != away;
        self.lease = Lease { away, seen_at: self.kitaab.now(), ..self.lease };
        if !self.write().await? {
            // It lapsed meanwhile, and what it covered stays known.
            self.lease.id = self.kitaab.id(self.lease.seen_at);
            self.write().await?;
        }
        if changed {
            self.kitaab.presence_may_have_changed(self.lease.user_id);
        }
        Ok(())
    }

    /// Ends the lease, and returns once that is on disk. Dropping does the same after a moment.
    pub async fn leave(mut self) -> Result<()> {
        self.left = true;
        give_back(&self.kitaab, self.lease).await
    }

    /// Whether the device is not in use.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.lease.away
    }

    /// False if the lease has ended.
    async fn write(&self) -> Result<bool> {
        let actor = Actor::person(self.lease.user_id);
        let mut work = Work::write(&self.kitaab, &actor, Scope::Nobody).await?;
        let permit = work.may::<action::EditAccount>(Own(self.lease.user_id)).await?;
        let held = work.tx()?.hold_lease(&permit, &self.lease).await?;
        work.commit().await?;
        Ok(held)
    }
}

async fn give_back(kitaab: &Kitaab, lease: Lease) -> Result<()> {
    let actor = Actor::person(lease.user_id);
    let mut work = Work::write(kitaab, &actor, Scope::Nobody).await?;
    let permit = work.may::<action::EditAccount>(Own(lease.user_id)).await?;
    let now = work.now();
    work.tx()?.give_lease_back(&permit, lease.id, now).await?;
    work.commit().await?;
    kitaab.presence_may_have_changed(lease.user_id);
    Ok(())
}

impl Drop for Present {
    fn drop(&mut self) {
        if self.left {
            return;
        }
        let (kitaab, lease) = (self.kitaab.clone(), self.lease);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        // What is not given back lapses.
        runtime.spawn(async move { give_back(&kitaab, lease).await.ok() });
    }
}

impl Kitaab {
    /// Shows a person as there, for a connection of theirs.
    pub async fn present(&self, actor: &Actor) -> Result<Present> {
        let user_id = self.accounts(actor).require()?;
        let now = self.now();
        let present = Present { kitaab: self.clone(), lease: Lease { id: self.id(now), user_id, away: false, seen_at: now }, left: false };
        present.write().await?;
        self.presence_may_have_changed(user_id);
        Ok(present)
    }

    /// Tells those who know a person how they are, in a moment.
    pub(crate) fn presence_may_have_changed(&self, user: UserId) {
        let kitaab = self.clone();
        self.hub().presences.after(user, TOLD_AFTER, async move {
            if let Err(error) = kitaab.tell_presence(user).await {
                tracing::debug!(error = &error as &dyn std::error::Error, "a presence could not be told");
            }
        });
    }

    async fn tell_presence(&self, user: UserId) -> Result<()> {
        let (actor, system) = (Actor::person(user), Actor::system());
        let mut work = Work::read(self, &actor, Scope::Person(user)).await?;
        let permit = work.may::<action::ViewAccount>(Own(user)).await?;
        let since = work.now().before(LAPSES_AFTER);
        let presence = Presence::from(work.tx()?.presence_of(&permit, since).await?);
        let workspaces = work.tx()?.belongings(&permit).await?;
        drop(work);
        for workspace in workspaces {
            let mut work = Work::read(self, &system, Scope::System(workspace.id)).await?;
            let permit = work.may::<action::ReadLog>(InWorkspace(workspace.id)).await?;
            let seen = work.tx()?.seen_by(&permit, user).await?;
            if let Some(role) = seen.role {
                self.hub().pass(self, workspace.id, Passing::Presence { presence, role, channels: seen.channels });
            }
        }
        Ok(())
    }
}

impl Chat<'_> {
    /// How people are, in the order asked. Who is not known to the caller: 422.
    pub async fn presence(&self, workspace: WorkspaceId, ask: Input<PresenceAsk>) -> Result<Page<Presence>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListPeople>(InWorkspace(workspace)).await?;
        let mut problems = Problems::default();
        let ask = ask.check_into(&mut problems)?;
        let mut people = Vec::new();
        for (index, id) in ask.people().enumerate().take(PEOPLE_MAX) {
            let known = match id.parse::<UserId>() {
                Ok(person) => {
                    people.push(person);
                    work.permitted::<action::ViewPerson>(OnPerson(workspace, person)).await?.is_some()
                }
                Err(_) => false,
            };
            if !known {
                problems.add(format!("user_ids[{index}]"), "not_found", "There is no such person.");
            }
        }
        problems.into_result()?;
        let since = work.now().before(LAPSES_AFTER);
        let found = work.tx()?.presences(&permit, &people, since).await?;
        let of = |person: &UserId| found.iter().find(|row| row.user_id == *person).copied();
        let nobody = |person: &UserId| PresenceRow { user_id: *person, state: PresenceState::Offline, last_seen_at: None };
        let items = people.iter().map(|person| of(person).unwrap_or_else(|| nobody(person)).into()).collect();
        Ok(Page { items, next_cursor: None })
    }
}
