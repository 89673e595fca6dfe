//! Reading the feed.

use serde::Deserialize;

use super::{ActivityView, Overview};
use crate::access::{InWorkspace, OnProject, action};
use crate::error::{Problems, Result};
use crate::ids::{ActivityId, ProjectId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::{Page, PageAsk, Span};
use crate::work::Work;
use crate::workspace::scope;

/// Which lines.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActivityAsk {
    /// At most this many.
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// In this project.
    pub project_id: Option<ProjectId>,
}

impl ActivityAsk {
    fn page(&self) -> PageAsk {
        PageAsk { limit: self.limit, cursor: self.cursor.clone() }
    }
}

impl Check for ActivityAsk {
    fn check(&mut self, problems: &mut Problems) {
        self.page().check(problems);
    }
}

impl Overview<'_> {
    /// Who did what, newest first: all for staff, for a client what happened in their projects to things they may see.
    pub async fn activity(&self, workspace: WorkspaceId, ask: Input<ActivityAsk>) -> Result<Page<ActivityView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListActivity>(InWorkspace(workspace)).await?;
        let mut problems = Problems::default();
        let ask = ask.check_into(&mut problems)?;
        if let Some(project) = ask.project_id
            && work.permitted::<action::ViewProject>(OnProject(workspace, project)).await?.is_none()
        {
            problems.add("project_id", "not_found", "There is no such project.");
        }
        problems.into_result()?;
        let (page, keys) = (ask.page(), self.kitaab.keys());
        let span = Span { after: page.position::<ActivityId>(keys, "activity")?, limit: page.limit() + 1 };
        let found = work.tx()?.activity(&permit, ask.project_id, &span).await?;
        let found = Page::cut(found, page.limit(), keys, self.kitaab.random(), "activity", |row| row.id)?;
        Ok(found.map(|row| ActivityView::new(row, &permit)))
    }
}
