//! The first page: one's projects and groups, or the door.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kitaab_core::access::{Actor, Role as Is};
use kitaab_core::account::Belonging;
use kitaab_core::chat::{ChannelKind, ChannelsAsk};
use kitaab_core::ids::WorkspaceId;
use kitaab_core::input::Input;
use kitaab_core::page::MAX_LIMIT;
use kitaab_core::project::{ProjectStatus, ProjectView, ProjectsAsk};
use kitaab_core::time::Date;

use super::answer::{day, go, page};
use super::view::{Home, Project, Role, SignIn, Status, Workspace, paths};
use crate::app::App;
use crate::extract::{Caller, Form, MaybeCaller};
use crate::problem::Answer;

/// One's workspaces with their projects and groups; the sign-in page for who is not signed in.
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
    let projects = found.items.into_iter().map(|project| line(project, today)).collect();
    let groups = groups(app, actor, belonging.id).await?;
    Ok(Workspace { name: belonging.name, role, projects, groups })
}

/// The names of the groups one is in; the channel of a project is known by its project.
async fn groups(app: &App, actor: &Actor, workspace: WorkspaceId) -> Answer<Vec<String>> {
    let ask = ChannelsAsk { limit: Some(MAX_LIMIT), ..ChannelsAsk::default() };
    let channels = app.kitaab.chat(actor).channels(workspace, Input::from(ask)).await?.items.into_iter();
    let open = channels.filter(|channel| channel.kind == ChannelKind::Group && channel.archived_at.is_none());
    Ok(open.filter_map(|channel| channel.name).collect())
}

fn line(project: ProjectView, today: Date) -> Project {
    let (name, status, progress, due_on) = match project {
        ProjectView::Staff(project) => (project.name, project.status, project.progress, project.due_on),
        ProjectView::Client(project) => (project.name, project.status, project.progress, project.due_on),
    };
    let over = matches!(status, ProjectStatus::Done | ProjectStatus::Cancelled);
    Project {
        name,
        status: words(status),
        progress: u8::try_from(progress).unwrap_or(0),
        due: due_on.map(day),
        overdue: !over && due_on.is_some_and(|due| due < today),
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
