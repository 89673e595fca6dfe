//! The log of one workspace, as long as somebody follows it here: its newest events in memory, read once for all.
//!
//! A follower keeps a position and is woken when there may be something for them. So a slow one costs nothing, and loses
//! nothing.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{Notify, OnceCell, watch};

use super::entry::Entry;
use super::follower::{At, Follower, Passed};
use super::passing::{Passing, Presences};
use super::people::People;
use super::write::{self, Ages};
use crate::access::{Actor, InWorkspace, Permit, action};
use crate::chat::MessageRow;
use crate::error::{Error, Result};
use crate::ids::{UserId, WorkspaceId};
use crate::kitaab::Kitaab;
use crate::store::{LogRow, Scope, StoreError};
use crate::time::Timestamp;
use crate::work::Work;

/// How many events are kept in memory.
const KEPT: usize = 1024;
/// Of how many of them what is told is kept: a message of 10,000 characters takes 40 KiB.
const WRITTEN: usize = 300;
/// How many units may have committed before they are taken in.
const BROUGHT: usize = 64;
/// How many are read at once.
const READ: u32 = 512;
/// What is read for one who comes back is read from such a number on, so that it serves the next ones too.
const STEP: i64 = 256;
/// How long is waited for the log to be read.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a failed reading rests.
const REST: Duration = Duration::from_millis(250);

/// Events that a unit of this process committed, with the messages it made.
#[derive(Debug)]
pub(crate) struct Fresh {
    /// In the order of their numbers, without gaps.
    pub(crate) rows: Vec<LogRow>,
    pub(crate) said: Vec<MessageRow>,
}

/// The log of one workspace.
pub(crate) struct Room {
    pub(crate) workspace: WorkspaceId,
    begun: OnceCell<()>,
    ring: Mutex<Ring>,
    tail: watch::Sender<i64>,
    wake: Arc<Notify>,
    pub(super) people: People,
    /// What was committed here and is not taken in yet.
    brought: Mutex<VecDeque<Fresh>>,
    /// The log goes up to here, somebody said.
    hinted: AtomicI64,
    /// Words are written, and events that are no longer in memory are read, by one for all.
    pub(super) writing: tokio::sync::Mutex<()>,
    reading: tokio::sync::Mutex<()>,
    pub(super) presences: Presences,
}

/// Events without gaps, the oldest first.
#[derive(Default)]
struct Ring {
    entries: VecDeque<Arc<Entry>>,
    tail: i64,
}

impl Ring {
    /// The number of the oldest event in memory, or of the next one to come.
    fn first(&self) -> i64 {
        self.entries.front().map_or(self.tail + 1, |entry| entry.seq)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // The pump ends.
        self.wake.notify_one();
    }
}

impl Room {
    pub(super) fn new(workspace: WorkspaceId) -> Self {
        Self {
            workspace,
            begun: OnceCell::new(),
            ring: Mutex::default(),
            tail: watch::Sender::new(0),
            wake: Arc::new(Notify::new()),
            people: People::new(workspace),
            brought: Mutex::default(),
            hinted: AtomicI64::new(0),
            writing: tokio::sync::Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            presences: Presences::default(),
        }
    }

    /// Begins to follow the log from its head on; once.
    pub(super) async fn begin(self: &Arc<Self>, kitaab: &Kitaab) -> Result<()> {
        let begin = async {
            let head = self.head(kitaab).await?;
            self.ring().tail = head;
            self.tail.send_replace(head);
            tokio::spawn(pump(kitaab.clone(), Arc::downgrade(self), Arc::clone(&self.wake)));
            Ok::<_, Error>(())
        };
        self.begun.get_or_try_init(|| begin).await.copied()
    }

    async fn head(&self, kitaab: &Kitaab) -> Result<i64> {
        let actor = Actor::system();
        let (mut work, permit) = read(kitaab, &actor, self.workspace).await?;
        Ok(work.tx()?.head(&permit).await?.ok_or(Error::NotFound)?.seq)
    }

    /// There may be more than was read.
    pub(super) fn hint(&self, seq: i64) {
        if seq > *self.tail.borrow() {
            self.hinted.fetch_max(seq, Ordering::AcqRel);
            self.wake.notify_one();
        }
    }

    /// This was just committed here. What comes in order is taken as it is; for everything else there is the log, also for
    /// what changes a message: from there it is written once before all who follow are woken.
    pub(super) fn bring(&self, fresh: Fresh) {
        let Some(last) = fresh.rows.last().map(|row| row.seq) else { return };
        let about_messages = fresh.rows.iter().filter(|row| row.event.told.kind.is_about_message()).count();
        let mut brought = self.brought();
        if about_messages == fresh.said.len() && brought.len() < BROUGHT {
            brought.push_back(fresh);
        }
        drop(brought);
        self.hint(last);
    }

