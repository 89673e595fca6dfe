//! The first page: one's projects and conversations, or the door.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kitaab_core::access::{Actor, Role as Is};
use kitaab_core::account::Belonging;
use kitaab_core::chat::{ChannelKind, ChannelView, ChannelsAsk};
use kitaab_core::ids::WorkspaceId;
use kitaab_core::input::Input;
use kitaab_core::page::MAX_LIMIT;
use kitaab_core::project::{ProjectStatus, ProjectView, ProjectsAsk};
use kitaab_core::time::Date;

use super::answer::{day, go, page};
use super::conversation;
use super::view::{Channel, Home, Project, Role, SignIn, Status, Workspace, paths};
use crate::app::App;
use crate::extract::{Caller, Form, MaybeCaller};
use crate::problem::Answer;

/// One's workspaces with their projects and conversations; the sign-in page for who is not signed in.
pub(super) async fn show(State(app): State<App>, MaybeCaller(actor): MaybeCaller) -> Answer<Response> {
    if actor.user().is_none() {
        return Ok(page(StatusCode::OK, &SignIn::default()));
    }
    let signed = app.kitaab.accounts(&actor).session().await?;
    let today = app.kitaab.now().date_in(&signed.user.time_zone);
    let mut workspaces = Vec::new();
    for belonging in signed.workspaces {
        workspaces.push(workspace(&app, &actor, belonging, today).await?);
    }
    let email_verified = signed.user.email_verified_at.is_some();
    Ok(page(StatusCode::OK, &Home { name: signed.user.display_name, email: signed.user.email, email_verified, workspaces }))
}

async fn workspace(app: &App, actor: &Actor, belonging: Belonging, today: Date) -> Answer<Workspace> {
    let ask = ProjectsAsk { limit: Some(MAX_LIMIT), ..ProjectsAsk::default() };
    let found = app.kitaab.projects(actor).list(belonging.id, Input::from(ask)).await?;
    let role = match belonging.role {
        Is::Owner => Role::Owner,
        Is::Member => Role::Member,
        _ => Role::Client,
    };
    let mine = channels(app, actor, belonging.id).await?;
    let projects = found.items.into_iter().map(|project| line(project, belonging.id, today, &mine)).collect();
    let channels = mine.into_iter().filter(|channel| channel.kind != ChannelKind::Project && channel.archived_at.is_none());
    let channels = channels.map(|channel| Channel { name: channel.title(), path: conversation::path(belonging.id, channel.id) }).collect();
    Ok(Workspace { name: belonging.name, role, projects, channels })
}

/// The channels one is in.
async fn channels(app: &App, actor: &Actor, workspace: WorkspaceId) -> Answer<Vec<ChannelView>> {
    let ask = ChannelsAsk { limit: Some(MAX_LIMIT), ..ChannelsAsk::default() };
    Ok(app.kitaab.chat(actor).channels(workspace, Input::from(ask)).await?.items)
}

fn line(project: ProjectView, workspace: WorkspaceId, today: Date, channels: &[ChannelView]) -> Project {
    let (id, name, status, progress, due_on) = match project {
        ProjectView::Staff(project) => (project.id, project.name, project.status, project.progress, project.due_on),
        ProjectView::Client(project) => (project.id, project.name, project.status, project.progress, project.due_on),
    };
    let channel = channels.iter().find(|channel| channel.project_id == Some(id));
    let over = matches!(status, ProjectStatus::Done | ProjectStatus::Cancelled);
    Project {
        name,
        status: words(status),
        progress: u8::try_from(progress).unwrap_or(0),
        due: due_on.map(day),
        overdue: !over && due_on.is_some_and(|due| due < today),
        conversation: channel.map(|channel| conversation::path(workspace, channel.id)),
    }
}

fn words(status: ProjectStatus) -> Status {
    match status {
        ProjectStatus::Proposed => Status::Proposed,
        ProjectStatus::Planned => Status::Planned,
        ProjectStatus::Active => Status::Active,
        ProjectStatus::OnHold => Status::OnHold,
        ProjectStatus::Done => Status::Done,
        ProjectStatus::Cancelled => Status::Cancelled,
    }
}

/// Sends the mail that confirms the address once more.
pub(super) async fn resend(State(app): State<App>, Caller(actor): Caller, _: Form) -> Answer<Response> {
    app.kitaab.accounts(&actor).resend_verification().await?;
    Ok(go(paths::HOME))
}
