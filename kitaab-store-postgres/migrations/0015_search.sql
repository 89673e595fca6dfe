-- What is searched. Trigrams are no condition of an index under row-level security (LIKE is not leakproof), so this table
-- has none: the server's role cannot touch it, and reaches it through the functions below alone, which serve no
-- workspace but that of the setting that the policies of all other tables use. What they find is then read through those.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

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
-- The trigrams of a text, its single characters and pairs, each behind some of the workspace: the words of other workspaces
-- stand in lists of their own, and no long list of everything in a workspace has to be read beside those of the words. And the
-- channel or project that it is in (`#` alone: it is no message): of a word that is common elsewhere only as much is read as the
-- reader's own places hold.
CREATE FUNCTION kitaab_keys(workspace uuid, channel uuid, project uuid, folded text, grams text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN string_to_array(right(workspace::text, 4) || array_to_string(show_trgm(folded) || grams, '|' || right(workspace::text, 4)), '|')
        || CASE WHEN channel IS NULL THEN ARRAY['#', '#' || COALESCE(project::text, '')] ELSE ARRAY['#' || channel::text] END;
CREATE INDEX search_documents_keys ON search_documents
    USING gin (kitaab_keys(workspace_id, channel_id, project_id, folded, grams)) WITH (gin_pending_list_limit = 512);
CREATE INDEX search_documents_channel ON search_documents (workspace_id, channel_id, id);
CREATE INDEX search_documents_others ON search_documents (workspace_id, id) WHERE kind <> 'message';
-- Plans are the same whatever a sample would say: without one, a workspace and a channel are each thought to be one of many.
ALTER TABLE search_documents ALTER workspace_id SET STATISTICS 0, ALTER kind SET STATISTICS 0, ALTER channel_id SET STATISTICS 0,
    ALTER folded SET STATISTICS 0;
ALTER INDEX search_documents_keys ALTER COLUMN 1 SET STATISTICS 0;

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
-- newest `newest` of the reach alone. The settings leave one plan for each statement, whatever is known of the table.
CREATE FUNCTION kitaab_search(
    workspace uuid, kinds text[], channels uuid[], projects uuid[], task_projects uuid[], comment_projects uuid[], internals boolean, terms text[], grams text[], part text,
    newest integer, authors uuid[], link boolean, lowest uuid, below uuid, most integer
) RETURNS TABLE (kind text, id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    SET jit = off SET max_parallel_workers_per_gather = 0
    SET enable_seqscan = off SET enable_indexscan = on SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
    own text := format('d.workspace_id = %L::uuid', workspace);
    reach text := '(d.kind = ANY ($1)'
        ' AND ($2 IS NULL OR d.kind <> ''message'' OR d.channel_id = ANY ($2))'
        ' AND ($3 IS NULL OR d.kind <> ''project'' OR d.project_id = ANY ($3))'
        ' AND ($4 IS NULL OR d.kind <> ''task'' OR d.project_id = ANY ($4))'
        ' AND ($5 IS NULL OR d.kind <> ''task_comment'' OR d.project_id = ANY ($5)) AND ($6 OR NOT d.internal))';
    bounds text := '';
    words text := 'TRUE';
    filters text := '';
    branches text[];
    walk text;
    keys text[];
    places text := '';
    few boolean := cardinality(channels) <= 64 AND 'message' = ANY (kinds);
    term text;
    hits integer;
    edge uuid;
BEGIN
    IF NOT kitaab_searches(workspace) THEN
        RETURN;
    END IF;
    FOREACH term IN ARRAY terms LOOP
        words := words || format(' AND d.folded LIKE %L', '%' || regexp_replace(term, '([\\%_])', '\\\1', 'g') || '%');
    END LOOP;
    IF cardinality(grams) > 0 THEN
        words := words || format(' AND d.grams @> %L::text[]', grams);
    END IF;
    IF part IS NOT NULL THEN
        words := words || format(' AND strpos(d.folded, %L) > 0', part);
    END IF;
    IF authors IS NOT NULL THEN
        filters := filters || format(' AND d.author_id = ANY (%L::uuid[])', authors);
    END IF;
    IF link THEN
        filters := filters || ' AND d.link';
    END IF;
    IF lowest IS NOT NULL THEN
        bounds := bounds || format(' AND d.id >= %L::uuid', lowest);
    END IF;
    IF below IS NOT NULL THEN
        bounds := bounds || format(' AND d.id < %L::uuid', below);
    END IF;

    -- Newest first: a few channels are merged, each from its own place in an index; else the workspace is read from its end.
    IF NOT 'message' = ANY (kinds) THEN
        branches := ARRAY[own || ' AND d.kind <> ''message'''];
    ELSIF few IS NOT TRUE THEN
        branches := ARRAY[own];
    ELSE
        branches := ARRAY(SELECT DISTINCT format('%s AND d.channel_id = %L::uuid', own, c) FROM unnest(channels) c);
        IF kinds <> '{message}' THEN
            branches := branches || (own || ' AND d.kind <> ''message''');
        END IF;
    END IF;
    SELECT 'FROM (' || string_agg(format('(SELECT d.* FROM search_documents d WHERE %s%s ORDER BY d.id DESC)',
        branch, CASE WHEN part IS NULL THEN bounds ELSE ' AND ' || reach END), ' UNION ALL ') || ') d' INTO walk FROM unnest(branches) branch;
    IF walk IS NULL THEN
        RETURN;
    END IF;

    -- Keys that every text with these words has: those of three letters of a term that stay whatever stands before and after them.
    -- Every other one says nearly as much as all, for half the time.
    IF part IS NULL THEN
        SELECT array_agg(k.key) INTO keys FROM (
            SELECT k.key COLLATE "C" FROM unnest(terms) t (term),
                generate_series(1, LEAST(length(t.term) - 2, 15), CASE length(t.term) WHEN 4 THEN 1 ELSE 2 END) i, substr(t.term, i, 3) three, LATERAL (
                SELECT unnest(kitaab_keys(workspace, NULL, NULL, three, '{}')) INTERSECT SELECT unnest(kitaab_keys(workspace, NULL, NULL, 'a' || three || 'a', '{}'))
                INTERSECT SELECT unnest(kitaab_keys(workspace, NULL, NULL, 'b' || three || 'b', '{}'))
            ) k (key) WHERE strpos(k.key, '  ') = 0 AND k.key <> '#'
            UNION SELECT unnest(array_remove(kitaab_keys(workspace, NULL, NULL, '', grams), '#')) WHERE cardinality(grams) > 0 ORDER BY 1 DESC LIMIT 8
        ) k (key);
    END IF;
    IF keys IS NOT NULL THEN
        -- What many of the newest texts have is soon found by reading on; what few have, by its keys. Of somebody with few channels
        -- it is their own texts that count, so that nothing shows what is common where they are not.
        EXECUTE format('SELECT count(*) FROM (SELECT %s AS hit FROM %s) d WHERE d.hit', words, CASE WHEN few THEN format(
            'unnest($1) c (id), LATERAL (SELECT d.folded, d.grams FROM search_documents d WHERE %s AND d.channel_id = c.id%s ORDER BY d.id DESC LIMIT 50) d',
            own, bounds) ELSE format('(SELECT d.folded, d.grams FROM search_documents d WHERE %s%s ORDER BY d.id DESC LIMIT 1000) d', own, bounds) END)
            INTO hits USING channels;
        newest := 20000;
    ELSIF part IS NULL THEN
        newest := NULL;
    END IF;
    IF keys IS NULL OR hits >= 7 THEN
        RETURN QUERY EXECUTE format('SELECT d.kind, d.id FROM (SELECT d.* %s ORDER BY d.id DESC LIMIT %s) d WHERE %s%s%s AND %s ORDER BY d.id DESC LIMIT %s',
            walk, COALESCE(newest::text, 'ALL'), words, filters, bounds, reach, most)
            USING kinds, channels, projects, task_projects, comment_projects, internals;
        GET DIAGNOSTICS hits = ROW_COUNT;
        most := most - hits;
        IF keys IS NULL OR most = 0 THEN
            RETURN;
        END IF;
        -- The last that was read; the keys go on beyond it.
        EXECUTE format('SELECT d.id %s ORDER BY d.id DESC OFFSET %s LIMIT 1', walk, newest - 1) INTO edge;
        IF edge IS NULL THEN
            RETURN;
        END IF;
        bounds := bounds || format(' AND d.id < %L::uuid', edge);
    END IF;
    IF few OR (channels IS NOT NULL AND projects IS NOT NULL AND cardinality(channels) <= 1000) THEN
        SELECT format(' AND kitaab_keys(d.workspace_id, d.channel_id, d.project_id, d.folded, d.grams) && %L::text[]', array_agg(place)) INTO places
            FROM (SELECT '#' || p::text FROM unnest(channels || projects) p UNION ALL SELECT '#' WHERE projects IS NULL) p (place);
        places := COALESCE(places, ' AND FALSE');
    END IF;
    PERFORM set_config('enable_indexscan', 'off', true), set_config('enable_bitmapscan', 'on', true), set_config('enable_sort', 'on', true);
    RETURN QUERY EXECUTE format(
        'SELECT d.kind, d.id FROM search_documents d WHERE kitaab_keys(d.workspace_id, d.channel_id, d.project_id, d.folded, d.grams) @> %L::text[]%s'
        ' AND (%s%s%s AND %s AND %s) IS TRUE ORDER BY d.id DESC LIMIT %s',
        keys, places, words, filters, bounds, own, reach, most)
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
