//! What somebody who follows a workspace is told: every event that is for them, once and in order, and where they are.
//!
//! Every transport is a view of this: register, read the head, read rows, sleep.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::cursor::Place;
use super::entry::{Class, Entry};
use super::follower::{At, Follower, Passed, There};
use super::heard::{Batch, Delivery, From, Heard};
use super::room::Room;
use super::write;
use crate::access::{Actor, InWorkspace, action};
use crate::error::{Error, Result};
use crate::ids::WorkspaceId;
use crate::kitaab::Kitaab;
use crate::work::Work;
use crate::workspace::scope;

/// The most events that are handed out at once (Centrifugo).
pub const BATCH: usize = 300;
/// A batch that is larger than this many bytes is handed out in parts.
const FRAME_MAX: usize = 512 * 1024;
/// A poll that walked so many events answers, also if none was for its caller.
const WALKED_MAX: i64 = 3_000;

/// Follows one workspace as one person.
pub struct Feed {
    kitaab: Kitaab,
    room: Arc<Room>,
    follower: Arc<Follower>,
    log_epoch: i64,
    recovered: bool,
    cursor: String,
    /// Events that were read together with others, and come next.
    ahead: Vec<Arc<Entry>>,
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
        if !self.hub().is_live(workspace) {
            self.may_follow(actor, workspace).await?;
        }
        let room = self.hub().room(self, workspace).await?;
        let given = match &from {
            From::Cursor(cursor) => Place::open(self, workspace, user, cursor),
            From::Now | From::Start => None,
        };
        if let Some(given) = given {
            room.recall(self, given.seq).await?;
        }
        // A snapshot: what is not before the place comes after it.
        let mut work = Work::read(self, actor, scope(actor, workspace)).await?;
        let permit = work.may::<action::FollowEvents>(InWorkspace(workspace)).await?;
        let head = work.tx()?.head(&permit).await?.ok_or(Error::NotFound)?;
        let place = |seq: i64, tag: i64| Place { log_epoch: head.log_epoch, seq, tag };
        let found = match &from {
            From::Now => None,
            From::Start => Some(place(head.floor, 0)),
            From::Cursor(_) => {
                let given = given.filter(|given| given.log_epoch == head.log_epoch && (head.floor..=head.seq).contains(&given.seq));
                match given {
                    // The event itself may be forgotten: all after it is kept.
                    Some(given) => {
                        let tag = room.tag(&mut work, &permit, given.seq).await?;
                        Some(given).filter(|given| given.tag == tag)
                    }
                    None => None,
                }
            }
        };
        let recovered = found.is_some();
        let place = match found {
            Some(place) => place,
            None => place(head.seq, room.tag(&mut work, &permit, head.seq).await?),
        };
        drop(work);
        let cursor = place.seal(self, workspace, user);
        let follower = room.join(user, At { seq: place.seq, tag: place.tag }, head.seq);
        // From here on leaving is seen to.
        let feed =
            Feed { kitaab: self.clone(), room, follower, log_epoch: head.log_epoch, recovered, cursor, ahead: Vec::new(), ended: false };
        feed.room.hint(head.seq);
        feed.room.people.sight(self, user, head.seq).await?;
        Ok(feed)
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
            self.ready().await;
            // A future that waits is small, so that many may; what reads is made when there is something.
            if let Some(heard) = Box::pin(self.take(most)).await? {
                return Ok(heard);
            }
        }
    }

    /// Returns once there may be something to [`take`](Self::take).
    pub async fn ready(&self) {
        poll_fn(|context| self.poll_ready(context)).await;
    }

    /// As [`ready`](Self::ready), for whoever waits for several things at once.
    pub fn poll_ready(&self, context: &mut Context<'_>) -> Poll<()> {
        if self.ended { Poll::Ready(()) } else { self.follower.poll(context) }
    }

    /// What there is next, with at most so many events; none if it was not for this follower after all.
    pub async fn take(&mut self, most: usize) -> Result<Option<Heard>> {
        if self.ended {
            return Ok(Some(Heard::Ended));
        }
        match self.follower.take() {
            There::Nothing => Ok(None),
            There::Moved => Ok(Some(Heard::Batch(self.batch(Vec::new())))),
            There::Passed(passed) => Ok(self.hear(&passed).await?.map(Heard::Passing)),
            There::Events(next) => match self.read(next, most).await {
                Ok(Read::Gone) => Ok(Some(Heard::Resync(self.begin_anew().await?))),
                Ok(Read::Some(events)) => Ok((!events.is_empty()).then(|| Heard::Batch(self.batch(events)))),
                // The workspace is gone, and with it the event that says so.
                Err(Error::NotFound) => {
                    self.ended = true;
                    let lost = write::lost(&self.kitaab, self.room.workspace, self.follower.user)?;
                    Ok(Some(Heard::Batch(self.batch(vec![Delivery::new(lost, false)]))))
                }
                Err(error) => Err(error),
            },
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
        let (mut first, mut size) = (None, 0);
        while events.len() < limit
            && size < FRAME_MAX
            && !self.ended
            && let Some(next) = self.follower.next()
            && next - *first.get_or_insert(next) < WALKED_MAX
        {
            match self.read(next, limit - events.len()).await? {
                Read::Some(more) => {
                    size += more.iter().map(Delivery::size).sum::<usize>();
                    events.extend(more);
                }
                Read::Gone => return Ok(Heard::Resync(self.begin_anew().await?)),
            }
        }
        Ok(Heard::Batch(self.batch(events)))
    }

    /// Waits until there may be an event.
    pub async fn changed(&self) {
        poll_fn(|context| if self.ended { Poll::Ready(()) } else { self.follower.poll_event(context) }).await;
    }

    /// Reads from an event on.
    async fn read(&mut self, next: i64, limit: usize) -> Result<Read> {
        let (room, kitaab, user) = (&self.room, &self.kitaab, self.follower.user);
        let ahead = std::mem::take(&mut self.ahead);
        let mut entries = if ahead.first().is_some_and(|first| first.seq == next) {
            ahead
        } else {
            match room.after(kitaab, next - 1, limit).await? {
                Some(entries) => entries,
                None => return Ok(Read::Gone),
            }
        };
        self.ahead = entries.split_off(limit.min(entries.len()));
        let (mut events, mut sight);
        loop {
            // What they may see now, not what they might have seen then.
            sight = room.people.sight(kitaab, user, 0).await?;
            let class = |entry: &Entry| sight.role().map_or(Class::Person(user), |role| entry.class(user, role));
            let admitted = entries.iter().filter(|entry| sight.admits(entry.seq, &entry.event));
            let wanted: Vec<(Arc<Entry>, Class)> = admitted.map(|entry| (Arc::clone(entry), class(entry))).collect();
            events = self.words(&wanted).await?;
            if Arc::ptr_eq(&sight, &room.people.sight(kitaab, user, 0).await?) {
                break;
            }
        }
        // A frame has a size that can be sent: what is too much for it comes next.
        let (mut size, mut fits) = (0, 0);
        while fits < events.len() && size < FRAME_MAX {
            size += events[fits].1.size();
            fits += 1;
        }
        let cut = events.split_off(fits);
        if let Some((first, _)) = cut.first() {
            let from = entries.partition_point(|entry| entry.seq < *first);
            let rest = entries.split_off(from);
            self.ahead.splice(0..0, rest);
        }
        if let Some(last) = entries.last() {
            room.read_up_to(&self.follower, At { seq: last.seq, tag: last.event.tag });
        }
        self.ended |= sight.role().is_none() && entries.iter().any(|entry| entry.event.told.whose_access() == Some(user));
        Ok(Read::Some(events.into_iter().map(|(_, event)| event).collect()))
    }

    /// What is told of events, with their numbers.
    async fn words(&self, wanted: &[(Arc<Entry>, Class)]) -> Result<Vec<(i64, Delivery)>> {
        let user = self.follower.user;
        let mut events = Vec::with_capacity(wanted.len());
        while events.len() < wanted.len() {
            write::write(&self.room, &self.kitaab, &wanted[events.len()..], user).await?;
            for (entry, class) in &wanted[events.len()..] {
                // Words that are no longer so were forgotten meanwhile: they are written again.
                let Some(words) = entry.words(*class) else { break };
                let own = words.own.as_ref().is_some_and(|(author, _)| *author == user);
                events.push((entry.seq, Delivery::new(words, own)));
            }
        }
        Ok(events)
    }

    /// Hands events out, with the place after them.
    fn batch(&mut self, events: Vec<Delivery>) -> Batch {
        let At { seq, tag } = self.follower.told();
        let place = Place { log_epoch: self.log_epoch, seq, tag };
        let cursor = place.seal(&self.kitaab, self.room.workspace, self.follower.user);
        let prev = std::mem::replace(&mut self.cursor, cursor.clone());
        Batch { events, prev, cursor, more: !self.ended && self.follower.next().is_some() }
    }

    /// The place moves to the head: continuity cannot be shown.
    async fn begin_anew(&mut self) -> Result<String> {
        let fresh = self.kitaab.follow(&Actor::person(self.follower.user), self.room.workspace, From::Now).await?;
        *self = fresh;
        Ok(self.cursor.clone())
    }

    /// What passed may be for somebody else by now.
    async fn hear(&self, passed: &Passed) -> Result<Option<Arc<str>>> {
        let user = self.follower.user;
        let sight = self.room.people.sight(&self.kitaab, user, 0).await?;
        Ok(passed.passing.is_for(&sight, user).then(|| passed.json()))
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.room.people.leave(&self.follower);
    }
}

enum Read {
    Some(Vec<Delivery>),
    Gone,
}
