//! The templates one has.

use serde::Deserialize;

use super::{TemplateView, fill};
use crate::access::{InWorkspace, OnChannel, Own, action};
use crate::chat::Chat;
use crate::error::{Error, Problems, Result};
use crate::ids::{ChannelId, TemplateId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::{Page, PageAsk, Span};
use crate::work::Work;
use crate::workspace::scope;

/// Which templates.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TemplatesAsk {
    /// For which channel their places are filled in.
    pub channel_id: Option<ChannelId>,
    /// At most this many.
    pub limit: Option<u32>,
    /// The next page.
    pub cursor: Option<String>,
}

impl TemplatesAsk {
    fn page(&self) -> PageAsk {
        PageAsk { limit: self.limit, cursor: self.cursor.clone() }
    }
}

impl Check for TemplatesAsk {
    fn check(&mut self, problems: &mut Problems) {
        self.page().check(problems);
    }
}

impl Chat<'_> {
    /// The caller's own templates and the shared ones, newest first; for owner and members. With a channel, filled in for it.
    pub async fn templates(&self, workspace: WorkspaceId, ask: Input<TemplatesAsk>) -> Result<Page<TemplateView>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListTemplates>(InWorkspace(workspace)).await?;
        let ask = ask.checked()?;
        let page = ask.page();
        let span = Span { after: page.position::<TemplateId>(self.kitaab.keys(), "templates")?, limit: page.limit() + 1 };
        let mut found: Vec<TemplateView> = work.tx()?.templates(&permit, user, &span).await?.into_iter().map(Into::into).collect();
        if let Some(channel) = ask.channel_id {
            let inside = work.permitted::<action::ViewChannel>(OnChannel(workspace, channel)).await?;
            let inside = inside.ok_or_else(|| Error::field("channel_id", "not_found", "There is no such channel."))?;
            let around = work.tx()?.surroundings(&inside, user).await?;
            let own = work.may::<action::ViewAccount>(Own(user)).await?;
            let account = work.tx()?.login(&own).await?.ok_or(Error::NotFound)?.user;
            let today = work.now().date_in(&account.time_zone);
            for template in &mut found {
                template.filled = Some(fill::fill(&template.text, &around, &account.display_name, today));
            }
        }
        Page::cut(found, page.limit(), self.kitaab.keys(), self.kitaab.random(), "templates", |template| template.id)
    }
}
