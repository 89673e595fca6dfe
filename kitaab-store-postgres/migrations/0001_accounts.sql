-- Accounts belong to the instance and to no workspace, so no row-level security binds these tables.
-- The server works as the role kitaab_app, which owns nothing: it can neither change a table nor lift a policy.

DO $$
DECLARE
    asked text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
    -- Roles belong to the whole cluster: another database of it may be making this one right now.
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kitaab_app') THEN
            CREATE ROLE kitaab_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
        END IF;
    EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    -- Since version 16 who creates a role may not yet act as it.
    IF NOT pg_has_role(current_user, 'kitaab_app', asked) THEN
        EXECUTE format('GRANT kitaab_app TO %I', current_user);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO kitaab_app', current_schema());
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The role kitaab_app is missing and % may not make it. Let an administrator run: CREATE ROLE kitaab_app NOLOGIN NOSUPERUSER NOBYPASSRLS; GRANT kitaab_app TO %;',
            quote_ident(current_user), quote_ident(current_user)
            USING ERRCODE = 'insufficient_privilege';
END $$;

-- As SQLite has it, so that the statement that looks for a part of a name is one for both.
CREATE FUNCTION instr(haystack text, needle text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT strpos(haystack, needle)';

CREATE TABLE users (
    id                uuid        NOT NULL PRIMARY KEY,
    email             text        COLLATE "C" UNIQUE,
    password_hash     text,
    display_name      text        NOT NULL,
    company           text,
    time_zone         text        NOT NULL,
    locale            text        NOT NULL,
    avatar_url        text,
    email_verified_at timestamptz,
    moderator         boolean     NOT NULL,
    created_at        timestamptz NOT NULL,
    deleted_at        timestamptz,
    CHECK (deleted_at IS NULL OR (email IS NULL AND password_hash IS NULL))
);

CREATE TABLE sessions (
    id               uuid        NOT NULL PRIMARY KEY,
    user_id          uuid        NOT NULL REFERENCES users,
    token_hash       bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at       timestamptz NOT NULL,
    last_seen_at     timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    authenticated_at timestamptz NOT NULL,
    user_agent       text
);
CREATE INDEX sessions_user ON sessions (user_id, id);

CREATE TABLE login_tokens (
    id           uuid        NOT NULL PRIMARY KEY,
    user_id      uuid        REFERENCES users,
    kind         text        NOT NULL CHECK (kind IN ('reset', 'verification', 'magic_link', 'change_email')),
    token_hash   bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    key_id       bigint      NOT NULL,
    request_hash bytea       CHECK (octet_length(request_hash) = 32),
    email        text        COLLATE "C",
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz
);
CREATE INDEX login_tokens_open ON login_tokens (user_id, kind) WHERE used_at IS NULL;

CREATE TABLE account_audit (
    id         uuid        NOT NULL PRIMARY KEY,
    at         timestamptz NOT NULL,
    user_id    uuid        REFERENCES users,
    act        text        NOT NULL,
    address    text,
    request_id text
);
CREATE INDEX account_audit_user ON account_audit (user_id, id);

-- Marks are keyed hashes: the table does not say whose count it is.
CREATE TABLE rate_limits (
    mark    bytea       NOT NULL PRIMARY KEY CHECK (octet_length(mark) = 32),
    hits    bigint      NOT NULL,
    since   timestamptz NOT NULL,
    last_at timestamptz NOT NULL
);

CREATE TABLE instance (
    id              bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    key_fingerprint text   NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON users, instance TO kitaab_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions, login_tokens, rate_limits TO kitaab_app;
GRANT SELECT, INSERT, DELETE ON account_audit TO kitaab_app;
GRANT SELECT ON _sqlx_migrations TO kitaab_app;
