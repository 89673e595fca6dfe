-- A workspace is the tenant. Row-level security is the second fence around it: whatever a statement asks for, the
-- server's role sees rows of the workspace that its transaction was opened for, and none without a role in it.

-- Fences a table: nothing of another workspace for anybody, and rows only for the roles that are named.
-- The settings are read in a subquery, so that they are read once for a statement and not once for a row; the role is
-- also compared in it, or the planner would take it for a condition that few rows meet and not walk an index in order.
CREATE PROCEDURE kitaab_fence(fenced regclass, VARIADIC roles text[])
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', fenced);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', fenced);
    EXECUTE format(
        'CREATE POLICY workspace ON %s AS RESTRICTIVE TO PUBLIC '
        'USING (workspace_id = (SELECT NULLIF(current_setting(''kitaab.workspace'', true), '''')::uuid))', fenced);
    EXECUTE format(
        'CREATE POLICY role ON %s TO kitaab_app USING ((SELECT current_setting(''kitaab.role'', true) = ANY (%L::text[])))',
        fenced, roles);
END $$;
REVOKE ALL ON PROCEDURE kitaab_fence FROM PUBLIC;

-- Fences a table that is read before anything is known of the caller: all may read it, and it is written only for the
-- workspace that the transaction was opened for.
CREATE PROCEDURE kitaab_fence_writes(fenced regclass)
    LANGUAGE plpgsql AS $$
DECLARE
    here constant text := 'workspace_id = (SELECT NULLIF(current_setting(''kitaab.workspace'', true), '''')::uuid)';
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', fenced);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', fenced);
    EXECUTE format('CREATE POLICY read ON %s FOR SELECT TO kitaab_app USING (true)', fenced);
    EXECUTE format('CREATE POLICY inserted ON %s FOR INSERT TO kitaab_app WITH CHECK (%s)', fenced, here);
    EXECUTE format('CREATE POLICY updated ON %s FOR UPDATE TO kitaab_app USING (%s)', fenced, here);
    EXECUTE format('CREATE POLICY deleted ON %s FOR DELETE TO kitaab_app USING (%s)', fenced, here);
END $$;
REVOKE ALL ON PROCEDURE kitaab_fence_writes FROM PUBLIC;

CREATE TABLE workspaces (
    id          uuid        NOT NULL PRIMARY KEY,
    name        text        NOT NULL,
    name_folded text        COLLATE "C" NOT NULL,
    brand_color text,
    time_zone   text        NOT NULL,
    currency    text        NOT NULL,
    created_at  timestamptz NOT NULL,
    deleted_at  timestamptz,
    version     bigint      NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON workspaces TO kitaab_app;

-- The busiest row of a workspace. Updates stay within its page because nothing that changes is indexed.
CREATE TABLE event_head (
    workspace_id uuid   NOT NULL PRIMARY KEY REFERENCES workspaces,
    seq          bigint NOT NULL,
    floor        bigint NOT NULL,
    log_epoch    bigint NOT NULL,
    access_epoch bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
CALL kitaab_fence_writes('event_head');
GRANT SELECT, INSERT, UPDATE, DELETE ON event_head TO kitaab_app;

CREATE TABLE events (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    seq          bigint      NOT NULL,
    id           uuid        NOT NULL,
    kind         text        NOT NULL,
    at           timestamptz NOT NULL,
    actor_id     uuid,
    audience     text        NOT NULL CHECK
        (audience IN ('owner', 'staff', 'project', 'tasks', 'tasks_clients', 'comments', 'comments_clients', 'user')),
    audience_id  uuid,
    subject_id   uuid        NOT NULL,
    project_id   uuid,
    tag          bigint      NOT NULL,
    PRIMARY KEY (workspace_id, seq),
    CHECK ((audience_id IS NULL) = (audience IN ('owner', 'staff')))
);
CALL kitaab_fence('events', 'owner', 'member', 'client', 'guest', 'system');
GRANT SELECT, INSERT, DELETE ON events TO kitaab_app;

CREATE TABLE audit_log (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    at           timestamptz NOT NULL,
    actor_id     uuid,
    role         text        NOT NULL,
    action       text        NOT NULL,
    target_kind  text        NOT NULL,
    target_id    uuid,
    outcome      text        NOT NULL CHECK (outcome IN ('done', 'refused')),
    address      text,
    request_id   text,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX audit_log_target ON audit_log (workspace_id, target_id, id);
-- All add to it, the owner reads it, and what is too old is removed by the system.
CALL kitaab_fence('audit_log', 'system');
CREATE POLICY added ON audit_log FOR INSERT TO kitaab_app WITH CHECK (
    (SELECT current_setting('kitaab.role', true) = ANY ('{owner,member,client,guest}'::text[])));
CREATE POLICY looked_at ON audit_log FOR SELECT TO kitaab_app USING ((SELECT current_setting('kitaab.role', true) = 'owner'));
GRANT SELECT, INSERT, DELETE ON audit_log TO kitaab_app;

CREATE TABLE idempotency_keys (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    user_id      uuid        NOT NULL REFERENCES users,
    key          uuid        NOT NULL,
    call         text        NOT NULL,
    answer       text        NOT NULL,
    kept_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, user_id, key, call)
);
CALL kitaab_fence('idempotency_keys', 'owner', 'member', 'client', 'system');
-- An answer may hold what others must not read.
CREATE POLICY caller ON idempotency_keys AS RESTRICTIVE TO kitaab_app USING (
    user_id = (SELECT NULLIF(current_setting('kitaab.user', true), '')::uuid)
    OR (SELECT current_setting('kitaab.role', true) = 'system'));
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO kitaab_app;
