//! The dashboard of a client: their own projects, and no money anywhere.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::DASHBOARD_LIST_MAX;
use super::deadline::{Deadline, deadlines};
use super::unread::{newest, unread};
use crate::access::{InWorkspace, action};
use crate::chat::MessageView;
use crate::error::{Error, Result};
use crate::ids::WorkspaceId;
use crate::page::{MAX_LIMIT, Span};
use crate::project::{ProjectForClient, UpdateView};
use crate::store::ProjectFilter;
use crate::time::Date;
use crate::work::Work;

/// The figures of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientCards {
    /// Projects that they are on.
    pub projects: i64,
    /// Tasks that they may see and that are done.
    pub tasks_completed: i64,
    /// Projects and tasks that they may see, that are not finished, and whose last day is not over.
    pub upcoming_deadlines: i64,
    /// Messages that they have not read.
    pub unread: i64,
}

/// What a client sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientDashboard {
    /// Figures.
    pub cards: ClientCards,
    /// Projects that they are on with their progress, newest first, at most 200.
    pub projects: Vec<ProjectForClient>,
    /// What was posted to them lately, newest first, at most 20.
    pub updates: Vec<UpdateView>,
    /// What is overdue, the latest 20 of it, and what is to come, the next 20, by day.
    pub deadlines: Vec<Deadline>,
    /// What was written in their channels lately, newest first, at most 20; without what differs from person to person.
    pub messages: Vec<MessageView>,
    /// Meetings to come; there are none yet.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>, max_items = 0))]
    pub meetings: Vec<Value>,
}

pub(super) async fn of_client(work: &mut Work<'_>, workspace: WorkspaceId, today: Date) -> Result<ClientDashboard> {
    let permit = work.may::<action::ListProjects>(InWorkspace(workspace)).await?;
    let card = permit.card().ok_or(Error::NotFound)?;
    let counts = work.tx()?.client_counts(&permit, card, today).await?;
    let any = ProjectFilter::default();
    let projects = work.tx()?.projects_of(&permit, card, &any, &Span { after: None, limit: MAX_LIMIT }).await?;
    let feed = work.may::<action::ListActivity>(InWorkspace(workspace)).await?;
    let updates = work.tx()?.updates_reached(&feed, &Span { after: None, limit: DASHBOARD_LIST_MAX }).await?;
    Ok(ClientDashboard {
        cards: ClientCards {
            projects: counts.projects,
            tasks_completed: counts.tasks_completed,
            upcoming_deadlines: counts.upcoming_deadlines,
            unread: unread(work, workspace).await?,
        },
        projects: projects.into_iter().map(|(project, grant)| ProjectForClient::new(project, grant, card)).collect(),
        updates: updates.into_iter().map(|update| UpdateView::new(update, &feed)).collect(),
        deadlines: deadlines(work, &permit, today).await?,
        messages: newest(work, workspace).await?,
        meetings: Vec::new(),
    })
}
