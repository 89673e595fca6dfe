//! A copy of everything, and the way back.
//!
//! `pg_dump` cannot read tables whose row-level security binds their owner too. So the copy is made as the server works:
//! one snapshot, workspace after workspace, each table by `COPY`. It needs no other program and no other role.

use std::path::Path;

use futures_util::TryStreamExt;
use kitaab_core::ids::WorkspaceId;
use kitaab_core::store::{Scope, StoreError, StoreResult};
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;

use crate::error::store_error;
use crate::scope;
use crate::store::PostgresStore;

/// Every table, each after those that it refers to; and whether its rows belong to a workspace.
const TABLES: &[(&str, bool)] = &[
    ("users", false),
    ("sessions", false),
    ("login_tokens", false),
    ("account_audit", false),
    ("instance", false),
    ("rate_limits", false),
    ("workspaces", true),
    ("event_head", false),
    ("events", true),
    ("audit_log", true),
    ("idempotency_keys", true),
    ("clients", true),
    ("client_notes", true),
    ("memberships", true),
    ("projects", true),
    ("project_notes", true),
    ("collaborators", true),
    ("invitations", true),
    ("invitation_projects", true),
    ("channels", true),
    ("channel_members", true),
    ("drafts", true),
    ("scheduled_messages", true),
    ("templates", true),
    ("messages", true),
    ("message_mentions", true),
    ("message_versions", true),
    ("reactions", true),
    ("pins", true),
    ("stars", true),
    ("thread_positions", true),
    ("invitation_channels", true),
    ("presence_leases", false),
    ("last_seen", false),
    ("tasks", true),
    ("task_comments", true),
    ("project_updates", true),
    ("activity", true),
    ("ledger_entries", true),
    ("ledger_versions", true),
    ("time_entries", true),
    ("exports", true),
    ("notifications", true),
    ("notification_preferences", true),
    ("mailings", true),
    ("link_tokens", false),
    ("jobs", false),
];

/// Tables that are made anew from the others.
const MADE_ANEW: &[&str] = &["search_documents"];

/// A table that nobody thought of here would be lost without a word.
async fn all_are_known(connection: &mut PgConnection) -> StoreResult<()> {
    let tables = sqlx::query_scalar::<_, String>("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()");
    let tables = tables.fetch_all(connection).await.map_err(store_error)?;
    let known =
        |table: &String| table == "_sqlx_migrations" || MADE_ANEW.contains(&table.as_str()) || TABLES.iter().any(|(name, _)| name == table);
    match tables.iter().find(|table| !known(table)) {
        Some(table) => Err(StoreError::Corrupt(format!("the table {table} is none of Kitaab's; a backup would leave it out"))),
        None => Ok(()),
    }
}

fn unwritten(error: std::io::Error) -> StoreError {
    if error.kind() == std::io::ErrorKind::StorageFull { StoreError::Full(error.into()) } else { StoreError::Backend(error.into()) }
}

impl PostgresStore {
    /// Writes every row, as it is in one snapshot, into a folder: a file for each table. Others go on working.
    pub async fn backup(&self, folder: &Path) -> StoreResult<()> {
        fs::create_dir_all(folder).await.map_err(unwritten)?;
        let mut connection = self.pool().acquire().await.map_err(store_error)?;
        connection.execute(AssertSqlSafe(scope::begin(Scope::Nobody, false))).await.map_err(store_error)?;
        all_are_known(&mut connection).await?;
        let workspaces: Vec<WorkspaceId> = sqlx::query_scalar("SELECT workspace_id FROM event_head ORDER BY workspace_id")
            .fetch_all(&mut *connection)
            .await
            .map_err(store_error)?;
        for (table, tenant) in TABLES {
            let mut file = File::create(folder.join(format!("{table}.copy"))).await.map_err(unwritten)?;
            if *tenant {
                for workspace in &workspaces {
                    let enter =
                        format!("SELECT set_config('kitaab.workspace', '{workspace}', true), set_config('kitaab.role', 'system', true)");
                    connection.execute(AssertSqlSafe(enter)).await.map_err(store_error)?;
                    copy_out(&mut connection, table, &mut file).await?;
                }
            } else {
                copy_out(&mut connection, table, &mut file).await?;
            }
            file.sync_all().await.map_err(unwritten)?;
        }
        connection.execute("ROLLBACK").await.map(drop).map_err(store_error)
    }

    /// Loads such a folder into a database that is migrated and empty, and gives every event log a new epoch: readers
    /// of the old one start over. Works as the owner of the tables.
    pub async fn restore(&self, folder: &Path, log_epoch: i64) -> StoreResult<()> {
        let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(self.owner().clone());
        let mut connection = pool.acquire().await.map_err(store_error)?;
        let mut tx = connection.begin().await.map_err(store_error)?;
        // The owner is bound by policies because row-level security is forced; that is lifted within this transaction.
        let forced: Vec<String> = sqlx::query_scalar(
            "SELECT relname::text FROM pg_class WHERE relforcerowsecurity AND relnamespace = current_schema()::regnamespace",
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(store_error)?;
        force(&mut tx, &forced, "NO FORCE").await?;
        for (table, _) in TABLES {
            let taken: bool = sqlx::query_scalar(AssertSqlSafe(format!("SELECT EXISTS (SELECT FROM {table})")))
                .fetch_one(&mut *tx)
                .await
                .map_err(store_error)?;
            if taken {
                return Err(StoreError::Backend(format!("the table {table} is not empty; restore into a new database").into()));
            }
        }
        for (table, _) in TABLES {
            let file = File::open(folder.join(format!("{table}.copy"))).await.map_err(unwritten)?;
            let mut copy = tx.copy_in_raw(&format!("COPY {table} FROM STDIN")).await.map_err(store_error)?;
            copy.read_from(file).await.map_err(store_error)?;
            copy.finish().await.map_err(store_error)?;
        }
        sqlx::query("UPDATE event_head SET log_epoch = $1").bind(log_epoch).execute(&mut *tx).await.map_err(store_error)?;
        // What is searched is made anew, by a job for each workspace.
        sqlx::query(
            "INSERT INTO jobs (id, kind, workspace_id, subject_id, detail, dedupe_key, state, due_at, attempts, fence, created_at)
            SELECT gen_random_uuid(), 'workspace.index', workspace_id, workspace_id, 0, 'workspace.index:' || workspace_id || ':' || $1,
                'waiting', now(), 0, 0, now() FROM event_head",
        )
        .bind(log_epoch)
        .execute(&mut *tx)
        .await
        .map_err(store_error)?;
        force(&mut tx, &forced, "FORCE").await?;
        tx.commit().await.map_err(store_error)?;
        drop(connection);
        pool.close().await;
        Ok(())
    }
}

async fn force(connection: &mut PgConnection, tables: &[String], word: &str) -> StoreResult<()> {
    for table in tables {
        let sql = format!("ALTER TABLE {table} {word} ROW LEVEL SECURITY");
        connection.execute(AssertSqlSafe(sql)).await.map_err(store_error)?;
    }
    Ok(())
}

async fn copy_out(connection: &mut PgConnection, table: &str, file: &mut File) -> StoreResult<()> {
    let mut rows = connection.copy_out_raw(&format!("COPY {table} TO STDOUT")).await.map_err(store_error)?;
    while let Some(bytes) = rows.try_next().await.map_err(store_error)? {
        file.write_all(&bytes).await.map_err(unwritten)?;
    }
    Ok(())
}
