//! Notifications.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, OnChannel, OnMessage, Reads, Writes};
use kitaab_core::ids::{MessageId, NotificationId, UserId};
use kitaab_core::input::Patch;
use kitaab_core::notification::{
    ChannelLevel, Level, Notice, Notification, NotificationKind, NotificationPreferences, NotificationRow, NotifiedStanding,
    PreferencesChange, QuietHours, Rule, SetChannelLevel,
};
use kitaab_core::page::Span;
use kitaab_core::store::{Closing, NotificationRepo, StoreError, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};

use super::rows::{LAST, workspace_of};
use crate::engine::Unit;

/// A person's notifications of what they see now: `$1` is the workspace, `$2` the person.
macro_rules! seen {
    ($head:literal, $tail:literal, $($argument:expr),+) => {
        query!(
            $head
                + r#" FROM notifications n JOIN memberships r ON r.workspace_id = n.workspace_id AND r.user_id = n.user_id
            LEFT JOIN users a ON a.id = n.actor_id
            LEFT JOIN channels c ON c.workspace_id = n.workspace_id AND c.id = n.channel_id
            LEFT JOIN channel_members i ON i.workspace_id = n.workspace_id AND i.channel_id = n.channel_id AND i.user_id = n.user_id
            LEFT JOIN messages m ON n.kind IN ('mention', 'direct_message', 'reply', 'message')
                AND m.workspace_id = n.workspace_id AND m.id = n.subject_id
            LEFT JOIN projects p ON p.workspace_id = n.workspace_id AND p.id = n.project_id
            LEFT JOIN collaborators k ON k.workspace_id = n.workspace_id AND k.project_id = n.project_id AND k.client_id = r.client_id
            LEFT JOIN tasks t ON n.kind = 'task_assigned' AND t.workspace_id = n.workspace_id AND t.id = n.subject_id
            LEFT JOIN project_updates d ON n.kind = 'project_update' AND d.workspace_id = n.workspace_id AND d.id = n.subject_id
            LEFT JOIN invitations v ON n.kind IN ('invitation_accepted', 'delivery_failed') AND v.workspace_id = n.workspace_id AND v.id = n.subject_id
            LEFT JOIN scheduled_messages s ON n.kind = 'delivery_failed' AND s.workspace_id = n.workspace_id AND s.id = n.subject_id
            WHERE n.workspace_id = $1 AND n.user_id = $2
                AND CASE n.kind
                    WHEN 'task_assigned' THEN t.id IS NOT NULL
                        AND (r.role <> 'client' OR (t.client_visible AND k.grant_tasks AND p.archived_at IS NULL))
                    WHEN 'project_update' THEN d.id IS NOT NULL
                        AND (r.role <> 'client' OR (k.client_id IS NOT NULL AND p.archived_at IS NULL))
                    WHEN 'invitation_accepted' THEN r.role <> 'client'
                    WHEN 'delivery_failed' THEN CASE WHEN n.channel_id IS NULL THEN r.role <> 'client' ELSE i.user_id IS NOT NULL END
                    ELSE m.id IS NOT NULL AND m.deleted_at IS NULL AND i.user_id IS NOT NULL
                        AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL AND r.role = 'client') END"#
                + $tail,
            $($argument),+
        )
    };
}

/// What is shown of a notification.
macro_rules! shown {
    ($tail:literal, $($argument:expr),+) => {
        seen!(
            r#"SELECT n.id, n.user_id, n.rule, n.actor_id, n.subject_id, n.channel_id, n.project_id, n.created_at,
                a.display_name AS "actor_name?", COALESCE(c.name, p.name, a.display_name) AS "title?: String",
                COALESCE(m.text, t.title, d.text, v.email, s.text) AS "text?: String",
                (n.read_at IS NOT NULL OR (m.seq IS NOT NULL AND m.seq <= i.read_seq)) AS "read!: bool""#,
            $tail,
            $($argument),+
        )
    };
}

/// The notification in a row.
macro_rules! row {
    ($row:expr) => {{
        let row = $row;
        let notice = Notice {
            user: row.user_id,
            rule: row.rule,
            actor: row.actor_id,
            subject: row.subject_id,
            channel: row.channel_id,
            project: row.project_id,
        };
        let notification = Notification { id: row.id, notice, created_at: row.created_at };
        NotificationRow { notification, actor_name: row.actor_name, title: row.title, text: row.text, read: row.read }
    }};
}

/// Kinds as they are kept: names with commas around them.
fn listed(kinds: &[NotificationKind]) -> String {
    kinds.iter().fold(",".to_owned(), |list, kind| list + kind.as_str() + ",")
}

