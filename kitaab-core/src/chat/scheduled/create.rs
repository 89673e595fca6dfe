//! Scheduling a message.

use serde::Deserialize;

use super::{Scheduled, ScheduledState, ScheduledView, check_due};
use crate::access::{OnChannel, OnScheduled, action};
use crate::answer::Single;
use crate::chat::Chat;
use crate::chat::message::check_text;
use crate::error::{Error, Problems, Result};
use crate::ids::{ChannelId, MessageId, WorkspaceId};
use crate::input::{Check, Input};
use crate::job::JobKind;
use crate::time::Timestamp;
use crate::work::{Work, again};
use crate::workspace::scope;

/// How many messages of one person may wait in a workspace.
const WAITING_MAX: i64 = 100;

/// A message that is sent later.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewScheduled {
    /// Markdown.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 10_000))]
    pub text: String,
    /// When it is sent; within a year.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = Timestamp))]
    pub due_at: Option<Timestamp>,
    /// The message of this channel that it answers.
    pub reply_to: Option<MessageId>,
}

impl Check for NewScheduled {
    fn check(&mut self, problems: &mut Problems) {
        check_text(&mut self.text, problems);
        if self.due_at.is_none() {
            problems.add("due_at", "required", "Say when it is to be sent.");
        }
    }
}

impl Chat<'_> {
    /// Schedules a message for a channel that the caller may write in. Whether they may is asked again when it is sent. More
    /// than 100 that wait: 409 `too_many_scheduled`.
    pub async fn schedule(&self, workspace: WorkspaceId, channel: ChannelId, input: Input<NewScheduled>) -> Result<Single<ScheduledView>> {
        let author_id = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::ScheduleMessage>(OnChannel(workspace, channel)).await?;
            if let Some(first) = work.repeated().await? {
                work.commit().await?;
                return Ok(first);
            }
            let mut problems = Problems::default();
            let new = input.check_into(&mut problems)?;
            let (now, due_at) = (work.now(), new.due_at.unwrap_or_else(|| work.now()));
            if new.due_at.is_some() {
                check_due(due_at, now, &mut problems);
            }
            if let Some(named) = new.reply_to
                && work.tx()?.thread_of(&permit, named).await?.is_none()
            {
                problems.add("reply_to", "not_found", "There is no such message in this channel.");
            }
            problems.into_result()?;
            if work.tx()?.count_scheduled(&permit, author_id).await? >= WAITING_MAX {
                return Err(Error::conflict("too_many_scheduled", "A hundred messages wait already. Cancel one first."));
            }
            let row = Scheduled {
                id: work.id(),
                channel_id: channel,
                author_id,
                text: new.text,
                reply_to: new.reply_to,
                due_at,
                state: ScheduledState::Waiting,
                reason: None,
                created_at: now,
                version: 1,
            };
            work.tx()?.insert_scheduled(&permit, &row).await?;
            work.enqueue_at(JobKind::SendScheduled, row.id.0, row.version, row.version, due_at);
            let can = work.can(OnScheduled(workspace, row.id)).await?;
            let answer = Single::new(row.into(), can);
            work.answer(&answer)?;
            work.commit().await?;
            Ok(answer)
        })
        .await
    }
}
