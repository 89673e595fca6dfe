//! The look before serving finds every way in which the second fence could be down.

use kitaab_core::store::Store;
use kitaab_core::testing::TemporaryPostgres;
use kitaab_store_postgres::{CheckError, Options, PostgresStore};

/// What the check says after this was done to a good database.
async fn after(change: &str) -> Vec<String> {
    let (store, database) = crate::common::store().await;
    database.say(change).unwrap();
    let found = store.check().await;
    store.close().await;
    match found {
        Ok(()) => Vec::new(),
        Err(CheckError::Unfit(problems)) => problems,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_migrated_database_is_fit() {
    assert_eq!(after("SELECT 1").await, Vec::<String>::new());
}

#[tokio::test]
async fn each_hole_in_the_fence_is_named() {
    let holes = [
        ("ALTER TABLE clients DISABLE ROW LEVEL SECURITY", "The table clients has no forced row-level security on the workspace."),
        ("ALTER TABLE projects NO FORCE ROW LEVEL SECURITY", "The table projects has no forced row-level security on the workspace."),
        ("DROP POLICY workspace ON invitations", "The table invitations has no forced row-level security on the workspace."),
        ("DROP POLICY workspace_delete ON memberships", "The table memberships has no forced row-level security on the workspace."),
        ("CREATE TABLE invoices (workspace_id uuid)", "The table invoices has no forced row-level security on the workspace."),
        ("ALTER TABLE clients OWNER TO kitaab_app", "The table clients belongs to the role kitaab_app, which could lift its policies."),
    ];
    for (hole, sentence) in holes {
        assert_eq!(after(hole).await, [sentence], "{hole}");
    }
}

#[tokio::test]
async fn a_database_without_tables_is_not_served_from() {
    let database = TemporaryPostgres::shared().database();
    // Another database of the cluster has made the role.
    drop(crate::common::database().await);
    let store = PostgresStore::connect(Options::new(database.url())).await.unwrap();
    let Err(CheckError::Unfit(problems)) = store.check().await else { panic!("an empty database") };
    assert_eq!(problems, ["There are no tables; apply the migrations first."]);
    assert!(!store.is_current().await.unwrap());
}

/// What is wrong with a database of this encoding and these letters.
async fn wrong_with(encoding: &str, letters: &str) -> Vec<String> {
    let server = TemporaryPostgres::shared().database();
    let name = format!("{}_{}", encoding.to_lowercase(), std::process::id());
    server
        .say(&format!("CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE '{letters}' LC_CTYPE '{letters}' TEMPLATE template0"))
        .unwrap();
    let (address, settings) = server.url().split_once('?').unwrap();
    let url = format!("{}/{name}?{settings}", address.rsplit_once('/').unwrap().0);
    let store = PostgresStore::connect(Options::new(url)).await.unwrap();
    store.migrate().await.unwrap();
    let Err(CheckError::Unfit(problems)) = store.check().await else { panic!("nothing is wrong") };
    store.close().await;
    server.say(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
    problems
}

#[tokio::test]
async fn text_that_is_not_utf8_or_of_which_the_letters_are_unknown_is_refused() {
    let encoding = "The database keeps text as SQL_ASCII; make one with ENCODING 'UTF8'.";
    let letters = "The database knows no letters but those of English, and would find nothing else; make one with LC_CTYPE 'C.UTF-8'.";
    assert_eq!(wrong_with("SQL_ASCII", "C").await, [encoding, letters]);
    assert_eq!(wrong_with("UTF8", "C").await, [letters]);
}
