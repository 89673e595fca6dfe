-- What is searched. A text is numbered by its workspace and the moment that it was made (place), so that the newest of one
-- workspace are a range of numbers: full-text search goes over that range alone, newest first, and other workspaces cost
-- nothing.
CREATE TABLE search_workspaces (
    workspace_id BLOB    NOT NULL PRIMARY KEY,
    number       INTEGER NOT NULL UNIQUE
) STRICT;

CREATE TABLE search_documents (
    place        INTEGER NOT NULL PRIMARY KEY,
    workspace_id BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    kind         TEXT    NOT NULL,
    channel_id   BLOB,
    project_id   BLOB,
    author_id    BLOB,
    internal     INTEGER NOT NULL,
    link         INTEGER NOT NULL,
    folded       TEXT    NOT NULL,
    UNIQUE (workspace_id, id)
) STRICT;

-- The text as it is compared. It finds candidates: whether they match is decided by who asks, so places within a text are
-- not kept.
CREATE VIRTUAL TABLE search_text USING fts5(folded, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1', detail = none);
-- Of Chinese, Japanese and Korean each character and each pair.
CREATE VIRTUAL TABLE search_grams USING fts5(grams, content = '', contentless_delete = 1, tokenize = 'ascii', detail = none);

CREATE TRIGGER search_documents_forget AFTER DELETE ON search_documents BEGIN
    DELETE FROM search_text WHERE rowid = OLD.place;
    DELETE FROM search_grams WHERE rowid = OLD.place;
END;

-- What is gone is found no more, whichever way it went.
CREATE TRIGGER messages_forget AFTER DELETE ON messages BEGIN
    DELETE FROM search_documents WHERE workspace_id = OLD.workspace_id AND id = OLD.id;
END;
CREATE TRIGGER messages_forget_deleted AFTER UPDATE OF deleted_at ON messages WHEN NEW.deleted_at IS NOT NULL BEGIN
    DELETE FROM search_documents WHERE workspace_id = OLD.workspace_id AND id = OLD.id;
END;
CREATE TRIGGER projects_forget AFTER DELETE ON projects BEGIN
    DELETE FROM search_documents WHERE workspace_id = OLD.workspace_id AND id = OLD.id;
END;
CREATE TRIGGER tasks_forget AFTER DELETE ON tasks BEGIN
    DELETE FROM search_documents WHERE workspace_id = OLD.workspace_id AND id = OLD.id;
END;
CREATE TRIGGER task_comments_forget AFTER DELETE ON task_comments BEGIN
    DELETE FROM search_documents WHERE workspace_id = OLD.workspace_id AND id = OLD.id;
END;
CREATE TRIGGER clients_forget AFTER DELETE ON clients BEGIN
    DELETE FROM search_documents WHERE workspace_id = OLD.workspace_id AND id = OLD.id;
END;

CREATE TRIGGER workspaces_forget AFTER DELETE ON workspaces BEGIN
    DELETE FROM search_workspaces WHERE workspace_id = OLD.id;
END;

-- What was there before is taken in by a job for each workspace.
INSERT INTO jobs (id, kind, workspace_id, subject_id, detail, dedupe_key, state, due_at, attempts, fence, created_at)
SELECT randomblob(16), 'workspace.index', workspace_id, workspace_id, 0, 'workspace.index:' || hex(workspace_id) || ':0', 'waiting',
    unixepoch() * 1000000, 0, 0, unixepoch() * 1000000
FROM event_head;
