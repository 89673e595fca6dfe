//! The story: what happened lately.

use kitaab_core::Result;
use kitaab_core::access::{Actor, Role};
use kitaab_core::client::NewClient;
use kitaab_core::ids::{ClientId, ProjectId};
use kitaab_core::input::Input;
use kitaab_core::invitation::NewInvitation;
use kitaab_core::project::{NewProject, NewTask, ProjectGrant, ProjectStatus, ProjectView, Share, TaskState};

use super::cast::Cast;
use super::past::day_ago;

/// Hours ago.
const ELEVEN_DAYS: u64 = 11 * 24;
const NINE_DAYS: u64 = 9 * 24;
const TWO_DAYS: u64 = 2 * 24;

/// Name, status, days until it is due (before today if negative), tags.
const PROJECTS: [(&str, ProjectStatus, Option<i64>, &[&str]); 7] = [
    ("Website for the tea house", ProjectStatus::Active, Some(12), &["web", "design"]),
    ("Photographs of the spring menu", ProjectStatus::Active, Some(-1), &["photo"]),
    ("Logo and letterhead", ProjectStatus::Done, Some(-20), &["design"]),
    ("Booking system", ProjectStatus::Proposed, None, &["web"]),
    ("Newsletter", ProjectStatus::Planned, Some(40), &["text"]),
    ("Signs for the shop", ProjectStatus::OnHold, None, &["print"]),
    ("Christmas campaign", ProjectStatus::Cancelled, None, &["text", "print"]),
];

/// Name, email, company.
const CLIENTS: [(&str, &str, Option<&str>); 6] = [
    ("Mridul Rao", "mridul@example.com", Some("Rao Tea House")),
    ("Ines Duarte", "ines@example.com", Some("Atelier Duarte")),
    ("Tomás Herrera", "tomas@example.com", None),
    ("Aiko Tanaka", "aiko@example.com", Some("Tanaka Ceramics")),
    ("Leila Haddad", "leila@example.com", Some("Haddad & Sons")),
    ("Jonas Weber", "jonas@example.com", None),
];

/// Title, state, days until it is due, whether Mridul sees it.
const TASKS: [(&str, TaskState, Option<i64>, bool); 5] = [
    ("Photographs of the rooms", TaskState::Done, None, true),
    ("Menu in two languages", TaskState::Review, Some(-2), true),
    ("Opening hours and map", TaskState::Doing, Some(3), true),
    ("Reservation by telephone and form", TaskState::Todo, Some(9), true),
    ("Ask for a second payment", TaskState::Todo, Some(5), false),
];

/// Tells it.
pub(super) async fn tell(cast: &mut Cast) -> Result<()> {
    cast.clock.hours_ago(ELEVEN_DAYS);
    let clients = add_clients(cast).await?;
    let projects = start_projects(cast, &clients).await?;
    invite(cast, &clients, &projects).await?;
    share(cast, &clients, &projects).await?;
    plan(cast, projects[0]).await
}

async fn add_clients(cast: &Cast) -> Result<Vec<ClientId>> {
    let mut made = Vec::new();
    for (name, email, company) in CLIENTS {
        let new = NewClient {
            name: name.into(),
            email: email.into(),
            company: company.map(Into::into),
            notes: (made.len() % 2 == 0).then(|| "Pays on time. Likes to be called rather than written to.".into()),
            ..NewClient::default()
        };
        made.push(cast.kitaab.clients(&cast.nikhil).create(cast.workspace, Input::from(new)).await?.item.id);
    }
    Ok(made)
}

async fn start_projects(cast: &mut Cast, clients: &[ClientId]) -> Result<Vec<ProjectId>> {
    let mut made = Vec::new();
    for (index, (name, status, due, tags)) in PROJECTS.into_iter().enumerate() {
        let new = NewProject {
            name: name.into(),
            description: Some(format!("{name}: what was agreed on the phone, and what we found out since.")),
            status: Some(status),
            progress: Some(if status == ProjectStatus::Done { 100 } else { i64::try_from(cast.picks.below(90)).unwrap_or(0) }),
            due_on: due.map(|due| day_ago(-due)),
            client_id: clients.get(index % clients.len()).copied(),
            internal_notes: Some("Quoted by the day. Keep an eye on the number of rounds.".into()),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..NewProject::default()
        };
        let project = cast.kitaab.projects(&cast.nikhil).create(cast.workspace, Input::from(new)).await?;
        made.push(id_of(&project.item));
    }
    Ok(made)
}

pub(super) fn id_of(project: &ProjectView) -> ProjectId {
    match project {
        ProjectView::Staff(project) => project.id,
        ProjectView::Client(project) => project.id,
    }
}

/// One invitation in each state: accepted, expired, revoked, opened, sent, and one that waits.
async fn invite(cast: &mut Cast, clients: &[ClientId], projects: &[ProjectId]) -> Result<()> {
    let [mridul, ines, tomas, aiko, leila, jonas] = clients[..] else { return Ok(()) };
    let first = cast.invite(mridul, &projects[..2]).await?;
    cast.accept(&first, "Mridul Rao", "a client").await?;
    let colleague = NewInvitation { role: Some(Role::Member), email: Some("sara@example.com".into()), ..NewInvitation::default() };
    let colleague = cast.kitaab.invitations(&cast.nikhil).send(cast.workspace, Input::from(colleague)).await?.item;
    cast.accept(&colleague, "Sara Lindqvist", "a colleague").await?;
    cast.clock.hours_ago(NINE_DAYS);
    cast.invite(ines, &projects[2..3]).await?;
    cast.kitaab.run_due_jobs().await?;
    cast.clock.hours_ago(TWO_DAYS);
    cast.invite(aiko, &projects[3..4]).await?;
    cast.kitaab.run_due_jobs().await?;
    cast.kitaab.invitations(&Actor::nobody()).look(&cast.post.token_to("aiko@example.com"), true).await?;
    cast.invite(leila, &projects[4..5]).await?;
    cast.kitaab.run_due_jobs().await?;
    let third = cast.invite(tomas, &[]).await?;
    cast.kitaab.invitations(&cast.nikhil).revoke(cast.workspace, third.id).await?;
    cast.clock.hours_ago(1);
    cast.invite(jonas, &projects[5..6]).await?;
    Ok(())
}

/// Mridul sees the tasks of one project, and may say something about them.
async fn share(cast: &Cast, clients: &[ClientId], projects: &[ProjectId]) -> Result<()> {
    let grant = ProjectGrant { tasks: true, comments: true, upload: true };
    for (project, client, grant) in [(0, 0, grant), (2, 1, ProjectGrant::INVITED), (3, 3, ProjectGrant { upload: false, ..grant })] {
        let share = Share { grant: Some(grant) };
        cast.kitaab.projects(&cast.nikhil).share(cast.workspace, projects[project], clients[client], Input::from(share)).await?;
    }
    Ok(())
}

/// What is to be done for Mridul, and what he is not to see of it.
async fn plan(cast: &Cast, website: ProjectId) -> Result<()> {
    for (title, state, due, client_visible) in TASKS {
        let new = NewTask {
            title: title.into(),
            state: Some(state),
            due_on: due.map(|due| day_ago(-due)),
            client_visible: Some(client_visible),
            ..NewTask::default()
        };
        cast.kitaab.tasks(&cast.nikhil).create(cast.workspace, website, Input::from(new)).await?;
    }
    Ok(())
}
