//! Sessions: how one is started, listed, ended and kept fresh.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{AccountAct, Accounts, Belonging, Me, Session, User};
use crate::access::{Instance, Own, Proof, action};
use crate::error::{Error, Problems, Refusal, Result};
use crate::ids::SessionId;
use crate::input::{Check, Input};
use crate::page::Page;
use crate::store::Scope;
use crate::time::Timestamp;
use crate::token::{Token, TokenKind};
use crate::work::Work;

/// Sessions of one person; the oldest end beyond this.
pub const MAX_SESSIONS: i64 = 20;
/// What is longer of a browser's name is cut.
const USER_AGENT_MAX: usize = 200;
/// How long a password typed counts as typed just now.
pub const FRESH_FOR: Duration = Duration::from_mins(15);

/// The secret of a new session. It is shown once; only its hash is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionToken {
    /// `kts_…`, for `Authorization: Bearer`.
    #[serde(serialize_with = "reveal")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub token: SecretString,
    /// The session ends then, however much it is used.
    pub expires_at: Timestamp,
}

fn reveal<S: serde::Serializer>(secret: &SecretString, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

/// Who is signed in, and where they belong.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signed {
    /// The person.
    pub user: Me,
    /// Platform staff.
    pub moderator: bool,
    /// Their workspaces, by name.
    pub workspaces: Vec<Belonging>,
}

/// The answer to a sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// Who and where.
    #[serde(flatten)]
    pub signed: Signed,
    /// The new session.
    pub session: SessionToken,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnSession {
    /// The id.
    pub id: SessionId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was used last, to five minutes.
    pub last_seen_at: Timestamp,
    /// It ends then at the latest.
    pub expires_at: Timestamp,
    /// What the browser said it is.
    pub user_agent: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The password, typed once more.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reauthenticate {
    /// The current password.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = String, max_length = 128))]
    #[serde(default)]
    pub password: SecretString,
}

impl Check for Reauthenticate {
    fn check(&mut self, problems: &mut Problems) {
        if self.password.expose_secret().is_empty() {
            problems.add("password", "required", "Type your password.");
        }
    }
}

/// Starts a session for a person who has shown a secret of the account, in the unit that found it right.
pub(crate) async fn start(work: &mut Work<'_>, user: &User, user_agent: Option<&str>) -> Result<SessionToken> {
    let permit = work.may_with::<action::StartSession>(Own(user.id), Proof::of_account(user.id)).await?;
    let (now, settings) = (work.now(), work.kitaab().settings());
    let token = Token::new(TokenKind::Session, work.kitaab().random());
    let session = Session {
        id: work.id(),
        user_id: user.id,
        created_at: now,
        last_seen_at: now,
        expires_at: now.after(settings.session_absolute),
        authenticated_at: now,
        user_agent: user_agent.map(|text| text.chars().filter(|c| !c.is_control()).take(USER_AGENT_MAX).collect()),
    };
    work.tx()?.insert_session(&permit, &session, &token.hash()).await?;
    work.tx()?.trim_sessions(&permit, MAX_SESSIONS).await?;
    Ok(SessionToken { token: token.reveal().into(), expires_at: session.expires_at })
}

impl Accounts<'_> {
    /// Who is signed in, and where they belong.
    pub async fn session(&self) -> Result<Signed> {
        let user = self.require()?;
        let mut work = Work::read(self.kitaab, self.actor, Scope::Person(user)).await?;
        let permit = work.may::<action::ViewAccount>(Own(user)).await?;
        let login = work.tx()?.login(&permit).await?.ok_or(Error::NotFound)?;
        let workspaces = work.tx()?.belongings(&permit).await?;
        Ok(Signed { moderator: login.user.moderator, user: login.user.into(), workspaces })
    }

    /// The own sessions that still hold, newest first: at most twenty, so there is one page.
    pub async fn sessions(&self) -> Result<Page<OwnSession>> {
        let user = self.require()?;
        let mut work = Work::read(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::ViewAccount>(Own(user)).await?;
        let idle_since = work.now().before(self.kitaab.settings().session_idle);
        let now = work.now();
        let found = work.tx()?.sessions(&permit, now, idle_since).await?;
        let own = |session: Session| OwnSession {
            current: Some(session.id) == self.actor.session(),
            id: session.id,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
            user_agent: session.user_agent,
        };
        Ok(Page { items: found.into_iter().map(own).collect(), next_cursor: None })
    }

    /// Ends one of the own sessions.
    pub async fn end_session(&self, session: SessionId) -> Result<()> {
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::EditAccount>(Own(self.require()?)).await?;
        if !work.tx()?.delete_session(&permit, session).await? {
            return Err(Error::NotFound);
        }
        work.note(AccountAct::SignedOut, self.actor.user()).await?;
        work.commit().await?;
        self.kitaab.hub().session_ended(session);
        Ok(())
    }

    /// Ends the session that calls. Without one there is nothing to end.
    pub async fn sign_out(&self) -> Result<()> {
        match self.actor.session() {
            Some(session) => self.end_session(session).await,
            None => Ok(()),
        }
    }

    /// Ends every own session, this one too.
    pub async fn sign_out_everywhere(&self) -> Result<()> {
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::EditAccount>(Own(self.require()?)).await?;
        work.tx()?.delete_sessions(&permit, None).await?;
        work.note(AccountAct::SessionsEnded, self.actor.user()).await?;
        work.commit().await
    }

    /// Confirms the password, which makes this session fresh for 15 minutes.
    pub async fn reauthenticate(&self, input: Input<Reauthenticate>) -> Result<()> {
        let user = self.require()?;
        let given = input.checked()?;
        self.slow_down_for(user).await?;
        if self.known_password(&given.password).await?.is_none() {
            self.count_failure(user).await?;
            return Err(Error::Forbidden(Refusal::WrongPassword));
        }
        let mut work = Work::write(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::EditAccount>(Own(user)).await?;
        if let Some(session) = self.actor.session() {
            let now = work.now();
            work.tx()?.refresh_session(&permit, session, now).await?;
        }
        work.note(AccountAct::Reauthenticated, Some(user)).await?;
        work.commit().await
    }

    /// The hash of the caller's own password, if that is what they typed. No unit is open while it is hashed.
    pub(super) async fn known_password(&self, password: &SecretString) -> Result<Option<String>> {
        let mut work = Work::read(self.kitaab, self.actor, Scope::Nobody).await?;
        let permit = work.may::<action::ViewAccount>(Own(self.require()?)).await?;
        let login = work.tx()?.login(&permit).await?.ok_or(Error::NotFound)?;
        drop(work);
        let right = self.kitaab.hashing().verify(password, login.password_hash.as_deref()).await?;
        Ok(login.password_hash.filter(|_| right))
    }

    /// The caller, who must be signed in.
    pub(crate) fn require(&self) -> Result<crate::ids::UserId> {
        self.actor.user().ok_or(Error::Unauthenticated(crate::error::Unauthenticated::NoSession))
    }
}

/// Opens a unit that may look accounts up, for callers who are not known yet.
pub(super) async fn recognise(work: &mut Work<'_>) -> Result<crate::access::Permit<action::Recognise>> {
    work.may::<action::Recognise>(Instance).await
}
