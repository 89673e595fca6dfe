//! Expenses and income, with everything they ever were.

use async_trait::async_trait;
use kitaab_core::access::{Ledger, OnProject, Reads, Role, Writes};
use kitaab_core::finance::{EntryKind, EntryPosition, EntryVersion, GroupBy, LedgerEntry};
use kitaab_core::ids::LedgerEntryId;
use kitaab_core::money::Money;
use kitaab_core::page::Span;
use kitaab_core::store::{EntryFilter, FinanceRepo, LedgerSum, StoreError, StoreResult};
use kitaab_core::time::{Date, Timestamp};
use kitaab_core::workspace::Author;
use sqlx::query;
use uuid::Uuid;

use super::project_rows::{tag_needle, tags_of, tags_text};
use super::rows::{FIRST, LAST};
use crate::engine::Unit;

/// The version in a row, as the reader sees who made it.
macro_rules! version {
    ($row:expr, $reader:expr) => {{
        let row = $row;
        let role: Option<Role> = row.actor_role;
        let actor = row.actor_id.zip(row.actor_name).map(|(id, display_name)| Author { id, display_name, role });
        let entry = serde_json::from_str(&row.entry).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let actor = actor.map(|actor| actor.seen_by($reader));
        Ok(EntryVersion { version: row.version, at: row.at, actor, deleted: row.deleted, entry })
    }};
}

