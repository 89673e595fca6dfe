-- Who belongs to a workspace.

CREATE TABLE memberships (
    workspace_id           BLOB    NOT NULL REFERENCES workspaces,
    user_id                BLOB    NOT NULL REFERENCES users,
    role                   TEXT    NOT NULL CHECK (role IN ('owner', 'member', 'client')),
    client_id              BLOB,
    invited_by             BLOB    REFERENCES users,
    invitation_accepted_at INTEGER,
    created_at             INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients,
    CHECK ((client_id IS NOT NULL) = (role = 'client'))
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_user ON memberships (user_id);
CREATE UNIQUE INDEX memberships_client ON memberships (workspace_id, client_id) WHERE client_id IS NOT NULL;
