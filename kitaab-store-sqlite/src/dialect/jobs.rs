//! Claiming jobs: with one writer nobody else claims at the same time.

use kitaab_core::ids::JobId;
use kitaab_core::job::Job;
use kitaab_core::store::StoreResult;
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};

use crate::engine::Unit;

impl Unit {
    pub(crate) async fn claim_due(&mut self, now: Timestamp, until: Timestamp, limit: i64, per_workspace: i64) -> StoreResult<Vec<Job>> {
        let query = query!(
            r#"WITH running AS (
                SELECT workspace_id, COUNT(*) AS count FROM jobs WHERE state = 'running' AND due_at > $1 GROUP BY workspace_id
            ), ranked AS (
                SELECT j.id, j.workspace_id, j.due_at,
                    ROW_NUMBER() OVER (PARTITION BY j.workspace_id ORDER BY j.due_at, j.id) + COALESCE(r.count, 0) AS place
                FROM jobs j LEFT JOIN running r ON r.workspace_id = j.workspace_id
                WHERE j.state IN ('waiting', 'running') AND j.due_at <= $1
            )
            SELECT id AS "id!: JobId" FROM ranked WHERE workspace_id IS NULL OR place <= $2 ORDER BY due_at, id LIMIT $3"#,
            now as _,
            per_workspace,
            limit
        );
        let chosen = self.all(query).await?;
        let mut claimed = Vec::with_capacity(chosen.len());
        for row in chosen {
            let query = query_as!(
                Job,
                r#"UPDATE jobs SET state = 'running', due_at = $2, attempts = attempts + 1, fence = fence + 1 WHERE id = $1
                RETURNING id AS "id!: _", kind AS "kind!: _", workspace_id AS "workspace_id?: _", subject_id AS "subject!: _",
                    detail AS "detail!", attempts AS "attempts!", fence AS "fence!", created_at AS "created_at!: _""#,
                row.id as _,
                until as _
            );
            claimed.push(self.one(query).await?);
        }
        Ok(claimed)
    }
}
