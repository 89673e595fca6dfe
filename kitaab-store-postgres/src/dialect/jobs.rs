//! Claiming jobs, with other workers doing the same.

use kitaab_core::ids::WorkspaceId;
use kitaab_core::job::Job;
use kitaab_core::store::StoreResult;
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};
use uuid::Uuid;

use crate::engine::Unit;

impl Unit {
    pub(crate) async fn claim_due(&mut self, now: Timestamp, until: Timestamp, limit: i64, per_workspace: i64) -> StoreResult<Vec<Job>> {
        let mine: Vec<Uuid> = self.workspaces_to_claim(now, limit, per_workspace).await?.into_iter().map(|id| id.0).collect();
        let query = query_as!(
            Job,
            r#"WITH running AS (
                SELECT workspace_id, COUNT(*) AS count FROM jobs
                WHERE state = 'running' AND due_at > $1 AND workspace_id = ANY($5) GROUP BY workspace_id
            ), ranked AS (
                SELECT j.id, ROW_NUMBER() OVER (PARTITION BY j.workspace_id ORDER BY j.due_at, j.id) + COALESCE(r.count, 0) AS place
                FROM jobs j LEFT JOIN running r ON r.workspace_id = j.workspace_id
                WHERE j.state IN ('waiting', 'running') AND j.due_at <= $1 AND (j.workspace_id IS NULL OR j.workspace_id = ANY($5))
            ), chosen AS (
                SELECT j.id, j.due_at FROM jobs j JOIN ranked r ON r.id = j.id
                WHERE (j.workspace_id IS NULL OR r.place <= $4) AND j.state IN ('waiting', 'running') AND j.due_at <= $1
                ORDER BY j.due_at, j.id LIMIT $3 FOR UPDATE OF j SKIP LOCKED
            ), claimed AS (
                UPDATE jobs j SET state = 'running', due_at = $2, attempts = attempts + 1, fence = fence + 1
                FROM chosen c WHERE j.id = c.id
                RETURNING j.id, j.kind, j.workspace_id, j.subject_id, j.detail, j.attempts, j.fence, j.created_at, c.due_at
            )
            SELECT id AS "id!: _", kind AS "kind!: _", workspace_id AS "workspace_id?: _", subject_id AS "subject!", detail AS "detail!",
                attempts AS "attempts!", fence AS "fence!", created_at AS "created_at!"
            FROM claimed ORDER BY due_at, id"#,
            now as _,
            until as _,
            limit,
            per_workspace,
            &mine
        );
        self.all(query).await
    }

    /// Workspaces with due jobs and room for one more, each locked until the commit against other workers: two that count
    /// at the same time would both find the last place free. Who comes second passes it over and does not wait.
    async fn workspaces_to_claim(&mut self, now: Timestamp, limit: i64, per_workspace: i64) -> StoreResult<Vec<WorkspaceId>> {
        let query = query!(
            r#"SELECT w.workspace_id AS "workspace_id!: WorkspaceId" FROM (
                SELECT j.workspace_id, MIN(j.due_at) AS due_at FROM jobs j
                WHERE j.state IN ('waiting', 'running') AND j.due_at <= $1 AND j.workspace_id IS NOT NULL
                    AND (SELECT COUNT(*) FROM jobs r WHERE r.workspace_id = j.workspace_id AND r.state = 'running' AND r.due_at > $1) < $3
                GROUP BY j.workspace_id ORDER BY due_at LIMIT $2
            ) w WHERE pg_try_advisory_xact_lock(hashtextextended('jobs ' || w.workspace_id::text, 0))"#,
            now as _,
            limit,
            per_workspace
        );
        Ok(self.all(query).await?.into_iter().map(|row| row.workspace_id).collect())
    }
}
