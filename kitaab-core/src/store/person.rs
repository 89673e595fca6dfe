//! People in a workspace.

use async_trait::async_trait;

use super::StoreResult;
use crate::access::{InWorkspace, OnInvitation, OnPerson, Reads, Role, Writes};
use crate::ids::UserId;
use crate::page::Span;
use crate::workspace::{Member, Membership};

/// Memberships.
#[async_trait]
pub trait PersonRepo {
    /// The directory within the permit's reach, by user id. `Reach::Known`: owners, members and the caller.
    async fn people(&mut self, permit: &Reads<InWorkspace>, span: &Span<UserId>) -> StoreResult<Vec<Member>>;
    /// One person.
    async fn person(&mut self, permit: &Reads<OnPerson>) -> StoreResult<Option<Member>>;
    /// The ids of all, clients too.
    async fn everybody(&mut self, permit: &Writes<InWorkspace>) -> StoreResult<Vec<UserId>>;
    /// What those of these people are called who are in the workspace. Whom a text names may be known to whoever reads it.
    async fn names_among(&mut self, permit: &Reads<InWorkspace>, people: &[UserId]) -> StoreResult<Vec<(UserId, String)>>;
    /// The owners' ids, oldest first.
    async fn owners(&mut self, permit: &Reads<InWorkspace>) -> StoreResult<Vec<UserId>>;
    /// Whether somebody with this email is in the workspace.
    async fn is_member(&mut self, permit: &Reads<InWorkspace>, email: &str) -> StoreResult<bool>;
    /// Joins by an invitation; false if the person is in it already.
    async fn insert_membership(&mut self, permit: &Writes<OnInvitation>, membership: &Membership) -> StoreResult<bool>;
    /// Changes the role.
    async fn set_role(&mut self, permit: &Writes<OnPerson>, role: Role) -> StoreResult<bool>;
    /// Ends the membership; false if there was none.
    async fn delete_membership(&mut self, permit: &Writes<OnPerson>) -> StoreResult<bool>;
    /// How many owners there are, their rows locked until the commit.
    async fn lock_owners(&mut self, permit: &Writes<OnPerson>) -> StoreResult<i64>;
}
