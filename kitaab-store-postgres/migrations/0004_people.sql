-- Who belongs to a workspace, and how a transaction enters one.

CREATE TABLE memberships (
    workspace_id           uuid        NOT NULL REFERENCES workspaces,
    user_id                uuid        NOT NULL REFERENCES users,
    role                   text        NOT NULL CHECK (role IN ('owner', 'member', 'client')),
    client_id              uuid,
    invited_by             uuid        REFERENCES users,
    invitation_accepted_at timestamptz,
    created_at             timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients,
    CHECK ((client_id IS NOT NULL) = (role = 'client'))
);
CREATE INDEX memberships_user ON memberships (user_id);
CREATE UNIQUE INDEX memberships_client ON memberships (workspace_id, client_id) WHERE client_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON memberships TO kitaab_app;

-- These two tables have one alternative: without a workspace, a person reads the own memberships and the workspaces
-- that they name. It is for reading alone, so each command has a policy of its own.
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_read ON memberships AS RESTRICTIVE FOR SELECT USING (
    workspace_id = (SELECT NULLIF(current_setting('kitaab.workspace', true), '')::uuid)
    OR ((SELECT COALESCE(current_setting('kitaab.workspace', true), '')) = ''
        AND user_id = (SELECT NULLIF(current_setting('kitaab.user', true), '')::uuid)));
CREATE POLICY workspace_insert ON memberships AS RESTRICTIVE FOR INSERT
    WITH CHECK (workspace_id = (SELECT NULLIF(current_setting('kitaab.workspace', true), '')::uuid));
CREATE POLICY workspace_update ON memberships AS RESTRICTIVE FOR UPDATE
    USING (workspace_id = (SELECT NULLIF(current_setting('kitaab.workspace', true), '')::uuid));
CREATE POLICY workspace_delete ON memberships AS RESTRICTIVE FOR DELETE
    USING (workspace_id = (SELECT NULLIF(current_setting('kitaab.workspace', true), '')::uuid));
CREATE POLICY role ON memberships TO kitaab_app USING (
    (SELECT current_setting('kitaab.role', true) = ANY ('{owner,member,client,guest,system}'::text[])));
CREATE POLICY person ON memberships FOR SELECT TO kitaab_app USING (
    (SELECT COALESCE(current_setting('kitaab.workspace', true), '')) = ''
    AND user_id = (SELECT NULLIF(current_setting('kitaab.user', true), '')::uuid));

ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
ALTER TABLE workspaces FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_read ON workspaces AS RESTRICTIVE FOR SELECT USING (
    id = (SELECT NULLIF(current_setting('kitaab.workspace', true), '')::uuid)
    OR (SELECT COALESCE(current_setting('kitaab.workspace', true), '')) = '');
CREATE POLICY workspace_insert ON workspaces AS RESTRICTIVE FOR INSERT
    WITH CHECK (id = (SELECT NULLIF(current_setting('kitaab.workspace', true), '')::uuid));
CREATE POLICY workspace_update ON workspaces AS RESTRICTIVE FOR UPDATE
    USING (id = (SELECT NULLIF(current_setting('kitaab.workspace', true), '')::uuid));
CREATE POLICY workspace_delete ON workspaces AS RESTRICTIVE FOR DELETE
    USING (id = (SELECT NULLIF(current_setting('kitaab.workspace', true), '')::uuid));
-- Both alternatives look at whether a workspace is set, so that the restriction above need not join memberships again.
CREATE POLICY role ON workspaces TO kitaab_app USING (
    (SELECT COALESCE(current_setting('kitaab.workspace', true), '') <> ''
        AND current_setting('kitaab.role', true) = ANY ('{owner,member,client,guest,system}'::text[])));
CREATE POLICY person ON workspaces FOR SELECT TO kitaab_app USING (
    (SELECT COALESCE(current_setting('kitaab.workspace', true), '')) = ''
    AND EXISTS (SELECT FROM memberships m WHERE m.workspace_id = workspaces.id
        AND m.user_id = (SELECT NULLIF(current_setting('kitaab.user', true), '')::uuid)));

-- Enters a workspace as a person. The role is looked up here, before the workspace is set, through the person's own
-- memberships: a caller cannot claim one.
CREATE FUNCTION kitaab_enter(workspace uuid, person uuid) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    found_role text;
BEGIN
    PERFORM set_config('kitaab.workspace', '', true), set_config('kitaab.role', '', true),
        set_config('kitaab.user', COALESCE(person::text, ''), true);
    SELECT m.role INTO found_role FROM memberships m WHERE m.workspace_id = workspace AND m.user_id = person;
    PERFORM set_config('kitaab.workspace', workspace::text, true),
        set_config('kitaab.role', COALESCE(found_role, 'anonymous'), true);
    RETURN found_role;
END $$;
REVOKE ALL ON FUNCTION kitaab_enter FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kitaab_enter TO kitaab_app;
