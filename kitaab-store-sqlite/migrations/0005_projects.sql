-- Projects, what is noted on them among colleagues, and who they are shared with.

CREATE TABLE projects (
    workspace_id       BLOB    NOT NULL REFERENCES workspaces,
    id                 BLOB    NOT NULL,
    name               TEXT    NOT NULL,
    name_folded        TEXT    NOT NULL,
    description        TEXT,
    description_folded TEXT,
    status             TEXT    NOT NULL
        CHECK (status IN ('proposed', 'planned', 'active', 'on_hold', 'done', 'cancelled')),
    progress           INTEGER NOT NULL CHECK (progress BETWEEN 0 AND 100),
    progress_mode      TEXT    NOT NULL CHECK (progress_mode IN ('manual', 'tasks')),
    starts_on          TEXT,
    due_on             TEXT,
    client_id          BLOB,
    tags               TEXT    NOT NULL,
    archived_at        INTEGER,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    version            INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients
) STRICT, WITHOUT ROWID;
CREATE INDEX projects_client ON projects (workspace_id, client_id, id);

CREATE TABLE project_notes (
    workspace_id BLOB    NOT NULL,
    project_id   BLOB    NOT NULL,
    body         TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, project_id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE collaborators (
    workspace_id   BLOB    NOT NULL,
    project_id     BLOB    NOT NULL,
    client_id      BLOB    NOT NULL,
    grant_tasks    INTEGER NOT NULL CHECK (grant_tasks IN (0, 1)),
    grant_comments INTEGER NOT NULL CHECK (grant_comments IN (0, 1)),
    grant_upload   INTEGER NOT NULL CHECK (grant_upload IN (0, 1)),
    created_at     INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, project_id, client_id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, client_id) REFERENCES clients
) STRICT, WITHOUT ROWID;
CREATE INDEX collaborators_client ON collaborators (workspace_id, client_id, project_id);
