-- Telling people by mail what they miss. When a channel is looked at next for people who are away.
ALTER TABLE channels ADD COLUMN away_due_at timestamptz;

-- What one wants by mail: of all channels, and of one.
ALTER TABLE notification_preferences ADD COLUMN email text NOT NULL DEFAULT 'all' CHECK (email IN ('all', 'mentions', 'none'));
ALTER TABLE notification_preferences ADD COLUMN email_content boolean NOT NULL DEFAULT true;
-- Hours of each day without mail, in minutes since midnight; the zone is the profile's if there is none.
ALTER TABLE notification_preferences ADD COLUMN quiet_from bigint CHECK (quiet_from BETWEEN 0 AND 1439);
ALTER TABLE notification_preferences ADD COLUMN quiet_to bigint CHECK (quiet_to BETWEEN 0 AND 1439);
ALTER TABLE notification_preferences ADD COLUMN quiet_zone text;
ALTER TABLE channel_members ADD COLUMN email text CHECK (email IN ('all', 'mentions', 'none'));

-- The mails that one person got about one channel. It goes with the membership of the channel.
CREATE TABLE mailings (
    workspace_id uuid        NOT NULL,
    channel_id   uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    id           uuid        NOT NULL,
    mailed_seq   bigint      NOT NULL,
    mailed_at    timestamptz,
    step         bigint      NOT NULL,
    up_to        bigint,
    PRIMARY KEY (workspace_id, channel_id, user_id),
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, channel_id, user_id) REFERENCES channel_members ON DELETE CASCADE
);
CALL kitaab_fence('mailings', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON mailings TO kitaab_app;

-- Leases are kept for a while after they ended: who was there when something was said.
DROP TABLE presence_leases;
CREATE TABLE presence_leases (
    id       uuid        NOT NULL PRIMARY KEY,
    user_id  uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    away     boolean     NOT NULL,
    began_at timestamptz NOT NULL,
    seen_at  timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX presence_leases_user ON presence_leases (user_id, seen_at);
CREATE INDEX presence_leases_open ON presence_leases (seen_at) WHERE ended_at IS NULL;
CREATE INDEX presence_leases_ended ON presence_leases (ended_at) WHERE ended_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON presence_leases TO kitaab_app;
