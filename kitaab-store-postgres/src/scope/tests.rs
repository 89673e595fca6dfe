//! Every table read and written by plain SQL, as the server's role, in each scope.

use kitaab_core::conformance::world::World;
use kitaab_core::store::Store;
use kitaab_core::testing::TemporaryPostgres;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use uuid::Uuid;

use super::*;
use crate::{Options, PostgresStore};

/// Rows that everybody sees: they hold no more than ids, counters and accounts.
const OPEN: [&str; 13] = [
    "_sqlx_migrations",
    "account_audit",
    "event_head",
    "instance",
    "jobs",
    "last_seen",
    "link_tokens",
    "login_tokens",
    "presence_leases",
    "rate_limits",
    "search_documents",
    "sessions",
    "users",
];
/// Rows that a person sees of their own, before a workspace is chosen.
const PERSONAL: [&str; 2] = ["memberships", "workspaces"];

/// What a scope sees of the workspace "here".
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sight {
    Nothing,
    /// The person's own rows of two tables.
    Own,
    /// What somebody sees who holds a link.
    Guest,
    /// What a client sees.
    Client,
    Member,
    Owner,
    System,
}

/// Who sees rows of a table at all. Answers to repeated calls are Nikhil's own.
fn is_shown(table: &str, sight: Sight) -> bool {
    match table {
        "client_notes" | "project_notes" | "templates" => matches!(sight, Sight::Member | Sight::Owner | Sight::System),
        "audit_log" | "exports" | "idempotency_keys" | "ledger_entries" | "ledger_versions" | "time_entries" => {
            matches!(sight, Sight::Owner | Sight::System)
        }
        "mailings" => sight == Sight::System,
        "invitation_channels" => matches!(sight, Sight::Guest | Sight::Member | Sight::Owner | Sight::System),
        "messages" | "message_mentions" | "message_versions" | "reactions" | "pins" | "stars" | "thread_positions" | "drafts"
        | "scheduled_messages" | "tasks" | "task_comments" | "project_updates" => {
            matches!(sight, Sight::Client | Sight::Member | Sight::Owner | Sight::System)
        }
        _ => matches!(sight, Sight::Guest | Sight::Client | Sight::Member | Sight::Owner | Sight::System),
    }
}

struct Bench {
    connection: PgConnection,
    here: World,
    there: World,
    tables: Vec<String>,
}

async fn bench(url: &str) -> Bench {
    let store = PostgresStore::connect(Options::new(url)).await.unwrap();
    store.migrate().await.unwrap();
    let (here, there) = (World::found(&store).await.unwrap(), World::found(&store).await.unwrap());
    here.fill(&store).await.unwrap();
    there.fill(&store).await.unwrap();
    store.close().await;
    let mut connection = PgConnection::connect(url).await.unwrap();
    let tables = sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename");
    let tables = tables.fetch_all(&mut connection).await.unwrap();
    connection.execute("SET ROLE kitaab_app").await.unwrap();
    Bench { connection, here, there, tables }
}

impl Bench {
    fn scopes(&self) -> Vec<(Scope, Sight)> {
        let workspace = self.here.workspace;
        let as_user = |user| Scope::Workspace { workspace, user: Some(user) };
        vec![
            (Scope::Nobody, Sight::Nothing),
            (Scope::Person(self.here.mridul), Sight::Own),
            (Scope::Person(self.there.mridul), Sight::Nothing),
            (as_user(self.here.nikhil), Sight::Owner),
            (as_user(self.here.meera), Sight::Member),
            (as_user(self.here.mridul), Sight::Client),
            (as_user(self.there.nikhil), Sight::Nothing),
            (Scope::Workspace { workspace, user: None }, Sight::Nothing),
            (Scope::Guest(workspace), Sight::Guest),
            (Scope::System(workspace), Sight::System),
        ]
    }

    async fn begin(&mut self, scope: Scope) {
        self.connection.execute(AssertSqlSafe(begin(scope, true))).await.unwrap();
    }

    async fn rollback(&mut self) {
        self.connection.execute("ROLLBACK").await.unwrap();
    }

    /// The workspace of each row that can be seen.
    async fn seen(&mut self, table: &str) -> Vec<Uuid> {
        let column = if table == "workspaces" { "id" } else { "workspace_id" };
        let look = AssertSqlSafe(format!("SELECT {column} FROM {table}"));
        sqlx::query_scalar(look).fetch_all(&mut self.connection).await.unwrap()
    }

    /// What the server's role may do to a table at all.
    async fn may(&mut self, table: &str, what: &str) -> bool {
        let ask = sqlx::query_scalar("SELECT has_table_privilege('kitaab_app', $1, $2)").bind(table).bind(what);
        ask.fetch_one(&mut self.connection).await.unwrap()
    }
}

