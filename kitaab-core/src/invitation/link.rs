//! The links of an invitation.

use serde::Deserialize;

use super::{Invitation, Link, LinkKind};
use crate::access::{Instance, OnInvitation, Proof, Writes, action};
use crate::error::{Error, Problems, Result};
use crate::ids::{InvitationId, WorkspaceId};
use crate::input::Check;
use crate::keys::{Keys, Purpose};
use crate::kitaab::Kitaab;
use crate::token::{GivenToken, Token, TokenKind};
use crate::work::Work;

/// The secret of a link.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationToken {
    /// `kti_…`
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String))]
    #[serde(default)]
    pub token: GivenToken,
}

impl Check for InvitationToken {
    fn check(&mut self, problems: &mut Problems) {
        self.token.check(problems);
    }
}

/// The token of one of an invitation's links: the same each time it is derived. None if its key is gone.
pub(crate) fn token_of(keys: &Keys, id: InvitationId, key_id: i64, generation: i64, kind: LinkKind) -> Option<Token> {
    let secret = keys.derive(Purpose::LinkToken, key_id, id.0, generation, kind.as_str())?;
    Some(Token::new(TokenKind::Invitation, secret))
}

/// The address of the acceptance page for a token.
pub(crate) fn url_of(kitaab: &Kitaab, token: &Token) -> String {
    kitaab.url(&format!("/accept-invitation?token={}", token.reveal()))
}

/// Makes both links of an invitation's generation the ones that work; the link to copy is handed out.
pub(super) async fn put_links(work: &mut Work<'_>, permit: &Writes<crate::access::InWorkspace>, invitation: &Invitation) -> Result<String> {
    let keys = work.kitaab().keys();
    let derive = |kind| token_of(keys, invitation.id, invitation.key_id, invitation.generation, kind);
    let (Some(mailed), Some(copied)) = (derive(LinkKind::Mailed), derive(LinkKind::Copied)) else {
        return Err(Error::internal("the key in use derives nothing"));
    };
    let links = [(LinkKind::Mailed, mailed.hash()), (LinkKind::Copied, copied.hash())];
    work.tx()?.put_links(permit, invitation.id, &links).await?;
    Ok(url_of(work.kitaab(), &copied))
}

/// Where a token leads, before anything is known of who holds it. All bad tokens are the same missing thing.
pub(super) async fn follow(kitaab: &Kitaab, token: &str) -> Result<Link> {
    let nobody = crate::access::Actor::nobody();
    let mut work = Work::read(kitaab, &nobody, crate::store::Scope::Nobody).await?;
    follow_in(&mut work, token).await
}

/// As [`follow`], in a unit that is open already.
pub(super) async fn follow_in(work: &mut Work<'_>, token: &str) -> Result<Link> {
    let token = Token::parse(TokenKind::Invitation, token).ok_or(Error::NotFound)?;
    let permit = work.may::<action::Recognise>(Instance).await?;
    work.tx()?.link(&permit, &token.hash()).await?.ok_or(Error::NotFound)
}

impl Link {
    /// What the link opens.
    pub(super) fn target(&self) -> OnInvitation {
        OnInvitation(self.workspace_id, self.invitation_id)
    }

    /// What its holder has shown.
    pub(super) fn proof(&self) -> Proof {
        Proof::of_invitation(self.invitation_id)
    }

    pub(super) fn workspace(&self) -> WorkspaceId {
        self.workspace_id
    }
}
