//! Showing that one is typing.

use super::Chat;
use crate::access::{OnChannel, action};
use crate::error::Result;
use crate::ids::{ChannelId, WorkspaceId};
use crate::work::Work;
use crate::workspace::scope;

/// In larger channels nobody is shown as typing (Zulip).
const PEOPLE_MAX: usize = 100;

impl Chat<'_> {
    /// Shows the others in the channel that the caller is typing, for six seconds. Clients repeat it every three.
    pub async fn typing(&self, workspace: WorkspaceId, channel: ChannelId) -> Result<()> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::PostMessage>(OnChannel(workspace, channel)).await?;
        let project = work.tx()?.project_of_channel(&permit).await?;
        let people = work.tx()?.channel_people(&permit).await?.len();
        drop(work);
        if people <= PEOPLE_MAX {
            self.kitaab.hub().typing(self.kitaab, workspace, channel, project, user);
        }
        Ok(())
    }
}
