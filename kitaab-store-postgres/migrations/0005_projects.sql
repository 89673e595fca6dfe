-- Projects, what is noted on them among colleagues, and who they are shared with.

CREATE TABLE projects (
    workspace_id       uuid        NOT NULL REFERENCES workspaces,
    id                 uuid        NOT NULL,
    name               text        NOT NULL,
    name_folded        text        COLLATE "C" NOT NULL,
    description        text,
    description_folded text        COLLATE "C",
    status             text        NOT NULL
        CHECK (status IN ('proposed', 'planned', 'active', 'on_hold', 'done', 'cancelled')),
    progress           bigint      NOT NULL CHECK (progress BETWEEN 0 AND 100),
    progress_mode      text        NOT NULL CHECK (progress_mode IN ('manual', 'tasks')),
    starts_on          date,
    due_on             date,
    client_id          uuid,
    tags               text        NOT NULL,
    archived_at        timestamptz,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            bigint      NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients
);
CREATE INDEX projects_client ON projects (workspace_id, client_id, id);
CALL kitaab_fence('projects', 'owner', 'member', 'client', 'guest', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON projects TO kitaab_app;

CREATE TABLE project_notes (
    workspace_id uuid NOT NULL,
    project_id   uuid NOT NULL,
    body         text NOT NULL,
    PRIMARY KEY (workspace_id, project_id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE
);
CALL kitaab_fence('project_notes', 'owner', 'member', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON project_notes TO kitaab_app;

CREATE TABLE collaborators (
    workspace_id   uuid        NOT NULL,
    project_id     uuid        NOT NULL,
    client_id      uuid        NOT NULL,
    grant_tasks    boolean     NOT NULL,
    grant_comments boolean     NOT NULL,
    grant_upload   boolean     NOT NULL,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, project_id, client_id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients
);
CREATE INDEX collaborators_client ON collaborators (workspace_id, client_id, project_id);
CALL kitaab_fence('collaborators', 'owner', 'member', 'client', 'guest', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON collaborators TO kitaab_app;
