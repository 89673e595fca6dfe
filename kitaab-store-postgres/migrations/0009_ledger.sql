-- The owner's money: expenses and income with all their earlier versions, and time. Nobody else ever sees a row.

CREATE TABLE ledger_entries (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('expense', 'income')),
    minor        bigint      NOT NULL CHECK (minor BETWEEN 0 AND 9999999999999),
    currency     text        COLLATE "C" NOT NULL,
    "on"         date        NOT NULL,
    category     text,
    project_id   uuid,
    client_id    uuid,
    note         text,
    tags         text        NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    deleted_at   timestamptz,
    version      bigint      NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects,
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients
);
CREATE INDEX ledger_entries_on ON ledger_entries (workspace_id, kind, "on", id);
CREATE INDEX ledger_entries_project ON ledger_entries (workspace_id, project_id) WHERE project_id IS NOT NULL;
CREATE INDEX ledger_entries_client ON ledger_entries (workspace_id, client_id) WHERE client_id IS NOT NULL;
CALL kitaab_fence('ledger_entries', 'owner', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_entries TO kitaab_app;

CREATE TABLE ledger_versions (
    workspace_id uuid        NOT NULL,
    entry_id     uuid        NOT NULL,
    version      bigint      NOT NULL,
    at           timestamptz NOT NULL,
    actor_id     uuid,
    deleted      boolean     NOT NULL,
    entry        text        NOT NULL,
    PRIMARY KEY (workspace_id, entry_id, version),
    FOREIGN KEY (workspace_id, entry_id) REFERENCES ledger_entries ON DELETE CASCADE
);
CALL kitaab_fence('ledger_versions', 'owner', 'system');
GRANT SELECT, INSERT, DELETE ON ledger_versions TO kitaab_app;

CREATE TABLE time_entries (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    user_id      uuid        NOT NULL REFERENCES users,
    project_id   uuid,
    task_id      uuid,
    note         text,
    started_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    billable     boolean     NOT NULL,
    rate         bigint      CHECK (rate BETWEEN 0 AND 9999999999999),
    currency     text        COLLATE "C",
    minutes      bigint,
    amount       bigint,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    version      bigint      NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects,
    CHECK (ended_at >= started_at),
    CHECK ((rate IS NULL) = (currency IS NULL))
);
-- One timer runs for a person, whoever starts another at the same time.
CREATE UNIQUE INDEX time_entries_running ON time_entries (workspace_id, user_id) WHERE ended_at IS NULL;
CREATE INDEX time_entries_started ON time_entries (workspace_id, started_at, id);
CREATE INDEX time_entries_project ON time_entries (workspace_id, project_id) WHERE project_id IS NOT NULL;
CALL kitaab_fence('time_entries', 'owner', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON time_entries TO kitaab_app;
