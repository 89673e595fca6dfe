//! What one has scheduled for a channel.

use super::ScheduledView;
use crate::access::{OnChannel, action};
use crate::chat::Chat;
use crate::error::Result;
use crate::ids::{ChannelId, WorkspaceId};
use crate::page::Page;
use crate::work::Work;
use crate::workspace::scope;

impl Chat<'_> {
    /// The caller's own messages that wait to be sent in a channel or could not be, soonest first.
    pub async fn scheduled(&self, workspace: WorkspaceId, channel: ChannelId) -> Result<Page<ScheduledView>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewChannel>(OnChannel(workspace, channel)).await?;
        let items = work.tx()?.scheduled_in(&permit, user).await?.into_iter().map(Into::into).collect();
        Ok(Page { items, next_cursor: None })
    }
}
