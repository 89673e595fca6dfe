//! Client cards.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::StoreResult;
use crate::access::{InWorkspace, OnClient, OnInvitation, OnPerson, Reads, Writes};
use crate::client::{Client, Milestones};
use crate::ids::{ClientId, UserId};
use crate::page::Span;
use crate::time::Timestamp;

/// Which cards a list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientFilter {
    /// A part of the folded name, company or email.
    pub part: Option<String>,
    /// Archived ones, or the others.
    pub archived: bool,
}

/// A card with what a list shows beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    /// The card.
    pub client: Client,
    /// The internal notes.
    pub notes: Option<String>,
    /// The times of the newest invitation.
    pub invitation: Option<Milestones>,
}

/// Where a page of cards begins: they are sorted by folded name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientPosition {
    /// The folded name of the last card.
    pub name: String,
    /// Its id.
    pub id: ClientId,
}

/// Client cards.
#[async_trait]
pub trait ClientRepo {
    /// Cards by folded name.
    async fn clients(
        &mut self,
        permit: &Reads<InWorkspace>,
        filter: &ClientFilter,
        span: &Span<ClientPosition>,
    ) -> StoreResult<Vec<ClientRow>>;
    /// The card.
    async fn client(&mut self, permit: &Reads<OnClient>) -> StoreResult<Option<Client>>;
    /// The internal notes.
    async fn client_notes(&mut self, permit: &Reads<OnClient>) -> StoreResult<Option<String>>;
    /// The times of the newest invitation of the card.
    async fn client_invitation(&mut self, permit: &Reads<OnClient>) -> StoreResult<Option<Milestones>>;
    /// The id of the card that is not archived and has this email.
    async fn client_by_email(&mut self, permit: &Reads<InWorkspace>, email: &str) -> StoreResult<Option<ClientId>>;
    /// A card that is not archived, by an id from a body.
    async fn active_client(&mut self, permit: &Reads<InWorkspace>, id: ClientId) -> StoreResult<Option<Client>>;
    /// False if another card that is not archived has the email.
    async fn insert_client(&mut self, permit: &Writes<InWorkspace>, client: &Client) -> StoreResult<bool>;
    /// Writes all fields and moves the version on from `expected`; false if it is another one by now.
    /// [`StoreError::Conflict`](super::StoreError::Conflict) if somebody else took the email meanwhile.
    async fn update_client(&mut self, permit: &Writes<OnClient>, client: &Client, expected: i64) -> StoreResult<bool>;
    /// `None` removes the notes.
    async fn set_client_notes(&mut self, permit: &Writes<OnClient>, notes: Option<&str>) -> StoreResult<()>;
    /// The notes of a card made in the same unit.
    async fn insert_client_notes(&mut self, permit: &Writes<InWorkspace>, client: ClientId, notes: &str) -> StoreResult<()>;
    /// Ties the card to the person who accepted.
    async fn join_client(&mut self, permit: &Writes<OnInvitation>, client: ClientId, user: UserId, at: Timestamp) -> StoreResult<bool>;
    /// Unties the person from their card when their membership ends.
    async fn leave_client(&mut self, permit: &Writes<OnPerson>, at: Timestamp) -> StoreResult<()>;
    /// Whether anything refers to the card: invitations, projects, people.
    async fn client_has_history(&mut self, permit: &Reads<OnClient>) -> StoreResult<bool>;
    /// Destroys the card and its notes.
    async fn delete_client(&mut self, permit: &Writes<OnClient>) -> StoreResult<bool>;
}
