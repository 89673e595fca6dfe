-- Work to be done after a commit. It holds ids only.
-- `due_at` is when a waiting job is to run, and when a running one loses its lease.

CREATE TABLE jobs (
    id           BLOB    NOT NULL PRIMARY KEY,
    kind         TEXT    NOT NULL,
    workspace_id BLOB,
    subject_id   BLOB    NOT NULL,
    detail       INTEGER NOT NULL,
    dedupe_key   TEXT    NOT NULL UNIQUE,
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    due_at       INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    fence        INTEGER NOT NULL,
    error        TEXT,
    created_at   INTEGER NOT NULL,
    ended_at     INTEGER,
    CHECK ((ended_at IS NOT NULL) = (state IN ('done', 'dead')))
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_due ON jobs (due_at) WHERE state IN ('waiting', 'running');
CREATE INDEX jobs_ended ON jobs (ended_at) WHERE ended_at IS NOT NULL;
