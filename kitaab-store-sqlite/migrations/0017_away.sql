-- Telling people by mail what they miss. When a channel is looked at next for people who are away.
ALTER TABLE channels ADD COLUMN away_due_at INTEGER;

-- What one wants by mail: of all channels, and of one.
ALTER TABLE notification_preferences ADD COLUMN email TEXT NOT NULL DEFAULT 'all' CHECK (email IN ('all', 'mentions', 'none'));
ALTER TABLE notification_preferences ADD COLUMN email_content INTEGER NOT NULL DEFAULT 1 CHECK (email_content IN (0, 1));
-- Hours of each day without mail, in minutes since midnight; the zone is the profile's if there is none.
ALTER TABLE notification_preferences ADD COLUMN quiet_from INTEGER CHECK (quiet_from BETWEEN 0 AND 1439);
ALTER TABLE notification_preferences ADD COLUMN quiet_to INTEGER CHECK (quiet_to BETWEEN 0 AND 1439);
ALTER TABLE notification_preferences ADD COLUMN quiet_zone TEXT;
ALTER TABLE channel_members ADD COLUMN email TEXT CHECK (email IN ('all', 'mentions', 'none'));

-- The mails that one person got about one channel. It goes with the membership of the channel.
CREATE TABLE mailings (
    workspace_id BLOB    NOT NULL,
    channel_id   BLOB    NOT NULL,
    user_id      BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    mailed_seq   INTEGER NOT NULL,
    mailed_at    INTEGER,
    step         INTEGER NOT NULL,
    up_to        INTEGER,
    PRIMARY KEY (workspace_id, channel_id, user_id),
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, channel_id, user_id) REFERENCES channel_members ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Leases are kept for a while after they ended: who was there when something was said.
DROP TABLE presence_leases;
CREATE TABLE presence_leases (
    id       BLOB    NOT NULL PRIMARY KEY,
    user_id  BLOB    NOT NULL REFERENCES users ON DELETE CASCADE,
    away     INTEGER NOT NULL CHECK (away IN (0, 1)),
    began_at INTEGER NOT NULL,
    seen_at  INTEGER NOT NULL,
    ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_leases_user ON presence_leases (user_id, seen_at);
CREATE INDEX presence_leases_open ON presence_leases (seen_at) WHERE ended_at IS NULL;
CREATE INDEX presence_leases_ended ON presence_leases (ended_at) WHERE ended_at IS NOT NULL;
