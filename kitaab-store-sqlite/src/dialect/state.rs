//! What is asked of the database itself.

use kitaab_core::store::StoreResult;
use sqlx::query;

use crate::engine::Unit;

impl Unit {
    /// Whether all of these migrations were applied.
    pub(crate) async fn is_migrated(&mut self, versions: Vec<i64>) -> StoreResult<bool> {
        let table = query!("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'");
        if self.optional(table).await?.is_none() {
            return Ok(false);
        }
        let applied = self.all(query!(r#"SELECT version AS "version!: i64" FROM _sqlx_migrations WHERE success"#)).await?;
        Ok(versions.iter().all(|version| applied.iter().any(|row| row.version == *version)))
    }

    pub(crate) async fn answers(&mut self) -> StoreResult<()> {
        self.one(query!(r#"SELECT 1 AS "one!: i64""#)).await.map(drop)
    }
}
