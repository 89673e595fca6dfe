//! Time entries.

use async_trait::async_trait;
use kitaab_core::access::{Ledger, Reads, Writes};
use kitaab_core::finance::{GroupBy, TimeEntry, TimePosition};
use kitaab_core::ids::{TimeEntryId, UserId};
use kitaab_core::money::Money;
use kitaab_core::page::Span;
use kitaab_core::store::{StoreResult, TimeFilter, TimeRepo, TimeSum};
use kitaab_core::time::{Date, Timestamp};
use sqlx::query;

use super::rows::LAST;
use crate::engine::Unit;

/// The entry in a row.
macro_rules! time_entry {
    ($row:expr) => {{
        let row = $row;
        TimeEntry {
            id: row.id,
            user_id: row.user_id,
            project_id: row.project_id,
            task_id: row.task_id,
            note: row.note,
            started_at: row.started_at,
            ended_at: row.ended_at,
            billable: row.billable,
            rate: row.rate.zip(row.currency).map(|(minor, currency)| Money { minor, currency }),
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }};
}

/// After every start: where a list that descends begins, and when a running timer ends.
fn never() -> Timestamp {
    Date::new(9999, 12, 31).map_or(Timestamp::from_micros(i64::MAX / 100), |last| last.begins_in("UTC"))
}

/// Before every start.
fn always() -> Timestamp {
    Date::new(1, 1, 1).map_or(Timestamp::from_micros(0), |first| first.begins_in("UTC"))
}

#[async_trait]
impl TimeRepo for Unit {
    async fn time_entries(
        &mut self,
        permit: &Reads<Ledger>,
        filter: &TimeFilter,
        span: &Span<TimePosition>,
    ) -> StoreResult<Vec<TimeEntry>> {
        let (started_at, id) = span.after.as_ref().map_or((never(), LAST), |after| (after.started_at, after.id.0));
        let query = query!(
            "SELECT id, user_id, project_id, task_id, note, started_at, ended_at, billable, rate, currency, created_at, updated_at, version
            FROM time_entries WHERE workspace_id = $1 AND (started_at, id) < ($2, $3) AND started_at >= $4 AND started_at < $5
                AND CASE WHEN CAST($6 AS UUID) IS NULL THEN TRUE ELSE project_id = $6 END
                AND CASE WHEN CAST($7 AS UUID) IS NULL THEN TRUE ELSE task_id = $7 END
                AND CASE WHEN CAST($8 AS BOOLEAN) IS NULL THEN TRUE ELSE billable = $8 END
            ORDER BY started_at DESC, id DESC LIMIT $9",
            permit.workspace() as _,
            started_at as _,
            id,
            filter.from.unwrap_or_else(always) as _,
            filter.before.unwrap_or_else(never) as _,
            filter.project_id as _,
            filter.task_id as _,
            filter.billable,
            i64::from(span.limit)
        );
        Ok(self.all(query).await?.into_iter().map(|row| time_entry!(row)).collect())
    }

    async fn time_entry(&mut self, permit: &Reads<Ledger>, id: TimeEntryId) -> StoreResult<Option<TimeEntry>> {
        let query = query!(
            "SELECT id, user_id, project_id, task_id, note, started_at, ended_at, billable, rate, currency, created_at, updated_at, version
            FROM time_entries WHERE workspace_id = $1 AND id = $2",
            permit.workspace() as _,
            id as _
        );
        Ok(self.optional(query).await?.map(|row| time_entry!(row)))
    }

    async fn running_entry(&mut self, permit: &Reads<Ledger>, user: UserId) -> StoreResult<Option<TimeEntry>> {
        let query = query!(
            "SELECT id, user_id, project_id, task_id, note, started_at, ended_at, billable, rate, currency, created_at, updated_at, version
            FROM time_entries WHERE workspace_id = $1 AND user_id = $2 AND ended_at IS NULL",
            permit.workspace() as _,
            user as _
        );
        Ok(self.optional(query).await?.map(|row| time_entry!(row)))
    }

    async fn overlaps(&mut self, permit: &Reads<Ledger>, entries: &[TimeEntry]) -> StoreResult<Vec<(TimeEntryId, TimeEntryId)>> {
        let from = entries.iter().map(|entry| entry.started_at).min();
        let to = entries.iter().map(|entry| entry.ended_at.unwrap_or_else(never)).max();
        let (Some(from), Some(to)) = (from, to) else { return Ok(Vec::new()) };
        // One statement for a whole page: everything in its span, then each against each.
        let query = query!(
            "SELECT id, user_id, started_at, ended_at FROM time_entries
            WHERE workspace_id = $1 AND started_at < $2 AND COALESCE(ended_at, $3) > $4 ORDER BY started_at, id",
            permit.workspace() as _,
            to as _,
            never() as _,
            from as _
        );
        let near = self.all(query).await?;
        let mut found = Vec::new();
        for entry in entries {
            let end = entry.ended_at.unwrap_or_else(never);
            let at_once = near.iter().filter(|other| {
                let apart = other.started_at >= end || other.ended_at.unwrap_or_else(never) <= entry.started_at;
                other.id != entry.id && other.user_id == entry.user_id && !apart
            });
            found.extend(at_once.map(|other| (entry.id, other.id)));
        }
        Ok(found)
    }

    async fn time_sums(
        &mut self,
        permit: &Reads<Ledger>,
        by: GroupBy,
        from: Option<Timestamp>,
        before: Option<Timestamp>,
    ) -> StoreResult<Vec<TimeSum>> {
        let workspace = permit.workspace();
        macro_rules! sums {
            ($query:expr, $row:ident => $key:expr, $label:expr, $at:expr) => {{
                let rows = self.all($query).await?.into_iter();
                rows.map(|$row| TimeSum {
                    key: $key,
                    label: $label,
                    started_at: $at,
                    currency: $row.currency,
                    minutes: $row.minutes,
                    billable_minutes: $row.billable,
                    amount: $row.amount,
                })
                .collect()
            }};
        }
        Ok(match by {
            GroupBy::Project => {
                let query = query!(
                    r#"SELECT s.project_id AS "project_id?", p.name AS "label?", s.currency AS "currency?", s.minutes AS "minutes!: i64",
                        s.billable AS "billable!: i64", s.amount AS "amount!: i64"
                    FROM (SELECT project_id, currency, CAST(SUM(minutes) AS BIGINT) AS minutes,
                            CAST(SUM(CASE WHEN billable THEN minutes ELSE 0 END) AS BIGINT) AS billable,
                            CAST(SUM(COALESCE(amount, 0)) AS BIGINT) AS amount
                        FROM time_entries WHERE workspace_id = $1 AND CASE WHEN CAST($2 AS TIMESTAMPTZ) IS NULL THEN TRUE ELSE started_at >= $2 END
                            AND CASE WHEN CAST($3 AS TIMESTAMPTZ) IS NULL THEN TRUE ELSE started_at < $3 END AND ended_at IS NOT NULL
                        GROUP BY project_id, currency) s
                    LEFT JOIN projects p ON p.workspace_id = $1 AND p.id = s.project_id"#,
                    workspace as _,
                    from as _,
                    before as _
                );
                sums!(query, row => row.project_id.map(|id| id.to_string()), row.label, None)
            }
            GroupBy::Client => {
                let query = query!(
                    r#"SELECT s.client_id AS "client_id?", c.name AS "label?", s.currency AS "currency?", s.minutes AS "minutes!: i64",
                        s.billable AS "billable!: i64", s.amount AS "amount!: i64"
                    FROM (SELECT p.client_id, t.currency, CAST(SUM(t.minutes) AS BIGINT) AS minutes,
                            CAST(SUM(CASE WHEN t.billable THEN t.minutes ELSE 0 END) AS BIGINT) AS billable,
                            CAST(SUM(COALESCE(t.amount, 0)) AS BIGINT) AS amount
                        FROM time_entries t LEFT JOIN projects p ON p.workspace_id = t.workspace_id AND p.id = t.project_id
                        WHERE t.workspace_id = $1 AND CASE WHEN CAST($2 AS TIMESTAMPTZ) IS NULL THEN TRUE ELSE t.started_at >= $2 END
                            AND CASE WHEN CAST($3 AS TIMESTAMPTZ) IS NULL THEN TRUE ELSE t.started_at < $3 END AND t.ended_at IS NOT NULL
                        GROUP BY p.client_id, t.currency) s
                    LEFT JOIN clients c ON c.workspace_id = $1 AND c.id = s.client_id"#,
                    workspace as _,
                    from as _,
                    before as _
                );
                sums!(query, row => row.client_id.map(|id| id.to_string()), row.label, None)
            }
            GroupBy::Month | GroupBy::Category => {
                let query = query!(
                    r#"SELECT started_at, currency, COALESCE(minutes, 0) AS "minutes!: i64",
                        CASE WHEN billable THEN COALESCE(minutes, 0) ELSE 0 END AS "billable!: i64", COALESCE(amount, 0) AS "amount!: i64"
                    FROM time_entries WHERE workspace_id = $1 AND CASE WHEN CAST($2 AS TIMESTAMPTZ) IS NULL THEN TRUE ELSE started_at >= $2 END
                            AND CASE WHEN CAST($3 AS TIMESTAMPTZ) IS NULL THEN TRUE ELSE started_at < $3 END AND ended_at IS NOT NULL"#,
                    workspace as _,
                    from as _,
                    before as _
                );
                sums!(query, row => None, None, Some(row.started_at))
            }
        })
    }

    async fn insert_time_entry(&mut self, permit: &Writes<Ledger>, entry: &TimeEntry) -> StoreResult<bool> {
        let TimeEntry { id, user_id, project_id, task_id, note, started_at, ended_at, billable, rate, .. } = entry;
        let query = query!(
            "INSERT INTO time_entries (workspace_id, id, user_id, project_id, task_id, note, started_at, ended_at, billable, rate, currency,
                minutes, amount, created_at, updated_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING",
            permit.workspace() as _,
            id as _,
            user_id as _,
            project_id as _,
            task_id as _,
            note.as_deref(),
            started_at as _,
            ended_at as _,
            billable,
            rate.map(|rate| rate.minor),
            rate.map(|rate| rate.currency) as _,
            entry.minutes(),
            entry.amount().map(|amount| amount.minor),
            entry.created_at as _,
            entry.updated_at as _,
            entry.version
        );
        self.touch(query).await
    }

    async fn update_time_entry(&mut self, permit: &Writes<Ledger>, entry: &TimeEntry) -> StoreResult<bool> {
        let TimeEntry { id, project_id, task_id, note, started_at, ended_at, billable, rate, .. } = entry;
        let query = query!(
            "UPDATE time_entries SET project_id = $3, task_id = $4, note = $5, started_at = $6, ended_at = $7, billable = $8, rate = $9,
                currency = $10, minutes = $11, amount = $12, updated_at = $13, version = $14
            WHERE workspace_id = $1 AND id = $2 AND version + 1 = $14",
            permit.workspace() as _,
            id as _,
            project_id as _,
            task_id as _,
            note.as_deref(),
            started_at as _,
            ended_at as _,
            billable,
            rate.map(|rate| rate.minor),
            rate.map(|rate| rate.currency) as _,
            entry.minutes(),
            entry.amount().map(|amount| amount.minor),
            entry.updated_at as _,
            entry.version
        );
        self.touch(query).await
    }

    async fn delete_time_entry(&mut self, permit: &Writes<Ledger>, id: TimeEntryId) -> StoreResult<bool> {
        self.touch(query!("DELETE FROM time_entries WHERE workspace_id = $1 AND id = $2", permit.workspace() as _, id as _)).await
    }
}
