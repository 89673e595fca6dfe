-- A workspace is the tenant: every key of what belongs to one begins with it.

CREATE TABLE workspaces (
    id          BLOB    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    name_folded TEXT    NOT NULL,
    brand_color TEXT,
    time_zone   TEXT    NOT NULL,
    currency    TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    deleted_at  INTEGER,
    version     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE event_head (
    workspace_id BLOB    NOT NULL PRIMARY KEY REFERENCES workspaces,
    seq          INTEGER NOT NULL,
    floor        INTEGER NOT NULL,
    log_epoch    INTEGER NOT NULL,
    access_epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    workspace_id BLOB    NOT NULL REFERENCES workspaces,
    seq          INTEGER NOT NULL,
    id           BLOB    NOT NULL,
    kind         TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    actor_id     BLOB,
    audience     TEXT    NOT NULL CHECK
        (audience IN ('owner', 'staff', 'project', 'tasks', 'tasks_clients', 'comments', 'comments_clients', 'user')),
    audience_id  BLOB,
    subject_id   BLOB    NOT NULL,
    project_id   BLOB,
    tag          INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, seq),
    CHECK ((audience_id IS NULL) = (audience IN ('owner', 'staff')))
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_log (
    workspace_id BLOB    NOT NULL REFERENCES workspaces,
    id           BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    actor_id     BLOB,
    role         TEXT    NOT NULL,
    action       TEXT    NOT NULL,
    target_kind  TEXT    NOT NULL,
    target_id    BLOB,
    outcome      TEXT    NOT NULL CHECK (outcome IN ('done', 'refused')),
    address      TEXT,
    request_id   TEXT,
    PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_log_target ON audit_log (workspace_id, target_id, id);

CREATE TABLE idempotency_keys (
    workspace_id BLOB    NOT NULL REFERENCES workspaces,
    user_id      BLOB    NOT NULL REFERENCES users,
    key          BLOB    NOT NULL,
    call         TEXT    NOT NULL,
    answer       TEXT    NOT NULL,
    kept_at      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, user_id, key, call)
) STRICT, WITHOUT ROWID;
