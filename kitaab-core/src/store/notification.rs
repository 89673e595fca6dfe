//! Notifications.

use async_trait::async_trait;

use crate::access::{InWorkspace, OnChannel, OnMessage, Reads, Writes};
use crate::ids::{MessageId, NotificationId, UserId};
use crate::notification::{Notification, NotificationPreferences, NotificationRow, NotifiedStanding, PreferencesChange, SetChannelLevel};
use crate::page::Span;
use crate::store::{Closing, StoreResult};
use crate::time::Timestamp;

/// Notifications, and what people want to hear of.
#[async_trait]
pub trait NotificationRepo {
    /// Keeps a notification, unless its person left, has silenced such, or has muted or silenced its channel; whether it is
    /// kept.
    async fn insert_notification(&mut self, closing: &Closing, notification: &Notification) -> StoreResult<bool>;
    /// A person's notifications of what they see, newest first.
    async fn notifications(
        &mut self,
        permit: &Reads<InWorkspace>,
        user: UserId,
        span: &Span<NotificationId>,
    ) -> StoreResult<Vec<NotificationRow>>;
    /// One of them.
    async fn notification(&mut self, permit: &Reads<InWorkspace>, user: UserId, id: NotificationId)
    -> StoreResult<Option<NotificationRow>>;
    /// How many of them are unread.
    async fn unread_notifications(&mut self, permit: &Reads<InWorkspace>, user: UserId) -> StoreResult<i64>;
    /// Marks one of a person's as read; false if it was, or is none of theirs.
    async fn read_notification(
        &mut self,
        permit: &Writes<InWorkspace>,
        user: UserId,
        id: NotificationId,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Marks all of a person's up to this one as read; how many were not.
    async fn read_notifications_up_to(
        &mut self,
        permit: &Writes<InWorkspace>,
        user: UserId,
        last: NotificationId,
        at: Timestamp,
    ) -> StoreResult<u64>;

    /// What a person wants to hear of.
    async fn notification_preferences(&mut self, permit: &Reads<InWorkspace>, user: UserId) -> StoreResult<NotificationPreferences>;
    /// Changes what a person wants to hear of, and leaves what the change does not name.
    async fn change_notification_preferences(
        &mut self,
        permit: &Writes<InWorkspace>,
        user: UserId,
        change: &PreferencesChange,
    ) -> StoreResult<()>;
    /// Changes of what in the channel of the permit a person wants to hear, as far as it is named.
    async fn set_level(&mut self, permit: &Writes<OnChannel>, user: UserId, level: &SetChannelLevel) -> StoreResult<()>;

    /// Those in the channel who want to hear of everything.
    async fn following_all(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Vec<UserId>>;
    /// Who said these messages of the channel.
    async fn said_by(&mut self, permit: &Reads<OnChannel>, messages: [MessageId; 2]) -> StoreResult<Vec<(MessageId, UserId)>>;
    /// How a person stands to a message.
    async fn notified_of(&mut self, permit: &Reads<OnMessage>, person: UserId, now: Timestamp) -> StoreResult<NotifiedStanding>;
}