#[async_trait]
impl NotificationRepo for Unit {
    async fn insert_notification(&mut self, closing: &Closing, notification: &Notification) -> StoreResult<bool> {
        let workspace = workspace_of(closing)?;
        let Notification { id, notice, created_at } = notification;
        let kind = notice.rule.kind();
        let Some(channel) = notice.channel else {
            let query = query!(
                "INSERT INTO notifications (workspace_id, id, user_id, kind, rule, actor_id, subject_id, project_id, created_at)
                SELECT m.workspace_id, $2, m.user_id, $4, $5, $6, $7, $8, $9 FROM memberships m
                LEFT JOIN notification_preferences p ON p.workspace_id = m.workspace_id AND p.user_id = m.user_id
                WHERE m.workspace_id = $1 AND m.user_id = $3 AND (p.user_id IS NULL OR instr(p.silenced, $10) = 0)",
                workspace as _,
                id as _,
                notice.user as _,
                kind as _,
                notice.rule as _,
                notice.actor as _,
                notice.subject,
                notice.project as _,
                created_at as _,
                listed(&[kind])
            );
            return self.touch(query).await;
        };
        let query = query!(
            "INSERT INTO notifications (workspace_id, id, user_id, kind, rule, actor_id, subject_id, channel_id, project_id, created_at)
            SELECT i.workspace_id, $2, i.user_id, $4, $5, $6, $7, i.channel_id, $8, $9 FROM channel_members i
            JOIN memberships m ON m.workspace_id = i.workspace_id AND m.user_id = i.user_id
            LEFT JOIN notification_preferences p ON p.workspace_id = i.workspace_id AND p.user_id = i.user_id
            WHERE i.workspace_id = $1 AND i.user_id = $3 AND i.channel_id = $11 AND (p.user_id IS NULL OR instr(p.silenced, $10) = 0)
                AND (i.muted_until IS NULL OR i.muted_until <= $9) AND i.notify <> 'none'",
            workspace as _,
            id as _,
            notice.user as _,
            kind as _,
            notice.rule as _,
            notice.actor as _,
            notice.subject,
            notice.project as _,
            created_at as _,
            listed(&[kind]),
            channel as _
        );
        self.touch(query).await
    }

    async fn notifications(
        &mut self,
        permit: &Reads<InWorkspace>,
        user: UserId,
        span: &Span<NotificationId>,
    ) -> StoreResult<Vec<NotificationRow>> {
        let query = shown!(
            " AND n.id < $3 ORDER BY n.id DESC LIMIT $4",
            permit.workspace() as _,
            user as _,
            span.after.map_or(LAST, |id| id.0),
            i64::from(span.limit)
        );
        Ok(self.all(query).await?.into_iter().map(|row| row!(row)).collect())
    }

    async fn notification(
        &mut self,
        permit: &Reads<InWorkspace>,
        user: UserId,
        id: NotificationId,
    ) -> StoreResult<Option<NotificationRow>> {
        let query = shown!(" AND n.id = $3", permit.workspace() as _, user as _, id as _);
        Ok(self.optional(query).await?.map(|row| row!(row)))
    }

    async fn unread_notifications(&mut self, permit: &Reads<InWorkspace>, user: UserId) -> StoreResult<i64> {
        let query = seen!(
            r#"SELECT COUNT(*) AS "count!: i64""#,
            " AND n.read_at IS NULL AND (m.seq IS NULL OR m.seq > i.read_seq)",
            permit.workspace() as _,
            user as _
        );
        Ok(self.one(query).await?.count)
    }

    async fn read_notification(
        &mut self,
        permit: &Writes<InWorkspace>,
        user: UserId,
        id: NotificationId,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let query = query!(
            "UPDATE notifications SET read_at = $4 WHERE workspace_id = $1 AND user_id = $2 AND id = $3 AND read_at IS NULL",
            permit.workspace() as _,
            user as _,
            id as _,
            at as _
        );
        self.touch(query).await
    }

    async fn read_notifications_up_to(
        &mut self,
        permit: &Writes<InWorkspace>,
        user: UserId,
        last: NotificationId,
        at: Timestamp,
    ) -> StoreResult<u64> {
        let query = query!(
            "UPDATE notifications SET read_at = $4 WHERE workspace_id = $1 AND user_id = $2 AND id <= $3 AND read_at IS NULL",
            permit.workspace() as _,
            user as _,
            last as _,
            at as _
        );
        self.execute(query).await
    }

