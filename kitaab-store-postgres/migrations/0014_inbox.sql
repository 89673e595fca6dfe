-- How one person keeps a channel. It is hidden while its newest message is not beyond `hidden_seq`.

ALTER TABLE channel_members ADD COLUMN muted_until timestamptz;
ALTER TABLE channel_members ADD COLUMN archived boolean NOT NULL DEFAULT false;
ALTER TABLE channel_members ADD COLUMN pinned boolean NOT NULL DEFAULT false;
ALTER TABLE channel_members ADD COLUMN hidden_seq bigint;
ALTER TABLE channel_members ADD COLUMN category text;
ALTER TABLE channel_members ADD COLUMN priority boolean NOT NULL DEFAULT false;

-- What somebody has begun to write; the nil thread is the channel itself. It goes with the membership of the channel.
CREATE TABLE drafts (
    workspace_id uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    channel_id   uuid        NOT NULL,
    thread_id    uuid        NOT NULL,
    text         text        NOT NULL,
    version      bigint      NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, user_id, channel_id, thread_id),
    FOREIGN KEY (workspace_id, channel_id, user_id) REFERENCES channel_members ON DELETE CASCADE
);
CREATE INDEX drafts_member ON drafts (workspace_id, channel_id, user_id);
CALL kitaab_fence('drafts', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON drafts TO kitaab_app;

-- Canned messages of the staff: an author's own, or everybody's. Clients have none.
CREATE TABLE templates (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    author_id    uuid        NOT NULL REFERENCES users,
    shared       boolean     NOT NULL,
    name         text        NOT NULL,
    text         text        NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    version      bigint      NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CALL kitaab_fence('templates', 'owner', 'member', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON templates TO kitaab_app;

-- Messages that are sent later; each is gone with the unit that sends it.
CREATE TABLE scheduled_messages (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL,
    channel_id   uuid        NOT NULL,
    author_id    uuid        NOT NULL REFERENCES users,
    text         text        NOT NULL,
    reply_to     uuid,
    due_at       timestamptz NOT NULL,
    state        text        NOT NULL CHECK (state IN ('waiting', 'failed')),
    reason       text,
    created_at   timestamptz NOT NULL,
    version      bigint      NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels ON DELETE CASCADE
);
CREATE INDEX scheduled_messages_author ON scheduled_messages (workspace_id, author_id, channel_id);
CREATE INDEX scheduled_messages_channel ON scheduled_messages (workspace_id, channel_id);
CALL kitaab_fence('scheduled_messages', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON scheduled_messages TO kitaab_app;
