-- Where people talk: channels, who is in them and how far they have read, messages and what hangs on them.

-- `last_seq` numbers the messages of a channel without gaps. It changes with every message, so nothing that changes is
-- indexed.
CREATE TABLE channels (
    workspace_id   BLOB    NOT NULL REFERENCES workspaces,
    id             BLOB    NOT NULL,
    kind           TEXT    NOT NULL CHECK (kind IN ('direct', 'project', 'group')),
    name           TEXT,
    project_id     BLOB,
    -- The two of a direct channel, the lower id first.
    first_user_id  BLOB    REFERENCES users,
    second_user_id BLOB    REFERENCES users,
    last_seq       INTEGER NOT NULL,
    archived_at    INTEGER,
    created_at     INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, project_id) REFERENCES projects ON DELETE CASCADE,
    CHECK ((kind = 'direct') = (first_user_id IS NOT NULL) AND (kind = 'direct') = (second_user_id IS NOT NULL)),
    CHECK ((kind = 'project') = (project_id IS NOT NULL)),
    CHECK ((kind = 'group') = (name IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX channels_project ON channels (workspace_id, project_id) WHERE project_id IS NOT NULL;
CREATE UNIQUE INDEX channels_pair ON channels (workspace_id, first_user_id, second_user_id) WHERE first_user_id IS NOT NULL;

-- What comes after `read_seq` is unread; it is counted from it and stored nowhere. `seen_seq` is the last message that
-- was seen, and since when: marking something unread does not make it unseen.
CREATE TABLE channel_members (
    workspace_id BLOB    NOT NULL,
    channel_id   BLOB    NOT NULL,
    user_id      BLOB    NOT NULL REFERENCES users,
    joined_at    INTEGER NOT NULL,
    read_seq     INTEGER NOT NULL,
    seen_seq     INTEGER NOT NULL,
    seen_at      INTEGER,
    PRIMARY KEY (workspace_id, channel_id, user_id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_members_user ON channel_members (workspace_id, user_id, channel_id);

CREATE TABLE messages (
    workspace_id      BLOB    NOT NULL,
    channel_id        BLOB    NOT NULL,
    seq               INTEGER NOT NULL,
    id                BLOB    NOT NULL,
    author_id         BLOB    NOT NULL REFERENCES users,
    client_message_id TEXT    NOT NULL,
    text              TEXT,
    reply_to          BLOB,
    thread_id         BLOB,
    quote_of          BLOB,
    created_at        INTEGER NOT NULL,
    edited_at         INTEGER,
    deleted_at        INTEGER,
    deleted_by        BLOB,
    PRIMARY KEY (workspace_id, channel_id, seq),
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, channel_id, author_id, client_message_id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels ON DELETE CASCADE,
    CHECK ((text IS NULL) = (deleted_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_thread ON messages (workspace_id, thread_id, seq) WHERE thread_id IS NOT NULL;

-- Who is mentioned where, for counting; the nil id stands for everybody in the channel.
CREATE TABLE message_mentions (
    workspace_id BLOB    NOT NULL,
    channel_id   BLOB    NOT NULL,
    user_id      BLOB    NOT NULL,
    seq          INTEGER NOT NULL,
    author_id    BLOB    NOT NULL,
    PRIMARY KEY (workspace_id, channel_id, user_id, seq),
    FOREIGN KEY (workspace_id, channel_id, seq) REFERENCES messages ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX message_mentions_message ON message_mentions (workspace_id, channel_id, seq);

CREATE TABLE message_versions (
    workspace_id BLOB    NOT NULL,
    message_id   BLOB    NOT NULL,
    version      INTEGER NOT NULL,
    text         TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, message_id, version),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE reactions (
    workspace_id BLOB    NOT NULL,
    message_id   BLOB    NOT NULL,
    emoji        TEXT    NOT NULL,
    user_id      BLOB    NOT NULL REFERENCES users,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, message_id, emoji, user_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE pins (
    workspace_id BLOB    NOT NULL,
    channel_id   BLOB    NOT NULL,
    message_id   BLOB    NOT NULL,
    pinned_by    BLOB    NOT NULL REFERENCES users,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, channel_id, message_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX pins_message ON pins (workspace_id, message_id);

-- Private: a person's own marks.
CREATE TABLE stars (
    workspace_id BLOB    NOT NULL,
    user_id      BLOB    NOT NULL REFERENCES users,
    message_id   BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, user_id, message_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX stars_message ON stars (workspace_id, message_id);

CREATE TABLE thread_positions (
    workspace_id BLOB    NOT NULL,
    thread_id    BLOB    NOT NULL,
    user_id      BLOB    NOT NULL REFERENCES users,
    read_seq     INTEGER NOT NULL,
    read_at      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, thread_id, user_id),
    FOREIGN KEY (workspace_id, thread_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The channels that an invitation leads to, besides those of its projects.
CREATE TABLE invitation_channels (
    workspace_id  BLOB    NOT NULL,
    invitation_id BLOB    NOT NULL,
    channel_id    BLOB    NOT NULL,
    PRIMARY KEY (workspace_id, invitation_id, channel_id),
    FOREIGN KEY (workspace_id, invitation_id) REFERENCES invitations ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_channels_channel ON invitation_channels (workspace_id, channel_id);

-- Events of channels, and what somebody lost or gained; `detail` is the emoji of a reaction. The index finds what one person gained since their cursor.
-- A check cannot be changed here, so the table is made anew.
CREATE TABLE events_anew (
    workspace_id BLOB    NOT NULL REFERENCES workspaces,
    seq          INTEGER NOT NULL,
    id           BLOB    NOT NULL,
    kind         TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    actor_id     BLOB,
    audience     TEXT    NOT NULL CHECK (audience IN
        ('owner', 'staff', 'project', 'tasks', 'tasks_clients', 'comments', 'comments_clients', 'channel', 'user')),
    audience_id  BLOB,
    subject_id   BLOB    NOT NULL,
    project_id   BLOB,
    channel_id   BLOB,
    detail       TEXT,
    tag          INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, seq),
    CHECK ((audience_id IS NULL) = (audience IN ('owner', 'staff')))
) STRICT, WITHOUT ROWID;
INSERT INTO events_anew (workspace_id, seq, id, kind, at, actor_id, audience, audience_id, subject_id, project_id, tag)
    SELECT workspace_id, seq, id, kind, at, actor_id, audience, audience_id, subject_id, project_id, tag FROM events;
DROP TABLE events;
ALTER TABLE events_anew RENAME TO events;
CREATE INDEX events_gained ON events (workspace_id, audience_id, seq) WHERE kind = 'access.gained';

-- A connection is there while its lease is. It belongs to a person and to no workspace.
CREATE TABLE presence_leases (
    id      BLOB    NOT NULL PRIMARY KEY,
    user_id BLOB    NOT NULL REFERENCES users ON DELETE CASCADE,
    away    INTEGER NOT NULL CHECK (away IN (0, 1)),
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_leases_user ON presence_leases (user_id);
CREATE INDEX presence_leases_seen ON presence_leases (seen_at);

-- When somebody was last there.
CREATE TABLE last_seen (
    user_id BLOB    NOT NULL PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Projects that were there before have a channel too; its id is the project's.
INSERT INTO channels (workspace_id, id, kind, project_id, last_seq, archived_at, created_at, version)
    SELECT workspace_id, id, 'project', id, 0, archived_at, created_at, 1 FROM projects;
INSERT INTO channel_members (workspace_id, channel_id, user_id, joined_at, read_seq, seen_seq)
    SELECT c.workspace_id, c.id, m.user_id, c.created_at, 0, 0 FROM channels c JOIN memberships m ON m.workspace_id = c.workspace_id
    WHERE m.role <> 'client' OR EXISTS
        (SELECT 1 FROM collaborators k WHERE k.workspace_id = c.workspace_id AND k.project_id = c.project_id AND k.client_id = m.client_id);
