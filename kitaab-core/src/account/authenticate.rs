//! From a session's token to an actor.

use std::time::Duration;

use super::session::{FRESH_FOR, recognise};
use crate::access::{Actor, Origin, Own, action};
use crate::error::Result;
use crate::ids::{SessionId, UserId};
use crate::kitaab::Kitaab;
use crate::store::Scope;
use crate::time::Timestamp;
use crate::token::{Token, TokenKind};
use crate::work::Work;

/// How exact `last_seen_at` is: a session is written at most this often.
const TOUCH_EVERY: Duration = Duration::from_mins(5);

impl Kitaab {
    /// The person whose session this token is, or none: unknown, ended, malformed, of another kind.
    pub async fn authenticate(&self, token: &str, origin: Origin) -> Result<Option<Actor>> {
        let Some(token) = Token::parse(TokenKind::Session, token) else { return Ok(None) };
        let nobody = Actor::nobody();
        let mut work = Work::read(self, &nobody, Scope::Nobody).await?;
        let permit = recognise(&mut work).await?;
        let Some((session, user)) = work.tx()?.session_by_hash(&permit, &token.hash()).await? else { return Ok(None) };
        let now = work.now();
        drop(work);
        if session.expires_at <= now || session.last_seen_at.after(self.settings().session_idle) <= now {
            return Ok(None);
        }
        let mut actor = Actor::person(user.id).from(origin).fresh_until(session.authenticated_at.after(FRESH_FOR));
        actor.session = Some(session.id);
        actor.moderator = user.moderator;
        if now.since(session.last_seen_at) >= TOUCH_EVERY {
            self.touch(&actor, user.id, session.id, now).await;
        }
        Ok(Some(actor))
    }

    /// Notes that the session is used. A busy database is no reason to turn its owner away.
    async fn touch(&self, actor: &Actor, user: UserId, session: SessionId, now: Timestamp) {
        let touched = async {
            let mut work = Work::write(self, actor, Scope::Nobody).await?;
            let permit = work.may::<action::EditAccount>(Own(user)).await?;
            work.tx()?.touch_session(&permit, session, now).await?;
            work.commit().await
        };
        if let Err(error) = touched.await {
            tracing::debug!(error = &error as &dyn std::error::Error, "a session could not be touched");
        }
    }
}
