//! The people of the promises, and the things they have.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use super::permits;
use crate::access::{ActionKind, IdempotencyKey, Role, TargetKind};
use crate::account::User;
use crate::activity::{Activity, Deed, Verb};
use crate::audit::{AuditEntry, Outcome};
use crate::client::Client;
use crate::event::{EventKind, NewEvent, Told};
use crate::ids::{ClientId, InvitationId, JobId, ProjectId, TaskCommentId, TaskId, UpdateId, UserId, WorkspaceId};
use crate::invitation::{Delivery, DeliveryState, Invitation, LinkKind, Milestones};
use crate::job::{JobKind, NewJob};
use crate::page::Span;
use crate::project::{ProgressMode, Project, ProjectGrant, ProjectStatus, Task, TaskComment, TaskState, Update};
use crate::store::{Closing, Scope, Store, StoreResult, Tx};
use crate::time::Timestamp;
use crate::token::TokenHash;
use crate::workspace::{Author, Membership, Workspace};

/// Noon of 1 May 2026, UTC, and so many microseconds.
#[must_use]
pub fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(1_777_636_800_000_000 + micros)
}

/// So many seconds after that noon.
#[must_use]
pub fn second(seconds: i64) -> Timestamp {
    at(seconds * 1_000_000)
}

/// A new id; later ones are greater.
#[must_use]
pub fn id<I: From<Uuid>>() -> I {
    let random = number().to_be_bytes()[6..16].try_into().unwrap_or_default();
    I::from(uuid::Builder::from_unix_timestamp_millis(second(0).millis(), &random).into_uuid())
}

