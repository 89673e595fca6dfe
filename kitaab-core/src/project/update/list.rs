//! The updates of a project, newest first.

use super::{UpdateView, Updates};
use crate::access::{OnProject, action};
use crate::error::Result;
use crate::ids::{ProjectId, UpdateId, WorkspaceId};
use crate::input::Input;
use crate::page::{Page, PageAsk, Span};
use crate::work::Work;
use crate::workspace::scope;

impl Updates<'_> {
    /// The updates of a project, newest first, for everybody on it.
    pub async fn list(&self, workspace: WorkspaceId, project: ProjectId, ask: Input<PageAsk>) -> Result<Page<UpdateView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListUpdates>(OnProject(workspace, project)).await?;
        let ask = ask.checked()?;
        let span = Span { after: ask.position::<UpdateId>(self.kitaab.keys(), "updates")?, limit: ask.limit() + 1 };
        let found = work.tx()?.updates(&permit, &span).await?;
        let found = Page::cut(found, ask.limit(), self.kitaab.keys(), self.kitaab.random(), "updates", |update| update.id)?;
        Ok(found.map(|update| UpdateView::new(update, &permit)))
    }
}
