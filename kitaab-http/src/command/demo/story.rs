//! The story.

use kitaab_core::access::{Actor, Role};
use kitaab_core::account::SignUp;
use kitaab_core::client::NewClient;
use kitaab_core::ids::{ClientId, ProjectId, UserId, WorkspaceId};
use kitaab_core::input::Input;
use kitaab_core::invitation::{Accept, InvitationItem, NewInvitation};
use kitaab_core::project::{NewProject, ProjectGrant, ProjectStatus, ProjectView, Share};
use kitaab_core::{Kitaab, Result};

use super::past::Past;
use super::picks::Picks;

/// Somebody to sign in as.
pub(super) struct Person {
    pub(super) email: String,
    pub(super) password: String,
    pub(super) is: &'static str,
}

/// What is being told.
pub(super) struct Story {
    kitaab: Kitaab,
    clock: Past,
    picks: Picks,
    people: Vec<Person>,
}

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

impl Story {
    pub(super) fn new(kitaab: Kitaab, clock: Past, seed: u64) -> Self {
        Self { kitaab, clock, picks: Picks::new(seed), people: Vec::new() }
    }

    /// Tells it, and says who is in it.
    pub(super) async fn tell(mut self) -> Result<Vec<Person>> {
        self.clock.hours_ago(ELEVEN_DAYS);
        let (nikhil, workspace) = self.sign_up("Nikhil Verma", "nikhil@example.com", "Verma Studio", "the freelancer").await?;
        let clients = self.add_clients(&nikhil, workspace).await?;
        let projects = self.start_projects(&nikhil, workspace, &clients).await?;
        self.invite(&nikhil, workspace, &clients, &projects).await?;
        self.share(&nikhil, workspace, &clients, &projects).await?;
        self.clock.hours_ago(0);
        self.kitaab.run_due_jobs().await?;
        Ok(self.people)
    }

    async fn sign_up(&mut self, name: &str, email: &str, workspace: &str, is: &'static str) -> Result<(Actor, WorkspaceId)> {
        let password = self.picks.password();
        let new =
            SignUp { email: email.into(), password: password.clone().into(), display_name: name.into(), workspace_name: workspace.into() };
        let signed = self.kitaab.accounts(&Actor::nobody()).sign_up(Input::from(new), None).await?;
        self.people.push(Person { email: email.into(), password, is });
        Ok((Actor::person(signed.user.id), signed.workspace.id))
    }

    async fn add_clients(&self, nikhil: &Actor, workspace: WorkspaceId) -> Result<Vec<ClientId>> {
        let mut made = Vec::new();
        for (name, email, company) in CLIENTS {
            let new = NewClient {
                name: name.into(),
                email: email.into(),
                company: company.map(Into::into),
                notes: (made.len() % 2 == 0).then(|| "Pays on time. Likes to be called rather than written to.".into()),
                ..NewClient::default()
            };
            made.push(self.kitaab.clients(nikhil).create(workspace, Input::from(new)).await?.item.id);
        }
        Ok(made)
    }

    async fn start_projects(&mut self, nikhil: &Actor, workspace: WorkspaceId, clients: &[ClientId]) -> Result<Vec<ProjectId>> {
        let today = kitaab_core::provider::Clock::now(&kitaab_core::provider::SystemClock);
        let mut made = Vec::new();
        for (index, (name, status, due, tags)) in PROJECTS.into_iter().enumerate() {
            let day = std::time::Duration::from_hours(24);
            let days = |count: i64| day.saturating_mul(u32::try_from(count.unsigned_abs()).unwrap_or(0));
            let due_on = due.map(|due| if due < 0 { today.before(days(due)) } else { today.after(days(due)) }.date_in("UTC"));
            let new = NewProject {
                name: name.into(),
                description: Some(format!("{name}: what was agreed on the phone, and what we found out since.")),
                status: Some(status),
                progress: Some(if status == ProjectStatus::Done { 100 } else { i64::try_from(self.picks.below(90)).unwrap_or(0) }),
                due_on,
                client_id: clients.get(index % clients.len()).copied(),
                internal_notes: Some("Quoted by the day. Keep an eye on the number of rounds.".into()),
                tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
                ..NewProject::default()
            };
            let project = self.kitaab.projects(nikhil).create(workspace, Input::from(new)).await?;
            made.push(match project.item {
                ProjectView::Staff(project) => project.id,
                ProjectView::Client(project) => project.id,
            });
        }
        Ok(made)
    }

