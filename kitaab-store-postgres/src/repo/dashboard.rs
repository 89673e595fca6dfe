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

// SQLite takes a workspace for a few rows, and would read all of its tasks to find those of a client's projects: 30 ms
// instead of 2. It keeps the order of a `CROSS JOIN`; to PostgreSQL that is a join like any other.

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
            r#"WITH reached AS MATERIALIZED (
                SELECT p.id, p.status, p.due_on, k.grant_tasks FROM collaborators k CROSS JOIN projects p
                WHERE k.workspace_id = $1 AND k.client_id = $2 AND p.workspace_id = $1 AND p.id = k.project_id AND p.archived_at IS NULL
            ), seen AS MATERIALIZED (
                SELECT t.state, t.due_on, r.status FROM reached r CROSS JOIN tasks t
                WHERE t.workspace_id = $1 AND t.project_id = r.id AND r.grant_tasks AND t.client_visible
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
        match permit.reach() {
            Reach::All => self.deadlines_of_all(permit, today, limit).await,
            Reach::Assigned(card) => self.deadlines_of_card(permit, card, today, limit).await,
            Reach::Own | Reach::Known | Reach::Inside | Reach::Nothing => Ok(Vec::new()),
        }
    }
}

/// The deadline in a row.
macro_rules! deadline {
    ($row:expr) => {{
        let row = $row;
        DeadlineRow {
            kind: row.kind,
            id: row.id,
            title: row.title,
            project_id: row.project_id,
            project_name: row.project_name,
            due_on: row.due_on,
        }
    }};
}

impl Unit {
    /// Four short walks of an index, each away from today, and not one look at everything that is due.
    async fn deadlines_of_all(&mut self, permit: &Reads<InWorkspace>, today: Date, limit: u32) -> StoreResult<Vec<DeadlineRow>> {
        let query = query!(
            r#"SELECT late.kind AS "kind!: kitaab_core::dashboard::DeadlineKind", late.id AS "id!: uuid::Uuid", late.title AS "title!",
                late.project_id AS "project_id!: kitaab_core::ids::ProjectId", late.project_name AS "project_name!",
                late.due_on AS "due_on!: Date"
            FROM (SELECT 'task' AS kind, t.id, t.title, p.id AS project_id, p.name AS project_name, t.due_on
                FROM tasks t JOIN projects p ON p.workspace_id = t.workspace_id AND p.id = t.project_id
                WHERE t.workspace_id = $1 AND t.due_on < $2 AND t.state NOT IN ('done', 'cancelled')
                    AND p.archived_at IS NULL AND p.status NOT IN ('done', 'cancelled') ORDER BY t.due_on DESC, t.id DESC LIMIT $3) AS late
            UNION ALL
            SELECT * FROM (SELECT 'task', t.id, t.title, p.id, p.name, t.due_on
                FROM tasks t JOIN projects p ON p.workspace_id = t.workspace_id AND p.id = t.project_id
                WHERE t.workspace_id = $1 AND t.due_on >= $2 AND t.state NOT IN ('done', 'cancelled')
                    AND p.archived_at IS NULL AND p.status NOT IN ('done', 'cancelled') ORDER BY t.due_on, t.id LIMIT $3) AS soon
            UNION ALL
            SELECT * FROM (SELECT 'project', p.id, p.name, p.id, p.name, p.due_on FROM projects p
                WHERE p.workspace_id = $1 AND p.due_on < $2 AND p.archived_at IS NULL AND p.status NOT IN ('done', 'cancelled')
                ORDER BY p.due_on DESC, p.id DESC LIMIT $3) AS late_projects
            UNION ALL
            SELECT * FROM (SELECT 'project', p.id, p.name, p.id, p.name, p.due_on FROM projects p
                WHERE p.workspace_id = $1 AND p.due_on >= $2 AND p.archived_at IS NULL AND p.status NOT IN ('done', 'cancelled')
                ORDER BY p.due_on, p.id LIMIT $3) AS soon_projects"#,
            permit.workspace() as _,
            today as _,
            i64::from(limit)
        );
        let rows = self.all(query).await?.into_iter().map(|row| deadline!(row));
        let (mut late, mut soon): (Vec<DeadlineRow>, Vec<DeadlineRow>) = rows.partition(|row| row.due_on < today);
        late.sort_by_key(|row| std::cmp::Reverse((row.due_on, row.id)));
        soon.sort_by_key(|row| (row.due_on, row.id));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(late.into_iter().take(limit).chain(soon.into_iter().take(limit)).collect())
    }

    /// From the client's few projects to what is due in them, once. Tasks are found in an index that has all that is asked
    /// (`i`) and only then looked at.
    async fn deadlines_of_card(
        &mut self,
        permit: &Reads<InWorkspace>,
        card: ClientId,
        today: Date,
        limit: u32,
    ) -> StoreResult<Vec<DeadlineRow>> {
        let query = query!(
            r#"WITH reached AS MATERIALIZED (
                SELECT p.id, p.name, p.due_on, k.grant_tasks FROM collaborators k CROSS JOIN projects p
                WHERE k.workspace_id = $1 AND k.client_id = $4 AND p.workspace_id = $1 AND p.id = k.project_id
                    AND p.archived_at IS NULL AND p.status NOT IN ('done', 'cancelled')
            ), due AS MATERIALIZED (
                SELECT 'project' AS kind, r.id, r.name AS title, r.id AS project_id, r.name AS project_name, r.due_on
                FROM reached r WHERE r.due_on IS NOT NULL
                UNION ALL
                SELECT 'task', t.id, t.title, r.id, r.name, t.due_on FROM reached r CROSS JOIN tasks i CROSS JOIN tasks t
                WHERE i.workspace_id = $1 AND i.project_id = r.id AND t.workspace_id = $1 AND t.id = i.id AND r.grant_tasks AND i.client_visible AND i.due_on IS NOT NULL AND i.state NOT IN ('done', 'cancelled')
            )
            SELECT late.kind AS "kind!: kitaab_core::dashboard::DeadlineKind", late.id AS "id!: uuid::Uuid", late.title AS "title!",
                late.project_id AS "project_id!: kitaab_core::ids::ProjectId", late.project_name AS "project_name!",
                late.due_on AS "due_on!: Date"
            FROM (SELECT * FROM due WHERE due_on < $2 ORDER BY due_on DESC, id DESC LIMIT $3) AS late
            UNION ALL
            SELECT * FROM (SELECT * FROM due WHERE due_on >= $2 ORDER BY due_on, id LIMIT $3) AS soon"#,
            permit.workspace() as _,
            today as _,
            i64::from(limit),
            card as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| deadline!(row)).collect())
    }
}
