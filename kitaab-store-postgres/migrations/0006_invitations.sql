-- Invitations, the projects they name, and what their links lead to.

CREATE TABLE invitations (
    workspace_id   uuid        NOT NULL REFERENCES workspaces,
    id             uuid        NOT NULL,
    email          text        COLLATE "C" NOT NULL,
    role           text        NOT NULL CHECK (role IN ('member', 'client')),
    client_id      uuid,
    message        text,
    invited_by     uuid        NOT NULL REFERENCES users,
    created_at     timestamptz NOT NULL,
    sent_at        timestamptz,
    opened_at      timestamptz,
    accepted_at    timestamptz,
    revoked_at     timestamptz,
    expires_at     timestamptz NOT NULL,
    closed_at      timestamptz,
    delivery_state text        NOT NULL CHECK (delivery_state IN ('queued', 'sent', 'retrying', 'failed', 'withheld')),
    delivery_error text,
    delivery_at    timestamptz NOT NULL,
    generation     bigint      NOT NULL,
    key_id         bigint      NOT NULL,
    queued_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients,
    CHECK ((client_id IS NOT NULL) = (role = 'client')),
    CHECK (closed_at IS NOT NULL OR (accepted_at IS NULL AND revoked_at IS NULL))
);
CREATE UNIQUE INDEX invitations_open ON invitations (workspace_id, email) WHERE closed_at IS NULL;
CREATE INDEX invitations_client ON invitations (workspace_id, client_id, id);
CALL kitaab_fence('invitations', 'owner', 'member', 'client', 'guest', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO kitaab_app;

CREATE TABLE invitation_projects (
    workspace_id  uuid   NOT NULL,
    invitation_id uuid   NOT NULL,
    project_id    uuid   NOT NULL,
    place         bigint NOT NULL,
    PRIMARY KEY (workspace_id, invitation_id, project_id),
    FOREIGN KEY (workspace_id, invitation_id) REFERENCES invitations ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE
);
CREATE INDEX invitation_projects_project ON invitation_projects (workspace_id, project_id);
CALL kitaab_fence('invitation_projects', 'owner', 'member', 'client', 'guest', 'system');
GRANT SELECT, INSERT, DELETE ON invitation_projects TO kitaab_app;

-- A link is looked up before anything is known of who brings it, so there is nothing personal here.
CREATE TABLE link_tokens (
    token_hash   bytea NOT NULL PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    kind         text  NOT NULL CHECK (kind IN ('mailed', 'copied')),
    workspace_id uuid  NOT NULL,
    subject_id   uuid  NOT NULL
);
CREATE INDEX link_tokens_subject ON link_tokens (workspace_id, subject_id);
CALL kitaab_fence_writes('link_tokens');
GRANT SELECT, INSERT, DELETE ON link_tokens TO kitaab_app;