    /// One invitation in each state: accepted, expired, revoked, opened, sent, and one that waits.
    async fn invite(&mut self, nikhil: &Actor, workspace: WorkspaceId, clients: &[ClientId], projects: &[ProjectId]) -> Result<()> {
        let [mridul, ines, tomas, aiko, leila, jonas] = clients[..] else { return Ok(()) };
        let first = self.send(nikhil, workspace, mridul, &projects[..2]).await?;
        self.accept(&first, "Mridul Rao", "a client").await?;
        let colleague = NewInvitation { role: Some(Role::Member), email: Some("sara@example.com".into()), ..NewInvitation::default() };
        let colleague = self.kitaab.invitations(nikhil).send(workspace, Input::from(colleague)).await?.item;
        self.accept(&colleague, "Sara Lindqvist", "a colleague").await?;
        self.clock.hours_ago(NINE_DAYS);
        self.send(nikhil, workspace, ines, &projects[2..3]).await?;
        self.kitaab.run_due_jobs().await?;
        self.clock.hours_ago(TWO_DAYS);
        let fourth = self.send(nikhil, workspace, aiko, &projects[3..4]).await?;
        self.kitaab.invitations(&Actor::nobody()).look(&token(&fourth), true).await?;
        self.send(nikhil, workspace, leila, &projects[4..5]).await?;
        self.kitaab.run_due_jobs().await?;
        let third = self.send(nikhil, workspace, tomas, &[]).await?;
        self.kitaab.invitations(nikhil).revoke(workspace, third.id).await?;
        self.clock.hours_ago(1);
        self.send(nikhil, workspace, jonas, &projects[5..6]).await?;
        Ok(())
    }

    async fn send(&self, nikhil: &Actor, workspace: WorkspaceId, client: ClientId, projects: &[ProjectId]) -> Result<InvitationItem> {
        let new = NewInvitation {
            client_id: Some(client),
            project_ids: projects.to_vec(),
            message: Some("Everything about our project is here from now on: where it stands, what is next, and our files.".into()),
            ..NewInvitation::default()
        };
        Ok(self.kitaab.invitations(nikhil).send(workspace, Input::from(new)).await?.item)
    }

    async fn accept(&mut self, invitation: &InvitationItem, name: &str, is: &'static str) -> Result<UserId> {
        let password = self.picks.password();
        let given = Accept {
            token: token(invitation).into(),
            display_name: Some(name.into()),
            password: Some(password.clone().into()),
            company: None,
        };
        let joined = self.kitaab.invitations(&Actor::nobody()).accept(Input::from(given), None).await?;
        self.people.push(Person { email: invitation.email.clone(), password, is });
        Ok(joined.user.id)
    }

    /// Mridul sees the tasks of one project, and may say something about them.
    async fn share(&self, nikhil: &Actor, workspace: WorkspaceId, clients: &[ClientId], projects: &[ProjectId]) -> Result<()> {
        let grant = ProjectGrant { tasks: true, comments: true, upload: true };
        for (project, client, grant) in [(0, 0, grant), (2, 1, ProjectGrant::INVITED), (3, 3, ProjectGrant { upload: false, ..grant })] {
            let share = Share { grant: Some(grant) };
            self.kitaab.projects(nikhil).share(workspace, projects[project], clients[client], Input::from(share)).await?;
        }
        Ok(())
    }
}

/// The secret of the link that the answer to a sending carries.
fn token(invitation: &InvitationItem) -> String {
    let link = invitation.link.as_deref().unwrap_or_default();
    link.split_once("token=").map(|(_, token)| token.to_owned()).unwrap_or_default()
}
