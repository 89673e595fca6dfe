//! Noting how far one has read a channel.

use serde::{Deserialize, Serialize};

use crate::access::{OnChannel, action};
use crate::chat::{Chat, OwnPosition};
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ChannelId, WorkspaceId};
use crate::input::{Check, Input};
use crate::work::{Work, again};
use crate::workspace::scope;

/// How far one has read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkRead {
    /// The last message seen; it only moves forward, and not beyond the newest.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = i64, minimum = 0))]
    pub seq: Option<i64>,
    /// True marks this message and all after it unread.
    #[serde(default)]
    pub mark_unread: bool,
}

impl Check for MarkRead {
    fn check(&mut self, problems: &mut Problems) {
        match self.seq {
            None => problems.add("seq", "required", "Give the number of the last message that was seen."),
            Some(seq) if seq < 0 || (self.mark_unread && seq == 0) => {
                problems.add("seq", "out_of_range", "Numbers of messages begin with 1.");
            }
            Some(_) => {}
        }
    }
}

/// How far one has read a channel, after it was noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadPosition {
    /// Which channel.
    pub channel_id: ChannelId,
    /// The position and what is unread.
    #[serde(flatten)]
    pub own: OwnPosition,
}

/// A position as it is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Forward, to the newest message at most.
    Forward(i64),
    /// Right before this one, which is unread again.
    Before(i64),
}

impl Chat<'_> {
    /// Notes how far the caller has read. All their devices hear of it; others see it in the receipts. It is written at
    /// most once a second for each channel: calls in between wait, and the newest position wins.
    pub async fn mark_read(&self, workspace: WorkspaceId, channel: ChannelId, input: Input<MarkRead>) -> Result<ReadPosition> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let target = OnChannel(workspace, channel);
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewChannel>(target).await?;
        let asked = input.checked()?;
        // Nobody has read what is not there yet.
        let seq = asked.seq.unwrap_or_default().min(work.tx()?.last_seq(&permit).await?.saturating_add(i64::from(asked.mark_unread)));
        drop(work);
        let slot = self.kitaab.slots().of(user, channel);
        if asked.mark_unread {
            let mut turn = slot.begin_anew().await;
            let position = self.move_to(target, Position::Before(seq)).await?;
            turn.wrote(0);
            return Ok(position);
        }
        let (mut turn, to) = slot.turn(seq, self.kitaab.settings().limits).await;
        let Some(to) = to else { return self.position(target).await };
        let position = self.move_to(target, Position::Forward(to)).await?;
        // Not beyond what there was: the same call says something new once there is more.
        turn.wrote(to.min(position.own.read_seq));
        Ok(position)
    }

    async fn move_to(&self, target: OnChannel, to: Position) -> Result<ReadPosition> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let (position, seen) = again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
            let permit = work.may::<action::MarkRead>(target).await?;
            let now = work.now();
            let moved = work.tx()?.move_position(&permit, user, to, now).await?;
            if moved {
                work.tell(Told::own(EventKind::ReadMoved, user, Some(target.1), target.1.0));
            }
            let (own, seen) = work.tx()?.own_position(&permit, user).await?.ok_or(Error::NotFound)?;
            let project = work.tx()?.project_of_channel(&permit).await?;
            work.commit().await?;
            Ok((ReadPosition { channel_id: target.1, own }, seen.filter(|_| moved).map(|seen| (project, seen))))
        })
        .await?;
        if let Some((project, seen)) = seen {
            self.kitaab.hub().receipt(self.kitaab, target.0, target.1, project, user, seen);
        }
        Ok(position)
    }

    /// How far the caller has read what an event says they have: a channel, or a thread in it.
    pub(crate) async fn position_told(
        &self,
        workspace: WorkspaceId,
        channel: Option<ChannelId>,
        subject: uuid::Uuid,
    ) -> Result<serde_json::Value> {
        let channel = channel.ok_or(Error::NotFound)?;
        let told = if channel.0 == subject {
            serde_json::to_value(self.position(OnChannel(workspace, channel)).await?)
        } else {
            serde_json::to_value(self.thread_position(workspace, subject.into()).await?)
        };
        told.map_err(Error::internal)
    }

    /// How far the caller has read.
    pub(crate) async fn position(&self, target: OnChannel) -> Result<ReadPosition> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        let permit = work.may::<action::ViewChannel>(target).await?;
        let (own, _) = work.tx()?.own_position(&permit, user).await?.ok_or(Error::NotFound)?;
        Ok(ReadPosition { channel_id: target.1, own })
    }
}
