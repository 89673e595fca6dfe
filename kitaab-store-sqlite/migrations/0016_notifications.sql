-- What somebody is to hear of, besides what they see by themselves: ids and the rule that made it; what it says is read from
-- the thing itself, as it is now. It goes with the membership.
CREATE TABLE notifications (
    workspace_id BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    user_id      BLOB    NOT NULL,
    kind         TEXT    NOT NULL,
    rule         TEXT    NOT NULL,
    actor_id     BLOB    REFERENCES users,
    subject_id   BLOB    NOT NULL,
    channel_id   BLOB,
    project_id   BLOB,
    created_at   INTEGER NOT NULL,
    read_at      INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES memberships ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX notifications_user ON notifications (workspace_id, user_id, id);
CREATE INDEX notifications_unread ON notifications (workspace_id, user_id) WHERE read_at IS NULL;

-- What somebody does not want to hear of, as names with commas around them.
CREATE TABLE notification_preferences (
    workspace_id BLOB NOT NULL,
    user_id      BLOB NOT NULL,
    silenced     TEXT NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES memberships ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Of what in a channel somebody wants to hear.
ALTER TABLE channel_members ADD COLUMN notify TEXT NOT NULL DEFAULT 'mentions' CHECK (notify IN ('all', 'mentions', 'none'));
CREATE INDEX channel_members_all ON channel_members (workspace_id, channel_id) WHERE notify = 'all';
