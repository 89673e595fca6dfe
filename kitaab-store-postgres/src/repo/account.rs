//! Accounts, sessions and the links in mails to accounts.

use async_trait::async_trait;
use kitaab_core::access::{Instance, Own, Reads, Writes};
use kitaab_core::account::{AccountEntry, Belonging, Login, LoginToken, LoginTokenKind, Profile, Session, User};
use kitaab_core::ids::{LoginTokenId, SessionId};
use kitaab_core::store::{AccountRepo, StoreResult};
use kitaab_core::time::Timestamp;
use kitaab_core::token::TokenHash;
use sqlx::{query, query_as};

use super::rows::{LoginRow, LoginTokenRow, SessionRow};
use crate::engine::Unit;

#[async_trait]
impl AccountRepo for Unit {
    async fn insert_user(&mut self, _: &Writes<Instance>, user: &User, password_hash: Option<&str>) -> StoreResult<bool> {
        let User { id, email, display_name, company, time_zone, locale, avatar_url, email_verified_at, moderator, created_at, deleted_at } =
            user;
        let query = query!(
            "INSERT INTO users (id, email, password_hash, display_name, company, time_zone, locale, avatar_url, email_verified_at,
                moderator, created_at, deleted_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (email) DO NOTHING",
            id as _,
            email.as_deref(),
            password_hash,
            display_name,
            company.as_deref(),
            time_zone,
            locale,
            avatar_url.as_deref(),
            email_verified_at as _,
            moderator,
            created_at as _,
            deleted_at as _
        );
        self.touch(query).await
    }

    async fn login_by_email(&mut self, _: &Reads<Instance>, email: &str) -> StoreResult<Option<Login>> {
        let query = query_as!(
            LoginRow,
            "SELECT id, email, password_hash, display_name, company, time_zone, locale, avatar_url, email_verified_at, moderator,
                created_at, deleted_at
            FROM users WHERE email = $1 AND deleted_at IS NULL",
            email
        );
        Ok(self.optional(query).await?.map(Login::from))
    }

    async fn login(&mut self, permit: &Reads<Own>) -> StoreResult<Option<Login>> {
        let Own(user) = permit.target();
        let query = query_as!(
            LoginRow,
            "SELECT id, email, password_hash, display_name, company, time_zone, locale, avatar_url, email_verified_at, moderator,
                created_at, deleted_at
            FROM users WHERE id = $1 AND deleted_at IS NULL",
            user as _
        );
        Ok(self.optional(query).await?.map(Login::from))
    }

    async fn lock_login(&mut self, permit: &Writes<Own>) -> StoreResult<Option<Login>> {
        let Own(user) = permit.target();
        self.lock_user(user).await?;
        self.login(permit).await
    }

    async fn belongings(&mut self, permit: &Reads<Own>) -> StoreResult<Vec<Belonging>> {
        let Own(user) = permit.target();
        let query = query_as!(
            Belonging,
            "SELECT w.id, w.name, m.role, m.client_id
            FROM memberships m JOIN workspaces w ON w.id = m.workspace_id
            WHERE m.user_id = $1 AND w.deleted_at IS NULL ORDER BY w.name_folded, w.id",
            user as _
        );
        self.all(query).await
    }

    async fn update_profile(&mut self, permit: &Writes<Own>, profile: &Profile) -> StoreResult<()> {
        let Own(user) = permit.target();
        let Profile { display_name, company, time_zone, locale } = profile;
        let query = query!(
            "UPDATE users SET display_name = $2, company = $3, time_zone = $4, locale = $5 WHERE id = $1",
            user as _,
            display_name,
            company.as_deref(),
            time_zone,
            locale
        );
        self.execute(query).await.map(drop)
    }

    async fn set_password(&mut self, permit: &Writes<Own>, password_hash: Option<&str>) -> StoreResult<()> {
        let Own(user) = permit.target();
        self.execute(query!("UPDATE users SET password_hash = $2 WHERE id = $1", user as _, password_hash)).await.map(drop)
    }

    async fn rehash_password(&mut self, permit: &Writes<Own>, old: &str, new: &str) -> StoreResult<()> {
        let Own(user) = permit.target();
        let query = query!("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2", user as _, old, new);
        self.execute(query).await.map(drop)
    }

    async fn verify_email(&mut self, permit: &Writes<Own>, at: Timestamp) -> StoreResult<()> {
        let Own(user) = permit.target();
        let query = query!("UPDATE users SET email_verified_at = $2 WHERE id = $1 AND email_verified_at IS NULL", user as _, at as _);
        self.execute(query).await.map(drop)
    }

