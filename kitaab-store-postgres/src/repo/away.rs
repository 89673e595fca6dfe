//! Who may have missed what, and the mails about it.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, OnChannel, OnPerson, Reads, Writes};
use kitaab_core::away::{AwayPerson, Look, MailWishes, Mailing, SaidLately, Stay, Subscription};
use kitaab_core::ids::{ChannelId, MailingId, UserId};
use kitaab_core::notification::{Level, QuietHours};
use kitaab_core::store::{AwayRepo, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};

use super::rows::first_of;
use crate::engine::Unit;

/// What a row says of somebody's wishes. Its `email` is nothing where they want to hear of nothing in the channel, else what was
/// set for it (`i` is their membership), else what was set for all (`w`).
macro_rules! wishes {
    ($row:expr) => {{
        let row = $row;
        MailWishes {
            email: row.email,
            content: row.content,
            muted_until: row.muted_until,
            quiet_hours: QuietHours::from_minutes(row.quiet_from, row.quiet_to, row.quiet_zone),
            time_zone: row.time_zone,
        }
    }};
}

#[async_trait]
impl AwayRepo for Unit {
    async fn plan_look(&mut self, permit: &Writes<OnChannel>, look: Look) -> StoreResult<bool> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            "UPDATE channels SET away_due_at = $3 WHERE workspace_id = $1 AND id = $2
                AND CASE WHEN away_due_at <= $3 AND away_due_at >= $4 THEN FALSE ELSE TRUE END",
            workspace as _,
            id as _,
            look.at as _,
            look.lost_before as _
        );
        self.touch(query).await
    }

    async fn begin_look(&mut self, permit: &Writes<OnChannel>, now: Timestamp) -> StoreResult<bool> {
        let OnChannel(workspace, id) = permit.target();
        let query = query!(
            "UPDATE channels SET away_due_at = NULL WHERE workspace_id = $1 AND id = $2 AND away_due_at <= $3",
            workspace as _,
            id as _,
            now as _
        );
        self.touch(query).await
    }

    async fn away_people(&mut self, permit: &Reads<OnChannel>) -> StoreResult<Vec<AwayPerson>> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query!(
            r#"SELECT i.user_id, i.seen_seq, i.muted_until AS "muted_until?: Timestamp",
                CASE WHEN i.notify = 'none' THEN 'none' ELSE COALESCE(i.email, w.email, 'all') END AS "email!: Level",
                COALESCE(w.email_content, TRUE) AS "content!: bool", w.quiet_from AS "quiet_from?: i64", w.quiet_to AS "quiet_to?: i64",
                w.quiet_zone AS "quiet_zone?: String", u.time_zone, g.id AS "mailing_id?: MailingId", g.mailed_seq AS "mailed_seq?: i64",
                g.mailed_at AS "mailed_at?: Timestamp", g.step AS "step?: i64", g.up_to AS "up_to?: i64"
            FROM channel_members i JOIN channels c ON c.workspace_id = i.workspace_id AND c.id = i.channel_id
            JOIN memberships m ON m.workspace_id = i.workspace_id AND m.user_id = i.user_id JOIN users u ON u.id = i.user_id
            LEFT JOIN notification_preferences w ON w.workspace_id = i.workspace_id AND w.user_id = i.user_id
            LEFT JOIN mailings g ON g.workspace_id = i.workspace_id AND g.channel_id = i.channel_id AND g.user_id = i.user_id
            WHERE i.workspace_id = $1 AND i.channel_id = $2 AND i.seen_seq < c.last_seq AND u.email IS NOT NULL AND i.notify <> 'none'
                AND COALESCE(i.email, w.email, 'all') <> 'none'
                AND NOT (c.kind = 'project' AND c.archived_at IS NOT NULL AND m.role = 'client')"#,
            workspace as _,
            channel as _
        );
        let rows = self.all(query).await?.into_iter().map(|row| {
            let (user_id, seen_seq) = (row.user_id, row.seen_seq);
            let mailing = row.mailing_id.map(|id| Mailing {
                id,
                channel_id: channel,
                user_id,
                mailed_seq: row.mailed_seq.unwrap_or(0),
                mailed_at: row.mailed_at,
                step: row.step.unwrap_or(0),
                up_to: row.up_to,
            });
            AwayPerson { user_id, seen_seq, mailing, wishes: wishes!(row) }
        });
        Ok(rows.collect())
    }

    async fn said_lately(&mut self, permit: &Reads<OnChannel>, since: Timestamp, limit: u32) -> StoreResult<Vec<SaidLately>> {
        let OnChannel(workspace, channel) = permit.target();
        // Numbers grow with time, so the newest are read from the end of the index.
        let query = query_as!(
            SaidLately,
            r#"SELECT seq AS "seq!", author_id, created_at AS at, deleted_at IS NOT NULL AS "deleted!: bool" FROM messages
            WHERE workspace_id = $1 AND channel_id = $2 AND created_at >= $3 ORDER BY seq DESC LIMIT $4"#,
            workspace as _,
            channel as _,
            since as _,
            i64::from(limit)
        );
        self.all(query).await
    }

    async fn stays(&mut self, permit: &Reads<OnChannel>, since: Timestamp) -> StoreResult<Vec<Stay>> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query_as!(
            Stay,
            r#"SELECT l.user_id AS "user_id!: UserId", l.began_at AS "began_at!: Timestamp", l.seen_at AS "seen_at!: Timestamp",
                l.ended_at AS "ended_at?: Timestamp"
            FROM channel_members i JOIN presence_leases l ON l.user_id = i.user_id AND l.seen_at >= $3
            WHERE i.workspace_id = $1 AND i.channel_id = $2"#,
            workspace as _,
            channel as _,
            since as _
        );
        self.all(query).await
    }

    async fn notified_lately(
        &mut self,
        permit: &Reads<OnChannel>,
        user: Option<UserId>,
        since: Timestamp,
    ) -> StoreResult<Vec<(UserId, i64)>> {
        let OnChannel(workspace, channel) = permit.target();
        // By their ids, which say when they were made: of everybody only the latest are read.
        let query = query!(
            r#"SELECT n.user_id AS "user_id!: UserId", m.seq AS "seq!"
            FROM channel_members i JOIN notifications n ON n.workspace_id = i.workspace_id AND n.user_id = i.user_id AND n.id >= $4
            JOIN messages m ON m.workspace_id = n.workspace_id AND m.id = n.subject_id
            WHERE i.workspace_id = $1 AND i.channel_id = $2 AND n.channel_id = $2 AND i.user_id = COALESCE($3, i.user_id)"#,
            workspace as _,
            channel as _,
            user as _,
            first_of(since)
        );
        Ok(self.all(query).await?.into_iter().map(|row| (row.user_id, row.seq)).collect())
    }

    async fn mail_wishes(&mut self, permit: &Reads<OnChannel>, user: UserId) -> StoreResult<Option<(MailWishes, i64)>> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query!(
            r#"SELECT i.seen_seq, i.muted_until AS "muted_until?: Timestamp",
                CASE WHEN i.notify = 'none' THEN 'none' ELSE COALESCE(i.email, w.email, 'all') END AS "email!: Level",
                COALESCE(w.email_content, TRUE) AS "content!: bool", w.quiet_from AS "quiet_from?: i64", w.quiet_to AS "quiet_to?: i64",
                w.quiet_zone AS "quiet_zone?: String", u.time_zone
            FROM channel_members i JOIN users u ON u.id = i.user_id
            LEFT JOIN notification_preferences w ON w.workspace_id = i.workspace_id AND w.user_id = i.user_id
            WHERE i.workspace_id = $1 AND i.channel_id = $2 AND i.user_id = $3"#,
            workspace as _,
            channel as _,
            user as _
        );
        Ok(self.optional(query).await?.map(|row| {
            let seen_seq = row.seen_seq;
            (wishes!(row), seen_seq)
        }))
    }

    async fn keep_mailing(&mut self, permit: &Writes<OnChannel>, mailing: &Mailing) -> StoreResult<()> {
        let OnChannel(workspace, channel) = permit.target();
        let query = query!(
            "INSERT INTO mailings (workspace_id, channel_id, user_id, id, mailed_seq, mailed_at, step, up_to)
            SELECT i.workspace_id, i.channel_id, i.user_id, $4, $5, $6, $7, $8 FROM channel_members i
            WHERE i.workspace_id = $1 AND i.channel_id = $2 AND i.user_id = $3
            ON CONFLICT (workspace_id, channel_id, user_id) DO UPDATE
            SET mailed_seq = excluded.mailed_seq, mailed_at = excluded.mailed_at, step = excluded.step, up_to = excluded.up_to",
            workspace as _,
            channel as _,
            mailing.user_id as _,
            mailing.id as _,
            mailing.mailed_seq,
            mailing.mailed_at as _,
            mailing.step,
            mailing.up_to
        );
        self.execute(query).await.map(drop)
    }

    async fn mailing(&mut self, permit: &Reads<InWorkspace>, id: MailingId) -> StoreResult<Option<Mailing>> {
        let query = query_as!(
            Mailing,
            "SELECT id, channel_id, user_id, mailed_seq, mailed_at, step, up_to FROM mailings WHERE workspace_id = $1 AND id = $2",
            permit.workspace() as _,
            id as _
        );
        self.optional(query).await
    }

    async fn subscription(&mut self, permit: &Reads<OnPerson>, channel: ChannelId) -> StoreResult<Option<Subscription>> {
        let OnPerson(workspace, person) = permit.target();
        let query = query_as!(
            Subscription,
            r#"SELECT p.name AS workspace_name,
                CASE WHEN i.notify = 'none' THEN 'none' ELSE COALESCE(i.email, w.email, 'all') END AS "email!: Level"
            FROM channel_members i JOIN workspaces p ON p.id = i.workspace_id
            LEFT JOIN notification_preferences w ON w.workspace_id = i.workspace_id AND w.user_id = i.user_id
            WHERE i.workspace_id = $1 AND i.user_id = $2 AND i.channel_id = $3"#,
            workspace as _,
            person as _,
            channel as _
        );
        self.optional(query).await
    }

    async fn unsubscribe(&mut self, permit: &Writes<OnPerson>, channel: Option<ChannelId>) -> StoreResult<bool> {
        let OnPerson(workspace, person) = permit.target();
        if let Some(channel) = channel {
            let query = query!(
                "UPDATE channel_members SET email = 'none' WHERE workspace_id = $1 AND channel_id = $2 AND user_id = $3",
                workspace as _,
                channel as _,
                person as _
            );
            return self.touch(query).await;
        }
        // What was set for a single channel would go before what is set for all.
        let query = query!(
            "UPDATE channel_members SET email = NULL WHERE workspace_id = $1 AND user_id = $2 AND email IS NOT NULL",
            workspace as _,
            person as _
        );
        self.execute(query).await?;
        let query = query!(
            "INSERT INTO notification_preferences (workspace_id, user_id, silenced, email)
            SELECT m.workspace_id, m.user_id, ',', 'none' FROM memberships m WHERE m.workspace_id = $1 AND m.user_id = $2
            ON CONFLICT (workspace_id, user_id) DO UPDATE SET email = excluded.email",
            workspace as _,
            person as _
        );
        self.touch(query).await
    }
}
