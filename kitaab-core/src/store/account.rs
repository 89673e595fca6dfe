//! Accounts, sessions and the links in mails to accounts. These tables belong to no workspace.

use async_trait::async_trait;

use super::StoreResult;
use crate::access::{Instance, Own, Reads, Writes};
use crate::account::{AccountEntry, Belonging, Login, LoginToken, LoginTokenKind, Profile, Session, User};
use crate::ids::{LoginTokenId, SessionId};
use crate::time::Timestamp;
use crate::token::TokenHash;

/// Accounts, sessions, links.
#[async_trait]
pub trait AccountRepo {
    /// False if the email is taken.
    async fn insert_user(&mut self, permit: &Writes<Instance>, user: &User, password_hash: Option<&str>) -> StoreResult<bool>;
    /// By email, deleted accounts excepted.
    async fn login_by_email(&mut self, permit: &Reads<Instance>, email: &str) -> StoreResult<Option<Login>>;
    /// By id, deleted accounts excepted.
    async fn login(&mut self, permit: &Reads<Own>) -> StoreResult<Option<Login>>;
    /// As `login`; nobody else changes the account until the commit.
    async fn lock_login(&mut self, permit: &Writes<Own>) -> StoreResult<Option<Login>>;
    /// The workspaces the person belongs to, by folded name. Wants [`Scope::Person`](super::Scope::Person).
    async fn belongings(&mut self, permit: &Reads<Own>) -> StoreResult<Vec<Belonging>>;
    /// The fields that people edit themselves.
    async fn update_profile(&mut self, permit: &Writes<Own>, profile: &Profile) -> StoreResult<()>;
    /// `None` voids the password.
    async fn set_password(&mut self, permit: &Writes<Own>, password_hash: Option<&str>) -> StoreResult<()>;
    /// Replaces the hash by one of stronger parameters, if it is still the same.
    async fn rehash_password(&mut self, permit: &Writes<Own>, old: &str, new: &str) -> StoreResult<()>;
    /// Verified at `at`, unless it was before.
    async fn verify_email(&mut self, permit: &Writes<Own>, at: Timestamp) -> StoreResult<()>;
    /// Takes over a verified address; false if somebody has it.
    async fn set_email(&mut self, permit: &Writes<Own>, email: &str, verified_at: Timestamp) -> StoreResult<bool>;
    /// Keeps the address that was given up in the row of the link that changed it, for the mail that tells it.
    async fn remember_old_email(&mut self, permit: &Writes<Own>, id: LoginTokenId, email: &str) -> StoreResult<()>;
    /// Empties the account and calls it `name`: no email, no password, no picture. Its id stays.
    async fn erase_user(&mut self, permit: &Writes<Own>, name: &str, at: Timestamp) -> StoreResult<()>;
    /// Makes or removes a moderator; false if nobody has this email.
    async fn set_moderator(&mut self, permit: &Writes<Instance>, email: &str, moderator: bool) -> StoreResult<bool>;

    /// Starts a session.
    async fn insert_session(&mut self, permit: &Writes<Own>, session: &Session, token_hash: &TokenHash) -> StoreResult<()>;
    /// Ends the oldest sessions beyond the newest `keep`.
    async fn trim_sessions(&mut self, permit: &Writes<Own>, keep: i64) -> StoreResult<()>;
    /// The session of a token and its person, whether it still holds or not; deleted accounts excepted.
    async fn session_by_hash(&mut self, permit: &Reads<Instance>, token_hash: &TokenHash) -> StoreResult<Option<(Session, User)>>;
    /// All sessions of the person, newest first, of which `absolute` and `idle` have not passed.
    async fn sessions(&mut self, permit: &Reads<Own>, now: Timestamp, idle_since: Timestamp) -> StoreResult<Vec<Session>>;
    /// Those of the sessions that have not ended: not signed out of, and not `absolute` old.
    async fn sessions_alive(&mut self, permit: &Reads<Instance>, ids: &[SessionId], now: Timestamp) -> StoreResult<Vec<SessionId>>;
    /// Notes that the session is used.
    async fn touch_session(&mut self, permit: &Writes<Own>, session: SessionId, at: Timestamp) -> StoreResult<()>;
    /// Notes that the password was typed in it.
    async fn refresh_session(&mut self, permit: &Writes<Own>, session: SessionId, at: Timestamp) -> StoreResult<()>;
    /// False if the person has no such session.
    async fn delete_session(&mut self, permit: &Writes<Own>, session: SessionId) -> StoreResult<bool>;
    /// Ends all sessions, or all but one.
    async fn delete_sessions(&mut self, permit: &Writes<Own>, but: Option<SessionId>) -> StoreResult<()>;

    /// Keeps a link. The person's open ones of the same kind are closed: only the newest works.
    async fn insert_login_token(&mut self, permit: &Writes<Instance>, token: &LoginToken) -> StoreResult<()>;
    /// By id, for writing the mail.
    async fn login_token(&mut self, permit: &Reads<Instance>, id: LoginTokenId) -> StoreResult<Option<LoginToken>>;
    /// Whatever state it is in.
    async fn login_token_by_hash(&mut self, permit: &Reads<Instance>, token_hash: &TokenHash) -> StoreResult<Option<LoginToken>>;
    /// Uses it up; false if it was used or closed already.
    async fn use_login_token(&mut self, permit: &Writes<Own>, id: LoginTokenId, at: Timestamp) -> StoreResult<bool>;
    /// Closes all open links of the person of one kind, or of every kind.
    async fn close_login_tokens(&mut self, permit: &Writes<Own>, kind: Option<LoginTokenKind>, at: Timestamp) -> StoreResult<()>;

    /// Notes what happened to an account.
    async fn append_account_audit(&mut self, permit: &Writes<Instance>, entry: &AccountEntry) -> StoreResult<()>;
    /// Removes sessions, links and entries that have run out; how many rows went.
    async fn sweep_accounts(
        &mut self,
        permit: &Writes<Instance>,
        now: Timestamp,
        idle_since: Timestamp,
        audit_before: Timestamp,
    ) -> StoreResult<u64>;
    /// The fingerprint of the instance key, if one was kept.
    async fn kept_fingerprint(&mut self, permit: &Writes<Instance>) -> StoreResult<Option<String>>;
    /// The fingerprint of the instance key: kept at the first call, and answered ever after.
    async fn instance_fingerprint(&mut self, permit: &Writes<Instance>, fingerprint: &str) -> StoreResult<String>;
    /// Puts a new fingerprint in the place of `old`; false if another one is there.
    async fn replace_fingerprint(&mut self, permit: &Writes<Instance>, old: &str, new: &str) -> StoreResult<bool>;
}
