//! A copy of everything, made while Nikhil works, and a new start from it.

use std::sync::Arc;

use kitaab_core::Kitaab;
use kitaab_core::access::Actor;
use kitaab_core::account::SignIn;
use kitaab_core::client::ClientsAsk;
use kitaab_core::project::ProjectsAsk;
use kitaab_core::store::Store;
use kitaab_core::testing::TemporaryPostgres;
use kitaab_store_postgres::{Options, PostgresStore};
use kitaab_store_sqlite::SqliteStore;

use crate::common::{PASSWORD, Studio, email};

/// Nikhil and Mridul find in the restored database what they left, and work on.
async fn go_on(studio: &Studio, restored: Arc<dyn Store>) {
    let kitaab = Kitaab::builder(restored).build();
    for (name, clients) in [("Nikhil", 2), ("Mridul", 0)] {
        let sign_in = SignIn { email: email(name), password: PASSWORD.into() };
        let signed_in = kitaab.accounts(&Actor::nobody()).sign_in(sign_in.into(), None).await.unwrap();
        let person = Actor::person(signed_in.signed.user.id);
        assert_eq!(kitaab.projects(&person).list(studio.workspace, ProjectsAsk::default().into()).await.unwrap().items.len(), 1);
        let seen = kitaab.clients(&person).list(studio.workspace, ClientsAsk::default().into()).await.map_or(0, |page| page.items.len());
        assert_eq!(seen, clients, "{name}");
    }
    let nikhil = studio.nikhil.clone();
    kitaab
        .projects(&nikhil)
        .create(studio.workspace, kitaab_core::project::NewProject { name: "Next".into(), ..Default::default() }.into())
        .await
        .unwrap();
}

async fn busy_studio(store: Arc<dyn Store>) -> Studio {
    let studio = Studio::on(store).await;
    let shop = studio.project("Shop").await;
    studio.client("Mridul", &[shop]).await;
    studio.invite_client("Farah", &[shop]).await;
    studio
}

#[tokio::test]
async fn a_file_is_copied_while_it_is_served_and_started_from_again() {
    let folder = tempfile::tempdir().unwrap();
    let (file, copy, new) = (folder.path().join("kitaab.db"), folder.path().join("copy.db"), folder.path().join("new.db"));
    let store = SqliteStore::open(&file).await.unwrap();
    store.migrate().await.unwrap();
    let studio = busy_studio(Arc::new(store)).await;
    kitaab_store_sqlite::backup(&file, &copy).await.unwrap();
    studio.project("After the copy").await;
    assert!(kitaab_store_sqlite::backup(&file, &copy).await.is_err(), "a copy that is there is not written over");
    kitaab_store_sqlite::restore(&copy, &new, 77).await.unwrap();
    assert!(kitaab_store_sqlite::restore(&copy, &new, 78).await.is_err(), "nor is a database");
    go_on(&studio, Arc::new(SqliteStore::open(&new).await.unwrap())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_of_postgresql_comes_back_row_by_row() {
    let (database, store) = crate::common::postgres().await;
    let studio = busy_studio(store).await;
    let folder = tempfile::tempdir().unwrap();
    let source = PostgresStore::connect(Options::new(database.url())).await.unwrap();
    source.backup(folder.path()).await.unwrap();
    let new = TemporaryPostgres::shared().database();
    let target = PostgresStore::connect(Options::new(new.url())).await;
    let target = target.unwrap();
    target.migrate().await.unwrap();
    target.restore(folder.path(), 77).await.unwrap();
    assert!(target.restore(folder.path(), 78).await.is_err(), "a database that holds something is not written over");
    target.check().await.unwrap();
    let tables =
        database.say("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1").unwrap();
    // But for the job that takes everything in for searching it, and what it makes.
    let rows = |table: &str| {
        let but = if table == "jobs" { "WHERE kind <> 'workspace.index'" } else { "" };
        format!("SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t {but}")
    };
    for table in tables.lines().filter(|table| !["_sqlx_migrations", "event_head", "search_documents"].contains(table)) {
        assert_eq!(new.say(&rows(table)).unwrap(), database.say(&rows(table)).unwrap(), "{table}");
    }
    assert_eq!(new.say("SELECT DISTINCT log_epoch FROM event_head").unwrap().trim(), "77");
    let target: Arc<dyn Store> = Arc::new(target);
    Kitaab::builder(Arc::clone(&target)).build().run_due_jobs().await.unwrap();
    assert_eq!(new.say(&rows("search_documents")).unwrap(), database.say(&rows("search_documents")).unwrap());
    go_on(&studio, target).await;
}
