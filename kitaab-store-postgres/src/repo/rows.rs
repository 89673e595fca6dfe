//! Rows that are not flat in the domain, and the little that is kept in another form than it has in memory.

use kitaab_core::account::{Login, LoginToken, LoginTokenKind, Session, User};
use kitaab_core::ids::{LoginTokenId, SessionId, UserId, WorkspaceId};
use kitaab_core::store::{Closing, StoreError, StoreResult};
use kitaab_core::time::Timestamp;
use kitaab_core::token::TokenHash;
use uuid::Uuid;

/// Before every id: where a list that ascends begins.
pub(crate) const FIRST: Uuid = Uuid::nil();
/// After every id: where a list that descends begins.
pub(crate) const LAST: Uuid = Uuid::max();

/// The least id of a thing that was made at this moment (RFC 9562, version 7).
pub(crate) fn first_of(at: Timestamp) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(at.millis(), &[0; 10]).into_uuid()
}

/// The workspace of a unit that writes its last rows.
pub(crate) fn workspace_of(closing: &Closing) -> StoreResult<WorkspaceId> {
    closing.workspace().ok_or_else(|| StoreError::Corrupt("a unit without a workspace has no log".into()))
}

/// A hash as it was kept.
pub(crate) fn hash(bytes: Vec<u8>) -> StoreResult<TokenHash> {
    bytes.try_into().map_err(|_| StoreError::Corrupt("a hash is not of 32 bytes".into()))
}

/// An account with its password.
pub(crate) struct LoginRow {
    pub(crate) id: UserId,
    pub(crate) email: Option<String>,
    pub(crate) password_hash: Option<String>,
    pub(crate) display_name: String,
    pub(crate) company: Option<String>,
    pub(crate) time_zone: String,
    pub(crate) locale: String,
    pub(crate) avatar_url: Option<String>,
    pub(crate) email_verified_at: Option<Timestamp>,
    pub(crate) moderator: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) deleted_at: Option<Timestamp>,
}

impl From<LoginRow> for Login {
    fn from(row: LoginRow) -> Self {
        let LoginRow {
            id,
            email,
            password_hash,
            display_name,
            company,
            time_zone,
            locale,
            avatar_url,
            email_verified_at,
            moderator,
            created_at,
            deleted_at,
        } = row;
        let user =
            User { id, email, display_name, company, time_zone, locale, avatar_url, email_verified_at, moderator, created_at, deleted_at };
        Self { user, password_hash }
    }
}

/// A session with its person.
pub(crate) struct SessionRow {
    pub(crate) id: UserId,
    pub(crate) email: Option<String>,
    pub(crate) display_name: String,
    pub(crate) company: Option<String>,
    pub(crate) time_zone: String,
    pub(crate) locale: String,
    pub(crate) avatar_url: Option<String>,
    pub(crate) email_verified_at: Option<Timestamp>,
    pub(crate) moderator: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) deleted_at: Option<Timestamp>,
    pub(crate) session_id: SessionId,
    pub(crate) started_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) authenticated_at: Timestamp,
    pub(crate) user_agent: Option<String>,
}

impl From<SessionRow> for (Session, User) {
    fn from(row: SessionRow) -> Self {
        let session = Session {
            id: row.session_id,
            user_id: row.id,
            created_at: row.started_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
            authenticated_at: row.authenticated_at,
            user_agent: row.user_agent,
        };
        let user = User {
            id: row.id,
            email: row.email,
            display_name: row.display_name,
            company: row.company,
            time_zone: row.time_zone,
            locale: row.locale,
            avatar_url: row.avatar_url,
            email_verified_at: row.email_verified_at,
            moderator: row.moderator,
            created_at: row.created_at,
            deleted_at: row.deleted_at,
        };
        (session, user)
    }
}

/// The row behind a link, its hashes as bytes.
pub(crate) struct LoginTokenRow {
    pub(crate) id: LoginTokenId,
    pub(crate) user_id: Option<UserId>,
    pub(crate) kind: LoginTokenKind,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) key_id: i64,
    pub(crate) request_hash: Option<Vec<u8>>,
    pub(crate) email: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
}

impl TryFrom<LoginTokenRow> for LoginToken {
    type Error = StoreError;
    fn try_from(row: LoginTokenRow) -> StoreResult<Self> {
        let LoginTokenRow { id, user_id, kind, token_hash, key_id, request_hash, email, created_at, expires_at, used_at } = row;
        let (token_hash, request_hash) = (hash(token_hash)?, request_hash.map(hash).transpose()?);
        Ok(Self { id, user_id, kind, token_hash, key_id, request_hash, email, created_at, expires_at, used_at })
    }
}
