//! The figures of dashboards, and what is due.

use std::collections::BTreeMap;

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, Ledger, Reach, Reads};
use kitaab_core::dashboard::DeadlineRow;
use kitaab_core::ids::ClientId;
use kitaab_core::money::Currency;
use kitaab_core::store::{ClientCounts, DashboardRepo, LedgerTotal, StaffCounts, StoreResult};
use kitaab_core::time::{Date, Timestamp};
use sqlx::query;

use crate::engine::Unit;

#[async_trait]
impl DashboardRepo for Unit {
    async fn staff_counts(
        &mut self,
        permit: &Reads<InWorkspace>,
        money: Option<&Reads<Ledger>>,
        now: Timestamp,
    ) -> StoreResult<StaffCounts> {
        if permit.reach() != Reach::All {
            return Ok(StaffCounts::default());
        }
        let workspace = permit.workspace();
        // All cards in one statement: a line for each, and for money one for each currency.
        let query = query!(
            r#"SELECT 'projects' AS "what!", CAST(NULL AS TEXT) AS "currency?: Currency", COUNT(*) AS "figure!: i64"
            FROM projects WHERE workspace_id = $1 AND archived_at IS NULL
            UNION ALL SELECT 'clients', NULL, COUNT(*) FROM clients WHERE workspace_id = $1 AND archived_at IS NULL
            UNION ALL SELECT 'invitations', NULL, COUNT(*) FROM invitations
                WHERE workspace_id = $1 AND closed_at IS NULL AND expires_at > $2
            UNION ALL SELECT kind, currency, CAST(SUM(minor) AS BIGINT) FROM ledger_entries
                WHERE workspace_id = $1 AND $3 AND deleted_at IS NULL GROUP BY kind, currency"#,
            workspace as _,
            now as _,
            money.is_some_and(|money| money.workspace() == workspace)
        );
        let mut counts = StaffCounts::default();
        let mut totals: BTreeMap<&str, LedgerTotal> = BTreeMap::new();
        for row in self.all(query).await? {
            match (row.what.as_str(), row.currency) {
                ("projects", _) => counts.projects = row.figure,
                ("clients", _) => counts.clients = row.figure,
                ("invitations", _) => counts.invitations = row.figure,
                (kind, Some(currency)) => {
                    let total = totals.entry(currency.as_str()).or_insert(LedgerTotal { currency, income: 0, expense: 0 });
                    *(if kind == "income" { &mut total.income } else { &mut total.expense }) = row.figure;
                }
                (_, None) => {}
            }
        }
        counts.totals = totals.into_values().collect();
        Ok(counts)
    }

    async fn client_counts(&mut self, permit: &Reads<InWorkspace>, card: ClientId, today: Date) -> StoreResult<ClientCounts> {
        if permit.reach() != Reach::Assigned(card) && permit.reach() != Reach::All {
            return Ok(ClientCounts::default());
        }
        let query = query!(
            r#"WITH reached AS (
                SELECT p.id, p.status, p.due_on, k.grant_tasks
                FROM collaborators k JOIN projects p ON p.workspace_id = k.workspace_id AND p.id = k.project_id
                WHERE k.workspace_id = $1 AND k.client_id = $2 AND p.archived_at IS NULL
            ), seen AS (
                SELECT t.state, t.due_on, r.status FROM reached r JOIN tasks t ON t.workspace_id = $1 AND t.project_id = r.id
                WHERE r.grant_tasks AND t.client_visible
            )
            SELECT (SELECT COUNT(*) FROM reached) AS "projects!: i64",
                (SELECT COUNT(*) FROM seen WHERE state = 'done') AS "tasks_completed!: i64",
                (SELECT COUNT(*) FROM reached WHERE due_on >= $3 AND status NOT IN ('done', 'cancelled')) AS "projects_due!: i64",
                (SELECT COUNT(*) FROM seen WHERE due_on >= $3 AND state NOT IN ('done', 'cancelled')
                    AND status NOT IN ('done', 'cancelled')) AS "tasks_due!: i64""#,
            permit.workspace() as _,
            card as _,
            today as _
        );
        let row = self.one(query).await?;
        Ok(ClientCounts {
            projects: row.projects,
            tasks_completed: row.tasks_completed,
            upcoming_deadlines: row.projects_due + row.tasks_due,
        })
    }

    async fn deadlines(&mut self, permit: &Reads<InWorkspace>, today: Date, limit: u32) -> StoreResult<Vec<DeadlineRow>> {
        let card = match permit.reach() {
            Reach::All => None,
            Reach::Assigned(card) => Some(card),
            Reach::Own | Reach::Known | Reach::Nothing => return Ok(Vec::new()),
        };
        // For staff the second half of `reached` is empty, for a client the first.
        let query = query!(
            r#"WITH reached AS (
                SELECT p.id, p.name, p.due_on, TRUE AS tasks, TRUE AS internal FROM projects p
                WHERE CAST($4 AS UUID) IS NULL AND p.workspace_id = $1 AND p.archived_at IS NULL AND p.status NOT IN ('done', 'cancelled')
                UNION ALL
                SELECT p.id, p.name, p.due_on, k.grant_tasks, FALSE
                FROM collaborators k JOIN projects p ON p.workspace_id = k.workspace_id AND p.id = k.project_id
                WHERE k.workspace_id = $1 AND k.client_id = $4 AND p.archived_at IS NULL AND p.status NOT IN ('done', 'cancelled')
            ), due AS (
                SELECT 'project' AS kind, r.id, r.name AS title, r.id AS project_id, r.name AS project_name, r.due_on
                FROM reached r WHERE r.due_on IS NOT NULL
                UNION ALL
                SELECT 'task', t.id, t.title, r.id, r.name, t.due_on FROM tasks t JOIN reached r ON r.id = t.project_id
                WHERE t.workspace_id = $1 AND t.due_on IS NOT NULL AND t.state NOT IN ('done', 'cancelled')
                    AND r.tasks AND (r.internal OR t.client_visible)
            )
            SELECT late.kind AS "kind!: kitaab_core::dashboard::DeadlineKind", late.id AS "id!: uuid::Uuid", late.title AS "title!",
                late.project_id AS "project_id!: kitaab_core::ids::ProjectId", late.project_name AS "project_name!",
                late.due_on AS "due_on!: Date"
            FROM (SELECT * FROM due WHERE due_on < $2 ORDER BY due_on DESC, id LIMIT $3) AS late
            UNION ALL
            SELECT * FROM (SELECT * FROM due WHERE due_on >= $2 ORDER BY due_on, id LIMIT $3) AS soon"#,
            permit.workspace() as _,
            today as _,
            i64::from(limit),
            card as _
        );
        let rows = self.all(query).await?.into_iter().map(|row| DeadlineRow {
            kind: row.kind,
            id: row.id,
            title: row.title,
            project_id: row.project_id,
            project_name: row.project_name,
            due_on: row.due_on,
        });
        Ok(rows.collect())
    }
}
