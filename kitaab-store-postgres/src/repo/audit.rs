//! The audit log.

use async_trait::async_trait;
use kitaab_core::access::{InWorkspace, Reads, Writes};
use kitaab_core::audit::{AuditEntry, AuditItem};
use kitaab_core::ids::AuditId;
use kitaab_core::page::Span;
use kitaab_core::store::{AuditFilter, AuditRepo, Closing, StoreResult};
use kitaab_core::time::Timestamp;
use sqlx::{query, query_as};

use super::rows::{LAST, workspace_of};
use crate::engine::Unit;

#[async_trait]
impl AuditRepo for Unit {
    async fn append_audit(&mut self, closing: &Closing, entries: &[AuditEntry]) -> StoreResult<()> {
        let workspace = workspace_of(closing)?;
        for entry in entries {
            let AuditEntry { id, at, actor_id, role, action, target_kind, target_id, outcome, address, request_id, reason } = entry;
            let query = query!(
                "INSERT INTO audit_log (workspace_id, id, at, actor_id, role, action, target_kind, target_id, outcome, address, request_id,
                    reason)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                workspace as _,
                id as _,
                at as _,
                actor_id as _,
                role as _,
                action as _,
                target_kind as _,
                *target_id,
                outcome as _,
                address.as_deref(),
                request_id.as_deref(),
                reason.as_deref()
            );
            self.execute(query).await?;
        }
        Ok(())
    }

    async fn audit(&mut self, permit: &Reads<InWorkspace>, filter: &AuditFilter, span: &Span<AuditId>) -> StoreResult<Vec<AuditItem>> {
        let query = query_as!(
            AuditItem,
            r#"SELECT a.id, a.at, a.actor_id, u.display_name AS "actor_name?", a.role, a.action, a.target_kind, a.target_id, a.outcome,
                a.address, a.request_id, a.reason
            FROM audit_log a LEFT JOIN users u ON u.id = a.actor_id
            WHERE a.workspace_id = $1 AND a.id < $2
                AND CASE WHEN CAST($3 AS UUID) IS NULL THEN TRUE ELSE a.actor_id = $3 END
                AND CASE WHEN CAST($4 AS TEXT) IS NULL THEN TRUE ELSE a.action = $4 END
                AND CASE WHEN CAST($5 AS UUID) IS NULL THEN TRUE ELSE a.target_id = $5 END
            ORDER BY a.id DESC LIMIT $6"#,
            permit.workspace() as _,
            span.after.map_or(LAST, |after| after.0),
            filter.actor_id as _,
            filter.action as _,
            filter.target_id,
            i64::from(span.limit)
        );
        self.all(query).await
    }

    async fn sweep_audit(&mut self, permit: &Writes<InWorkspace>, before: Timestamp) -> StoreResult<u64> {
        self.execute(query!("DELETE FROM audit_log WHERE workspace_id = $1 AND at < $2", permit.workspace() as _, before as _)).await
    }
}
