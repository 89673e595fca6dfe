-- Where people talk: channels, who is in them and how far they have read, messages and what hangs on them.

-- `last_seq` numbers the messages of a channel without gaps. It changes with every message, so nothing that changes is
-- indexed, and updates stay within their page.
CREATE TABLE channels (
    workspace_id   uuid        NOT NULL REFERENCES workspaces,
    id             uuid        NOT NULL,
    kind           text        NOT NULL CHECK (kind IN ('direct', 'project', 'group')),
    name           text,
    project_id     uuid,
    -- The two of a direct channel, the lower id first.
    first_user_id  uuid        REFERENCES users,
    second_user_id uuid        REFERENCES users,
    last_seq       bigint      NOT NULL,
    archived_at    timestamptz,
    created_at     timestamptz NOT NULL,
    version        bigint      NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE,
    CHECK ((kind = 'direct') = (first_user_id IS NOT NULL) AND (kind = 'direct') = (second_user_id IS NOT NULL)),
    CHECK ((kind = 'project') = (project_id IS NOT NULL)),
    CHECK ((kind = 'group') = (name IS NOT NULL))
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
CREATE UNIQUE INDEX channels_project ON channels (workspace_id, project_id) WHERE project_id IS NOT NULL;
CREATE UNIQUE INDEX channels_pair ON channels (workspace_id, first_user_id, second_user_id) WHERE first_user_id IS NOT NULL;
CALL kitaab_fence('channels', 'owner', 'member', 'client', 'guest', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON channels TO kitaab_app;

-- What comes after `read_seq` is unread; it is counted from it and stored nowhere. `seen_seq` is the last message that
-- was seen, and since when: marking something unread does not make it unseen.
CREATE TABLE channel_members (
    workspace_id uuid        NOT NULL,
    channel_id   uuid        NOT NULL,
    user_id      uuid        NOT NULL REFERENCES users,
    joined_at    timestamptz NOT NULL,
    read_seq     bigint      NOT NULL,
    seen_seq     bigint      NOT NULL,
    seen_at      timestamptz,
    PRIMARY KEY (workspace_id, channel_id, user_id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX channel_members_user ON channel_members (workspace_id, user_id, channel_id);
CALL kitaab_fence('channel_members', 'owner', 'member', 'client', 'guest', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON channel_members TO kitaab_app;

CREATE TABLE messages (
    workspace_id      uuid        NOT NULL,
    channel_id        uuid        NOT NULL,
    seq               bigint      NOT NULL,
    id                uuid        NOT NULL,
    author_id         uuid        NOT NULL REFERENCES users,
    client_message_id text        COLLATE "C" NOT NULL,
    text              text,
    reply_to          uuid,
    thread_id         uuid,
    quote_of          uuid,
    created_at        timestamptz NOT NULL,
    edited_at         timestamptz,
    deleted_at        timestamptz,
    deleted_by        uuid,
    PRIMARY KEY (workspace_id, channel_id, seq),
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, channel_id, author_id, client_message_id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels ON DELETE CASCADE,
    CHECK ((text IS NULL) = (deleted_at IS NOT NULL))
);
CREATE INDEX messages_thread ON messages (workspace_id, thread_id, seq) WHERE thread_id IS NOT NULL;
CALL kitaab_fence('messages', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON messages TO kitaab_app;

-- Who is mentioned where, for counting; the nil id stands for everybody in the channel.
CREATE TABLE message_mentions (
    workspace_id uuid   NOT NULL,
    channel_id   uuid   NOT NULL,
    user_id      uuid   NOT NULL,
    seq          bigint NOT NULL,
    author_id    uuid   NOT NULL,
    PRIMARY KEY (workspace_id, channel_id, user_id, seq),
    FOREIGN KEY (workspace_id, channel_id, seq) REFERENCES messages ON DELETE CASCADE
);
CREATE INDEX message_mentions_message ON message_mentions (workspace_id, channel_id, seq);
CALL kitaab_fence('message_mentions', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON message_mentions TO kitaab_app;

CREATE TABLE message_versions (
    workspace_id uuid        NOT NULL,
    message_id   uuid        NOT NULL,
    version      bigint      NOT NULL,
    text         text        NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, message_id, version),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
);
CALL kitaab_fence('message_versions', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON message_versions TO kitaab_app;

CREATE TABLE reactions (
    workspace_id uuid        NOT NULL,
    message_id   uuid        NOT NULL,
    emoji        text        COLLATE "C" NOT NULL,
    user_id      uuid        NOT NULL REFERENCES users,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, message_id, emoji, user_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
);
CALL kitaab_fence('reactions', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON reactions TO kitaab_app;

CREATE TABLE pins (
    workspace_id uuid        NOT NULL,
    channel_id   uuid        NOT NULL,
    message_id   uuid        NOT NULL,
    pinned_by    uuid        NOT NULL REFERENCES users,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, channel_id, message_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX pins_message ON pins (workspace_id, message_id);
CALL kitaab_fence('pins', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON pins TO kitaab_app;

-- Private: a person's own marks.
CREATE TABLE stars (
    workspace_id uuid        NOT NULL,
    user_id      uuid        NOT NULL REFERENCES users,
    message_id   uuid        NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, user_id, message_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX stars_message ON stars (workspace_id, message_id);
CALL kitaab_fence('stars', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON stars TO kitaab_app;

CREATE TABLE thread_positions (
    workspace_id uuid        NOT NULL,
    thread_id    uuid        NOT NULL,
    user_id      uuid        NOT NULL REFERENCES users,
    read_seq     bigint      NOT NULL,
    read_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, thread_id, user_id),
    FOREIGN KEY (workspace_id, thread_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
);
CALL kitaab_fence('thread_positions', 'owner', 'member', 'client', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON thread_positions TO kitaab_app;

-- The channels that an invitation leads to, besides those of its projects.
CREATE TABLE invitation_channels (
    workspace_id  uuid NOT NULL,
    invitation_id uuid NOT NULL,
    channel_id    uuid NOT NULL,
    PRIMARY KEY (workspace_id, invitation_id, channel_id),
    FOREIGN KEY (workspace_id, invitation_id) REFERENCES invitations ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels ON DELETE CASCADE
);
CREATE INDEX invitation_channels_channel ON invitation_channels (workspace_id, channel_id);
CALL kitaab_fence('invitation_channels', 'owner', 'member', 'guest', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON invitation_channels TO kitaab_app;

-- Events of channels, and what somebody lost or gained; `detail` is the emoji of a reaction. The index finds what one person gained since their cursor.
ALTER TABLE events ADD COLUMN channel_id uuid;
ALTER TABLE events ADD COLUMN detail text;
ALTER TABLE events DROP CONSTRAINT events_audience_check;
ALTER TABLE events ADD CHECK (audience IN
    ('owner', 'staff', 'project', 'tasks', 'tasks_clients', 'comments', 'comments_clients', 'channel', 'user'));
CREATE INDEX events_gained ON events (workspace_id, audience_id, seq) WHERE kind = 'access.gained';

-- A connection is there while its lease is. It belongs to a person and to no workspace.
CREATE TABLE presence_leases (
    id      uuid        NOT NULL PRIMARY KEY,
    user_id uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    away    boolean     NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX presence_leases_user ON presence_leases (user_id);
CREATE INDEX presence_leases_seen ON presence_leases (seen_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON presence_leases TO kitaab_app;

-- When somebody was last there.
CREATE TABLE last_seen (
    user_id uuid        NOT NULL PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    at      timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON last_seen TO kitaab_app;

-- Projects that were there before have a channel too; its id is the project's.
INSERT INTO channels (workspace_id, id, kind, project_id, last_seq, archived_at, created_at, version)
    SELECT workspace_id, id, 'project', id, 0, archived_at, created_at, 1 FROM projects;
INSERT INTO channel_members (workspace_id, channel_id, user_id, joined_at, read_seq, seen_seq)
    SELECT c.workspace_id, c.id, m.user_id, c.created_at, 0, 0 FROM channels c JOIN memberships m ON m.workspace_id = c.workspace_id
    WHERE m.role <> 'client' OR EXISTS
        (SELECT 1 FROM collaborators k WHERE k.workspace_id = c.workspace_id AND k.project_id = c.project_id AND k.client_id = m.client_id);
