//! Links in mails to accounts: made, mailed, opened once.

use std::time::Duration;

use super::session::recognise;
use super::{LoginToken, LoginTokenKind};
use crate::error::{Error, Result};
use crate::ids::{LoginTokenId, UserId};
use crate::job::JobKind;
use crate::keys::{Keys, Purpose};
use crate::token::{Token, TokenHash, TokenKind};
use crate::work::Work;

/// Links per address and [`WINDOW`] that are mailed (Documenso, better-auth).
pub(super) const PER_WINDOW: i64 = 3;
pub(super) const WINDOW: Duration = Duration::from_hours(1);

impl LoginTokenKind {
    fn token_kind(self) -> TokenKind {
        match self {
            Self::Reset => TokenKind::Reset,
            Self::Verification | Self::ChangeEmail => TokenKind::Verification,
            Self::MagicLink => TokenKind::MagicLink,
        }
    }
}

/// The token of a link: derived, so that every try of its mail carries the same. None if its key is gone.
pub(crate) fn token_of(keys: &Keys, id: LoginTokenId, kind: LoginTokenKind, key_id: i64) -> Option<Token> {
    let secret = keys.derive(Purpose::LinkToken, key_id, id.0, 0, kind.as_str())?;
    Some(Token::new(kind.token_kind(), secret))
}

/// Makes a link and enqueues its mail. Without a person the same rows are written, and the mail goes nowhere: a
/// request for an unknown address costs what one for a known address costs.
pub(crate) async fn mail_link(
    work: &mut Work<'_>,
    kind: LoginTokenKind,
    user_id: Option<UserId>,
    email: Option<String>,
    request_hash: Option<TokenHash>,
) -> Result<()> {
    let permit = recognise(work).await?;
    let (id, now, keys, settings): (LoginTokenId, _, _, _) = (work.id(), work.now(), work.kitaab().keys(), work.kitaab().settings());
    let ttl = match kind {
        LoginTokenKind::Reset => settings.reset_ttl,
        LoginTokenKind::Verification | LoginTokenKind::ChangeEmail => settings.verification_ttl,
        LoginTokenKind::MagicLink => settings.magic_link_ttl,
    };
    let token = token_of(keys, id, kind, keys.id()).ok_or_else(|| Error::internal("the key in use derives nothing"))?;
    let row = LoginToken {
        id,
        user_id,
        kind,
        token_hash: token.hash(),
        key_id: keys.id(),
        request_hash,
        email,
        created_at: now,
        expires_at: now.after(ttl),
        used_at: None,
    };
    work.tx()?.insert_login_token(&permit, &row).await?;
    work.enqueue(JobKind::LinkMail, id.0, 0, "link");
    Ok(())
}

/// Finds the open link of a token. All bad tokens are the same missing thing.
pub(crate) async fn open_link(work: &mut Work<'_>, kinds: &[LoginTokenKind], token: &str) -> Result<(LoginToken, UserId)> {
    let permit = recognise(work).await?;
    let Some(token) = kinds.first().and_then(|kind| Token::parse(kind.token_kind(), token)) else { return Err(Error::NotFound) };
    let found = work.tx()?.login_token_by_hash(&permit, &token.hash()).await?;
    let now = work.now();
    let open = found.filter(|row| kinds.contains(&row.kind) && row.used_at.is_none() && now < row.expires_at);
    let row = open.ok_or(Error::NotFound)?;
    let user = row.user_id.ok_or(Error::NotFound)?;
    Ok((row, user))
}