    fn brought(&self) -> std::sync::MutexGuard<'_, VecDeque<Fresh>> {
        self.brought.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was committed here right after this event, if anything was.
    fn next_brought(&self, after: i64) -> Option<Fresh> {
        let mut brought = self.brought();
        brought.retain(|fresh| fresh.rows.first().is_some_and(|row| row.seq > after));
        let place = brought.iter().position(|fresh| fresh.rows.first().is_some_and(|row| row.seq == after + 1))?;
        brought.remove(place)
    }

    /// Somebody follows from a place on; `since` is the head of the log as they came.
    pub(super) fn join(&self, user: UserId, at: At, since: i64) -> Arc<Follower> {
        let ring = self.ring();
        let follower = Arc::new(Follower::new(user, at, ring.tail));
        self.people.join(Arc::clone(&follower), since);
        follower
    }

    /// Something passes by. Returns for how many it may be.
    pub(super) fn pass(&self, passing: Passing, at: Timestamp) -> usize {
        self.people.pass(&Arc::new(Passed::new(passing, at)))
    }

    /// A follower read everything up to a place.
    pub(super) fn read_up_to(&self, follower: &Follower, at: At) {
        follower.read_up_to(at, self.ring().tail);
    }

    fn ring(&self) -> std::sync::MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what is new: what was committed here as it was brought, and the rest from the log.
    async fn catch_up(&self, kitaab: &Kitaab) -> Result<()> {
        loop {
            let after = self.ring().tail;
            if let Some(fresh) = self.next_brought(after) {
                let entries = self.entries(fresh.rows);
                write::said(&entries, fresh.said)?;
                self.take(entries);
                continue;
            }
            let hinted = self.hinted.swap(0, Ordering::AcqRel);
            if hinted <= after {
                return Ok(());
            }
            if let Err(error) = self.read_after(kitaab, after).await {
                self.hinted.fetch_max(hinted, Ordering::AcqRel);
                return Err(error);
            }
        }
    }

    async fn read_after(&self, kitaab: &Kitaab, after: i64) -> Result<()> {
        let (actor, faces) = (Actor::system(), self.people.faces_age());
        let (mut work, permit) = read(kitaab, &actor, self.workspace).await?;
        let rows = work.tx()?.log(&permit, after, READ).await?;
        if rows.len() == READ as usize {
            // There may be more at once.
            self.hinted.fetch_max(i64::MAX, Ordering::AcqRel);
        }
        let entries = self.entries(rows);
        // What is told of messages is written before anybody is woken: one query for all, and nobody waits for another.
        let about: Vec<_> = entries.iter().filter(|entry| entry.is_about_message()).collect();
        match write::messages(self, &mut work, &permit, &about, &Ages::of_new(faces, &about)).await {
            Ok(written) => write::keep(written),
            // Readers write it themselves then, or fail each alone.
            Err(error) => {
                tracing::debug!(error = &error as &dyn std::error::Error, workspace = %self.workspace, "messages were not written ahead");
            }
        }
        drop(work);
        self.take(entries);
        Ok(())
    }

    /// Rows as they are kept in memory. From those that change somebody's access on, what they see is looked at anew.
    fn entries(&self, rows: Vec<LogRow>) -> Vec<Arc<Entry>> {
        let entries: Vec<Arc<Entry>> = rows.into_iter().map(Arc::from).collect();
        for entry in &entries {
            if let Some(person) = entry.event.told.whose_access() {
                self.people.access_changed(person, entry.seq);
                self.presences.forget(person);
            }
        }
        entries
    }

    /// Takes new events in. Those that change whose access, or what was said, undo what was written of it.
    fn take(&self, entries: Vec<Arc<Entry>>) {
        let mut ring = self.ring();
        for entry in entries {
            if entry.event.told.whose_access().is_some() {
                ring.entries.iter().for_each(|older| older.forget());
            } else if entry.is_about_something_older() {
                ring.entries.iter().filter(|older| older.event.told.subject == entry.event.told.subject).for_each(|older| older.forget());
            }
            // A gap would mean that the log was swept while nobody looked: what is before it is read anew when asked for.
            if ring.tail + 1 != entry.seq {
                ring.entries.clear();
                self.people.note_gap();
            }
            ring.tail = entry.seq;
            self.people.note(&entry);
            ring.entries.push_back(entry);
            if let Some(older) = ring.entries.len().checked_sub(WRITTEN + 1).and_then(|place| ring.entries.get(place)) {
                older.forget();
            }
            if ring.entries.len() > KEPT {
                ring.entries.pop_front();
            }
        }
        self.tail.send_replace(ring.tail);
    }

