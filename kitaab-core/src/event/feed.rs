//! What somebody who follows a workspace is told: every event that is for them, once and in order, and where they are.
//!
//! Every transport is a view of this: register, read the head, read rows, sleep.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

use super::cursor::{Place, START};
use super::entry::{Entry, Words};
use super::lane::Passing;
use super::room::Room;
use super::write;
use crate::access::{Actor, InWorkspace, action};
use crate::error::Result;
use crate::ids::{UserId, WorkspaceId};
use crate::kitaab::Kitaab;
use crate::work::Work;
use crate::workspace::scope;

/// The most events that are handed out at once (Centrifugo).
pub const BATCH: usize = 300;
/// After so many events that are not for a follower their cursor is moved on all the same.
const SKIPPED: i64 = 200;
/// And at least this often, if there were any.
const MOVED_EVERY: Duration = Duration::from_mins(1);

/// Where a follower begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum From {
    /// Now.
    #[default]
    Now,
    /// With the oldest event that is kept.
    Start,
    /// After the last event of an earlier batch.
    Cursor(String),
}

impl std::convert::From<Option<String>> for From {
    fn from(cursor: Option<String>) -> Self {
        match cursor {
            None => Self::Now,
            Some(cursor) if cursor == START => Self::Start,
            Some(cursor) => Self::Cursor(cursor),
        }
    }
}

/// One event, as its follower is told.
#[derive(Debug, Clone)]
pub struct Delivery {
    words: Words,
    own: bool,
}

impl Delivery {
    /// Writes the event as JSON. The author's own devices besides hear by what name they sent a message.
    pub fn write(&self, out: &mut String) {
        match (&self.words.own, self.own) {
            (Some((_, name)), true) => {
                out.push_str(self.words.json.strip_suffix('}').unwrap_or_default());
                out.push_str(",\"client_message_id\":");
                out.push_str(name);
                out.push('}');
            }
            _ => out.push_str(&self.words.json),
        }
    }

    /// The event as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let mut out = String::with_capacity(self.words.json.len() + 64);
        self.write(&mut out);
        out
    }
}

/// Events in order, and the place after them.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The events; none if the place moved on alone.
    pub events: Vec<Delivery>,
    /// The cursor before them.
    pub prev: String,
    /// The cursor after them.
    pub cursor: String,
    /// Whether there are more at once.
    pub more: bool,
}

/// What a follower hears next.
#[derive(Debug, Clone)]
pub enum Heard {
    /// Events, which count.
    Batch(Batch),
    /// Something that passes, as JSON: typing, presence, receipts.
    Passing(String),
    /// Events after the place are no longer kept: begin anew, at this cursor.
    Resync(String),
    /// The workspace is no longer theirs.
    Ended,
}

/// Follows one workspace as one person.
pub struct Feed {
    kitaab: Kitaab,
    room: Arc<Room>,
    user: UserId,
    place: Place,
    tail: watch::Receiver<i64>,
    passing: broadcast::Receiver<Arc<Passing>>,
    recovered: bool,
    cursor: String,
    moved_at: Instant,
    told_at: i64,
    ended: bool,
}

impl Kitaab {
    /// How many workspaces are followed in this process, for the curious.
    #[must_use]
    pub fn followers(&self) -> usize {
        self.hub().followed().len()
    }

    /// Whether somebody may follow a workspace; an error if not.
    pub async fn may_follow(&self, actor: &Actor, workspace: WorkspaceId) -> Result<()> {
        let mut work = Work::read(self, actor, scope(actor, workspace)).await?;
        work.may::<action::FollowEvents>(InWorkspace(workspace)).await.map(drop)
    }

