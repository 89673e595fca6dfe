//! Invitations and their links.

use async_trait::async_trait;

use super::StoreResult;
use crate::access::{InWorkspace, Instance, OnClient, OnInvitation, Reads, Writes};
use crate::ids::{ChannelId, InvitationId, ProjectId};
use crate::invitation::{Delivery, Facing, Invitation, Invited, Link, LinkKind};
use crate::page::Span;
use crate::time::Timestamp;
use crate::token::TokenHash;

/// Invitations.
#[async_trait]
pub trait InvitationRepo {
    /// All invitations with what they lead to, newest first.
    async fn invitations(&mut self, permit: &Reads<InWorkspace>, span: &Span<InvitationId>) -> StoreResult<Vec<(Invitation, Invited)>>;
    /// One invitation with what it leads to.
    async fn invitation(&mut self, permit: &Reads<OnInvitation>) -> StoreResult<Option<(Invitation, Invited)>>;
    /// What it shows to who is invited: names alone.
    async fn invitation_facing(&mut self, permit: &Reads<OnInvitation>) -> StoreResult<Option<Facing>>;
    /// Those of its projects that still exist and are not archived, with their names.
    async fn invited_projects(&mut self, permit: &Reads<OnInvitation>) -> StoreResult<Vec<(ProjectId, String)>>;
    /// Those of its groups that still exist and are not archived, with their names.
    async fn invited_channels(&mut self, permit: &Reads<OnInvitation>) -> StoreResult<Vec<(ChannelId, String)>>;
    /// The invitation of this email that is not closed: open, or expired and not replaced.
    async fn unclosed_invitation(&mut self, permit: &Reads<InWorkspace>, email: &str) -> StoreResult<Option<Invitation>>;
    /// How many invitations are open at `now`.
    async fn count_open_invitations(&mut self, permit: &Reads<InWorkspace>, now: Timestamp) -> StoreResult<i64>;
    /// False if the email has one that is not closed.
    async fn insert_invitation(&mut self, permit: &Writes<InWorkspace>, invitation: &Invitation, invited: &Invited) -> StoreResult<bool>;
    /// Closes an expired one that a newer one replaces; it stays expired.
    async fn close_invitation(&mut self, permit: &Writes<InWorkspace>, id: InvitationId, at: Timestamp) -> StoreResult<bool>;
    /// Next generation: new expiry, delivery and links, opened and sent anew. False if it is closed.
    async fn renew_invitation(&mut self, permit: &Writes<OnInvitation>, invitation: &Invitation) -> StoreResult<bool>;
    /// Takes it back; false if it is closed already.
    async fn revoke_invitation(&mut self, permit: &Writes<OnInvitation>, at: Timestamp) -> StoreResult<bool>;
    /// Takes back the unclosed ones of a card; which they were.
    async fn revoke_invitations_of(&mut self, permit: &Writes<OnClient>, at: Timestamp) -> StoreResult<Vec<InvitationId>>;
    /// Notes the first look; false if it was looked at before or is closed.
    async fn open_invitation(&mut self, permit: &Writes<OnInvitation>, at: Timestamp) -> StoreResult<bool>;
    /// Uses it up; false if it is closed or its time is over.
    async fn accept_invitation(&mut self, permit: &Writes<OnInvitation>, at: Timestamp) -> StoreResult<bool>;
    /// Notes how its mail fares, if it is still of this generation; `sent` besides sets when it was sent.
    async fn record_delivery(&mut self, permit: &Writes<OnInvitation>, generation: i64, delivery: &Delivery) -> StoreResult<bool>;

    /// Replaces the links of an invitation made or renewed in the same unit. This table belongs to no workspace.
    async fn put_links(&mut self, permit: &Writes<InWorkspace>, id: InvitationId, links: &[(LinkKind, TokenHash)]) -> StoreResult<()>;
    /// Removes the links of an invitation that was taken back.
    async fn delete_links(&mut self, permit: &Writes<InWorkspace>, id: InvitationId) -> StoreResult<()>;
    /// Where a link leads. Asked before anything is known of the caller.
    async fn link(&mut self, permit: &Reads<Instance>, token_hash: &TokenHash) -> StoreResult<Option<Link>>;
}
