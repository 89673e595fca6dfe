//! The dashboard of owners and members.

use serde::{Deserialize, Serialize};

use super::DASHBOARD_LIST_MAX;
use super::deadline::{Deadline, deadlines};
use super::unread::unread;
use crate::access::{InWorkspace, Ledger, action};
use crate::activity::ActivityView;
use crate::error::Result;
use crate::ids::WorkspaceId;
use crate::money::Money;
use crate::page::Span;
use crate::project::{ProjectForStaff, ProjectStatus};
use crate::store::{LedgerTotal, ProjectFilter};
use crate::time::Date;
use crate::work::Work;

/// The figures of an owner; those of money are of all time, one for each currency, by its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnerCards {
    /// Projects that are not archived.
    pub projects_total: i64,
    /// Clients that are not archived.
    pub clients_total: i64,
    /// What came in.
    pub revenue: Vec<Money>,
    /// What went out.
    pub expenses: Vec<Money>,
    /// What came in less what went out; a loss begins with a minus.
    pub profit: Vec<Money>,
    /// Messages that the owner has not read.
    pub unread: i64,
    /// Invitations that can be accepted.
    pub invitations_pending: i64,
}

/// The figures of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberCards {
    /// Projects that are not archived.
    pub projects_total: i64,
    /// Clients that are not archived.
    pub clients_total: i64,
    /// Messages that the member has not read.
    pub unread: i64,
}

/// What owners and members see; they differ in the cards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffDashboard<C> {
    /// Figures.
    pub cards: C,
    /// Projects under way, newest first, at most 20.
    pub active_projects: Vec<ProjectForStaff>,
    /// What happened lately, newest first, at most 20.
    pub activity: Vec<ActivityView>,
    /// What is overdue, the latest 20 of it, and what is to come, the next 20, by day.
    pub deadlines: Vec<Deadline>,
}

pub(super) async fn of_owner(work: &mut Work<'_>, workspace: WorkspaceId, today: Date) -> Result<StaffDashboard<OwnerCards>> {
    let ledger = work.may::<action::ViewLedger>(Ledger(workspace)).await?;
    let permit = work.may::<action::ListInvitations>(InWorkspace(workspace)).await?;
    let now = work.now();
    let counts = work.tx()?.staff_counts(&permit, Some(&ledger), now).await?;
    let money = |minor: fn(&LedgerTotal) -> i64, all: &[LedgerTotal]| -> Vec<Money> {
        all.iter().map(|total| Money { minor: minor(total), currency: total.currency }).collect()
    };
    let cards = OwnerCards {
        projects_total: counts.projects,
        clients_total: counts.clients,
        revenue: money(|total| total.income, &counts.totals),
        expenses: money(|total| total.expense, &counts.totals),
        profit: money(|total| total.income - total.expense, &counts.totals),
        unread: unread(work, workspace).await?,
        invitations_pending: counts.invitations,
    };
    with(work, workspace, today, cards).await
}

pub(super) async fn of_member(work: &mut Work<'_>, workspace: WorkspaceId, today: Date) -> Result<StaffDashboard<MemberCards>> {
    let permit = work.may::<action::ListProjects>(InWorkspace(workspace)).await?;
    let now = work.now();
    let counts = work.tx()?.staff_counts(&permit, None, now).await?;
    let unread = unread(work, workspace).await?;
    let cards = MemberCards { projects_total: counts.projects, clients_total: counts.clients, unread };
    with(work, workspace, today, cards).await
}

async fn with<C>(work: &mut Work<'_>, workspace: WorkspaceId, today: Date, cards: C) -> Result<StaffDashboard<C>> {
    let here = InWorkspace(workspace);
    let notes = work.may::<action::ListProjectNotes>(here).await?;
    let active = ProjectFilter { status: Some(ProjectStatus::Active), ..ProjectFilter::default() };
    let projects = work.tx()?.projects(&notes, &active, &Span { after: None, limit: DASHBOARD_LIST_MAX }).await?;
    let feed = work.may::<action::ListActivity>(here).await?;
    let lines = work.tx()?.activity(&feed, None, &Span { after: None, limit: DASHBOARD_LIST_MAX }).await?;
    let permit = work.may::<action::ListProjects>(here).await?;
    Ok(StaffDashboard {
        cards,
        active_projects: projects.into_iter().map(|(project, notes)| ProjectForStaff::new(project, notes)).collect(),
        activity: lines.into_iter().map(|line| ActivityView::new(line, &feed)).collect(),
        deadlines: deadlines(work, &permit, today).await?,
    })
}
