-- How one person keeps a channel. It is hidden while its newest message is not beyond `hidden_seq`.

ALTER TABLE channel_members ADD COLUMN muted_until INTEGER;
ALTER TABLE channel_members ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channel_members ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channel_members ADD COLUMN hidden_seq INTEGER;
ALTER TABLE channel_members ADD COLUMN category TEXT;
ALTER TABLE channel_members ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;

-- What somebody has begun to write; the nil thread is the channel itself. It goes with the membership of the channel.
CREATE TABLE drafts (
    workspace_id BLOB    NOT NULL,
    user_id      BLOB    NOT NULL,
    channel_id   BLOB    NOT NULL,
    thread_id    BLOB    NOT NULL,
    text         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, user_id, channel_id, thread_id),
    FOREIGN KEY (workspace_id, channel_id, user_id) REFERENCES channel_members ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_member ON drafts (workspace_id, channel_id, user_id);

-- Canned messages of the staff: an author's own, or everybody's. Clients have none.
CREATE TABLE templates (
    workspace_id BLOB    NOT NULL REFERENCES workspaces,
    id           BLOB    NOT NULL,
    author_id    BLOB    NOT NULL REFERENCES users,
    shared       INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;

-- Messages that are sent later; each is gone with the unit that sends it.
CREATE TABLE scheduled_messages (
    workspace_id BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    channel_id   BLOB    NOT NULL,
    author_id    BLOB    NOT NULL REFERENCES users,
    text         TEXT    NOT NULL,
    reply_to     BLOB,
    due_at       INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'failed')),
    reason       TEXT,
    created_at   INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX scheduled_messages_author ON scheduled_messages (workspace_id, author_id, channel_id);
CREATE INDEX scheduled_messages_channel ON scheduled_messages (workspace_id, channel_id);
