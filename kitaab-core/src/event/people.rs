//! Who follows a workspace here, with what each may see: loaded once for all their devices, anew after every change.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::entry::Entry;
use super::follower::{At, Follower, Passed};
use super::room::read;
use super::sight::{Seen, Sight};
use crate::access::{Actor, Permit, action};
use crate::error::{Error, Result};
use crate::ids::{ChannelId, UserId, WorkspaceId};
use crate::kitaab::Kitaab;
use crate::work::Work;

/// Whom clients know, by channel, and how often that was forgotten.
#[derive(Default)]
struct Faces {
    known: HashMap<Option<ChannelId>, Arc<HashSet<UserId>>>,
    age: u64,
}

/// Those who follow a workspace here.
pub(super) struct People {
    workspace: WorkspaceId,
    known: Mutex<HashMap<UserId, Known>>,
    faces: Mutex<Faces>,
}

/// What is known of somebody who follows.
#[derive(Default)]
struct Known {
    sight: Option<Arc<Sight>>,
    /// The event from which on the sight must have been taken.
    wanted: i64,
    loading: Arc<tokio::sync::Mutex<()>>,
    devices: Vec<Arc<Follower>>,
}

impl Known {
    /// What they may see, if it is known as it is since an event.
    fn sight(&self, since: i64) -> Option<&Arc<Sight>> {
        self.sight.as_ref().filter(|sight| sight.as_of() >= self.wanted.max(since))
    }
}

impl People {
    pub(super) fn new(workspace: WorkspaceId) -> Self {
        Self { workspace, known: Mutex::default(), faces: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<UserId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody follows from now on. What was known of them before this event is not enough.
    pub(super) fn join(&self, follower: Arc<Follower>, since: i64) {
        let mut known = self.known();
        let person = known.entry(follower.user).or_default();
        person.wanted = person.wanted.max(since);
        person.devices.push(follower);
    }

    pub(super) fn leave(&self, follower: &Arc<Follower>) {
        let mut known = self.known();
        let Some(person) = known.get_mut(&follower.user) else { return };
        person.devices.retain(|device| !Arc::ptr_eq(device, follower));
        if person.devices.is_empty() {
            known.remove(&follower.user);
        }
    }

    /// From this event on somebody may see something else.
    pub(super) fn access_changed(&self, person: UserId, seq: i64) {
        if let Some(known) = self.known().get_mut(&person) {
            known.wanted = known.wanted.max(seq);
        }
        let mut faces = self.faces();
        faces.known.clear();
        faces.age += 1;
    }

    /// Tells everybody whom it may concern that there is an event. Of whom nothing is known looks themselves.
    pub(super) fn note(&self, entry: &Entry) {
        let at = At { seq: entry.seq, tag: entry.event.tag };
        for known in self.known().values() {
            let is_for_them = known.sight(0).is_none_or(|sight| sight.admits(entry.seq, &entry.event));
            known.devices.iter().for_each(|device| device.note(at, is_for_them));
        }
    }

    /// Events were swept before they were read.
    pub(super) fn note_gap(&self) {
        self.known().values().flat_map(|known| &known.devices).for_each(|device| device.note_gap());
    }

    /// Something passes by; returns for how many it may be.
    pub(super) fn pass(&self, passed: &Arc<Passed>) -> usize {
        let mut count = 0;
        for (user, known) in &*self.known() {
            if known.sight(0).is_none_or(|sight| passed.passing.is_for(sight, *user)) {
                known.devices.iter().for_each(|device| device.pass(passed));
                count += known.devices.len();
            }
        }
        count
    }

    /// Wakes those whose place moved a while ago.
    pub(super) fn look(&self) {
        self.known().values().flat_map(|known| &known.devices).for_each(|device| device.look());
    }

    /// What somebody may see now, and at least since an event.
    pub(super) async fn sight(&self, kitaab: &Kitaab, user: UserId, since: i64) -> Result<Arc<Sight>> {
        let loading = match self.known().get(&user) {
            None => Arc::default(),
            Some(known) => match known.sight(since) {
                Some(sight) => return Ok(Arc::clone(sight)),
                None => Arc::clone(&known.loading),
            },
        };
        let _loading = loading.lock().await;
        if let Some(sight) = self.known().get(&user).and_then(|known| known.sight(since)) {
            return Ok(Arc::clone(sight));
        }
        let actor = Actor::system();
        let seen = match read(kitaab, &actor, self.workspace).await {
            Ok((mut work, permit)) => work.tx()?.seen_by(&permit, user).await?,
            // In a workspace that is gone nobody is anything any more.
            Err(Error::NotFound) => Seen { as_of: i64::MAX, ..Seen::default() },
            Err(error) => return Err(error),
        };
        let sight = Arc::new(Sight::new(self.workspace, user, seen));
        if let Some(known) = self.known().get_mut(&user)
            && known.sight.as_ref().is_none_or(|before| before.as_of() <= sight.as_of())
        {
            known.sight = Some(Arc::clone(&sight));
        }
        Ok(sight)
    }

    fn faces(&self) -> MutexGuard<'_, Faces> {
        self.faces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Grows when somebody comes or leaves; to be asked before the unit begins in which [`known_in`](Self::known_in) is.
    pub(super) fn faces_age(&self) -> u64 {
        self.faces().age
    }

    /// Whom clients know: the staff, and whoever is in the channel now.
    pub(super) async fn known_in(
        &self,
        work: &mut Work<'_>,
        permit: &Permit<action::ReadLog>,
        channel: Option<ChannelId>,
        age: u64,
    ) -> Result<Arc<HashSet<UserId>>> {
        if let Some(known) = self.faces().known.get(&channel) {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(work.tx()?.known_in(permit, channel).await?.into_iter().collect::<HashSet<_>>());
        let mut faces = self.faces();
        // What was read before somebody came or left is not kept.
        if faces.age == age {
            faces.known.insert(channel, Arc::clone(&known));
        }
        Ok(known)
    }
}
