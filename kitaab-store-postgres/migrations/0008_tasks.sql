-- What is done in a project: tasks, comments on them, updates for its clients, and who did what.

CREATE TABLE tasks (
    workspace_id       uuid        NOT NULL,
    id                 uuid        NOT NULL,
    project_id         uuid        NOT NULL,
    title              text        NOT NULL,
    title_folded       text        COLLATE "C" NOT NULL,
    description        text,
    description_folded text        COLLATE "C",
    state              text        NOT NULL CHECK (state IN ('todo', 'doing', 'review', 'done', 'cancelled')),
    assignee_id        uuid        REFERENCES users,
    due_on             date,
    tags               text        NOT NULL,
    client_visible     boolean     NOT NULL,
    position           text        COLLATE "C" NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            bigint      NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE
);
-- Two tasks put in the same place at the same time: one of them is put there again.
CREATE UNIQUE INDEX tasks_place ON tasks (workspace_id, project_id, position);
CREATE INDEX tasks_due ON tasks (workspace_id, due_on, id) WHERE due_on IS NOT NULL AND state NOT IN ('done', 'cancelled');
CREATE INDEX tasks_assignee ON tasks (workspace_id, assignee_id, id) WHERE assignee_id IS NOT NULL;
CALL kitaab_fence('tasks', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON tasks TO kitaab_app;

CREATE TABLE task_comments (
    workspace_id   uuid        NOT NULL,
    id             uuid        NOT NULL,
    task_id        uuid        NOT NULL,
    author_id      uuid        NOT NULL REFERENCES users,
    text           text        NOT NULL,
    client_visible boolean     NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    version        bigint      NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, task_id) REFERENCES tasks ON DELETE CASCADE
);
CREATE INDEX task_comments_task ON task_comments (workspace_id, task_id, id);
CALL kitaab_fence('task_comments', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON task_comments TO kitaab_app;

CREATE TABLE project_updates (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL,
    project_id   uuid        NOT NULL,
    author_id    uuid        NOT NULL REFERENCES users,
    text         text        NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    version      bigint      NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE
);
CREATE INDEX project_updates_project ON project_updates (workspace_id, project_id, id);
CALL kitaab_fence('project_updates', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON project_updates TO kitaab_app;

-- Kept as long as the project; the event log is pruned. Titles are read from the things themselves, as they are now;
-- `title` and `client_visible` are for what is gone.
CREATE TABLE activity (
    workspace_id   uuid        NOT NULL REFERENCES workspaces,
    id             uuid        NOT NULL,
    at             timestamptz NOT NULL,
    actor_id       uuid,
    kind           text        NOT NULL,
    verb           text        NOT NULL,
    subject_id     uuid        NOT NULL,
    project_id     uuid,
    task_id        uuid,
    title          text,
    client_visible boolean     NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE
);
CREATE INDEX activity_project ON activity (workspace_id, project_id, id);
CREATE INDEX activity_task ON activity (workspace_id, task_id) WHERE task_id IS NOT NULL;
CALL kitaab_fence('activity', 'owner', 'member', 'client', 'guest', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON activity TO kitaab_app;
