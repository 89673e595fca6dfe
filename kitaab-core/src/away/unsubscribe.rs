//! Ending mail about conversations by the link in it, without signing in (RFC 8058).
//!
//! The link is sealed for one person and one channel, and no table knows it. It ends mail and does nothing else, so it
//! has no end itself: whoever finds an old mail can still turn it off.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Mailings;
use crate::access::{Actor, OnPerson, Permit, Proof, action};
use crate::error::{Error, Problems, Result};
use crate::ids::{ChannelId, UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::keys::Purpose;
use crate::kitaab::Kitaab;
use crate::notification::Level;
use crate::store::Scope;
use crate::token::GivenToken;
use crate::work::{Work, again};

/// The first letters of such a link's token.
const PREFIX: &str = "ktu_";

/// The secret of the link.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnsubscribeToken {
    /// `ktu_…`
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String))]
    #[serde(default)]
    pub token: GivenToken,
}

impl Check for UnsubscribeToken {
    fn check(&mut self, problems: &mut Problems) {
        self.token.check(problems);
    }
}

/// Of what somebody wants no mail any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsubscribing {
    /// Of the conversation that the mail is about.
    Conversation,
    /// Of any conversation of the workspace.
    Workspace,
}

/// What the holder of a link gets by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Subscription {
    /// Where.
    pub workspace_name: String,
    /// Of what in the conversation the person is mailed while they are away; `none` once that was ended.
    pub email: Level,
}

/// Where a link leads.
#[derive(Debug, Clone, Copy)]
struct Leads {
    workspace: WorkspaceId,
    person: UserId,
    channel: ChannelId,
}

/// The address of the page that ends the mail of a person about a channel.
pub(super) fn link_of(kitaab: &Kitaab, workspace: WorkspaceId, person: UserId, channel: ChannelId) -> String {
    let body = [workspace.0, person.0, channel.0].map(Uuid::into_bytes).concat();
    let sealed = kitaab.keys().seal(Purpose::Unsubscribe, PREFIX, &body, kitaab.random());
    kitaab.url(&format!("/unsubscribe?token={PREFIX}{sealed}"))
}

fn follow(kitaab: &Kitaab, token: &str) -> Result<Leads> {
    let sealed = token.trim().strip_prefix(PREFIX).ok_or(Error::NotFound)?;
    let body = kitaab.keys().open(Purpose::Unsubscribe, PREFIX, sealed).ok_or(Error::NotFound)?;
    let id = |place: usize| body.get(place * 16..(place + 1) * 16).and_then(|bytes| Uuid::from_slice(bytes).ok()).ok_or(Error::NotFound);
    Ok(Leads { workspace: id(0)?.into(), person: id(1)?.into(), channel: id(2)?.into() })
}

impl Leads {
    fn scope(self) -> Scope {
        Scope::Workspace { workspace: self.workspace, user: Some(self.person) }
    }

    async fn permit(self, work: &mut Work<'_>) -> Result<Permit<action::EndMail>> {
        work.may_with::<action::EndMail>(OnPerson(self.workspace, self.person), Proof::of_reader(self.person)).await
    }
}

impl Mailings<'_> {
    /// What the holder of a link gets by mail. Changes nothing: mail scanners open links, too.
    pub async fn subscription(&self, input: Input<UnsubscribeToken>) -> Result<Subscription> {
        let leads = follow(self.kitaab, input.checked()?.token.text())?;
        let nobody = Actor::nobody();
        let mut work = Work::read(self.kitaab, &nobody, leads.scope()).await?;
        let permit = leads.permit(&mut work).await?;
        work.tx()?.subscription(&permit, leads.channel).await?.ok_or(Error::NotFound)
    }

    /// Ends the mail that the holder of a link gets. Once is enough, and twice does no harm.
    pub async fn unsubscribe(&self, input: Input<UnsubscribeToken>, from: Unsubscribing) -> Result<()> {
        let leads = follow(self.kitaab, input.checked()?.token.text())?;
        let nobody = Actor::nobody().from(self.actor.origin().clone());
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, &nobody, leads.scope()).await?;
            let permit = leads.permit(&mut work).await?;
            let channel = (from == Unsubscribing::Conversation).then_some(leads.channel);
            if !work.tx()?.unsubscribe(&permit, channel).await? {
                return Err(Error::NotFound);
            }
            work.commit().await
        })
        .await
    }
}
