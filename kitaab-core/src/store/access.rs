//! The facts that permits rest on: the only methods that take bare ids.

use async_trait::async_trait;

use super::StoreResult;
use crate::access::Standing;
use crate::ids::{
    ChannelId, ClientId, InvitationId, MessageId, ProjectId, ScheduledId, TaskCommentId, TaskId, TemplateId, UpdateId, UserId, WorkspaceId,
};

/// What a caller is to a workspace, and what is known of one thing in it: one query each.
///
/// `None` if the workspace does not exist or is deleted. `Standing::found` is false if the thing is not in it.
/// A caller without a membership has no role, and still a standing (an invitation is opened by people from outside).
#[async_trait]
pub trait AccessRepo {
    /// The workspace itself: `found` is true.
    async fn workspace_standing(&mut self, workspace: WorkspaceId, caller: Option<UserId>) -> StoreResult<Option<Standing>>;

    /// A person in it: `OWN` if it is the caller; `KNOWN` if it is the caller, an owner, a member, or somebody in one of
    /// the caller's channels.
    async fn person_standing(&mut self, workspace: WorkspaceId, caller: Option<UserId>, person: UserId) -> StoreResult<Option<Standing>>;

    /// A card: `OWN` if it is the caller's, `ACTIVE` if it is not archived.
    async fn client_standing(&mut self, workspace: WorkspaceId, caller: Option<UserId>, client: ClientId) -> StoreResult<Option<Standing>>;

    /// An invitation: `IS_RECIPIENT` if the caller's email is the invited one.
    async fn invitation_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        invitation: InvitationId,
    ) -> StoreResult<Option<Standing>>;

    /// A project: `ACTIVE` if it is not archived; `ON_PROJECT` if besides the caller's card is on it, and then the
    /// grants of that card.
    async fn project_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        project: ProjectId,
    ) -> StoreResult<Option<Standing>>;

    /// A task: as of its project, and `CLIENT_VISIBLE` if it is not internal.
    async fn task_standing(&mut self, workspace: WorkspaceId, caller: Option<UserId>, task: TaskId) -> StoreResult<Option<Standing>>;

    /// A comment: as of its task's project, `CLIENT_VISIBLE` if neither it nor its task is internal, `AUTHOR` if the
    /// caller wrote it.
    async fn task_comment_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        comment: TaskCommentId,
    ) -> StoreResult<Option<Standing>>;

    /// An update: as of its project.
    async fn update_standing(&mut self, workspace: WorkspaceId, caller: Option<UserId>, update: UpdateId) -> StoreResult<Option<Standing>>;

    /// A canned message: `KNOWN` if it is shared or the caller's own, `AUTHOR` if it is their own.
    async fn template_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        template: TemplateId,
    ) -> StoreResult<Option<Standing>>;

    /// A scheduled message: `OWN` if it is the caller's.
    async fn scheduled_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        scheduled: ScheduledId,
    ) -> StoreResult<Option<Standing>>;

    /// A channel: `IN_CHANNEL` if the caller is in it (a client in that of a project only while it is not archived),
    /// `ACTIVE` if it is not archived.
    async fn channel_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        channel: ChannelId,
    ) -> StoreResult<Option<Standing>>;

    /// A message: as of its channel, `AUTHOR` if the caller wrote it, and when it was said if it still says something.
    async fn message_standing(
        &mut self,
        workspace: WorkspaceId,
        caller: Option<UserId>,
        message: MessageId,
    ) -> StoreResult<Option<Standing>>;
}
