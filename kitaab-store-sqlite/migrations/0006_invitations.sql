-- Invitations, the projects they name, and what their links lead to.

CREATE TABLE invitations (
    workspace_id   BLOB    NOT NULL REFERENCES workspaces,
    id             BLOB    NOT NULL,
    email          TEXT    NOT NULL,
    role           TEXT    NOT NULL CHECK (role IN ('member', 'client')),
    client_id      BLOB,
    message        TEXT,
    invited_by     BLOB    NOT NULL REFERENCES users,
    created_at     INTEGER NOT NULL,
    sent_at        INTEGER,
    opened_at      INTEGER,
    accepted_at    INTEGER,
    revoked_at     INTEGER,
    expires_at     INTEGER NOT NULL,
    closed_at      INTEGER,
    delivery_state TEXT    NOT NULL CHECK (delivery_state IN ('queued', 'sent', 'retrying', 'failed', 'withheld')),
    delivery_error TEXT,
    delivery_at    INTEGER NOT NULL,
    generation     INTEGER NOT NULL,
    key_id         INTEGER NOT NULL,
    queued_at      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients,
    CHECK ((client_id IS NOT NULL) = (role = 'client')),
    CHECK (closed_at IS NOT NULL OR (accepted_at IS NULL AND revoked_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX invitations_open ON invitations (workspace_id, email) WHERE closed_at IS NULL;
CREATE INDEX invitations_client ON invitations (workspace_id, client_id, id);

CREATE TABLE invitation_projects (
    workspace_id  BLOB    NOT NULL,
    invitation_id BLOB    NOT NULL,
    project_id    BLOB    NOT NULL,
    place         INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, invitation_id, project_id),
    FOREIGN KEY (workspace_id, invitation_id) REFERENCES invitations ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_projects_project ON invitation_projects (workspace_id, project_id);

-- A link is looked up before anything is known of who brings it: nothing personal is here.
CREATE TABLE link_tokens (
    token_hash   BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    kind         TEXT    NOT NULL CHECK (kind IN ('mailed', 'copied')),
    workspace_id BLOB    NOT NULL,
    subject_id   BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_tokens_subject ON link_tokens (workspace_id, subject_id);
