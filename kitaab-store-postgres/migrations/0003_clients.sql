-- Row-level security hides rows and not columns: what a client must never read of a card is a table of its own.

CREATE TABLE clients (
    workspace_id   uuid        NOT NULL REFERENCES workspaces,
    id             uuid        NOT NULL,
    name           text        NOT NULL,
    name_folded    text        COLLATE "C" NOT NULL,
    email          text        COLLATE "C" NOT NULL,
    company        text,
    company_folded text        COLLATE "C",
    phone          text,
    user_id        uuid        REFERENCES users,
    archived_at    timestamptz,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    version        bigint      NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX clients_email ON clients (workspace_id, email) WHERE archived_at IS NULL;
CREATE INDEX clients_user ON clients (workspace_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX clients_name ON clients (workspace_id, name_folded, id);
CALL kitaab_fence('clients', 'owner', 'member', 'client', 'guest', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON clients TO kitaab_app;

CREATE TABLE client_notes (
    workspace_id uuid NOT NULL,
    client_id    uuid NOT NULL,
    body         text NOT NULL,
    PRIMARY KEY (workspace_id, client_id),
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients ON DELETE CASCADE
);
CALL kitaab_fence('client_notes', 'owner', 'member', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON client_notes TO kitaab_app;