    /// Events after a position, without gaps, as far as the log was taken in: at most `limit` of those in memory, perhaps
    /// more of those that had to be read. None where they are no longer kept.
    pub(super) async fn after(&self, kitaab: &Kitaab, position: i64, limit: usize) -> Result<Option<Vec<Arc<Entry>>>> {
        if let Some(found) = self.in_memory(position, limit) {
            return Ok(Some(found));
        }
        if !self.is_near(position) {
            return Ok(whole(self.read_for(kitaab, position, READ).await?, position));
        }
        // One reads for all who come back at once.
        let _reading = self.reading.lock().await;
        if let Some(found) = self.in_memory(position, limit) {
            return Ok(Some(found));
        }
        let from = (position - position.rem_euclid(STEP)).max(0);
        let wanted = u32::try_from(self.ring().first() - from).unwrap_or(READ);
        let rows = self.read_for(kitaab, from, wanted).await?;
        self.put_before(&rows);
        Ok(whole(rows, position))
    }

    /// Whether so few events are missing in memory that they may be put there for the next ones too.
    fn is_near(&self, position: i64) -> bool {
        usize::try_from(self.ring().first() - position + STEP).is_ok_and(|missing| missing <= KEPT / 2)
    }

    /// Reads events for a follower: none that was not taken in yet, because what they change of somebody's access is not
    /// known before that.
    async fn read_for(&self, kitaab: &Kitaab, from: i64, wanted: u32) -> Result<Vec<Arc<Entry>>> {
        let tail = self.ring().tail;
        let actor = Actor::system();
        let (mut work, permit) = read(kitaab, &actor, self.workspace).await?;
        let rows = work.tx()?.log(&permit, from, wanted).await?;
        Ok(rows.into_iter().filter(|row| row.seq <= tail).map(Arc::from).collect())
    }

    /// Brings an event back to memory, if it is near, with those around it: of all who come back from there one reads.
    pub(super) async fn recall(&self, kitaab: &Kitaab, seq: i64) -> Result<()> {
        if seq > 0 && self.is_near(seq - 1) {
            self.after(kitaab, seq - 1, 1).await?;
        }
        Ok(())
    }

    /// The tag of an event, without a query if that is in memory; 0 if it is no longer kept.
    pub(super) async fn tag(&self, work: &mut Work<'_>, permit: &Permit<action::FollowEvents>, seq: i64) -> Result<i64> {
        match self.in_memory(seq - 1, 1).as_deref() {
            Some([entry, ..]) => Ok(entry.event.tag),
            _ => Ok(work.tx()?.log_tag(permit, seq).await?.unwrap_or(0)),
        }
    }

    fn in_memory(&self, position: i64, limit: usize) -> Option<Vec<Arc<Entry>>> {
        let ring = self.ring();
        let first = ring.entries.front()?.seq;
        let skip = usize::try_from(position + 1 - first).ok()?;
        (skip < ring.entries.len()).then(|| ring.entries.iter().skip(skip).take(limit).cloned().collect())
    }

    /// Puts those that are older before the events in memory, if they join without a gap and there is room.
    fn put_before(&self, read: &[Arc<Entry>]) {
        let mut ring = self.ring();
        let first = ring.first();
        for entry in read.iter().rev().filter(|entry| entry.seq < first) {
            if entry.seq + 1 != ring.first() || ring.entries.len() >= KEPT {
                break;
            }
            ring.entries.push_front(Arc::clone(entry));
        }
    }

    /// Returns once everything is read that was committed before.
    pub(super) async fn settled(&self, kitaab: &Kitaab) -> Result<()> {
        let head = self.head(kitaab).await?;
        let mut tail = self.tail.subscribe();
        self.hint(head);
        let caught_up = tokio::time::timeout(PATIENCE, tail.wait_for(|tail| *tail >= head)).await;
        caught_up.map(drop).map_err(|late| StoreError::Unavailable(Box::new(late)).into())
    }
}

/// What comes after a position, if nothing is missing right after it.
fn whole(rows: Vec<Arc<Entry>>, position: i64) -> Option<Vec<Arc<Entry>>> {
    let wanted: Vec<_> = rows.into_iter().filter(|entry| entry.seq > position).collect();
    wanted.first().is_some_and(|first| first.seq == position + 1).then_some(wanted)
}

/// A unit that reads a log, as the system.
pub(super) async fn read<'k>(kitaab: &'k Kitaab, actor: &'k Actor, workspace: WorkspaceId) -> Result<(Work<'k>, Permit<action::ReadLog>)> {
    let mut work = Work::read(kitaab, actor, Scope::System(workspace)).await?;
    let permit = work.may::<action::ReadLog>(InWorkspace(workspace)).await?;
    Ok((work, permit))
}

/// Reads what is new whenever somebody says that there may be more, until nobody follows any longer.
async fn pump(kitaab: Kitaab, room: Weak<Room>, wake: Arc<Notify>) {
    loop {
        wake.notified().await;
        let Some(room) = room.upgrade() else { return };
        match room.catch_up(&kitaab).await {
            Ok(()) => {}
            // The workspace is gone: whoever followed it finds that out.
            Err(Error::NotFound) => room.people.note_gap(),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, workspace = %room.workspace, "the log could not be read");
                tokio::time::sleep(REST).await;
                room.wake.notify_one();
            }
        }
    }
}
