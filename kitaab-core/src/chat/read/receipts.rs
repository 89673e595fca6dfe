//! Who has seen a channel up to where.

use serde::{Deserialize, Serialize};

use crate::access::{OnChannel, action};
use crate::chat::Chat;
use crate::error::Result;
use crate::ids::{ChannelId, UserId, WorkspaceId};
use crate::page::Page;
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::scope;

/// Up to where somebody has seen a channel, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// Who.
    pub user_id: UserId,
    /// The last message they have seen.
    pub seq: i64,
    /// When they saw it.
    pub at: Timestamp,
}

impl Chat<'_> {
    /// Who in the channel has seen it up to where; those who have seen nothing yet are left out. Marking something unread
    /// does not make it unseen.
    pub async fn receipts(&self, workspace: WorkspaceId, channel: ChannelId) -> Result<Page<Receipt>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewChannel>(OnChannel(workspace, channel)).await?;
        Ok(Page { items: work.tx()?.receipts(&permit).await?, next_cursor: None })
    }
}
