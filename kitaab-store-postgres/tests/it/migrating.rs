//! Migrations and roles: several servers at once, and as few rights as there can be.

use std::error::Error;

use kitaab_core::conformance::world::World;
use kitaab_core::store::{Store, StoreError};
use kitaab_core::testing::{TemporaryPostgres, TestDatabase};
use kitaab_store_postgres::{Options, PostgresStore};

/// The same database, as somebody else.
fn url_as(database: &TestDatabase, role: &str) -> String {
    let (_, rest) = database.url().split_once('@').unwrap();
    format!("postgres://{role}@{rest}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_that_start_at_once_apply_each_migration_once() {
    let database = TemporaryPostgres::shared().database();
    let servers: Vec<_> = (0..8)
        .map(|_| {
            let url = database.url().to_owned();
            tokio::spawn(async move {
                let store = PostgresStore::connect(Options::new(url)).await.unwrap();
                store.migrate().await.unwrap();
                assert!(store.is_current().await.unwrap());
                store.check().await.unwrap();
                store.close().await;
            })
        })
        .collect();
    for server in servers {
        server.await.unwrap();
    }
    let applied = database.say("SELECT count(*), count(DISTINCT version) FROM _sqlx_migrations WHERE success").unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let count = folder.read_dir().unwrap().count();
    assert_eq!(applied, format!("{count}|{count}"));
}

#[tokio::test]
async fn an_unmigrated_database_is_not_current() {
    let database = TemporaryPostgres::shared().database();
    let store = PostgresStore::connect(Options::new(database.url())).await.unwrap();
    assert!(!store.is_current().await.unwrap());
}

#[tokio::test]
async fn an_owner_who_may_not_make_roles_is_told_what_an_administrator_must_say() {
    drop(crate::common::database().await);
    let database = TemporaryPostgres::shared().database();
    let owner = format!("poor_{}", std::process::id());
    let name = database.say("SELECT current_database()").unwrap();
    database.say(&format!("CREATE ROLE {owner} LOGIN; ALTER DATABASE {name} OWNER TO {owner}")).unwrap();
    let store = PostgresStore::connect(Options::new(url_as(&database, &owner))).await.unwrap();
    for role in ["kitaab_app", "kitaab_search"] {
        let refused = store.migrate().await.unwrap_err();
        let mut sentences = Vec::new();
        let mut cause: Option<&dyn Error> = Some(&refused);
        while let Some(error) = cause {
            sentences.push(error.to_string());
            cause = error.source();
        }
        let said = sentences.join(": ");
        let statements = format!("CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS; GRANT {role} TO {owner};");
        assert!(said.contains(&statements), "{said}");
        database.say(&format!("GRANT {role} TO {owner}")).unwrap();
    }

    // And once they were said, no more is needed.
    store.migrate().await.unwrap();
    store.check().await.unwrap();
    World::found(&store).await.unwrap();
    store.close().await;
    database.say(&format!("REASSIGN OWNED BY {owner} TO postgres; DROP OWNED BY {owner}; DROP ROLE {owner}")).unwrap();
}

#[tokio::test]
async fn a_login_that_is_a_mere_member_serves_and_does_not_migrate() {
    let database = TemporaryPostgres::shared().database();
    drop(crate::common::database().await);
    let login = format!("hardened_{}", std::process::id());
    database.say(&format!("CREATE ROLE {login} LOGIN IN ROLE kitaab_app")).unwrap();
    let alone = PostgresStore::connect(Options::new(url_as(&database, &login))).await.unwrap();
    assert!(matches!(alone.migrate().await, Err(StoreError::Backend(_))));
    let options = Options { owner_url: Some(database.url().to_owned()), ..Options::new(url_as(&database, &login)) };
    let store = PostgresStore::connect(options).await.unwrap();
    store.migrate().await.unwrap();
    store.check().await.unwrap();
    World::found(&store).await.unwrap();
    alone.close().await;
    store.close().await;
    database.say(&format!("DROP OWNED BY {login}; DROP ROLE {login}")).unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let nowhere = PostgresStore::connect(Options::new("postgres://kitaab@localhost/kitaab?host=/nowhere")).await;
    assert!(matches!(nowhere, Err(StoreError::Unavailable(_))));
    assert!(PostgresStore::connect(Options::new("not a url")).await.is_err());
    assert!(!format!("{:?}", Options::new("postgres://kitaab:secret@localhost/kitaab")).contains("secret"));
}
