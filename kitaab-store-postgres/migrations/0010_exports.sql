-- Everything that somebody may see, as a file to take away. The files are kept beside the database.

CREATE TABLE exports (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    user_id      uuid        NOT NULL REFERENCES users,
    scope        text        NOT NULL CHECK (scope IN ('workspace', 'mine')),
    state        text        NOT NULL CHECK (state IN ('pending', 'ready', 'failed')),
    role         text        NOT NULL,
    access_epoch bigint,
    size         bigint,
    created_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    PRIMARY KEY (workspace_id, id)
);
CALL kitaab_fence('exports', 'owner', 'member', 'client', 'system');
-- What one person took away is nobody else's.
CREATE POLICY caller ON exports AS RESTRICTIVE TO kitaab_app USING (
    user_id = (SELECT NULLIF(current_setting('kitaab.user', true), '')::uuid)
    OR (SELECT current_setting('kitaab.role', true) = 'system'));
GRANT SELECT, INSERT, UPDATE, DELETE ON exports TO kitaab_app;
