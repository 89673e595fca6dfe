//! The channels one is in.

use serde::Deserialize;

use super::ChannelView;
use crate::access::{InWorkspace, action};
use crate::chat::Chat;
use crate::error::{Problems, Result};
use crate::ids::{ChannelId, WorkspaceId};
use crate::input::{Check, Input};
use crate::moderation::look;
use crate::page::{Page, PageAsk, Span};
use crate::work::Work;
use crate::workspace::scope;

/// What cursors of this list are for.
const CURSORS: &str = "channels";

/// Which channels.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ChannelsAsk {
    /// At most this many.
    pub limit: Option<u32>,
    /// The next page.
    pub cursor: Option<String>,
}

impl ChannelsAsk {
    fn page(&self) -> PageAsk {
        PageAsk { limit: self.limit, cursor: self.cursor.clone() }
    }
}

impl Check for ChannelsAsk {
    fn check(&mut self, problems: &mut Problems) {
        self.page().check(problems);
    }
}

impl Chat<'_> {
    /// The channels that the caller is in, newest first, with what is unread. For a moderator all of the workspace, with
    /// nothing of their own.
    pub async fn channels(&self, workspace: WorkspaceId, ask: Input<ChannelsAsk>) -> Result<Page<ChannelView>> {
        if self.actor.moderator {
            return self.channels_looked_through(workspace, ask).await;
        }
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListChannels>(InWorkspace(workspace)).await?;
        let (page, span) = self.span(&ask)?;
        let found = work.tx()?.channels(&permit, user, &span).await?.into_iter().map(|row| ChannelView::new(row, &*permit)).collect();
        self.cut(&page, found)
    }

    async fn channels_looked_through(&self, workspace: WorkspaceId, ask: Input<ChannelsAsk>) -> Result<Page<ChannelView>> {
        let (mut work, permit) = look::<action::LookThroughChannels>(self.kitaab, self.actor, InWorkspace(workspace)).await?;
        let (page, span) = self.span(&ask)?;
        let found = work.tx()?.all_channels(&permit, &span).await?.into_iter().map(ChannelView::looked_into).collect();
        self.cut(&page, found)
    }

    fn span(&self, ask: &Input<ChannelsAsk>) -> Result<(PageAsk, Span<ChannelId>)> {
        let page = ask.checked()?.page();
        let after = page.position(self.kitaab.keys(), CURSORS)?;
        let limit = page.limit() + 1;
        Ok((page, Span { after, limit }))
    }

    fn cut(&self, page: &PageAsk, found: Vec<ChannelView>) -> Result<Page<ChannelView>> {
        Page::cut(found, page.limit(), self.kitaab.keys(), self.kitaab.random(), CURSORS, |channel| channel.id)
    }
}