#[tokio::test]
async fn each_scope_sees_exactly_its_rows() {
    let database = TemporaryPostgres::shared().database();
    let mut bench = bench(database.url()).await;
    let (here, there) = (bench.here.workspace.0, bench.there.workspace.0);
    let fenced: Vec<String> = bench.tables.iter().filter(|table| !OPEN.contains(&table.as_str())).cloned().collect();
    assert_eq!(fenced.len(), 36, "a new table is either fenced or named in this test: {fenced:?}");
    for (scope, sight) in bench.scopes() {
        for table in &fenced {
            bench.begin(scope).await;
            let seen = bench.seen(table).await;
            bench.rollback().await;
            let rows = match sight {
                Sight::Guest | Sight::Client | Sight::Member | Sight::Owner | Sight::System => is_shown(table, sight) != seen.is_empty(),
                Sight::Own if PERSONAL.contains(&table.as_str()) => seen.len() == 1,
                Sight::Own | Sight::Nothing => seen.is_empty() || scope == Scope::Person(bench.there.mridul),
            };
            assert!(rows, "{table} in {scope:?} ({sight:?}): {seen:?}");
            let of = if scope == Scope::Person(bench.there.mridul) { there } else { here };
            assert!(seen.iter().all(|workspace| *workspace == of), "{table} in {scope:?}: {seen:?}");
        }
    }
}

#[tokio::test]
async fn each_scope_changes_no_row_of_another_workspace() {
    let database = TemporaryPostgres::shared().database();
    let mut bench = bench(database.url()).await;
    let there = bench.there.workspace.0;
    for (scope, _) in bench.scopes() {
        for table in bench.tables.clone() {
            let column = if table == "workspaces" { "id" } else { "workspace_id" };
            if matches!(table.as_str(), "jobs")
                || (OPEN.contains(&table.as_str()) && !matches!(table.as_str(), "event_head" | "link_tokens"))
            {
                continue;
            }
            let copy = format!("INSERT INTO {table} SELECT * FROM {table} WHERE {column} = '{there}'");
            let changes = [
                ("UPDATE", format!("UPDATE {table} SET {column} = {column} WHERE {column} = '{there}'")),
                ("DELETE", format!("DELETE FROM {table} WHERE {column} = '{there}'")),
                ("INSERT", copy),
            ];
            for (privilege, change) in changes {
                bench.begin(scope).await;
                let done = bench.connection.execute(AssertSqlSafe(change)).await;
                bench.rollback().await;
                match done {
                    Ok(done) => assert_eq!(done.rows_affected(), 0, "{privilege} {table} in {scope:?}"),
                    Err(_) => assert!(
                        !bench.may(&table, privilege).await || privilege == "INSERT",
                        "{privilege} {table} in {scope:?} is refused for another reason"
                    ),
                }
            }
        }
    }
}

#[tokio::test]
async fn logs_are_only_added_to() {
    let database = TemporaryPostgres::shared().database();
    let mut bench = bench(database.url()).await;
    for table in ["audit_log", "account_audit", "events"] {
        assert!(bench.may(table, "INSERT").await && !bench.may(table, "UPDATE").await, "{table}");
    }
    for table in bench.tables.clone() {
        for what in ["TRUNCATE", "REFERENCES", "TRIGGER"] {
            assert!(!bench.may(&table, what).await, "{what} {table}");
        }
    }
}

#[tokio::test]
async fn entries_of_the_audit_log_are_removed_by_the_system_alone() {
    let database = TemporaryPostgres::shared().database();
    let mut bench = bench(database.url()).await;
    for (scope, sight) in bench.scopes() {
        bench.begin(scope).await;
        let removed = bench.connection.execute("DELETE FROM audit_log").await.unwrap().rows_affected();
        bench.rollback().await;
        assert_eq!(removed > 0, sight == Sight::System, "{scope:?} removed {removed}");
    }
}

#[tokio::test]
async fn the_server_cannot_lift_its_own_fence() {
    let database = TemporaryPostgres::shared().database();
    let mut bench = bench(database.url()).await;
    for attempt in [
        "ALTER TABLE clients DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE clients NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY workspace ON clients",
        "CREATE POLICY open ON clients USING (true)",
        "CALL kitaab_fence('clients', 'anonymous')",
        "SET row_security = off; SELECT * FROM clients",
        "CREATE TABLE mine (n integer)",
        "SELECT * FROM search_documents",
        "DELETE FROM search_documents",
    ] {
        let scope = Scope::System(bench.here.workspace);
        bench.begin(scope).await;
        assert!(bench.connection.execute(attempt).await.is_err(), "{attempt}");
        bench.rollback().await;
    }
}

#[tokio::test]
async fn a_scope_ends_with_its_transaction() {
    let database = TemporaryPostgres::shared().database();
    let mut bench = bench(database.url()).await;
    let scope = Scope::System(bench.here.workspace);
    bench.begin(scope).await;
    assert!(!bench.seen("clients").await.is_empty());
    bench.connection.execute("COMMIT").await.unwrap();
    assert!(bench.seen("clients").await.is_empty());
}
