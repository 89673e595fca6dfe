//! Changing a scheduled message, or cancelling it, until it is sent.

use serde::Deserialize;

use super::{Scheduled, ScheduledState, ScheduledView, check_due};
use crate::access::{OnScheduled, action};
use crate::answer::Single;
use crate::chat::Chat;
use crate::chat::message::check_text;
use crate::error::{Error, Problems, Result};
use crate::ids::{ScheduledId, WorkspaceId};
use crate::input::{Check, Input};
use crate::job::JobKind;
use crate::store::StoreError;
use crate::time::Timestamp;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A change of a scheduled message. Absent fields stay; with a new time one that failed waits again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateScheduled {
    /// Markdown.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10_000))]
    pub text: Option<String>,
    /// When it is sent; within a year.
    pub due_at: Option<Timestamp>,
}

impl Check for UpdateScheduled {
    fn check(&mut self, problems: &mut Problems) {
        if let Some(text) = &mut self.text {
            check_text(text, problems);
        }
    }
}

impl Chat<'_> {
    /// Changes a message of the caller's that waits or failed. With `if_match`, only if it still has this version.
    pub async fn update_scheduled(
        &self,
        workspace: WorkspaceId,
        scheduled: ScheduledId,
        input: Input<UpdateScheduled>,
        if_match: Option<i64>,
    ) -> Result<Single<ScheduledView>> {
        again(self.kitaab, || async {
            let target = OnScheduled(workspace, scheduled);
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::EditScheduled>(target).await?;
            let mut problems = Problems::default();
            let change = input.check_into(&mut problems)?;
            if let Some(due) = change.due_at {
                check_due(due, work.now(), &mut problems);
            }
            problems.into_result()?;
            let before = work.tx()?.scheduled(&permit).await?.ok_or(Error::NotFound)?;
            let expected = if_match.unwrap_or(before.version);
            if expected != before.version {
                return Err(Error::Stale { current_version: before.version });
            }
            let waits = change.due_at.is_some() || before.state == ScheduledState::Waiting;
            let after = Scheduled {
                text: change.text.unwrap_or(before.text),
                due_at: change.due_at.unwrap_or(before.due_at),
                state: if waits { ScheduledState::Waiting } else { before.state },
                reason: before.reason.filter(|_| !waits),
                version: expected + 1,
                ..before
            };
            // Its job of before finds another version, and leaves it alone.
            if !work.tx()?.update_scheduled(&permit, &after, expected).await? {
                return Err(StoreError::Conflict.into());
            }
            if waits {
                work.enqueue_at(JobKind::SendScheduled, scheduled.0, after.version, after.version, after.due_at);
            }
            let can = work.can(target).await?;
            work.commit().await?;
            Ok(Single::new(after.into(), can))
        })
        .await
    }

    /// Cancels a message of the caller's that was not sent.
    pub async fn cancel_scheduled(&self, workspace: WorkspaceId, scheduled: ScheduledId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::EditScheduled>(OnScheduled(workspace, scheduled)).await?;
            if !work.tx()?.delete_scheduled(&permit).await? {
                return Err(Error::NotFound);
            }
            work.commit().await
        })
        .await
    }
}
