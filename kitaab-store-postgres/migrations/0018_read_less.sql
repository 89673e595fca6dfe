-- When something was said in a channel last, or it was made: the inbox is in this order, and reads no message for it.
ALTER TABLE channels ADD COLUMN last_at timestamptz;
-- The fence is for the server; here all workspaces are meant.
ALTER TABLE channels NO FORCE ROW LEVEL SECURITY;
ALTER TABLE messages NO FORCE ROW LEVEL SECURITY;
UPDATE channels c SET last_at = COALESCE((SELECT m.created_at FROM messages m WHERE m.workspace_id = c.workspace_id
    AND m.channel_id = c.id AND m.seq = c.last_seq), c.created_at);
ALTER TABLE channels FORCE ROW LEVEL SECURITY;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
ALTER TABLE channels ALTER last_at SET NOT NULL;
