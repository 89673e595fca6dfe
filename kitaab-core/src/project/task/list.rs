//! The tasks of a project, in their order.

use serde::Deserialize;

use super::{TaskState, TaskView, Tasks};
use crate::access::{OnProject, action};
use crate::client::QUERY_MAX;
use crate::error::{Problems, Result};
use crate::ids::{ProjectId, UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::{Page, PageAsk, Span};
use crate::project::TAG_MAX;
use crate::store::TaskFilter;
use crate::text::{self, folded};
use crate::work::Work;
use crate::workspace::scope;

/// Which tasks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TasksAsk {
    /// At most this many.
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// In this state.
    pub state: Option<TaskState>,
    /// Done by this person.
    pub assignee_id: Option<UserId>,
    /// With this tag.
    pub tag: Option<String>,
    /// A part of the title or description.
    pub q: Option<String>,
}

impl TasksAsk {
    fn page(&self) -> PageAsk {
        PageAsk { limit: self.limit, cursor: self.cursor.clone() }
    }
}

impl Check for TasksAsk {
    fn check(&mut self, problems: &mut Problems) {
        self.page().check(problems);
        if let Some(q) = &mut self.q {
            text::line(q, "q", QUERY_MAX, problems);
        }
        if let Some(tag) = &mut self.tag {
            text::line(tag, "tag", TAG_MAX, problems);
        }
    }
}

impl Tasks<'_> {
    /// The tasks of a project, in their order: all for staff, for a client those that are not internal.
    pub async fn list(&self, workspace: WorkspaceId, project: ProjectId, ask: Input<TasksAsk>) -> Result<Page<TaskView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListTasks>(OnProject(workspace, project)).await?;
        let mut problems = Problems::default();
        let ask = ask.check_into(&mut problems)?;
        if let Some(person) = ask.assignee_id
            && work.tx()?.role_on_project(&permit, person).await?.is_none_or(|role| !role.is_staff() && !permit_knows(&permit, person))
        {
            problems.add("assignee_id", "not_found", "There is no such person on this project.");
        }
        problems.into_result()?;
        let (page, keys) = (ask.page(), self.kitaab.keys());
        let span = Span { after: page.position::<String>(keys, "tasks")?, limit: page.limit() + 1 };
        let part = ask.q.as_deref().map(folded).filter(|part| !part.is_empty());
        let filter = TaskFilter { state: ask.state, assignee_id: ask.assignee_id, tag: ask.tag, part };
        let found = work.tx()?.tasks(&permit, &filter, &span).await?;
        let found = Page::cut(found, page.limit(), keys, self.kitaab.random(), "tasks", |task| task.position.clone())?;
        Ok(found.map(|task| TaskView::new(task, &permit)))
    }
}

/// Staff know every client of a project; a client knows themselves.
fn permit_knows(permit: &crate::access::Reads<OnProject>, person: UserId) -> bool {
    permit.role().is_staff() || permit.who().user() == Some(person)
}
