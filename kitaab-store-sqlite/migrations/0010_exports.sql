-- Everything that somebody may see, as a file to take away. The files are kept beside the database.

CREATE TABLE exports (
    workspace_id BLOB    NOT NULL REFERENCES workspaces,
    id           BLOB    NOT NULL,
    user_id      BLOB    NOT NULL REFERENCES users,
    scope        TEXT    NOT NULL CHECK (scope IN ('workspace', 'mine')),
    state        TEXT    NOT NULL CHECK (state IN ('pending', 'ready', 'failed')),
    role         TEXT    NOT NULL,
    access_epoch INTEGER,
    size         INTEGER,
    created_at   INTEGER NOT NULL,
    ended_at     INTEGER,
    PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
