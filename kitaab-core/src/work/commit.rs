//! The end of a unit: what was told, enqueued and noted is written beside the rows, in the same commit.

use super::Work;
use crate::activity::Activity;
use crate::chat::ChannelChange;
use crate::error::{Error, Result};
use crate::event::{EventKind, Fresh, NewEvent, Part, Told};
use crate::ids::{ActivityId, EventId, UserId};
use crate::notification::{Notice, Notification};
use crate::store::{Closing, LogRow, StoreError, Tx};

impl Work<'_> {
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
        for notice in std::mem::take(&mut self.notices) {
            let notification = Notification { id: self.id(), notice, created_at: self.now };
            if tx.insert_notification(&closing, &notification).await? {
                let Notice { user, channel, actor, .. } = notification.notice;
                self.events.push((actor, Told::own(EventKind::NotificationCreated, user, channel, notification.id.0)));
            }
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
                let (kind, subject) = match step.change {
                    ChannelChange::Joined => (EventKind::ChannelMemberAdded, person.0),
                    ChannelChange::Left => (EventKind::ChannelMemberRemoved, person.0),
                    ChannelChange::Archived => (EventKind::ChannelArchived, step.channel_id.0),
                };
                // What comes with the workspace, or with a project, was said by whoever gave that.
                let all_is_new = self.events.iter().any(|(_, told)| {
                    told.kind == EventKind::AccessGained
                        && told.whose_access() == Some(person)
                        && told.project.is_none()
                        && told.channel.is_none()
                });
                if step.change == ChannelChange::Joined && step.project_id.is_none() && !all_is_new {
                    self.access_changed(Told::gained(person, Part::Channel(step.channel_id)));
                }
                self.tell(Told::channel(kind, step.channel_id, step.project_id, subject));
            }
        }
        Ok(())
    }
}