    async fn set_email(&mut self, permit: &Writes<Own>, email: &str, verified_at: Timestamp) -> StoreResult<bool> {
        let Own(user) = permit.target();
        let query = query!(
            "UPDATE users SET email = $2, email_verified_at = $3
            WHERE id = $1 AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email = $2 AND o.id <> $1)",
            user as _,
            email,
            verified_at as _
        );
        self.touch(query).await
    }

    async fn remember_old_email(&mut self, permit: &Writes<Own>, id: LoginTokenId, email: &str) -> StoreResult<()> {
        let Own(user) = permit.target();
        let query = query!("UPDATE login_tokens SET email = $3 WHERE id = $2 AND user_id = $1", user as _, id as _, email);
        self.execute(query).await.map(drop)
    }

    async fn erase_user(&mut self, permit: &Writes<Own>, name: &str, at: Timestamp) -> StoreResult<()> {
        let Own(user) = permit.target();
        let query = query!(
            "UPDATE users SET email = NULL, password_hash = NULL, display_name = $2, company = NULL, avatar_url = NULL,
                email_verified_at = NULL, moderator = FALSE, deleted_at = $3
            WHERE id = $1",
            user as _,
            name,
            at as _
        );
        self.execute(query).await.map(drop)
    }

    async fn set_moderator(&mut self, _: &Writes<Instance>, email: &str, moderator: bool) -> StoreResult<bool> {
        self.touch(query!("UPDATE users SET moderator = $2 WHERE email = $1 AND deleted_at IS NULL", email, moderator)).await
    }

    async fn insert_session(&mut self, _: &Writes<Own>, session: &Session, token_hash: &TokenHash) -> StoreResult<()> {
        let Session { id, user_id, created_at, last_seen_at, expires_at, authenticated_at, user_agent } = session;
        let query = query!(
            "INSERT INTO sessions (id, user_id, token_hash, created_at, last_seen_at, expires_at, authenticated_at, user_agent)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            id as _,
            user_id as _,
            token_hash.as_slice(),
            created_at as _,
            last_seen_at as _,
            expires_at as _,
            authenticated_at as _,
            user_agent.as_deref()
        );
        self.execute(query).await.map(drop)
    }

    async fn trim_sessions(&mut self, permit: &Writes<Own>, keep: i64) -> StoreResult<()> {
        let Own(user) = permit.target();
        let query = query!(
            "DELETE FROM sessions WHERE user_id = $1 AND id NOT IN
                (SELECT id FROM sessions WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2)",
            user as _,
            keep
        );
        self.execute(query).await.map(drop)
    }

    async fn session_by_hash(&mut self, _: &Reads<Instance>, token_hash: &TokenHash) -> StoreResult<Option<(Session, User)>> {
        let query = query_as!(
            SessionRow,
            "SELECT u.id, u.email, u.display_name, u.company, u.time_zone, u.locale, u.avatar_url, u.email_verified_at, u.moderator,
                u.created_at, u.deleted_at, s.id AS session_id, s.created_at AS started_at, s.last_seen_at, s.expires_at,
                s.authenticated_at, s.user_agent
            FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.token_hash = $1 AND u.deleted_at IS NULL",
            token_hash.as_slice()
        );
        Ok(self.optional(query).await?.map(Into::into))
    }

    async fn sessions(&mut self, permit: &Reads<Own>, now: Timestamp, idle_since: Timestamp) -> StoreResult<Vec<Session>> {
        let Own(user) = permit.target();
        let query = query_as!(
            Session,
            "SELECT id, user_id, created_at, last_seen_at, expires_at, authenticated_at, user_agent FROM sessions
            WHERE user_id = $1 AND expires_at > $2 AND last_seen_at > $3 ORDER BY created_at DESC, id DESC",
            user as _,
            now as _,
            idle_since as _
        );
        self.all(query).await
    }

    async fn sessions_alive(&mut self, _: &Reads<Instance>, ids: &[SessionId], now: Timestamp) -> StoreResult<Vec<SessionId>> {
        self.sessions_among(ids, now).await
    }

    async fn touch_session(&mut self, permit: &Writes<Own>, session: SessionId, at: Timestamp) -> StoreResult<()> {
        let Own(user) = permit.target();
        let query = query!(
            "UPDATE sessions SET last_seen_at = $3 WHERE user_id = $1 AND id = $2 AND last_seen_at < $3",
            user as _,
            session as _,
            at as _
        );
        self.execute(query).await.map(drop)
    }

    async fn refresh_session(&mut self, permit: &Writes<Own>, session: SessionId, at: Timestamp) -> StoreResult<()> {
        let Own(user) = permit.target();
        let query = query!("UPDATE sessions SET authenticated_at = $3 WHERE user_id = $1 AND id = $2", user as _, session as _, at as _);
        self.execute(query).await.map(drop)
    }

    async fn delete_session(&mut self, permit: &Writes<Own>, session: SessionId) -> StoreResult<bool> {
        let Own(user) = permit.target();
        self.touch(query!("DELETE FROM sessions WHERE user_id = $1 AND id = $2", user as _, session as _)).await
    }

    async fn delete_sessions(&mut self, permit: &Writes<Own>, but: Option<SessionId>) -> StoreResult<()> {
        let Own(user) = permit.target();
        let query = query!("DELETE FROM sessions WHERE user_id = $1 AND (CAST($2 AS UUID) IS NULL OR id <> $2)", user as _, but as _);
        self.execute(query).await.map(drop)
    }

    async fn insert_login_token(&mut self, _: &Writes<Instance>, token: &LoginToken) -> StoreResult<()> {
        let LoginToken { id, user_id, kind, token_hash, key_id, request_hash, email, created_at, expires_at, used_at } = token;
        if let Some(user) = *user_id {
            // Two at once would close each other's predecessor and leave two open.
            self.lock_user(user).await?;
            let query = query!(
                "UPDATE login_tokens SET used_at = $3 WHERE user_id = $1 AND kind = $2 AND used_at IS NULL",
                user as _,
                kind as _,
                created_at as _
            );
            self.execute(query).await?;
        }
        let query = query!(
            "INSERT INTO login_tokens (id, user_id, kind, token_hash, key_id, request_hash, email, created_at, expires_at, used_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            id as _,
            user_id as _,
            kind as _,
            token_hash.as_slice(),
            key_id,
            request_hash.as_ref().map(<[u8; 32]>::as_slice),
            email.as_deref(),
            created_at as _,
            expires_at as _,
            used_at as _
        );
        self.execute(query).await.map(drop)
    }

    async fn login_token(&mut self, _: &Reads<Instance>, id: LoginTokenId) -> StoreResult<Option<LoginToken>> {
        let query = query_as!(
            LoginTokenRow,
            "SELECT id, user_id, kind, token_hash, key_id, request_hash, email, created_at, expires_at, used_at
            FROM login_tokens WHERE id = $1",
            id as _
        );
        self.optional(query).await?.map(LoginToken::try_from).transpose()
    }

    async fn login_token_by_hash(&mut self, _: &Reads<Instance>, token_hash: &TokenHash) -> StoreResult<Option<LoginToken>> {
        let query = query_as!(
            LoginTokenRow,
            "SELECT id, user_id, kind, token_hash, key_id, request_hash, email, created_at, expires_at, used_at
            FROM login_tokens WHERE token_hash = $1",
            token_hash.as_slice()
        );
        self.optional(query).await?.map(LoginToken::try_from).transpose()
    }

    async fn use_login_token(&mut self, permit: &Writes<Own>, id: LoginTokenId, at: Timestamp) -> StoreResult<bool> {
        let Own(user) = permit.target();
        let query =
            query!("UPDATE login_tokens SET used_at = $3 WHERE id = $2 AND user_id = $1 AND used_at IS NULL", user as _, id as _, at as _);
        self.touch(query).await
    }

    async fn close_login_tokens(&mut self, permit: &Writes<Own>, kind: Option<LoginTokenKind>, at: Timestamp) -> StoreResult<()> {
        let Own(user) = permit.target();
        let query = query!(
            "UPDATE login_tokens SET used_at = $3
            WHERE user_id = $1 AND used_at IS NULL AND (CAST($2 AS TEXT) IS NULL OR kind = $2)",
            user as _,
            kind as _,
            at as _
        );
        self.execute(query).await.map(drop)
    }

    async fn append_account_audit(&mut self, _: &Writes<Instance>, entry: &AccountEntry) -> StoreResult<()> {
        let AccountEntry { id, at, user_id, act, address, request_id } = entry;
        let query = query!(
            "INSERT INTO account_audit (id, at, user_id, act, address, request_id) VALUES ($1, $2, $3, $4, $5, $6)",
            id as _,
            at as _,
            user_id as _,
            act as _,
            address.as_deref(),
            request_id.as_deref()
        );
        self.execute(query).await.map(drop)
    }

    async fn sweep_accounts(
        &mut self,
        _: &Writes<Instance>,
        now: Timestamp,
        idle_since: Timestamp,
        audit_before: Timestamp,
    ) -> StoreResult<u64> {
        let sessions = query!("DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2", now as _, idle_since as _);
        let mut gone = self.execute(sessions).await?;
        // A link that ran out is kept as long as an idle session, so that its page can still say so.
        gone += self.execute(query!("DELETE FROM login_tokens WHERE expires_at <= $1", idle_since as _)).await?;
        gone += self.execute(query!("DELETE FROM account_audit WHERE at < $1", audit_before as _)).await?;
        Ok(gone)
    }

    async fn kept_fingerprint(&mut self, _: &Writes<Instance>) -> StoreResult<Option<String>> {
        Ok(self.optional(query!("SELECT key_fingerprint FROM instance WHERE id = 1")).await?.map(|row| row.key_fingerprint))
    }

    async fn instance_fingerprint(&mut self, _: &Writes<Instance>, fingerprint: &str) -> StoreResult<String> {
        let insert = query!("INSERT INTO instance (id, key_fingerprint) VALUES (1, $1) ON CONFLICT (id) DO NOTHING", fingerprint);
        self.execute(insert).await?;
        Ok(self.one(query!("SELECT key_fingerprint FROM instance WHERE id = 1")).await?.key_fingerprint)
    }

    async fn replace_fingerprint(&mut self, _: &Writes<Instance>, old: &str, new: &str) -> StoreResult<bool> {
        self.touch(query!("UPDATE instance SET key_fingerprint = $2 WHERE id = 1 AND key_fingerprint = $1", old, new)).await
    }
}
