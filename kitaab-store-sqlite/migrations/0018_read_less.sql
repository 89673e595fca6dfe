-- When something was said in a channel last, or it was made: the inbox is in this order, and reads no message for it.
ALTER TABLE channels ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0;
UPDATE channels SET last_at = COALESCE((SELECT m.created_at FROM messages m WHERE m.workspace_id = channels.workspace_id
    AND m.channel_id = channels.id AND m.seq = channels.last_seq), created_at);

-- Beside its words each text has a key of the channel or project that it is in: of a word that is common elsewhere only as
-- much is read as the reader's own places hold.
DROP TRIGGER search_documents_forget;
DROP TABLE search_text;
DROP TABLE search_grams;
DELETE FROM search_documents;

CREATE VIRTUAL TABLE search_text USING fts5(folded, within, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1', detail = none);
-- Of Chinese, Japanese and Korean each character and each pair.
CREATE VIRTUAL TABLE search_grams USING fts5(grams, within, content = '', contentless_delete = 1, tokenize = 'ascii', detail = none);

CREATE TRIGGER search_documents_forget AFTER DELETE ON search_documents BEGIN
    DELETE FROM search_text WHERE rowid = OLD.place;
    DELETE FROM search_grams WHERE rowid = OLD.place;
END;

-- What was there before is taken in by a job for each workspace.
DELETE FROM jobs WHERE kind = 'workspace.index';
INSERT INTO jobs (id, kind, workspace_id, subject_id, detail, dedupe_key, state, due_at, attempts, fence, created_at)
SELECT randomblob(16), 'workspace.index', workspace_id, workspace_id, 0, 'workspace.index:' || hex(workspace_id) || ':0', 'waiting',
    unixepoch() * 1000000, 0, 0, unixepoch() * 1000000
FROM event_head;