    /// Follows what happens in a workspace, as far as the caller may see it: for embedding applications, and under every
    /// transport.
    ///
    /// ```
    /// # async fn follow(kitaab: kitaab_core::Kitaab, nikhil: kitaab_core::access::Actor, workspace: kitaab_core::ids::WorkspaceId)
    /// # -> kitaab_core::Result<()> {
    /// use kitaab_core::event::{From, Heard};
    ///
    /// let mut feed = kitaab.follow(&nikhil, workspace, From::Now).await?;
    /// while let Heard::Batch(batch) = feed.next().await? {
    ///     for event in &batch.events {
    ///         println!("{}", event.json());
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn follow(&self, actor: &Actor, workspace: WorkspaceId, from: From) -> Result<Feed> {
        let user = self.accounts(actor).require()?;
        // Whoever may not follow makes no room.
        self.may_follow(actor, workspace).await?;
        let room = self.hub().room(self, workspace).await?;
        let (tail, passing) = (room.tail(), room.passing());
        // A snapshot: what is not before the place comes after it.
        let mut work = Work::read(self, actor, scope(actor, workspace)).await?;
        let permit = work.may::<action::FollowEvents>(InWorkspace(workspace)).await?;
        let head = work.tx()?.head(&permit).await?.ok_or(crate::error::Error::NotFound)?;
        let place = |seq: i64, tag: i64| Place { log_epoch: head.log_epoch, seq, tag };
        let found = match &from {
            From::Now => None,
            From::Start => Some(place(head.floor, 0)),
            From::Cursor(cursor) => {
                let given = Place::open(self, workspace, user, cursor);
                let given = given.filter(|given| given.log_epoch == head.log_epoch && (head.floor..=head.seq).contains(&given.seq));
                match given {
                    // The event itself may be forgotten: all after it is kept.
                    Some(given) => {
                        let tag = work.tx()?.log_tag(&permit, given.seq).await?.unwrap_or(0);
                        Some(given).filter(|given| given.tag == tag)
                    }
                    None => None,
                }
            }
        };
        let recovered = found.is_some();
        let place = match found {
            Some(place) => place,
            None => place(head.seq, work.tx()?.log_tag(&permit, head.seq).await?.unwrap_or(0)),
        };
        drop(work);
        room.hint(head.seq);
        room.sight(self, user, head.seq).await?;
        let cursor = place.seal(self, workspace, user);
        Ok(Feed {
            kitaab: self.clone(),
            room,
            user,
            place,
            tail,
            passing,
            recovered,
            cursor,
            moved_at: Instant::now(),
            told_at: place.seq,
            ended: false,
        })
    }
}

impl Feed {
    /// Whether everything since the cursor follows. If not, the follower begins anew with what they see now.
    #[must_use]
    pub fn recovered(&self) -> bool {
        self.recovered
    }

    /// The cursor of the place where the follower is.
    #[must_use]
    pub fn cursor(&self) -> &str {
        &self.cursor
    }

    /// Which workspace is followed.
    #[must_use]
    pub fn workspace(&self) -> WorkspaceId {
        self.room.workspace
    }

    /// Waits for what comes next. Cancelling it loses nothing that counts.
    pub async fn next(&mut self) -> Result<Heard> {
        self.next_few(BATCH).await
    }

    /// As [`next`](Self::next), with at most so many events at once: each batch has a cursor.
    pub async fn next_few(&mut self, most: usize) -> Result<Heard> {
        loop {
            if self.ended {
                return Ok(Heard::Ended);
            }
            if self.place.seq < *self.tail.borrow_and_update() {
                if let Some(heard) = self.read(most).await? {
                    return Ok(heard);
                }
                continue;
            }
            tokio::select! {
                biased;
                changed = self.tail.changed() => {
                    if changed.is_err() {
                        return Ok(Heard::Ended);
                    }
                }
                passing = self.passing.recv() => {
                    if let Some(passing) = self.hear(passing).await? {
                        return Ok(Heard::Passing(passing));
                    }
                }
                () = tokio::time::sleep_until(self.moved_at + MOVED_EVERY), if self.place.seq > self.told_at => {
                    return Ok(Heard::Batch(self.batch(Vec::new())));
                }
            }
        }
    }

