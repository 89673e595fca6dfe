//! What is due.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::DASHBOARD_LIST_MAX;
use crate::access::{InWorkspace, Reads};
use crate::error::Result;
use crate::ids::ProjectId;
use crate::sql::names;
use crate::time::Date;
use crate::work::Work;

names! {
    /// What has a last day.
    pub enum DeadlineKind {
        /// A project.
        Project = "project",
        /// A task.
        Task = "task",
    }
}

/// A last day, as a store finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineRow {
    /// Of what it is the last day.
    pub kind: DeadlineKind,
    /// The project's or task's id.
    pub id: Uuid,
    /// The project's name or the task's title.
    pub title: String,
    /// The project it is in, or is.
    pub project_id: ProjectId,
    /// Its name.
    pub project_name: String,
    /// The day.
    pub due_on: Date,
}

/// A project or task that is not finished and has a last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deadline {
    /// Of what it is the last day.
    pub kind: DeadlineKind,
    /// The project's or task's id.
    pub id: Uuid,
    /// The project's name or the task's title.
    pub title: String,
    /// The project it is in, or is.
    pub project_id: ProjectId,
    /// Its name.
    pub project_name: String,
    /// The day.
    pub due_on: Date,
    /// Whether the day is over where the reader lives.
    pub overdue: bool,
}

/// The latest of what is overdue and the nearest of what is to come, by day.
pub(super) async fn deadlines(work: &mut Work<'_>, permit: &Reads<InWorkspace>, today: Date) -> Result<Vec<Deadline>> {
    let mut rows = work.tx()?.deadlines(permit, today, DASHBOARD_LIST_MAX).await?;
    rows.sort_by_key(|row| (row.due_on, row.id));
    let each = rows.into_iter().map(|DeadlineRow { kind, id, title, project_id, project_name, due_on }| Deadline {
        overdue: due_on < today,
        kind,
        id,
        title,
        project_id,
        project_name,
        due_on,
    });
    Ok(each.collect())
}
