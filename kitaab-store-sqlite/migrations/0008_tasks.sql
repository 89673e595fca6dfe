-- What is done in a project: tasks, comments on them, updates for its clients, and who did what.

CREATE TABLE tasks (
    workspace_id       BLOB    NOT NULL,
    id                 BLOB    NOT NULL,
    project_id         BLOB    NOT NULL,
    title              TEXT    NOT NULL,
    title_folded       TEXT    NOT NULL,
    description        TEXT,
    description_folded TEXT,
    state              TEXT    NOT NULL CHECK (state IN ('todo', 'doing', 'review', 'done', 'cancelled')),
    assignee_id        BLOB    REFERENCES users,
    due_on             TEXT,
    tags               TEXT    NOT NULL,
    client_visible     INTEGER NOT NULL CHECK (client_visible IN (0, 1)),
    position           TEXT    NOT NULL,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    version            INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
-- Two tasks put in the same place at the same time: one of them is put there again.
CREATE UNIQUE INDEX tasks_place ON tasks (workspace_id, project_id, position);
CREATE INDEX tasks_due ON tasks (workspace_id, due_on, id) WHERE due_on IS NOT NULL AND state NOT IN ('done', 'cancelled');
CREATE INDEX tasks_assignee ON tasks (workspace_id, assignee_id, id) WHERE assignee_id IS NOT NULL;

CREATE TABLE task_comments (
    workspace_id   BLOB    NOT NULL,
    id             BLOB    NOT NULL,
    task_id        BLOB    NOT NULL,
    author_id      BLOB    NOT NULL REFERENCES users,
    text           TEXT    NOT NULL,
    client_visible INTEGER NOT NULL CHECK (client_visible IN (0, 1)),
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, task_id) REFERENCES tasks ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX task_comments_task ON task_comments (workspace_id, task_id, id);

CREATE TABLE project_updates (
    workspace_id BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    project_id   BLOB    NOT NULL,
    author_id    BLOB    NOT NULL REFERENCES users,
    text         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX project_updates_project ON project_updates (workspace_id, project_id, id);

-- Kept as long as the project; the event log is pruned. Titles are read from the things themselves, as they are now;
-- `title` and `client_visible` are for what is gone.
CREATE TABLE activity (
    workspace_id   BLOB    NOT NULL REFERENCES workspaces,
    id             BLOB    NOT NULL,
    at             INTEGER NOT NULL,
    actor_id       BLOB,
    kind           TEXT    NOT NULL,
    verb           TEXT    NOT NULL,
    subject_id     BLOB    NOT NULL,
    project_id     BLOB,
    task_id        BLOB,
    title          TEXT,
    client_visible INTEGER NOT NULL CHECK (client_visible IN (0, 1)),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_project ON activity (workspace_id, project_id, id);
CREATE INDEX activity_task ON activity (workspace_id, task_id) WHERE task_id IS NOT NULL;