    /// What there is now, at most `limit` events, without waiting: for whoever asks from time to time.
    pub async fn now(&mut self, limit: usize) -> Result<Heard> {
        if self.ended {
            return Ok(Heard::Ended);
        }
        let mut events = Vec::new();
        // What was committed before this was asked for is answered.
        self.room.settled(&self.kitaab).await?;
        while events.len() < limit && self.place.seq < *self.tail.borrow_and_update() {
            match self.read_some(limit - events.len()).await? {
                Read::Some(more) => events.extend(more),
                Read::Gone => return Ok(Heard::Resync(self.begin_anew().await?)),
            }
            if self.ended {
                break;
            }
        }
        Ok(Heard::Batch(self.batch(events)))
    }

    /// Waits until there may be something.
    pub async fn changed(&mut self) {
        if self.place.seq >= *self.tail.borrow_and_update() {
            self.tail.changed().await.ok();
        }
    }

    async fn read(&mut self, limit: usize) -> Result<Option<Heard>> {
        match self.read_some(limit).await? {
            Read::Gone => Ok(Some(Heard::Resync(self.begin_anew().await?))),
            Read::Some(events) => {
                let due = self.place.seq - self.told_at >= SKIPPED || self.moved_at.elapsed() >= MOVED_EVERY;
                Ok((!events.is_empty() || due).then(|| Heard::Batch(self.batch(events))))
            }
        }
    }

    async fn read_some(&mut self, limit: usize) -> Result<Read> {
        let Some(entries) = self.room.after(&self.kitaab, self.place.seq, limit).await? else { return Ok(Read::Gone) };
        // What they may see now, not what they might have seen then.
        let sight = self.room.sight(&self.kitaab, self.user, 0).await?;
        let role = sight.role();
        let mut wanted = Vec::new();
        for entry in &entries {
            if sight.admits(entry.seq, &entry.event) {
                let class = role.map_or(super::entry::Class::Person(self.user), |role| entry.class(self.user, role));
                wanted.push((Arc::clone(entry), class));
            }
        }
        let mut events = Vec::with_capacity(wanted.len());
        while events.len() < wanted.len() {
            write::write(&self.room, &self.kitaab, &wanted[events.len()..], self.user).await?;
            for (entry, class) in &wanted[events.len()..] {
                // Words that are no longer so were forgotten meanwhile: they are written again.
                let Some(words) = entry.words(*class) else { break };
                let own = words.own.as_ref().is_some_and(|(author, _)| *author == self.user);
                events.push(Delivery { words, own });
            }
        }
        if let Some(last) = entries.last() {
            self.move_to(last);
        }
        self.ended |= role.is_none() && entries.iter().any(|entry| entry.event.told.whose_access() == Some(self.user));
        Ok(Read::Some(events))
    }

    fn move_to(&mut self, entry: &Entry) {
        self.place.seq = entry.seq;
        self.place.tag = entry.event.tag;
    }

    fn batch(&mut self, events: Vec<Delivery>) -> Batch {
        let prev = self.cursor.clone();
        if self.place.seq != self.told_at || !events.is_empty() {
            self.cursor = self.place.seal(&self.kitaab, self.room.workspace, self.user);
        }
        self.told_at = self.place.seq;
        self.moved_at = Instant::now();
        Batch { events, prev, cursor: self.cursor.clone(), more: !self.ended && self.place.seq < *self.tail.borrow() }
    }

    /// The place moves to the head: continuity cannot be shown.
    async fn begin_anew(&mut self) -> Result<String> {
        let fresh = self.kitaab.follow(&Actor::person(self.user), self.room.workspace, From::Now).await?;
        *self = fresh;
        Ok(self.cursor.clone())
    }

    async fn hear(&mut self, passing: Result<Arc<Passing>, RecvError>) -> Result<Option<String>> {
        // What a slow follower missed is gone; it did not count.
        let Ok(passing) = passing else { return Ok(None) };
        let sight = self.room.sight(&self.kitaab, self.user, 0).await?;
        Ok(passing.is_for(&sight, self.user).then(|| passing.json(self.kitaab.now()).to_string()))
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.room.left(self.user);
    }
}

enum Read {
    Some(Vec<Delivery>),
    Gone,
}
