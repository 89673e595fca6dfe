-- The owner's money: expenses and income with all their earlier versions, and time. Nobody else ever sees a row.

CREATE TABLE ledger_entries (
    workspace_id BLOB    NOT NULL REFERENCES workspaces,
    id           BLOB    NOT NULL,
    kind         TEXT    NOT NULL CHECK (kind IN ('expense', 'income')),
    minor        INTEGER NOT NULL CHECK (minor BETWEEN 0 AND 9999999999999),
    currency     TEXT    NOT NULL,
    "on"         TEXT    NOT NULL,
    category     TEXT,
    project_id   BLOB,
    client_id    BLOB,
    note         TEXT,
    tags         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    deleted_at   INTEGER,
    version      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects,
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_entries_on ON ledger_entries (workspace_id, kind, "on", id);
CREATE INDEX ledger_entries_project ON ledger_entries (workspace_id, project_id) WHERE project_id IS NOT NULL;
CREATE INDEX ledger_entries_client ON ledger_entries (workspace_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE ledger_versions (
    workspace_id BLOB    NOT NULL,
    entry_id     BLOB    NOT NULL,
    version      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    actor_id     BLOB,
    deleted      INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    entry        TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, entry_id, version),
    FOREIGN KEY (workspace_id, entry_id) REFERENCES ledger_entries ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE time_entries (
    workspace_id BLOB    NOT NULL REFERENCES workspaces,
    id           BLOB    NOT NULL,
    user_id      BLOB    NOT NULL REFERENCES users,
    project_id   BLOB,
    task_id      BLOB,
    note         TEXT,
    started_at   INTEGER NOT NULL,
    ended_at     INTEGER,
    billable     INTEGER NOT NULL CHECK (billable IN (0, 1)),
    rate         INTEGER CHECK (rate BETWEEN 0 AND 9999999999999),
    currency     TEXT,
    minutes      INTEGER,
    amount       INTEGER,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects,
    CHECK (ended_at >= started_at),
    CHECK ((rate IS NULL) = (currency IS NULL))
) STRICT, WITHOUT ROWID;
-- One timer runs for a person, whoever starts another at the same time.
CREATE UNIQUE INDEX time_entries_running ON time_entries (workspace_id, user_id) WHERE ended_at IS NULL;
CREATE INDEX time_entries_started ON time_entries (workspace_id, started_at, id);
CREATE INDEX time_entries_project ON time_entries (workspace_id, project_id) WHERE project_id IS NOT NULL;
