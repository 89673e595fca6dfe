-- What is searched. Trigrams are no condition of an index under row-level security (LIKE is not leakproof), so this table
-- has none: the server's role cannot touch it, and reaches it through the functions below alone, which serve no
-- workspace but that of the setting that the policies of all other tables use. What they find is then read through those.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
-- A uuid in one GIN index with text, so that other workspaces' words cost nothing.
CREATE EXTENSION IF NOT EXISTS btree_gin;

DO $$
DECLARE
    asked text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kitaab_search') THEN
            CREATE ROLE kitaab_search NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
        END IF;
    EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    IF NOT pg_has_role(current_user, 'kitaab_search', asked) THEN
        EXECUTE format('GRANT kitaab_search TO %I', current_user);
    END IF;
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO kitaab_search', current_schema());
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The role kitaab_search is missing and % may not make it. Let an administrator run: CREATE ROLE kitaab_search NOLOGIN NOSUPERUSER NOBYPASSRLS; GRANT kitaab_search TO %;',
            quote_ident(current_user), quote_ident(current_user)
            USING ERRCODE = 'insufficient_privilege';
END $$;

-- The text as it is compared (folded), and of Chinese, Japanese and Korean each character and each pair (grams).
CREATE TABLE search_documents (
    workspace_id uuid    NOT NULL,
    id           uuid    NOT NULL,
    kind         text    NOT NULL,
    channel_id   uuid,
    project_id   uuid,
    author_id    uuid,
    internal     boolean NOT NULL,
    link         boolean NOT NULL,
    folded       text    COLLATE "C" NOT NULL,
    grams        text[]  NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX search_documents_folded ON search_documents USING gin (workspace_id, folded gin_trgm_ops) WITH (gin_pending_list_limit = 512);
CREATE INDEX search_documents_grams ON search_documents USING gin (workspace_id, grams) WITH (gin_pending_list_limit = 512);
-- The planner guesses from a sample how many texts hold a word.
ALTER TABLE search_documents ALTER folded SET STATISTICS 1000;

-- Whether the transaction was opened for this workspace, by somebody who belongs to it or by the system.
CREATE FUNCTION kitaab_searches(workspace uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT COALESCE(workspace = NULLIF(current_setting('kitaab.workspace', true), '')::uuid
        AND current_setting('kitaab.role', true) IN ('owner', 'member', 'client', 'system'), FALSE)
$$;

CREATE FUNCTION kitaab_index(
    workspace uuid, renew boolean, ids uuid[], kinds text[], channels uuid[], projects uuid[], authors uuid[], internals boolean[], links boolean[],
    texts text[], grams text[]
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    INSERT INTO search_documents AS d (workspace_id, id, kind, channel_id, project_id, author_id, internal, link, folded, grams)
    SELECT workspace, n.id, n.kind, n.channel_id, n.project_id, n.author_id, n.internal,
        n.link, n.folded, string_to_array(n.grams, ' ')
    FROM UNNEST(ids, kinds, channels, projects, authors, internals, links, texts, grams)
        AS n (id, kind, channel_id, project_id, author_id, internal, link, folded, grams)
    WHERE kitaab_searches(workspace)
    ON CONFLICT (workspace_id, id) DO UPDATE SET channel_id = excluded.channel_id, project_id = excluded.project_id,
        author_id = excluded.author_id, internal = excluded.internal, link = excluded.link, folded = excluded.folded, grams = excluded.grams
    WHERE renew AND (d.channel_id, d.project_id, d.author_id, d.internal, d.link, d.folded)
        IS DISTINCT FROM (excluded.channel_id, excluded.project_id, excluded.author_id, excluded.internal, excluded.link, excluded.folded)
$$;

-- The newest of what matches, for a reader whose reach is given: no list is everything. `part` is looked for in the
-- newest `newest` of the reach alone.
CREATE FUNCTION kitaab_search(
    workspace uuid, kinds text[], channels uuid[], projects uuid[], task_projects uuid[], comment_projects uuid[], internals boolean, terms text[], grams text[], part text,
    newest integer, authors uuid[], link boolean, lowest uuid, below uuid, most integer
) RETURNS TABLE (kind text, id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    reach text := format(
        'FROM search_documents d WHERE d.workspace_id = %L::uuid AND d.kind = ANY ($1)'
        ' AND ($2 IS NULL OR d.kind <> ''message'' OR d.channel_id = ANY ($2))'
        ' AND ($3 IS NULL OR d.kind <> ''project'' OR d.project_id = ANY ($3))'
        ' AND ($4 IS NULL OR d.kind <> ''task'' OR d.project_id = ANY ($4))'
        ' AND ($5 IS NULL OR d.kind <> ''task_comment'' OR d.project_id = ANY ($5)) AND ($6 OR NOT d.internal)',
        workspace);
    wanted text := '';
    term text;
BEGIN
    IF NOT kitaab_searches(workspace) THEN
        RETURN;
    END IF;
    FOREACH term IN ARRAY terms LOOP
        wanted := wanted || format(' AND d.folded LIKE %L', '%' || regexp_replace(term, '([\\%_])', '\\\1', 'g') || '%');
    END LOOP;
    IF cardinality(grams) > 0 THEN
        wanted := wanted || format(' AND d.grams @> %L::text[]', grams);
    END IF;
    IF authors IS NOT NULL THEN
        wanted := wanted || format(' AND d.author_id = ANY (%L::uuid[])', authors);
    END IF;
    IF link THEN
        wanted := wanted || ' AND d.link';
    END IF;
    IF lowest IS NOT NULL THEN
        wanted := wanted || format(' AND d.id >= %L::uuid', lowest);
    END IF;
    IF part IS NOT NULL THEN
        reach := format('FROM (SELECT d.* %s ORDER BY d.id DESC LIMIT %s) d WHERE strpos(d.folded, %L) > 0', reach, newest, part);
    END IF;
    IF below IS NOT NULL THEN
        wanted := wanted || format(' AND d.id < %L::uuid', below);
    END IF;
    RETURN QUERY EXECUTE 'SELECT d.kind, d.id ' || reach || wanted || format(' ORDER BY d.id DESC LIMIT %s', most)
        USING kinds, channels, projects, task_projects, comment_projects, internals;
END $$;

-- What is gone is found no more, whichever way it went.
CREATE FUNCTION kitaab_forget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM search_documents WHERE workspace_id = OLD.workspace_id AND id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER forget AFTER DELETE ON messages FOR EACH ROW EXECUTE FUNCTION kitaab_forget();
CREATE TRIGGER forget_deleted AFTER UPDATE OF deleted_at ON messages FOR EACH ROW WHEN (NEW.deleted_at IS NOT NULL)
    EXECUTE FUNCTION kitaab_forget();
CREATE TRIGGER forget AFTER DELETE ON projects FOR EACH ROW EXECUTE FUNCTION kitaab_forget();
CREATE TRIGGER forget AFTER DELETE ON tasks FOR EACH ROW EXECUTE FUNCTION kitaab_forget();
CREATE TRIGGER forget AFTER DELETE ON task_comments FOR EACH ROW EXECUTE FUNCTION kitaab_forget();
CREATE TRIGGER forget AFTER DELETE ON clients FOR EACH ROW EXECUTE FUNCTION kitaab_forget();

ALTER TABLE search_documents OWNER TO kitaab_search;
REVOKE ALL ON FUNCTION kitaab_index, kitaab_search, kitaab_forget FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kitaab_index, kitaab_search TO kitaab_app;
ALTER FUNCTION kitaab_index OWNER TO kitaab_search;
ALTER FUNCTION kitaab_search OWNER TO kitaab_search;
ALTER FUNCTION kitaab_forget OWNER TO kitaab_search;
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM kitaab_search', current_schema()); END $$;

-- What was there before is taken in by a job for each workspace.
INSERT INTO jobs (id, kind, workspace_id, subject_id, detail, dedupe_key, state, due_at, attempts, fence, created_at)
SELECT gen_random_uuid(), 'workspace.index', workspace_id, workspace_id, 0, 'workspace.index:' || workspace_id || ':0', 'waiting', now(), 0, 0, now()
FROM event_head;
