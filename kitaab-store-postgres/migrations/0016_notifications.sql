-- What somebody is to hear of, besides what they see by themselves: ids and the rule that made it; what it says is read from
-- the thing itself, as it is now. It goes with the membership.
CREATE TABLE notifications (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    kind         text        NOT NULL,
    rule         text        NOT NULL,
    actor_id     uuid        REFERENCES users,
    subject_id   uuid        NOT NULL,
    channel_id   uuid,
    project_id   uuid,
    created_at   timestamptz NOT NULL,
    read_at      timestamptz,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES memberships ON DELETE CASCADE
);
CREATE INDEX notifications_user ON notifications (workspace_id, user_id, id);
CREATE INDEX notifications_unread ON notifications (workspace_id, user_id) WHERE read_at IS NULL;
CALL kitaab_fence('notifications', 'owner', 'member', 'client', 'guest', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON notifications TO kitaab_app;

-- What somebody does not want to hear of, as names with commas around them.
CREATE TABLE notification_preferences (
    workspace_id uuid NOT NULL,
    user_id      uuid NOT NULL,
    silenced     text NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES memberships ON DELETE CASCADE
);
CALL kitaab_fence('notification_preferences', 'owner', 'member', 'client', 'guest', 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON notification_preferences TO kitaab_app;

-- Of what in a channel somebody wants to hear.
ALTER TABLE channel_members ADD COLUMN notify text NOT NULL DEFAULT 'mentions' CHECK (notify IN ('all', 'mentions', 'none'));
CREATE INDEX channel_members_all ON channel_members (workspace_id, channel_id) WHERE notify = 'all';