/// The entry in a row.
macro_rules! entry {
    ($row:expr) => {{
        let row = $row;
        LedgerEntry {
            id: row.id,
            kind: row.kind,
            money: Money { minor: row.minor, currency: row.currency },
            on: row.on,
            category: row.category,
            project_id: row.project_id,
            client_id: row.client_id,
            note: row.note,
            tags: tags_of(&row.tags)?,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }};
}

/// After every day: where a list that descends begins.
fn last_day() -> StoreResult<Date> {
    Date::new(9999, 12, 31).ok_or_else(|| StoreError::Corrupt("the calendar has no last day".into()))
}

#[async_trait]
impl FinanceRepo for Unit {
    async fn entries(
        &mut self,
        permit: &Reads<Ledger>,
        kind: EntryKind,
        filter: &EntryFilter,
        span: &Span<EntryPosition>,
    ) -> StoreResult<Vec<LedgerEntry>> {
        let (on, id) = match &span.after {
            Some(after) => (after.on, after.id.0),
            None => (last_day()?, LAST),
        };
        let query = query!(
            r#"SELECT id, kind, minor, currency, "on", category, project_id, client_id, note, tags, created_at, updated_at, version
            FROM ledger_entries WHERE workspace_id = $1 AND kind = $2 AND ("on", id) < ($3, $4) AND deleted_at IS NULL
                AND CASE WHEN CAST($5 AS DATE) IS NULL THEN TRUE ELSE "on" >= $5 END
                AND CASE WHEN CAST($6 AS DATE) IS NULL THEN TRUE ELSE "on" <= $6 END
                AND CASE WHEN CAST($7 AS TEXT) IS NULL THEN TRUE ELSE category = $7 END
                AND CASE WHEN CAST($8 AS UUID) IS NULL THEN TRUE ELSE project_id = $8 END
                AND CASE WHEN CAST($9 AS UUID) IS NULL THEN TRUE ELSE client_id = $9 END
                AND CASE WHEN CAST($10 AS TEXT) IS NULL THEN TRUE ELSE instr(tags, $10) > 0 END
            ORDER BY "on" DESC, id DESC LIMIT $11"#,
            permit.workspace() as _,
            kind as _,
            on as _,
            id,
            filter.from as _,
            filter.to as _,
            filter.category.as_deref(),
            filter.project_id as _,
            filter.client_id as _,
            filter.tag.as_deref().map(tag_needle),
            i64::from(span.limit)
        );
        self.all(query).await?.into_iter().map(|row| Ok(entry!(row))).collect()
    }

    async fn entry(&mut self, permit: &Reads<Ledger>, kind: EntryKind, id: LedgerEntryId) -> StoreResult<Option<LedgerEntry>> {
        let query = query!(
            r#"SELECT id, kind, minor, currency, "on", category, project_id, client_id, note, tags, created_at, updated_at, version
            FROM ledger_entries WHERE workspace_id = $1 AND id = $2 AND kind = $3 AND deleted_at IS NULL"#,
            permit.workspace() as _,
            id as _,
            kind as _
        );
        self.optional(query).await?.map(|row| Ok(entry!(row))).transpose()
    }

    async fn insert_entry(&mut self, permit: &Writes<Ledger>, entry: &LedgerEntry) -> StoreResult<()> {
        let LedgerEntry { id, kind, money, on, category, project_id, client_id, note, tags, .. } = entry;
        let query = query!(
            r#"INSERT INTO ledger_entries (workspace_id, id, kind, minor, currency, "on", category, project_id, client_id, note, tags,
                created_at, updated_at, deleted_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, $14)"#,
            permit.workspace() as _,
            id as _,
            kind as _,
            money.minor,
            money.currency as _,
            on as _,
            category.as_deref(),
            project_id as _,
            client_id as _,
            note.as_deref(),
            tags_text(tags),
            entry.created_at as _,
            entry.updated_at as _,
            entry.version
        );
        self.execute(query).await.map(drop)
    }

    async fn update_entry(&mut self, permit: &Writes<Ledger>, entry: &LedgerEntry, deleted_at: Option<Timestamp>) -> StoreResult<bool> {
        let LedgerEntry { id, money, on, category, project_id, client_id, note, tags, .. } = entry;
        let query = query!(
            r#"UPDATE ledger_entries SET minor = $3, currency = $4, "on" = $5, category = $6, project_id = $7, client_id = $8, note = $9,
                tags = $10, updated_at = $11, deleted_at = $12, version = $13
            WHERE workspace_id = $1 AND id = $2 AND version + 1 = $13 AND deleted_at IS NULL"#,
            permit.workspace() as _,
            id as _,
            money.minor,
            money.currency as _,
            on as _,
            category.as_deref(),
            project_id as _,
            client_id as _,
            note.as_deref(),
            tags_text(tags),
            entry.updated_at as _,
            deleted_at as _,
            entry.version
        );
        self.touch(query).await
    }

    async fn append_entry_version(
        &mut self,
        permit: &Writes<Ledger>,
        entry: &LedgerEntry,
        at: Timestamp,
        deleted: bool,
    ) -> StoreResult<()> {
        let text = serde_json::to_string(entry).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let query = query!(
            "INSERT INTO ledger_versions (workspace_id, entry_id, version, at, actor_id, deleted, entry) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            permit.workspace() as _,
            entry.id as _,
            entry.version,
            at as _,
            permit.who().user() as _,
            deleted,
            text
        );
        self.execute(query).await.map(drop)
    }

    async fn entry_versions(&mut self, permit: &Reads<Ledger>, kind: EntryKind, id: LedgerEntryId) -> StoreResult<Vec<EntryVersion>> {
        let query = query!(
            r#"SELECT v.version, v.at, v.actor_id, u.display_name AS "actor_name?", m.role AS "actor_role?", v.deleted, v.entry
            FROM ledger_versions v JOIN ledger_entries e ON e.workspace_id = v.workspace_id AND e.id = v.entry_id
            LEFT JOIN users u ON u.id = v.actor_id
            LEFT JOIN memberships m ON m.workspace_id = v.workspace_id AND m.user_id = v.actor_id
            WHERE v.workspace_id = $1 AND v.entry_id = $2 AND e.kind = $3 ORDER BY v.version DESC"#,
            permit.workspace() as _,
            id as _,
            kind as _
        );
        self.all(query).await?.into_iter().map(|row| version!(row, permit)).collect()
    }

    async fn ledger_history(
        &mut self,
        permit: &Reads<Ledger>,
        after: Option<(LedgerEntryId, i64)>,
        limit: u32,
    ) -> StoreResult<Vec<EntryVersion>> {
        let (id, version) = after.map_or((FIRST, 0), |(id, version)| (id.0, version));
        let query = query!(
            r#"SELECT v.version, v.at, v.actor_id, u.display_name AS "actor_name?", m.role AS "actor_role?", v.deleted, v.entry
            FROM ledger_versions v JOIN ledger_entries e ON e.workspace_id = v.workspace_id AND e.id = v.entry_id AND e.deleted_at IS NULL
            LEFT JOIN users u ON u.id = v.actor_id
            LEFT JOIN memberships m ON m.workspace_id = v.workspace_id AND m.user_id = v.actor_id
            WHERE v.workspace_id = $1 AND (v.entry_id, v.version) > ($2, $3) ORDER BY v.entry_id, v.version LIMIT $4"#,
            permit.workspace() as _,
            id,
            version,
            i64::from(limit)
        );
        self.all(query).await?.into_iter().map(|row| version!(row, permit)).collect()
    }

    async fn ledger_sums(
        &mut self,
        permit: &Reads<Ledger>,
        by: GroupBy,
        from: Option<Date>,
        to: Option<Date>,
    ) -> StoreResult<Vec<LedgerSum>> {
        let workspace = permit.workspace();
        macro_rules! sums {
            ($query:expr, $row:ident => $key:expr, $label:expr) => {{
                let rows = self.all($query).await?.into_iter();
                rows.map(|$row| LedgerSum { key: $key, label: $label, currency: $row.currency, income: $row.income, expense: $row.expense })
                    .collect()
            }};
        }
        Ok(match by {
            GroupBy::Project => {
                let query = query!(
                    r#"SELECT s.project_id AS "project_id?", p.name AS "label?", s.currency, s.income AS "income!: i64", s.expense AS "expense!: i64"
                    FROM (SELECT project_id, currency, CAST(SUM(CASE WHEN kind = 'income' THEN minor ELSE 0 END) AS BIGINT) AS income,
                            CAST(SUM(CASE WHEN kind = 'expense' THEN minor ELSE 0 END) AS BIGINT) AS expense
                        FROM ledger_entries WHERE workspace_id = $1 AND CASE WHEN CAST($2 AS DATE) IS NULL THEN TRUE ELSE "on" >= $2 END
                            AND CASE WHEN CAST($3 AS DATE) IS NULL THEN TRUE ELSE "on" <= $3 END AND deleted_at IS NULL
                        GROUP BY project_id, currency) s
                    LEFT JOIN projects p ON p.workspace_id = $1 AND p.id = s.project_id"#,
                    workspace as _,
                    from as _,
                    to as _
                );
                sums!(query, row => row.project_id.map(|id| id.to_string()), row.label)
            }
            GroupBy::Client => {
                let query = query!(
                    r#"SELECT s.client_id AS "client_id?", c.name AS "label?", s.currency, s.income AS "income!: i64", s.expense AS "expense!: i64"
                    FROM (SELECT client_id, currency, CAST(SUM(CASE WHEN kind = 'income' THEN minor ELSE 0 END) AS BIGINT) AS income,
                            CAST(SUM(CASE WHEN kind = 'expense' THEN minor ELSE 0 END) AS BIGINT) AS expense
                        FROM ledger_entries WHERE workspace_id = $1 AND CASE WHEN CAST($2 AS DATE) IS NULL THEN TRUE ELSE "on" >= $2 END
                            AND CASE WHEN CAST($3 AS DATE) IS NULL THEN TRUE ELSE "on" <= $3 END AND deleted_at IS NULL
                        GROUP BY client_id, currency) s
                    LEFT JOIN clients c ON c.workspace_id = $1 AND c.id = s.client_id"#,
                    workspace as _,
                    from as _,
                    to as _
                );
                sums!(query, row => row.client_id.map(|id| id.to_string()), row.label)
            }
            GroupBy::Category => {
                let query = query!(
                    r#"SELECT s.category AS "category?", s.currency, s.income AS "income!: i64", s.expense AS "expense!: i64"
                    FROM (SELECT category, currency, CAST(SUM(CASE WHEN kind = 'income' THEN minor ELSE 0 END) AS BIGINT) AS income,
                            CAST(SUM(CASE WHEN kind = 'expense' THEN minor ELSE 0 END) AS BIGINT) AS expense
                        FROM ledger_entries WHERE workspace_id = $1 AND CASE WHEN CAST($2 AS DATE) IS NULL THEN TRUE ELSE "on" >= $2 END
                            AND CASE WHEN CAST($3 AS DATE) IS NULL THEN TRUE ELSE "on" <= $3 END AND deleted_at IS NULL
                        GROUP BY category, currency) s"#,
                    workspace as _,
                    from as _,
                    to as _
                );
                sums!(query, row => row.category.clone(), row.category)
            }
            GroupBy::Month => {
                let query = query!(
                    r#"SELECT s."on" AS "on!", s.currency, s.income AS "income!: i64", s.expense AS "expense!: i64"
                    FROM (SELECT "on", currency, CAST(SUM(CASE WHEN kind = 'income' THEN minor ELSE 0 END) AS BIGINT) AS income,
                            CAST(SUM(CASE WHEN kind = 'expense' THEN minor ELSE 0 END) AS BIGINT) AS expense
                        FROM ledger_entries WHERE workspace_id = $1 AND CASE WHEN CAST($2 AS DATE) IS NULL THEN TRUE ELSE "on" >= $2 END
                            AND CASE WHEN CAST($3 AS DATE) IS NULL THEN TRUE ELSE "on" <= $3 END AND deleted_at IS NULL
                        GROUP BY "on", currency) s"#,
                    workspace as _,
                    from as _,
                    to as _
                );
                sums!(query, row => Some(row.on.month()), Some(row.on.month()))
            }
        })
    }

    async fn ledger_names(&mut self, permit: &Reads<Ledger>) -> StoreResult<Vec<(Uuid, String)>> {
        let query = query!(
            r#"SELECT id AS "id!: Uuid", name AS "name!" FROM projects WHERE workspace_id = $1
            UNION ALL SELECT id, name FROM clients WHERE workspace_id = $1"#,
            permit.workspace() as _
        );
        Ok(self.all(query).await?.into_iter().map(|row| (row.id, row.name)).collect())
    }

    async fn project_has_ledger(&mut self, permit: &Reads<OnProject>) -> StoreResult<bool> {
        let OnProject(workspace, project) = permit.target();
        let query = query!(
            "SELECT id FROM projects WHERE workspace_id = $1 AND id = $2 AND (
                EXISTS (SELECT 1 FROM ledger_entries e WHERE e.workspace_id = $1 AND e.project_id = $2)
                OR EXISTS (SELECT 1 FROM time_entries t WHERE t.workspace_id = $1 AND t.project_id = $2))",
            workspace as _,
            project as _
        );
        Ok(self.optional(query).await?.is_some())
    }
}
