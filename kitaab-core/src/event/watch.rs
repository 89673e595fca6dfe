//! The look that finds what no hint told of: once a second, as long as anybody follows anything here.
//!
//! Hints may be lost, and other processes write too: events that were appended, sessions that ended, leases that lapsed.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::access::{Actor, Instance, action};
use crate::chat::LAPSES_AFTER;
use crate::error::Result;
use crate::ids::{SessionId, UserId};
use crate::kitaab::Kitaab;
use crate::store::Scope;
use crate::work::Work;

/// How often is looked.
const EVERY: Duration = Duration::from_secs(1);
/// How many sessions are asked after at once.
const AT_ONCE: usize = 500;
/// Leases are looked at in every so many looks.
const LEASES_EVERY: u32 = 30;

/// The sessions of connections that are open here.
#[derive(Default)]
pub(crate) struct Sessions {
    open: Mutex<HashMap<SessionId, Open>>,
    looking: AtomicBool,
}

struct Open {
    ended: CancellationToken,
    connections: usize,
}

/// Tells when the session of a connection has ended. A person whom a host application vouches for has none.
pub struct SessionWatch {
    kitaab: Kitaab,
    watched: Option<(SessionId, CancellationToken)>,
}

impl SessionWatch {
    /// Returns once the session has ended, within a second or so.
    pub async fn ended(&self) {
        match &self.watched {
            Some((_, ended)) => ended.cancelled().await,
            None => std::future::pending().await,
        }
    }
}

impl Drop for SessionWatch {
    fn drop(&mut self) {
        let Some((session, _)) = &self.watched else { return };
        let mut open = self.kitaab.hub().sessions.open();
        if let Some(of_session) = open.get_mut(session) {
            of_session.connections -= 1;
            if of_session.connections == 0 {
                open.remove(session);
            }
        }
    }
}

impl Sessions {
    fn open(&self) -> std::sync::MutexGuard<'_, HashMap<SessionId, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends what hangs on a session, at once.
    pub(crate) fn ended(&self, session: SessionId) {
        if let Some(open) = self.open().get(&session) {
            open.ended.cancel();
        }
    }
}

impl Kitaab {
    /// Watches the session of a caller, for a connection that stays open.
    #[must_use]
    pub fn watch_session(&self, actor: &Actor) -> SessionWatch {
        let watched = actor.session().map(|session| {
            let mut open = self.hub().sessions.open();
            let of_session = open.entry(session).or_insert_with(|| Open { ended: CancellationToken::new(), connections: 0 });
            of_session.connections += 1;
            (session, of_session.ended.clone())
        });
        self.keep_looking();
        SessionWatch { kitaab: self.clone(), watched }
    }

    /// Looks once a second from now on, until there is nothing to look after.
    pub(super) fn keep_looking(&self) {
        if self.hub().sessions.looking.swap(true, Ordering::AcqRel) {
            return;
        }
        let kitaab = self.clone();
        tokio::spawn(async move {
            let mut count = 0;
            loop {
                tokio::time::sleep(EVERY).await;
                if kitaab.nobody_is_here() {
                    kitaab.hub().sessions.looking.store(false, Ordering::Release);
                    // Who came between the two looks again, or was seen by somebody who does.
                    if kitaab.nobody_is_here() || kitaab.hub().sessions.looking.swap(true, Ordering::AcqRel) {
                        return;
                    }
                }
                kitaab.hub().look();
                count += 1;
                if let Err(error) = kitaab.look(count % LEASES_EVERY == 0).await {
                    tracing::debug!(error = &error as &dyn std::error::Error, "what no hint told of could not be looked for");
                }
            }
        });
    }

    fn nobody_is_here(&self) -> bool {
        !self.hub().is_followed() && self.hub().sessions.open().is_empty()
    }

    async fn look(&self, at_leases: bool) -> Result<()> {
        let system = Actor::system();
        let sessions: Vec<SessionId> = self.hub().sessions.open().keys().copied().collect();
        let followed = self.hub().followed();
        let mut work = Work::read(self, &system, Scope::Nobody).await?;
        let permit = work.may::<action::Recognise>(Instance).await?;
        let now = work.now();
        for some in sessions.chunks(AT_ONCE) {
            let alive = work.tx()?.sessions_alive(&permit, some, now).await?;
            for session in some.iter().filter(|session| !alive.contains(session)) {
                self.hub().sessions.ended(*session);
            }
        }
        for some in followed.chunks(AT_ONCE) {
            for (workspace, seq) in work.tx()?.heads(&permit, some).await? {
                self.hub().appended_elsewhere(workspace, seq);
            }
        }
        drop(work);
        if at_leases {
            let mut work = Work::write(self, &system, Scope::Nobody).await?;
            let permit = work.may::<action::RunJobs>(Instance).await?;
            let lapsed: Vec<UserId> = work.tx()?.end_lapsed_leases(&permit, now.before(LAPSES_AFTER), now).await?;
            work.commit().await?;
            for user in lapsed {
                self.presence_may_have_changed(user);
            }
        }
        Ok(())
    }
}

/// Something that happens a while after it was first asked for, however often it is asked for meanwhile.
pub(crate) struct Debounce<K>(Arc<Mutex<HashSet<K>>>);

impl<K> Default for Debounce<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: std::hash::Hash + Eq + Copy + Send + 'static> Debounce<K> {
    /// Runs `then` after `wait`, unless it is going to run for this key anyway.
    pub(crate) fn after<F>(&self, key: K, wait: Duration, then: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if !self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key) {
            return;
        }
        let keys = Arc::clone(&self.0);
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
            then.await;
        });
    }
}
