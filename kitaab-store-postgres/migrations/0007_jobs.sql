-- Work to be done after a commit. It holds ids only, and workers look for it in all workspaces at once: no policy.
-- `due_at` is when a waiting job is to run, and when a running one loses its lease.

CREATE TABLE jobs (
    id           uuid        NOT NULL PRIMARY KEY,
    kind         text        NOT NULL,
    workspace_id uuid,
    subject_id   uuid        NOT NULL,
    detail       bigint      NOT NULL,
    dedupe_key   text        COLLATE "C" NOT NULL UNIQUE,
    state        text        NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    due_at       timestamptz NOT NULL,
    attempts     bigint      NOT NULL,
    fence        bigint      NOT NULL,
    error        text,
    created_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    CHECK ((ended_at IS NOT NULL) = (state IN ('done', 'dead')))
) WITH (fillfactor = 70);
CREATE INDEX jobs_due ON jobs (due_at) WHERE state IN ('waiting', 'running');
CREATE INDEX jobs_ended ON jobs (ended_at) WHERE ended_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO kitaab_app;