/// A number that nothing else has.
pub fn number() -> u128 {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    u128::from(NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// A hash that nothing else has.
#[must_use]
pub fn hash() -> [u8; 32] {
    let mut bytes = [7; 32];
    bytes[..16].copy_from_slice(&number().to_be_bytes());
    bytes
}

/// The first page, of everything.
#[must_use]
pub fn all<P>() -> Span<P> {
    Span { after: None, limit: 10_000 }
}

/// An account of somebody with this name.
#[must_use]
pub fn user(name: &str) -> User {
    User {
        id: id(),
        email: Some(email(name)),
        display_name: name.to_owned(),
        company: None,
        time_zone: "Asia/Kolkata".into(),
        locale: "en".into(),
        avatar_url: None,
        email_verified_at: None,
        moderator: false,
        created_at: second(0),
        deleted_at: None,
    }
}

/// An address that nobody else has.
#[must_use]
pub fn email(name: &str) -> String {
    format!("{}.{}@example.com", name.to_lowercase().replace(' ', "."), number())
}

/// A card of somebody with this name.
#[must_use]
pub fn client(name: &str) -> Client {
    Client {
        id: id(),
        name: name.to_owned(),
        email: email(name),
        company: None,
        phone: None,
        user_id: None,
        archived_at: None,
        created_at: second(0),
        updated_at: second(0),
        version: 1,
    }
}

/// A project with this name.
#[must_use]
pub fn project(name: &str) -> Project {
    Project {
        id: id(),
        name: name.to_owned(),
        description: None,
        status: ProjectStatus::Active,
        progress: 0,
        progress_mode: ProgressMode::Manual,
        starts_on: None,
        due_on: None,
        client_id: None,
        tags: Vec::new(),
        archived_at: None,
        created_at: second(0),
        updated_at: second(0),
        version: 1,
    }
}

/// A task of a project, after all others that were made so.
#[must_use]
pub fn task(project: ProjectId, title: &str) -> Task {
    Task {
        id: id(),
        project_id: project,
        title: title.to_owned(),
        description: None,
        state: TaskState::Todo,
        assignee_id: None,
        assignee_role: None,
        due_on: None,
        tags: Vec::new(),
        client_visible: true,
        position: format!("9{:06}", number()),
        created_at: second(0),
        updated_at: second(0),
        version: 1,
    }
}

/// A comment on a task.
#[must_use]
pub fn comment(task: TaskId, author: UserId, text: &str) -> TaskComment {
    TaskComment {
        id: id(),
        task_id: task,
        author: Author { id: author, display_name: String::new(), role: None },
        text: text.to_owned(),
        client_visible: true,
        created_at: second(0),
        updated_at: second(0),
        version: 1,
    }
}

/// An update of a project.
#[must_use]
pub fn update(project: ProjectId, author: UserId, text: &str) -> Update {
    Update {
        id: id(),
        project_id: project,
        author: Author { id: author, display_name: String::new(), role: None },
        text: text.to_owned(),
        created_at: second(0),
        updated_at: second(0),
        version: 1,
    }
}

/// A line of the feed about a task.
#[must_use]
pub fn activity(by: UserId, task: &Task) -> Activity {
    Activity { id: id(), at: second(0), actor_id: Some(by), deed: Deed::task(Verb::Created, task) }
}

/// An invitation that ends in a week.
#[must_use]
pub fn invitation(by: UserId, email: &str, card: Option<ClientId>) -> Invitation {
    Invitation {
        id: id(),
        email: email.to_owned(),
        role: if card.is_some() { Role::Client } else { Role::Member },
        client_id: card,
        message: Some("Welcome!".into()),
        invited_by: by,
        created_at: second(0),
        milestones: Milestones { sent_at: None, opened_at: None, accepted_at: None, revoked_at: None, expires_at: second(604_800) },
        closed_at: None,
        delivery: Delivery { state: DeliveryState::Queued, error: None, at: second(0) },
        generation: 1,
        key_id: 0,
        queued_at: second(0),
    }
}

/// A place in a workspace.
#[must_use]
pub fn membership(user: UserId, role: Role, card: Option<ClientId>) -> Membership {
    Membership { user_id: user, role, client_id: card, invited_by: None, invitation_accepted_at: None, created_at: second(0) }
}

/// A job that is due at noon.
#[must_use]
pub fn job(workspace: Option<WorkspaceId>) -> NewJob {
    let id: JobId = id();
    NewJob {
        id,
        kind: JobKind::WelcomeMail,
        workspace_id: workspace,
        subject: id.0,
        detail: 0,
        dedupe_key: format!("welcome {id}"),
        run_at: second(0),
        created_at: second(0),
    }
}

/// Something that happened.
#[must_use]
pub fn event() -> NewEvent {
    NewEvent { id: id(), told: Told::staff(EventKind::ClientCreated, id()), at: second(0), actor_id: None, tag: 1 }
}

/// The key of a call that was answered.
#[must_use]
pub fn key() -> IdempotencyKey {
    IdempotencyKey { key: Uuid::nil(), call: "POST /clients".into() }
}

/// Nikhil's workspace: he owns it, Meera works with him, Mridul is a client who accepted and is on the project
/// "Website", Farah one who is invited and has not answered. Nobody is on the project "Shop". Notes are on Mridul's
/// card and on "Website".
#[derive(Debug, Clone)]
pub struct World {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The owner.
    pub nikhil: UserId,
    /// The member.
    pub meera: UserId,
    /// The client.
    pub mridul: UserId,
    /// Mridul's card.
    pub card: ClientId,
    /// Farah's card.
    pub invited_card: ClientId,
    /// Farah's address.
    pub invited_email: String,
    /// Mridul's project.
    pub website: ProjectId,
    /// The project without clients.
    pub shop: ProjectId,
    /// A task of "Website" that clients may see.
    pub task: TaskId,
    /// An internal task of "Website".
    pub internal: TaskId,
    /// Meera's comment on the task.
    pub comment: TaskCommentId,
    /// Nikhil's update of "Website".
    pub update: UpdateId,
    /// Farah's invitation, to "Website".
    pub invitation: InvitationId,
    /// Its two links, once it is [filled](World::fill).
    pub links: [TokenHash; 2],
    /// A card without any history, once it is filled.
    pub quiet: ClientId,
}

/// What Mridul may do on "Website".
pub const GRANT: ProjectGrant = ProjectGrant { tasks: true, comments: false, upload: true };

impl World {
    /// Founds it.
    pub async fn found(store: &dyn Store) -> StoreResult<Self> {
        let people = [user("Nikhil"), user("Meera"), user("Mridul")];
        let mut tx = store.write(Scope::Nobody).await?;
        for person in &people {
            assert!(tx.insert_user(&permits::instance(), person, Some("hash")).await?);
        }
        tx.commit().await?;
        let world = Self {
            workspace: id(),
            nikhil: people[0].id,
            meera: people[1].id,
            mridul: people[2].id,
            card: id(),
            invited_card: id(),
            invited_email: email("Farah"),
            website: id(),
            shop: id(),
            task: id(),
            internal: id(),
            comment: id(),
            update: id(),
            invitation: id(),
            links: [hash(), hash()],
            quiet: id(),
        };
        world.furnish(store, "").await?;
        Ok(world)
    }

    /// Another workspace of the same people, in which everything has the same id and the same address as in this one,
    /// and another meaning: the cards of Mridul and Farah are swapped, the texts are others, and the quiet card has
    /// every kind of history.
    pub async fn twin(&self, store: &dyn Store) -> StoreResult<Self> {
        let cards = (self.invited_card, self.card);
        let twin = Self { workspace: id(), card: cards.0, invited_card: cards.1, links: [hash(), hash()], ..self.clone() };
        twin.furnish(store, "Twin's ").await?;
        twin.fill(store).await?;
        let (within, quiet) = (permits::within(twin.workspace), twin.quiet);
        let mut tx = store.write(Scope::System(twin.workspace)).await?;
        let dev = user("Dev");
        assert!(tx.insert_user(&permits::instance(), &dev, None).await?);
        tx.insert_project(&within, &Project { client_id: Some(quiet), ..project("Twin's quiet project") }).await?;
        tx.put_collaborator(&permits::on_project(twin.workspace, twin.shop), quiet, ProjectGrant::INVITED, second(0)).await?;
        for card in [quiet, twin.card, self.card] {
            let later = Invitation { closed_at: Some(second(2)), ..invitation(twin.nikhil, "twin@example.com", Some(card)) };
            assert!(tx.insert_invitation(&within, &later, &[]).await?);
        }
        let door = permits::on_invitation(twin.workspace, twin.invitation);
        assert!(tx.insert_membership(&door, &membership(dev.id, Role::Client, Some(quiet))).await?);
        assert!(tx.join_client(&door, quiet, dev.id, second(1)).await?);
        tx.commit().await?;
        Ok(twin)
    }

    async fn furnish(&self, store: &dyn Store, whose: &str) -> StoreResult<()> {
        let Self { workspace, nikhil, meera, mridul, card, invited_card, .. } = *self;
        let within = permits::within(workspace);
        let named = |name: &str| format!("{whose}{name}");
        let room = Workspace {
            id: workspace,
            name: named("Nikhil's Studio"),
            brand_color: None,
            time_zone: "Asia/Kolkata".into(),
            currency: "INR".into(),
            created_at: second(0),
            version: 1,
        };
        let mut tx = store.write(Scope::System(workspace)).await?;
        tx.found_workspace(&permits::own(nikhil), &room, &membership(nikhil, Role::Owner, None), 7).await?;
        let of_mridul = Client { id: card, user_id: Some(mridul), ..client(&named("Mridul")) };
        let of_farah = Client { id: invited_card, email: self.invited_email.clone(), ..client(&named("Farah")) };
        for each in [of_mridul, of_farah] {
            assert!(tx.insert_client(&within, &each).await?);
        }
        tx.insert_client_notes(&within, card, &named("Pays late.")).await?;
        for (id, name) in [(self.website, "Website"), (self.shop, "Shop")] {
            tx.insert_project(&within, &Project { id, ..project(&named(name)) }).await?;
        }
        tx.insert_project_notes(&within, self.website, &named("Wants it yesterday.")).await?;
        let grant = if whose.is_empty() { GRANT } else { ProjectGrant { comments: true, ..ProjectGrant::INVITED } };
        let site = permits::on_project(workspace, self.website);
        assert!(tx.put_collaborator(&site, card, grant, second(0)).await?);
        let work = Task { id: self.task, position: "80".into(), ..task(self.website, &named("Draw the logo")) };
        let secret =
            Task { id: self.internal, position: "81".into(), client_visible: false, ..task(self.website, &named("Raise the price")) };
        for each in [work, secret] {
            tx.insert_task(&site, &each).await?;
        }
        let said = TaskComment { id: self.comment, ..comment(self.task, meera, &named("In blue?")) };
        tx.insert_task_comment(&permits::on_task(workspace, self.task), &said).await?;
        let told = Update { id: self.update, ..update(self.website, nikhil, &named("Half way there.")) };
        tx.insert_update(&site, &told).await?;

        let welcome = Some(named("Welcome!"));
        let open = Invitation { id: self.invitation, message: welcome, ..invitation(nikhil, &self.invited_email, Some(invited_card)) };
        assert!(tx.insert_invitation(&within, &open, &[self.website]).await?);
        let door = permits::on_invitation(workspace, open.id);
        assert!(tx.insert_membership(&door, &membership(meera, Role::Member, None)).await?);
        assert!(tx.insert_membership(&door, &membership(mridul, Role::Client, Some(card))).await?);
        tx.commit().await
    }

    /// Puts a row of the workspace into every table that has none yet.
    pub async fn fill(&self, store: &dyn Store) -> StoreResult<()> {
        let (within, closing) = (permits::within(self.workspace), Closing::forged(Some(self.workspace)));
        let entry = AuditEntry {
            id: id(),
            at: second(0),
            actor_id: Some(self.nikhil),
            role: Role::Owner,
            action: ActionKind::CreateClient,
            target_kind: TargetKind::Client,
            target_id: Some(self.card.0),
            outcome: Outcome::Done,
            address: None,
            request_id: None,
        };
        let mut tx = self.write(store).await?;
        assert!(tx.insert_client(&within, &Client { id: self.quiet, ..client("Quiet") }).await?);
        tx.put_links(&within, self.invitation, &[(LinkKind::Mailed, self.links[0]), (LinkKind::Copied, self.links[1])]).await?;
        tx.insert_jobs(&closing, &[job(Some(self.workspace))]).await?;
        tx.append_audit(&closing, &[entry]).await?;
        tx.keep_answer(&closing, self.nikhil, &key(), &self.workspace.to_string(), second(0)).await?;
        let made = Task { id: self.task, ..task(self.website, "") };
        tx.append_activity(&closing, &[activity(self.nikhil, &made)]).await?;
        tx.append_events(&closing, &[event()], false).await?;
        tx.commit().await
    }

    /// A unit of Nikhil's that writes.
    pub async fn write(&self, store: &dyn Store) -> StoreResult<Box<dyn Tx>> {
        store.write(Scope::Workspace { workspace: self.workspace, user: Some(self.nikhil) }).await
    }

    /// A unit of Nikhil's that reads.
    pub async fn read(&self, store: &dyn Store) -> StoreResult<Box<dyn Tx>> {
        store.read(Scope::Workspace { workspace: self.workspace, user: Some(self.nikhil) }).await
    }
}
