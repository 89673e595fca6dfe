//! One process to a file, and short commands beside it.

use kitaab_core::conformance::{permits, world};
use kitaab_core::store::{Scope, Store, StoreError};
use kitaab_store_sqlite::{InUse, SqliteStore};

fn in_use(error: &StoreError) -> Option<&InUse> {
    let StoreError::Unavailable(source) = error else { return None };
    source.downcast_ref::<std::io::Error>()?.get_ref()?.downcast_ref()
}

#[tokio::test]
async fn a_second_process_is_refused_and_told_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kitaab.db");
    let first = SqliteStore::open(&path).await.unwrap();
    let Err(refused) = SqliteStore::open(&path).await else { panic!("two writers") };
    let sentence = in_use(&refused).expect("who it is").to_string();
    let (shown, pid) = (path.display(), std::process::id());
    assert_eq!(sentence, format!("{shown} is in use by another process (pid {pid}); stop that one first, or use another file"));
    first.close().await;
    SqliteStore::open(&path).await.unwrap();
}

#[tokio::test]
async fn a_store_that_is_dropped_leaves_the_file_to_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kitaab.db");
    let first = SqliteStore::open(&path).await.unwrap();
    first.migrate().await.unwrap();
    drop(first);
    SqliteStore::open(&path).await.unwrap();
}

#[tokio::test]
async fn a_short_command_works_beside_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kitaab.db");
    let server = SqliteStore::open(&path).await.unwrap();
    server.migrate().await.unwrap();
    let command = SqliteStore::open_beside(&path).await.unwrap();
    assert!(command.is_current().await.unwrap());

    // The server is in the middle of a unit: the command waits for its end and then does its work.
    let (mridul, kiran) = (world::user("Mridul"), world::user("Kiran"));
    let mut tx = server.write(Scope::Nobody).await.unwrap();
    assert!(tx.insert_user(&permits::instance(), &mridul, None).await.unwrap());
    let commanded = tokio::spawn({
        let kiran = kiran.clone();
        async move {
            let mut tx = command.write(Scope::Nobody).await.unwrap();
            assert!(tx.insert_user(&permits::instance(), &kiran, None).await.unwrap());
            tx.commit().await.unwrap();
            command.close().await;
        }
    });
    tokio::task::yield_now().await;
    tx.commit().await.unwrap();
    commanded.await.unwrap();
    let mut tx = server.read(Scope::Nobody).await.unwrap();
    for user in [mridul, kiran] {
        assert!(tx.login(&permits::own(user.id)).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kitaab.db");
    std::fs::write(&path, "x".repeat(10_000)).unwrap();
    assert!(matches!(SqliteStore::open(&path).await, Err(StoreError::Corrupt(_))));
    assert!(matches!(SqliteStore::open(folder.path().join("no/folder.db")).await, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn a_new_file_is_not_current_until_it_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("kitaab.db")).await.unwrap();
    assert!(!store.is_current().await.unwrap());
    store.migrate().await.unwrap();
    store.migrate().await.unwrap();
    assert!(store.is_current().await.unwrap());
    store.ping().await.unwrap();
}
