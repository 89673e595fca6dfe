//! Who is there. A connection holds a lease on its person's presence and renews it; several devices hold several.

use serde::{Deserialize, Serialize};

use super::Chat;
use crate::access::{InWorkspace, OnPerson, action};
use crate::error::{Problems, Result};
use crate::ids::{LeaseId, UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::Page;
use crate::sql::names;
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::scope;
use std::time::Duration;

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
