//! Things as the promises need them: made by somebody, with fields of no meaning.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use crate::access::{IdempotencyKey, Role};
use crate::account::User;
use crate::activity::{Activity, Deed, Verb};
use crate::away::{Look, Mailing};
use crate::chat::{Message, Scheduled, ScheduledState, Template};
use crate::client::Client;
use crate::event::{EventKind, NewEvent, Told};
use crate::export::{Export, ExportScope, ExportState};
use crate::finance::{EntryKind, LedgerEntry, TimeEntry};
use crate::ids::{ChannelId, ClientId, JobId, ProjectId, TaskId, UserId, WorkspaceId};
use crate::input::Patch;
use crate::invitation::Invited;
use crate::invitation::{Delivery, DeliveryState, Invitation, Milestones};
use crate::job::{JobKind, NewJob};
use crate::notification::{Level, Notice, Notification, Rule, SetChannelLevel};
use crate::page::Span;
use crate::project::{ProgressMode, Project, ProjectStatus, Task, TaskComment, TaskState, Update};
use crate::time::{Date, Timestamp};
use crate::workspace::{Author, Membership};

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

/// That a channel is to be looked at so many seconds after that noon.
#[must_use]
pub fn look(seconds: i64) -> Look {
    Look { at: second(seconds), lost_before: second(seconds - 600) }
}

/// What somebody wants to hear of a channel from now on.
#[must_use]
pub fn level(channel_id: ChannelId, level: Level, email: Patch<Level>) -> SetChannelLevel {
    SetChannelLevel { channel_id, level: Some(level), email }
}

/// The mails that somebody got about a channel: none yet.
#[must_use]
pub fn mailing(channel_id: ChannelId, user_id: UserId) -> Mailing {
    Mailing { id: id(), channel_id, user_id, mailed_seq: 0, mailed_at: None, step: 0, up_to: None }
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

/// An expense of a day.
#[must_use]
pub fn expense(money: &str, project: Option<ProjectId>) -> LedgerEntry {
    LedgerEntry {
        id: id(),
        kind: EntryKind::Expense,
        money: money.parse().expect("money"),
        on: Date::new(2026, 5, 1).expect("a day"),
        category: None,
        project_id: project,
        client_id: None,
        note: None,
        tags: Vec::new(),
        created_at: second(0),
        updated_at: second(0),
        version: 1,
    }
}

/// An hour of somebody's, from noon.
#[must_use]
pub fn hour(user: UserId, project: Option<ProjectId>) -> TimeEntry {
    TimeEntry {
        id: id(),
        user_id: user,
        project_id: project,
        task_id: None,
        note: None,
        started_at: second(0),
        ended_at: Some(second(3_600)),
        billable: true,
        rate: None,
        created_at: second(0),
        updated_at: second(0),
        version: 1,
    }
}

/// An export of everything that a person asked for.
#[must_use]
pub fn export(user: UserId) -> Export {
    Export {
        id: id(),
        user_id: user,
        scope: ExportScope::Workspace,
        state: ExportState::Pending,
        role: Role::Owner,
        access_epoch: None,
        size: None,
        created_at: second(0),
        ended_at: None,
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

/// A message.
#[must_use]
pub fn message(channel: ChannelId, seq: i64, author: UserId, text: &str) -> Message {
    Message {
        id: id(),
        channel_id: channel,
        seq,
        author_id: author,
        client_message_id: format!("{seq}"),
        text: Some(text.into()),
        reply_to: None,
        thread_id: None,
        quote_of: None,
        created_at: second(seq),
        edited_at: None,
        deleted_at: None,
        deleted_by: None,
    }
}

/// Projects that an invitation shares, and no channel besides.
#[must_use]
pub fn sharing(projects: &[crate::ids::ProjectId]) -> Invited {
    Invited { projects: projects.to_vec(), channels: Vec::new() }
}

/// A canned message of this author's alone.
#[must_use]
pub fn template(author: UserId, text: &str) -> Template {
    Template {
        id: id(),
        author_id: author,
        shared: false,
        name: text.into(),
        text: text.into(),
        created_at: second(0),
        updated_at: second(0),
        version: 1,
    }
}

/// What this author says in the channel a minute later.
#[must_use]
pub fn scheduled(channel: ChannelId, author: UserId, text: &str) -> Scheduled {
    Scheduled {
        id: id(),
        channel_id: channel,
        author_id: author,
        text: text.into(),
        reply_to: None,
        due_at: second(60),
        state: ScheduledState::Waiting,
        reason: None,
        created_at: second(0),
        version: 1,
    }
}

/// That this person is to hear of a message.
#[must_use]
pub fn notification(user: UserId, message: Uuid, channel: ChannelId) -> Notification {
    let notice = Notice { user, rule: Rule::MentionedWithAll, actor: None, subject: message, channel: Some(channel), project: None };
    Notification { id: id(), notice, created_at: second(1) }
}
