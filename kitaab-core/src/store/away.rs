//! Who may have missed what, and the mails about it.

use async_trait::async_trait;

use crate::access::{InWorkspace, OnChannel, OnPerson, Reads, Writes};
use crate::away::{AwayPerson, Look, MailWishes, Mailing, SaidLately, Stay, Subscription};
use crate::ids::{ChannelId, MailingId, UserId};
use crate::store::StoreResult;
use crate::time::Timestamp;

/// People who are away, and their mails.
#[async_trait]
pub trait AwayRepo {
    /// Notes that the channel is to be looked at then; false if it is looked at earlier anyway.
    async fn plan_look(&mut self, permit: &Writes<OnChannel>, look: Look) -> StoreResult<bool>;
    /// Takes the note back, if its time has come; false if there was none, or it is for later. Nothing is said in the channel
    /// until the unit ends.
    async fn begin_look(&mut self, permit: &Writes<OnChannel>, now: Timestamp) -> StoreResult<bool>;
    /// Who in the channel has not seen all that was said, may see it, has an address, and wants any mail.
    async fn away_people(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Vec<AwayPerson>>;
    /// What was said in the channel since then, newest first, at most `limit`.
    async fn said_lately(&mut self, permit: &Reads<OnChannel>, since: Timestamp, limit: u32) -> StoreResult<Vec<SaidLately>>;
    /// When people of the channel were there, as far as it reaches beyond that moment.
    async fn stays(&mut self, permit: &Reads<OnChannel>, since: Timestamp) -> StoreResult<Vec<Stay>>;
    /// Of which messages of the channel people in it were notified since then: one of them, or all.
    async fn notified_lately(
        &mut self,
        permit: &Reads<OnChannel>,
        user: Option<UserId>,
        since: Timestamp,
    ) -> StoreResult<Vec<(UserId, i64)>>;
    /// What a person of the channel wants by mail, and the last message that they have seen; none if they are not in it.
    async fn mail_wishes(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Option<(MailWishes, i64)>>;
    /// Keeps how far somebody was mailed.
    async fn keep_mailing(&mut self, permit: &Writes<OnChannel>, mailing: &Mailing) -> StoreResult<()>;
    /// How far somebody was mailed; none if they left the channel.
    async fn mailing(&mut self, permit: &Reads<InWorkspace>, id: MailingId) -> StoreResult<Option<Mailing>>;

    /// What the person is mailed of a channel; none if they are not in it.
    async fn subscription(&mut self, permit: &Reads<OnPerson>, channel: ChannelId) -> StoreResult<Option<Subscription>>;
    /// Ends the person's mail about a channel, or about all; false if they are not in it.
    async fn unsubscribe(&mut self, permit: &Writes<OnPerson>, channel: Option<ChannelId>) -> StoreResult<bool>;
}
