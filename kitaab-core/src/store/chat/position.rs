//! How far each has read.

use async_trait::async_trait;

use crate::access::{OnChannel, OnMessage, Reads, Writes};
use crate::chat::{OwnPosition, Position, Receipt};
use crate::ids::UserId;
use crate::store::StoreResult;
use crate::time::Timestamp;

/// Read positions.
#[async_trait]
pub trait PositionRepo {
    /// Moves a person's position, not beyond the newest message; false if that changes nothing.
    async fn move_position(&mut self, permit: &Writes<OnChannel>, user: UserId, to: Position, at: Timestamp) -> StoreResult<bool>;
    /// How far a person has read, and what they have ever seen (none before they have seen anything).
    async fn own_position(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Option<(OwnPosition, Option<i64>)>>;
    /// Who has seen the channel up to where, and since when; by id.
    async fn receipts(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Vec<Receipt>>;
    /// Moves a person's position in the thread that a message begins; false if that changes nothing.
    async fn move_thread_position(&mut self, permit: &Writes<OnMessage>, user: UserId, to: Position, at: Timestamp) -> StoreResult<bool>;
}
