//! The list of projects.

use serde::Deserialize;

use super::{ProjectForClient, ProjectForStaff, ProjectStatus, ProjectView, Projects, TAG_MAX};
use crate::access::{InWorkspace, action};
use crate::error::{Problems, Result};
use crate::ids::{ClientId, ProjectId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::{Page, PageAsk, Span};
use crate::store::ProjectFilter;
use crate::text::{self, folded};
use crate::work::Work;
use crate::workspace::scope;

/// Which projects.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectsAsk {
    /// At most this many.
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// In this state.
    pub status: Option<ProjectStatus>,
    /// For this client.
    pub client_id: Option<ClientId>,
    /// With this tag.
    pub tag: Option<String>,
    /// Archived ones instead of the others; a client sees none of them.
    pub archived: bool,
    /// A part of the name or description.
    pub q: Option<String>,
}

impl ProjectsAsk {
    fn page(&self) -> PageAsk {
        PageAsk { limit: self.limit, cursor: self.cursor.clone() }
    }
}

impl Check for ProjectsAsk {
    fn check(&mut self, problems: &mut Problems) {
        self.page().check(problems);
        if let Some(q) = &mut self.q {
            text::line(q, "q", crate::client::QUERY_MAX, problems);
        }
        if let Some(tag) = &mut self.tag {
            text::line(tag, "tag", TAG_MAX, problems);
        }
    }
}

impl Projects<'_> {
    /// Projects, newest first: all for staff, those they are on for a client.
    pub async fn list(&self, workspace: WorkspaceId, ask: Input<ProjectsAsk>) -> Result<Page<ProjectView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListProjects>(InWorkspace(workspace)).await?;
        let mut problems = Problems::default();
        let ask = ask.check_into(&mut problems)?;
        // To a client any card but their own is as missing as one that does not exist.
        if let Some(client) = ask.client_id {
            let known = match permit.card() {
                Some(card) => card == client,
                None => work.tx()?.active_client(&permit, client).await?.is_some(),
            };
            if !known {
                problems.add("client_id", "not_found", "There is no such client.");
            }
        }
        problems.into_result()?;
        let (page, keys) = (ask.page(), self.kitaab.keys());
        let span = Span { after: page.position::<ProjectId>(keys, "projects")?, limit: page.limit() + 1 };
        let part = ask.q.as_deref().map(folded).filter(|part| !part.is_empty());
        let filter = ProjectFilter { status: ask.status, client_id: ask.client_id, tag: ask.tag, archived: ask.archived, part };
        if let Some(card) = permit.card() {
            let found = work.tx()?.projects_of(&permit, card, &filter, &span).await?;
            let found = Page::cut(found, page.limit(), keys, self.kitaab.random(), "projects", |(project, _)| project.id)?;
            return Ok(found.map(|(project, grant)| ProjectView::Client(ProjectForClient::new(project, grant, card))));
        }
        let permit = work.may::<action::ListProjectNotes>(InWorkspace(workspace)).await?;
        let found = work.tx()?.projects(&permit, &filter, &span).await?;
        let found = Page::cut(found, page.limit(), keys, self.kitaab.random(), "projects", |(project, _)| project.id)?;
        Ok(found.map(|(project, notes)| ProjectView::Staff(ProjectForStaff::new(project, notes))))
    }
}
