-- Accounts belong to the instance and to no workspace.
-- Ids and hashes are blobs, times whole microseconds since 1970: text times would sort wrongly.

CREATE TABLE users (
    id                BLOB    NOT NULL PRIMARY KEY,
    email             TEXT    UNIQUE,
    password_hash     TEXT,
    display_name      TEXT    NOT NULL,
    company           TEXT,
    time_zone         TEXT    NOT NULL,
    locale            TEXT    NOT NULL,
    avatar_url        TEXT,
    email_verified_at INTEGER,
    moderator         INTEGER NOT NULL CHECK (moderator IN (0, 1)),
    created_at        INTEGER NOT NULL,
    deleted_at        INTEGER,
    CHECK (deleted_at IS NULL OR (email IS NULL AND password_hash IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id               BLOB    NOT NULL PRIMARY KEY,
    user_id          BLOB    NOT NULL REFERENCES users,
    token_hash       BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at       INTEGER NOT NULL,
    last_seen_at     INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    authenticated_at INTEGER NOT NULL,
    user_agent       TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id, id);

CREATE TABLE login_tokens (
    id           BLOB    NOT NULL PRIMARY KEY,
    user_id      BLOB    REFERENCES users,
    kind         TEXT    NOT NULL CHECK (kind IN ('reset', 'verification', 'magic_link', 'change_email')),
    token_hash   BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    key_id       INTEGER NOT NULL,
    request_hash BLOB    CHECK (length(request_hash) = 32),
    email        TEXT,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX login_tokens_open ON login_tokens (user_id, kind) WHERE used_at IS NULL;

CREATE TABLE account_audit (
    id         BLOB    NOT NULL PRIMARY KEY,
    at         INTEGER NOT NULL,
    user_id    BLOB    REFERENCES users,
    act        TEXT    NOT NULL,
    address    TEXT,
    request_id TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX account_audit_user ON account_audit (user_id, id);

-- Marks are keyed hashes: the table does not say whose count it is.
CREATE TABLE rate_limits (
    mark    BLOB    NOT NULL PRIMARY KEY CHECK (length(mark) = 32),
    hits    INTEGER NOT NULL,
    since   INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE instance (
    id              INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    key_fingerprint TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
