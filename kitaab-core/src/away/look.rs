//! Looking for people in a channel who missed something: the job that decides for each of them.

use std::collections::HashMap;
use std::time::Duration;

use super::decide::{self, Verdict, decide};
use super::model::{AwayPerson, Mailing, Stay};
use crate::access::{Actor, OnChannel, Permit, action};
use crate::chat::LAPSES_AFTER;
use crate::error::Result;
use crate::ids::{ChannelId, UserId, WorkspaceId};
use crate::job::JobKind;
use crate::kitaab::Kitaab;
use crate::notification::Level;
use crate::store::Scope;
use crate::time::Timestamp;
use crate::work::{Work, again};

/// What was said before this is not mailed any more, whatever kept its mail from leaving.
pub(crate) const LOOKS_BACK: Duration = Duration::from_hours(3 * 24);
/// The most messages that are looked at together; what was said before them waits no longer anyway.
const SAID_MAX: u32 = 1_000;
/// A look that is late by this much is lost, and planned anew.
const LOST_AFTER: Duration = Duration::from_mins(10);

/// When a channel is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Then, unless it is looked at earlier.
    pub at: Timestamp,
    /// A look that was to come before this does not count: its job is gone.
    pub lost_before: Timestamp,
}

impl Look {
    fn new(at: Timestamp, now: Timestamp) -> Self {
        Self { at, lost_before: now.before(LOST_AFTER) }
    }

    /// The first look at what is said now: not before it shows who was there.
    pub(crate) fn after_message(now: Timestamp) -> Self {
        Self::new(now.after(decide::GRACE), now)
    }

    /// Enqueues the job of a look that was planned.
    pub(crate) fn enqueue(self, work: &mut Work<'_>, channel: ChannelId) {
        work.enqueue_at(JobKind::LookForAway, channel.0, 0, self.at.micros(), self.at);
    }
}

/// Plans a look at a channel at this time or earlier.
pub(super) async fn plan(work: &mut Work<'_>, permit: &Permit<action::LookForAway>, at: Timestamp) -> Result<()> {
    let look = Look::new(at, work.now());
    if work.tx()?.plan_look(permit, look).await? {
        look.enqueue(work, permit.target().1);
    }
    Ok(())
}

/// Looks at a channel, if its time has come.
pub(crate) async fn look(kitaab: &Kitaab, workspace: WorkspaceId, channel: ChannelId) -> Result<()> {
    let system = Actor::system();
    again(kitaab, || async {
        let mut work = Work::write(kitaab, &system, Scope::System(workspace)).await?;
        let permit = work.may::<action::LookForAway>(OnChannel(workspace, channel)).await?;
        let now = work.now();
        if !work.tx()?.begin_look(&permit, now).await? {
            return Ok(());
        }
        let since = now.before(LOOKS_BACK);
        let people = work.tx()?.away_people(&permit).await?;
        let mut next: Option<Timestamp> = None;
        if !people.is_empty() {
            let mut said = work.tx()?.said_lately(&permit, since, SAID_MAX).await?;
            said.reverse();
            // Of those who were there only what reaches into what somebody was not told of.
            let told = people.iter().map(AwayPerson::told).min().unwrap_or(0);
            let untold = said.iter().find(|said| said.seq > told).map_or(now, |said| said.at);
            let mut stays: HashMap<UserId, Vec<Stay>> = HashMap::new();
            for stay in work.tx()?.stays(&permit, untold.before(LAPSES_AFTER)).await? {
                stays.entry(stay.user_id).or_default().push(stay);
            }
            let mut concerned: HashMap<UserId, Vec<i64>> = HashMap::new();
            if people.iter().any(|person| person.wishes.email == Level::Mentions) {
                for (user, seq) in work.tx()?.notified_lately(&permit, None, since).await? {
                    concerned.entry(user).or_default().push(seq);
                }
            }
            for person in people {
                let stays = stays.get(&person.user_id).map_or(&[][..], Vec::as_slice);
                let seen = decide::Channel { said: &said, cut: said.len() >= SAID_MAX as usize, stays };
                let concerned = concerned.get(&person.user_id).map_or(&[][..], Vec::as_slice);
                match decide(now, seen, &person, concerned) {
                    Verdict::Mail { up_to, step } => mail(&mut work, &permit, &person, up_to, step).await?,
                    Verdict::Later(at) => next = Some(next.map_or(at, |next| next.min(at))),
                    Verdict::Nothing => {}
                }
            }
        }
        if let Some(at) = next {
            plan(&mut work, &permit, at).await?;
        }
        work.commit().await
    })
    .await
}

/// Has a mail sent, which tells of everything up to this message.
async fn mail(work: &mut Work<'_>, permit: &Permit<action::LookForAway>, person: &AwayPerson, up_to: i64, step: i64) -> Result<()> {
    let before = person.mailing.unwrap_or_else(|| first(work, permit.target().1, person.user_id));
    let mailing = Mailing { up_to: Some(up_to), step, ..before };
    work.tx()?.keep_mailing(permit, &mailing).await?;
    work.enqueue(JobKind::AwayMail, mailing.id.0, up_to, up_to);
    Ok(())
}

fn first(work: &Work<'_>, channel_id: ChannelId, user_id: UserId) -> Mailing {
    Mailing { id: work.id(), channel_id, user_id, mailed_seq: 0, mailed_at: None, step: 0, up_to: None }
}
