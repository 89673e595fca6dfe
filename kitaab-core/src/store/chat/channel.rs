//! Channels and who is in them.

use async_trait::async_trait;

use crate::access::{InWorkspace, OnChannel, OnInvitation, OnPerson, OnProject, Reads, Writes};
use crate::chat::{Channel, ChannelKind, ChannelMember, ChannelRow, ChannelStep};
use crate::ids::{ChannelId, ProjectId, UserId};
use crate::page::Span;
use crate::store::{Closing, StoreResult};
use crate::time::Timestamp;

/// Channels.
#[async_trait]
pub trait ChannelRepo {
    /// The channels that a person is in, newest first. A client is in that of a project only while it is not archived.
    async fn channels(&mut self, permit: &Reads<InWorkspace>, user: UserId, span: &Span<ChannelId>) -> StoreResult<Vec<ChannelRow>>;
    /// All channels of the workspace, newest first, for a moderator; for everybody else none.
    async fn all_channels(&mut self, permit: &Reads<InWorkspace>, span: &Span<ChannelId>) -> StoreResult<Vec<Channel>>;
    /// The channel, with what `user` sees beside it.
    async fn channel(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Option<ChannelRow>>;
    /// What the channel is for.
    async fn channel_kind(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Option<ChannelKind>>;
    /// The number of the newest message; 0 before the first.
    async fn last_seq(&mut self, permit: &Reads<OnChannel>) -> StoreResult<i64>;
    /// The project that the channel comes with.
    async fn project_of_channel(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Option<ProjectId>>;
    /// The channel that comes with a project.
    async fn channel_of_project(&mut self, permit: &Reads<OnProject>) -> StoreResult<Option<ChannelId>>;
    /// Those of the ids that are groups that are not archived, for an invitation.
    async fn open_groups(&mut self, permit: &Reads<InWorkspace>, ids: &[ChannelId]) -> StoreResult<Vec<ChannelId>>;
    /// Keeps a new channel of a project, or a group.
    async fn insert_channel(&mut self, permit: &Writes<InWorkspace>, channel: &Channel) -> StoreResult<()>;
    /// The direct channel of its two people: the one there is, brought back if it was archived, or this new one; true if it
    /// is new.
    async fn open_direct(&mut self, permit: &Writes<OnPerson>, user: UserId, channel: &Channel) -> StoreResult<(ChannelId, bool)>;
    /// Writes name and state and moves the version on from `expected`; false if it is another one by now.
    async fn update_channel(&mut self, permit: &Writes<OnChannel>, channel: &Channel, expected: i64) -> StoreResult<bool>;
    /// Archives the channel of a project, or brings it back; which one.
    async fn archive_project_channel(&mut self, permit: &Writes<OnProject>, at: Option<Timestamp>) -> StoreResult<Option<ChannelId>>;

    /// Who is in it, by id.
    async fn channel_members(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Vec<ChannelMember>>;
    /// Whether a person is in it.
    async fn is_in_channel(&mut self, permit: &Reads<OnChannel>, person: UserId) -> StoreResult<bool>;
    /// Takes all owners and members into the new channel of a project.
    async fn take_staff_in(&mut self, permit: &Writes<InWorkspace>, channel: ChannelId, at: Timestamp) -> StoreResult<()>;
    /// Takes people into a new group.
    async fn take_people_in(
        &mut self,
        permit: &Writes<InWorkspace>,
        channel: ChannelId,
        people: &[UserId],
        at: Timestamp,
    ) -> StoreResult<()>;
    /// Takes the two people of a direct channel in, where they are not; who came in.
    async fn take_pair_in(
        &mut self,
        permit: &Writes<OnPerson>,
        user: UserId,
        channel: ChannelId,
        at: Timestamp,
    ) -> StoreResult<Vec<UserId>>;
    /// Takes a person of the workspace in, who has read everything that was said before; false if they were in it.
    async fn take_person_in(&mut self, permit: &Writes<OnChannel>, person: UserId, at: Timestamp) -> StoreResult<bool>;
    /// Takes whoever accepted an invitation into the groups it names that are not archived; which they are.
    async fn take_invited_in(&mut self, permit: &Writes<OnInvitation>, person: UserId, at: Timestamp) -> StoreResult<Vec<ChannelId>>;
    /// Puts a person out; false if they were not in it.
    async fn put_person_out(&mut self, permit: &Writes<OnChannel>, person: UserId) -> StoreResult<bool>;
    /// Brings the channels of one person in step with what they are to the workspace: nobody is in a channel who left it;
    /// staff are in every channel of a project, clients in those of projects they are on, owners in every group. The direct
    /// channels of somebody who left are archived.
    async fn keep_channels_in_step(&mut self, closing: &Closing, person: UserId, at: Timestamp) -> StoreResult<Vec<ChannelStep>>;
}
