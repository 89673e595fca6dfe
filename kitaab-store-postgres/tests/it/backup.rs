//! A copy and the way back, with an owner who is bound by the policies of the tables.

use kitaab_core::conformance::world::World;
use kitaab_core::conformance::{permits, portrait};
use kitaab_core::search::DocumentKind;
use kitaab_core::store::{Scope, Store};
use kitaab_core::testing::TemporaryPostgres;
use kitaab_store_postgres::{Options, PostgresStore};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_copied_comes_back_whole_and_fenced() {
    let (store, database) = crate::common::store().await;
    let (world, other) = (World::found(&store).await.unwrap(), World::found(&store).await.unwrap());
    world.fill(&store).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    store.backup(folder.path()).await.unwrap();

    let fresh = TemporaryPostgres::shared().database();
    let owner = format!("owner_{}", std::process::id());
    let name = fresh.say("SELECT current_database()").unwrap();
    fresh.say(&format!("CREATE ROLE {owner} LOGIN IN ROLE kitaab_app, kitaab_search; ALTER DATABASE {name} OWNER TO {owner}")).unwrap();
    let (_, rest) = fresh.url().split_once('@').unwrap();
    let restored = PostgresStore::connect(Options::new(format!("postgres://{owner}@{rest}"))).await.unwrap();
    restored.migrate().await.unwrap();
    restored.restore(folder.path(), 99).await.unwrap();
    restored.check().await.unwrap();
    for each in [&world, &other] {
        assert_eq!(portrait(&restored, each).await.unwrap(), portrait(&store, each).await.unwrap());
    }
    // What is searched is not in a copy: a job of each workspace makes it anew.
    let documents =
        |database: &kitaab_core::testing::TestDatabase| database.say("SELECT COUNT(*), SUM(length(folded)) FROM search_documents").unwrap();
    assert_eq!(fresh.say("SELECT COUNT(*) FROM jobs WHERE kind = 'workspace.index' AND state = 'waiting'").unwrap(), "2");
    for each in [&world, &other] {
        let mut tx = restored.write(Scope::System(each.workspace)).await.unwrap();
        for kind in DocumentKind::ALL {
            tx.index_next(&permits::within(each.workspace), *kind, None, 99).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    assert_eq!(documents(&fresh), documents(&database));
    assert_eq!(fresh.say("SELECT DISTINCT log_epoch FROM event_head").unwrap(), "99");
    assert_eq!(fresh.say("SELECT COUNT(*) FROM link_tokens").unwrap(), "2");
    assert!(restored.restore(folder.path(), 100).await.is_err(), "not over what is there");
    restored.close().await;
    fresh.say(&format!("REASSIGN OWNED BY {owner} TO postgres; DROP OWNED BY {owner}; DROP ROLE {owner}")).unwrap();
}
