//! Permits that nobody decided on: a store is tried with more than the table would allow.

use crate::access::action::{
    CreateClient, EditAccount, EditChannel, EditClient, EditLedger, EditMessage, EditPerson, EditProject, EditScheduled, EditTask,
    EditTaskComment, EditTemplate, EditUpdate, ResendInvitation, RunJobs,
};
use crate::access::{
    InWorkspace, Instance, Ledger, OnChannel, OnClient, OnInvitation, OnMessage, OnPerson, OnProject, OnScheduled, OnTask, OnTaskComment,
    OnTemplate, OnUpdate, Own, Permit, Reach, Role, Who,
};
use crate::ids::{
    ChannelId, ClientId, InvitationId, MessageId, ProjectId, ScheduledId, TaskCommentId, TaskId, TemplateId, UpdateId, UserId, WorkspaceId,
};

/// For the installation.
#[must_use]
pub fn instance() -> Permit<RunJobs> {
    Permit::forged(Instance, Who::System, Role::System, None, Reach::All)
}

/// For an account, as its owner.
#[must_use]
pub fn own(user: UserId) -> Permit<EditAccount> {
    Permit::forged(Own(user), Who::Person(user), Role::Anonymous, None, Reach::All)
}

/// For all of a workspace.
#[must_use]
pub fn within(workspace: WorkspaceId) -> Permit<CreateClient> {
    reaching(workspace, None, None, Reach::All)
}

/// For as much of a workspace as `reach` says, as this person with this card.
#[must_use]
pub fn reaching(workspace: WorkspaceId, user: Option<UserId>, card: Option<ClientId>, reach: Reach) -> Permit<CreateClient> {
    let role = if card.is_some() { Role::Client } else { Role::Owner };
    Permit::forged(InWorkspace(workspace), user.map_or(Who::System, Who::Person), role, card, reach)
}

/// For all of a workspace, as a moderator.
#[must_use]
pub fn looking(workspace: WorkspaceId) -> Permit<CreateClient> {
    Permit::forged(InWorkspace(workspace), Who::System, Role::Moderator, None, Reach::All)
}

/// For a person.
#[must_use]
pub fn on_person(workspace: WorkspaceId, person: UserId) -> Permit<EditPerson> {
    Permit::forged(OnPerson(workspace, person), Who::System, Role::System, None, Reach::All)
}

/// For a card.
#[must_use]
pub fn on_client(workspace: WorkspaceId, client: ClientId) -> Permit<EditClient> {
    Permit::forged(OnClient(workspace, client), Who::System, Role::System, None, Reach::All)
}

/// For an invitation.
#[must_use]
pub fn on_invitation(workspace: WorkspaceId, invitation: InvitationId) -> Permit<ResendInvitation> {
    Permit::forged(OnInvitation(workspace, invitation), Who::System, Role::System, None, Reach::All)
}

/// For a project.
#[must_use]
pub fn on_project(workspace: WorkspaceId, project: ProjectId) -> Permit<EditProject> {
    Permit::forged(OnProject(workspace, project), Who::System, Role::System, None, Reach::All)
}

/// For a task.
#[must_use]
pub fn on_task(workspace: WorkspaceId, task: TaskId) -> Permit<EditTask> {
    Permit::forged(OnTask(workspace, task), Who::System, Role::System, None, Reach::All)
}

/// For a comment on a task.
#[must_use]
pub fn on_task_comment(workspace: WorkspaceId, comment: TaskCommentId) -> Permit<EditTaskComment> {
    Permit::forged(OnTaskComment(workspace, comment), Who::System, Role::System, None, Reach::All)
}

/// For an update of a project.
#[must_use]
pub fn on_update(workspace: WorkspaceId, update: UpdateId) -> Permit<EditUpdate> {
    Permit::forged(OnUpdate(workspace, update), Who::System, Role::System, None, Reach::All)
}

/// For as much of a project as `reach` says, as this client.
#[must_use]
pub fn project_reaching(workspace: WorkspaceId, project: ProjectId, user: UserId, card: ClientId, reach: Reach) -> Permit<EditProject> {
    Permit::forged(OnProject(workspace, project), Who::Person(user), Role::Client, Some(card), reach)
}

/// For as much of a task as `reach` says, as this client.
#[must_use]
pub fn task_reaching(workspace: WorkspaceId, task: TaskId, user: UserId, card: ClientId, reach: Reach) -> Permit<EditTask> {
    Permit::forged(OnTask(workspace, task), Who::Person(user), Role::Client, Some(card), reach)
}

/// For the money of a workspace.
#[must_use]
pub fn ledger(workspace: WorkspaceId) -> Permit<EditLedger> {
    Permit::forged(Ledger(workspace), Who::System, Role::Owner, None, Reach::All)
}

/// For a channel.
#[must_use]
pub fn on_channel(workspace: WorkspaceId, channel: ChannelId) -> Permit<EditChannel> {
    Permit::forged(OnChannel(workspace, channel), Who::System, Role::System, None, Reach::All)
}

/// For a message.
#[must_use]
pub fn on_message(workspace: WorkspaceId, message: MessageId) -> Permit<EditMessage> {
    Permit::forged(OnMessage(workspace, message), Who::System, Role::System, None, Reach::All)
}

/// For a canned message.
#[must_use]
pub fn on_template(workspace: WorkspaceId, template: TemplateId) -> Permit<EditTemplate> {
    Permit::forged(OnTemplate(workspace, template), Who::System, Role::System, None, Reach::All)
}

/// For a scheduled message.
#[must_use]
pub fn on_scheduled(workspace: WorkspaceId, scheduled: ScheduledId) -> Permit<EditScheduled> {
    Permit::forged(OnScheduled(workspace, scheduled), Who::System, Role::System, None, Reach::All)
}
