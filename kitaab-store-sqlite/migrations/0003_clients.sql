-- What a client must never read of a card is a table of its own, as in the other store.

CREATE TABLE clients (
    workspace_id   BLOB    NOT NULL REFERENCES workspaces,
    id             BLOB    NOT NULL,
    name           TEXT    NOT NULL,
    name_folded    TEXT    NOT NULL,
    email          TEXT    NOT NULL,
    company        TEXT,
    company_folded TEXT,
    phone          TEXT,
    user_id        BLOB    REFERENCES users,
    archived_at    INTEGER,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX clients_email ON clients (workspace_id, email) WHERE archived_at IS NULL;
CREATE INDEX clients_user ON clients (workspace_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX clients_name ON clients (workspace_id, name_folded, id);

CREATE TABLE client_notes (
    workspace_id BLOB    NOT NULL,
    client_id    BLOB    NOT NULL,
    body         TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, client_id),
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
