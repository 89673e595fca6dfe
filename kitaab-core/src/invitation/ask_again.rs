//! Asking for a new invitation because one expired.

use std::time::Duration;

use super::link::follow;
use super::{InvitationStatus, InvitationToken, Invitations, Link};
use crate::access::{Instance, action};
use crate::error::{Result, found};
use crate::input::Input;
use crate::job::JobKind;
use crate::keys::Purpose;
use crate::store::Scope;
use crate::work::{Work, again};

/// One request for each invitation in this time reaches the owner.
const ONE_PER: Duration = Duration::from_hours(24);

impl Invitations<'_> {
    /// Tells the owner that somebody asks for a new invitation; for an expired link alone, and once a day. Answers
    /// alike for every token.
    pub async fn ask_again(&self, input: Input<InvitationToken>) -> Result<()> {
        let given = input.checked()?;
        let Some(link) = found(follow(self.kitaab, given.token.text()).await)? else { return Ok(()) };
        again(self.kitaab, || self.try_ask_again(&link)).await
    }

    async fn try_ask_again(&self, link: &Link) -> Result<()> {
        let mut work = Work::write(self.kitaab, self.actor, Scope::Guest(link.workspace())).await?;
        let Some(permit) = found(work.may_with::<action::PreviewInvitation>(link.target(), link.proof()).await)? else { return Ok(()) };
        let Some((invitation, _)) = work.tx()?.invitation(&permit).await? else { return work.commit().await };
        let now = work.now();
        if invitation.milestones.status(now) != InvitationStatus::Expired || invitation.closed_at.is_some() {
            return work.commit().await;
        }
        let limits = work.may::<action::Recognise>(Instance).await?;
        let mark = self.kitaab.keys().mark(Purpose::LimitKey, &format!("ask_again:{}", invitation.id));
        if work.tx()?.count(&limits, &mark, now, now.before(ONE_PER)).await?.hits > 1 {
            return work.commit().await;
        }
        work.enqueue(JobKind::AskedAgainMail, invitation.id.0, 0, now.micros());
        work.commit().await
    }
}
