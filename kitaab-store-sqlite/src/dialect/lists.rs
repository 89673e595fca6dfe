//! Rows of many ids at once.

use kitaab_core::chat::PresenceRow;
use kitaab_core::ids::{ChannelId, ProjectId, SessionId, UserId, WorkspaceId};
use kitaab_core::store::StoreResult;
use kitaab_core::time::Timestamp;
use sqlx::query;
use uuid::Uuid;

use crate::engine::Unit;
use crate::repo::presence_state;

/// JSON has no bytes, so ids go as the letters that `unhex` reads.
pub(super) fn hex(ids: impl Iterator<Item = Uuid>) -> String {
    ids.map(|id| id.simple().to_string()).collect::<serde_json::Value>().to_string()
}

impl Unit {
    /// Those of the projects that exist and are not archived.
    pub(crate) async fn active_among(&mut self, workspace: WorkspaceId, ids: &[ProjectId]) -> StoreResult<Vec<ProjectId>> {
        let query = query!(
            "SELECT id FROM projects
            WHERE workspace_id = $1 AND id IN (SELECT unhex(value) FROM json_each($2)) AND archived_at IS NULL ORDER BY id",
            workspace as _,
            hex(ids.iter().map(|id| id.0))
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.id).collect())
    }

    /// Those of the channels that are groups and not archived.
    pub(crate) async fn open_groups_among(&mut self, workspace: WorkspaceId, ids: &[ChannelId]) -> StoreResult<Vec<ChannelId>> {
        let query = query!(
            "SELECT id FROM channels WHERE workspace_id = $1 AND id IN (SELECT unhex(value) FROM json_each($2)) AND kind = 'group'
                AND archived_at IS NULL ORDER BY id",
            workspace as _,
            hex(ids.iter().map(|id| id.0))
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.id).collect())
    }

    /// Those of the people who are in the workspace.
    pub(crate) async fn people_among(&mut self, workspace: WorkspaceId, people: &[UserId]) -> StoreResult<Vec<UserId>> {
        let query = query!(
            "SELECT user_id FROM memberships WHERE workspace_id = $1 AND user_id IN (SELECT unhex(value) FROM json_each($2))",
            workspace as _,
            hex(people.iter().map(|id| id.0))
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.user_id).collect())
    }

    /// What those of the people are called who are in the workspace.
    pub(crate) async fn names_of(&mut self, workspace: WorkspaceId, people: &[UserId]) -> StoreResult<Vec<(UserId, String)>> {
        let query = query!(
            "SELECT m.user_id, u.display_name FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE m.workspace_id = $1 AND m.user_id IN (SELECT unhex(value) FROM json_each($2))",
            workspace as _,
            hex(people.iter().map(|id| id.0))
        );
        Ok(self.all(query).await?.into_iter().map(|row| (row.user_id, row.display_name)).collect())
    }

    /// How these people are.
    pub(crate) async fn presences_among(&mut self, people: &[UserId], since: Timestamp) -> StoreResult<Vec<PresenceRow>> {
        let query = query!(
            r#"SELECT u.id AS "id!: UserId", s.at AS "last_seen_at?: Timestamp",
                (SELECT MAX(l.seen_at) FROM presence_leases l WHERE l.user_id = u.id AND l.ended_at IS NULL) AS "held_at?: Timestamp",
                (SELECT COUNT(*) FROM presence_leases l WHERE l.user_id = u.id AND l.seen_at >= $2 AND l.ended_at IS NULL) AS "leases!: i64",
                (SELECT COUNT(*) FROM presence_leases l WHERE l.user_id = u.id AND l.seen_at >= $2 AND l.ended_at IS NULL AND l.away) AS "away!: i64"
            FROM users u LEFT JOIN last_seen s ON s.user_id = u.id WHERE u.id IN (SELECT unhex(value) FROM json_each($1))"#,
            hex(people.iter().map(|id| id.0)),
            since as _
        );
        let rows = self.all(query).await?.into_iter().map(|row| PresenceRow {
            user_id: row.id,
            state: presence_state(row.leases, row.away),
            last_seen_at: row.last_seen_at.max(row.held_at),
        });
        Ok(rows.collect())
    }

    /// The number of the last event of each of these workspaces.
    pub(crate) async fn heads_among(&mut self, ids: &[WorkspaceId]) -> StoreResult<Vec<(WorkspaceId, i64)>> {
        let query = query!(
            r#"SELECT workspace_id AS "workspace_id!: WorkspaceId", seq AS "seq!" FROM event_head
            WHERE workspace_id IN (SELECT unhex(value) FROM json_each($1))"#,
            hex(ids.iter().map(|id| id.0))
        );
        Ok(self.all(query).await?.into_iter().map(|row| (row.workspace_id, row.seq)).collect())
    }

    /// Those of the sessions that have not ended.
    pub(crate) async fn sessions_among(&mut self, ids: &[SessionId], now: Timestamp) -> StoreResult<Vec<SessionId>> {
        let query = query!(
            r#"SELECT id AS "id!: SessionId" FROM sessions WHERE id IN (SELECT unhex(value) FROM json_each($1)) AND expires_at > $2"#,
            hex(ids.iter().map(|id| id.0)),
            now as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.id).collect())
    }
}
