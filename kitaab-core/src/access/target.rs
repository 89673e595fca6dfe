//! What an action is done to. Each kind of thing is a type, so that a permit for one never opens another.

use uuid::Uuid;

use crate::ids::{
    ChannelId, ClientId, InvitationId, MessageId, ProjectId, ScheduledId, TaskCommentId, TaskId, TemplateId, UpdateId, UserId, WorkspaceId,
};
use crate::sql::names;

names! {
    /// The kind of a target, as the audit log names it.
    pub enum TargetKind {
        /// The whole installation.
        Instance = "instance",
        /// An account.
        Account = "account",
        /// A workspace or one of its collections.
        Workspace = "workspace",
        /// A person in a workspace.
        Member = "member",
        /// A client's card.
        Client = "client",
        /// An invitation.
        Invitation = "invitation",
        /// A project.
        Project = "project",
        /// A task.
        Task = "task",
        /// A comment on a task.
        TaskComment = "task_comment",
        /// An update of a project.
        Update = "update",
        /// A channel.
        Channel = "channel",
        /// A message.
        Message = "message",
        /// A canned message.
        Template = "template",
        /// A message that is sent later.
        Scheduled = "scheduled_message",
        /// The money of a workspace.
        Ledger = "ledger",
    }
}

/// Something an action is done to.
pub trait Target: Clone + Copy + std::fmt::Debug + Send + Sync + 'static {
    /// The kind.
    const KIND: TargetKind;
    /// The workspace it is in, if it is in one.
    fn workspace(&self) -> Option<WorkspaceId>;
    /// The id within it, if it is a single thing.
    fn id(&self) -> Option<Uuid>;
    /// As a value of one type, for the query that fetches facts.
    fn any(&self) -> AnyTarget;
}

/// Any target, for the query that fetches facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(hidden)]
pub enum AnyTarget {
    Instance,
    Account(UserId),
    Workspace(WorkspaceId),
    Member(WorkspaceId, UserId),
    Client(WorkspaceId, ClientId),
    Invitation(WorkspaceId, InvitationId),
    Project(WorkspaceId, ProjectId),
    Task(WorkspaceId, TaskId),
    TaskComment(WorkspaceId, TaskCommentId),
    Update(WorkspaceId, UpdateId),
    Channel(WorkspaceId, ChannelId),
    Message(WorkspaceId, MessageId),
    Template(WorkspaceId, TemplateId),
    Scheduled(WorkspaceId, ScheduledId),
}

/// The installation itself: what is done before anybody is somebody, and by the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instance;

impl Target for Instance {
    const KIND: TargetKind = TargetKind::Instance;
    fn workspace(&self) -> Option<WorkspaceId> {
        None
    }
    fn id(&self) -> Option<Uuid> {
        None
    }
    fn any(&self) -> AnyTarget {
        AnyTarget::Instance
    }
}

/// An account: the caller's own, or the one that a secret opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own(pub UserId);

impl Target for Own {
    const KIND: TargetKind = TargetKind::Account;
    fn workspace(&self) -> Option<WorkspaceId> {
        None
    }
    fn id(&self) -> Option<Uuid> {
        Some(self.0.0)
    }
    fn any(&self) -> AnyTarget {
        AnyTarget::Account(self.0)
    }
}

/// A workspace as a whole, or one of its collections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InWorkspace(pub WorkspaceId);

impl Target for InWorkspace {
    const KIND: TargetKind = TargetKind::Workspace;
    fn workspace(&self) -> Option<WorkspaceId> {
        Some(self.0)
    }
    fn id(&self) -> Option<Uuid> {
        None
    }
    fn any(&self) -> AnyTarget {
        AnyTarget::Workspace(self.0)
    }
}

/// The money of a workspace: expenses, income, time, profit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ledger(pub WorkspaceId);

impl Target for Ledger {
    const KIND: TargetKind = TargetKind::Ledger;
    fn workspace(&self) -> Option<WorkspaceId> {
        Some(self.0)
    }
    fn id(&self) -> Option<Uuid> {
        None
    }
    fn any(&self) -> AnyTarget {
        AnyTarget::Workspace(self.0)
    }
}

macro_rules! single {
    ($($(#[$meta:meta])* $name:ident($id:ty) is $kind:ident,)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(
            /// The workspace it is in.
            pub WorkspaceId,
            /// Which one.
            pub $id,
        );

        impl Target for $name {
            const KIND: TargetKind = TargetKind::$kind;
            fn workspace(&self) -> Option<WorkspaceId> { Some(self.0) }
            fn id(&self) -> Option<Uuid> { Some(self.1.0) }
            fn any(&self) -> AnyTarget { AnyTarget::$kind(self.0, self.1) }
        }
    )+};
}

single! {
    /// A person in a workspace.
    OnPerson(UserId) is Member,
    /// A client's card.
    OnClient(ClientId) is Client,
    /// An invitation.
    OnInvitation(InvitationId) is Invitation,
    /// A project.
    OnProject(ProjectId) is Project,
    /// A task.
    OnTask(TaskId) is Task,
    /// A comment on a task.
    OnTaskComment(TaskCommentId) is TaskComment,
    /// An update of a project.
    OnUpdate(UpdateId) is Update,
    /// A channel.
    OnChannel(ChannelId) is Channel,
    /// A message.
    OnMessage(MessageId) is Message,
    /// A canned message.
    OnTemplate(TemplateId) is Template,
    /// A message that is sent later.
    OnScheduled(ScheduledId) is Scheduled,
}