    async fn notification_preferences(&mut self, permit: &Reads<InWorkspace>, user: UserId) -> StoreResult<NotificationPreferences> {
        let workspace = permit.workspace();
        let query = query!(
            r#"SELECT silenced, email, email_content AS "email_content: bool", quiet_from, quiet_to, quiet_zone FROM notification_preferences
            WHERE workspace_id = $1 AND user_id = $2"#,
            workspace as _,
            user as _
        );
        let mut preferences = NotificationPreferences::default();
        if let Some(row) = self.optional(query).await? {
            for name in row.silenced.split(',').filter(|name| !name.is_empty()) {
                let kind = name.parse().map_err(|_| StoreError::Corrupt(format!("{name} is no kind of notification")))?;
                preferences.silenced.push(kind);
            }
            preferences.quiet_hours = QuietHours::from_minutes(row.quiet_from, row.quiet_to, row.quiet_zone);
            preferences.email = row.email;
            preferences.email_content = row.email_content;
        }
        let query = query_as!(
            ChannelLevel,
            r#"SELECT i.channel_id, i.notify AS level, i.email AS "email?: Level"
            FROM channel_members i JOIN channels c ON c.workspace_id = i.workspace_id AND c.id = i.channel_id
            JOIN memberships me ON me.workspace_id = i.workspace_id AND me.user_id = i.user_id
            WHERE i.workspace_id = $1 AND i.user_id = $2 AND (i.notify <> 'mentions' OR i.email IS NOT NULL)
                AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL AND me.role = 'client') ORDER BY i.channel_id"#,
            workspace as _,
            user as _
        );
        preferences.channels = self.all(query).await?;
        Ok(preferences)
    }

    async fn change_notification_preferences(
        &mut self,
        permit: &Writes<InWorkspace>,
        user: UserId,
        change: &PreferencesChange,
    ) -> StoreResult<()> {
        let quiet = match &change.quiet_hours {
            Patch::Set(quiet) => Some(quiet),
            Patch::Keep | Patch::Clear => None,
        };
        let query = query!(
            "INSERT INTO notification_preferences AS w (workspace_id, user_id, silenced, email, email_content, quiet_from, quiet_to, quiet_zone)
            SELECT m.workspace_id, m.user_id, $3, $5, $7, $10, $11, $12 FROM memberships m WHERE m.workspace_id = $1 AND m.user_id = $2
            ON CONFLICT (workspace_id, user_id) DO UPDATE SET silenced = CASE WHEN $4 THEN excluded.silenced ELSE w.silenced END,
                email = CASE WHEN $6 THEN excluded.email ELSE w.email END,
                email_content = CASE WHEN $8 THEN excluded.email_content ELSE w.email_content END,
                quiet_from = CASE WHEN $9 THEN excluded.quiet_from ELSE w.quiet_from END,
                quiet_to = CASE WHEN $9 THEN excluded.quiet_to ELSE w.quiet_to END,
                quiet_zone = CASE WHEN $9 THEN excluded.quiet_zone ELSE w.quiet_zone END",
            permit.workspace() as _,
            user as _,
            listed(change.silenced.as_deref().unwrap_or_default()),
            change.silenced.is_some(),
            change.email.unwrap_or(Level::All) as _,
            change.email.is_some(),
            change.email_content.unwrap_or(true),
            change.email_content.is_some(),
            !change.quiet_hours.is_keep(),
            quiet.map(|quiet| quiet.from.minutes()),
            quiet.map(|quiet| quiet.to.minutes()),
            quiet.and_then(|quiet| quiet.time_zone.as_deref())
        );
        self.execute(query).await.map(drop)
    }

    async fn set_level(&mut self, permit: &Writes<OnChannel>, user: UserId, level: &SetChannelLevel) -> StoreResult<()> {
        let OnChannel(workspace, id) = permit.target();
        let email = match level.email {
            Patch::Set(email) => Some(email),
            Patch::Keep | Patch::Clear => None,
        };
        let query = query!(
            "UPDATE channel_members SET notify = COALESCE($4, notify), email = CASE WHEN $5 THEN $6 ELSE email END
            WHERE workspace_id = $1 AND channel_id = $2 AND user_id = $3",
            workspace as _,
            id as _,
            user as _,
            level.level as _,
            !level.email.is_keep(),
            email as _
        );
        self.execute(query).await.map(drop)
    }

    async fn following_all(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Vec<UserId>> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            "SELECT user_id FROM channel_members WHERE workspace_id = $1 AND channel_id = $2 AND notify = 'all'",
            workspace as _,
            id as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.user_id).collect())
    }

    async fn said_by(&mut self, permit: &Reads<OnChannel>, messages: [MessageId; 2]) -> StoreResult<Vec<(MessageId, UserId)>> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query!(
            "SELECT id, author_id FROM messages WHERE workspace_id = $1 AND channel_id = $2 AND id IN ($3, $4)",
            workspace as _,
            channel as _,
            messages[0] as _,
            messages[1] as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| (row.id, row.author_id)).collect())
    }

    async fn notified_of(&mut self, permit: &Reads<OnMessage>, person: UserId, now: Timestamp) -> StoreResult<NotifiedStanding> {
        let OnMessage(workspace, id) = permit.target();
        let query = query!(
            r#"SELECT i.notify AS "level?: Level", COALESCE(i.muted_until > $4, FALSE) AS "muted!: bool",
                (SELECT n.rule FROM notifications n WHERE n.workspace_id = m.workspace_id AND n.user_id = $3 AND n.subject_id = m.id
                    ORDER BY n.id LIMIT 1) AS "rule?: Rule"
            FROM messages m LEFT JOIN channel_members i ON i.workspace_id = m.workspace_id AND i.channel_id = m.channel_id AND i.user_id = $3
            WHERE m.workspace_id = $1 AND m.id = $2"#,
            workspace as _,
            id as _,
            person as _,
            now as _
        );
        let found = self.optional(query).await?;
        Ok(found.map_or_else(NotifiedStanding::default, |row| NotifiedStanding { rule: row.rule, level: row.level, muted: row.muted }))
    }
}
