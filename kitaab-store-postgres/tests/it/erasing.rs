//! Erasing a workspace, seen by walking all tables as a superuser.

use kitaab_core::conformance::permits;
use kitaab_core::conformance::world::{World, second};
use kitaab_core::store::{Scope, Store};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

async fn rows(connection: &mut PgConnection, workspace: Uuid) -> Vec<(String, i64)> {
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'
            AND (column_name = 'workspace_id' OR (table_name = 'workspaces' AND column_name = 'id')) ORDER BY table_name",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let mut found = Vec::new();
    for (table, column) in tables {
        let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table} WHERE {column} = $1"));
        found.push((table, sqlx::query_scalar(count).bind(workspace).fetch_one(&mut *connection).await.unwrap()));
    }
    found
}

#[tokio::test]
async fn erasing_a_workspace_leaves_no_row_of_it_and_every_row_of_its_neighbour() {
    let (store, database) = crate::common::store().await;
    let (world, other) = (World::found(&store).await.unwrap(), World::found(&store).await.unwrap());
    world.fill(&store).await.unwrap();
    other.fill(&store).await.unwrap();
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    let before = rows(&mut connection, other.workspace.0).await;
    for (table, count) in rows(&mut connection, world.workspace.0).await {
        assert!(count > 0, "{table} has a row to lose");
    }
    let within = permits::within(world.workspace);
    let mut tx = store.write(Scope::System(world.workspace)).await.unwrap();
    assert!(tx.delete_workspace(&within, second(1)).await.unwrap());
    assert!(tx.erase_workspace(&within, second(1)).await.unwrap());
    tx.commit().await.unwrap();
    for (table, count) in rows(&mut connection, world.workspace.0).await {
        assert_eq!(count, 0, "{table}");
    }
    assert_eq!(rows(&mut connection, other.workspace.0).await, before);
}
