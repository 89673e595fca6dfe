//! Time entries.

use async_trait::async_trait;
use kitaab_core::access::{Ledger, Reads, Writes};
use kitaab_core::finance::{TimeEntry, TimePosition};
use kitaab_core::ids::{TimeEntryId, UserId};
use kitaab_core::money::Money;
use kitaab_core::page::Span;
use kitaab_core::store::{StoreResult, TimeFilter, TimeRepo};
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

    async fn insert_time_entry(&mut self, permit: &Writes<Ledger>, entry: &TimeEntry) -> StoreResult<bool> {
        let TimeEntry { id, user_id, project_id, task_id, note, started_at, ended_at, billable, rate, .. } = entry;
        let query = query!(
            "INSERT INTO time_entries (workspace_id, id, user_id, project_id, task_id, note, started_at, ended_at, billable, rate, currency,
                created_at, updated_at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING",
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
                currency = $10, updated_at = $11, version = $12
            WHERE workspace_id = $1 AND id = $2 AND version + 1 = $12",
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
            entry.updated_at as _,
            entry.version
        );
        self.touch(query).await
    }

    async fn delete_time_entry(&mut self, permit: &Writes<Ledger>, id: TimeEntryId) -> StoreResult<bool> {
        self.touch(query!("DELETE FROM time_entries WHERE workspace_id = $1 AND id = $2", permit.workspace() as _, id as _)).await
    }
}
