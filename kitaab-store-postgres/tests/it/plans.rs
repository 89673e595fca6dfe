//! Lists read by index under row-level security: no operator of theirs is kept from the planner.

use kitaab_core::access::Reach;
use kitaab_core::chat::PostKey;
use kitaab_core::conformance::permits;
use kitaab_core::conformance::world::World;
use kitaab_core::page::Span;
use kitaab_core::store::{ClientFilter, ProjectFilter, Scope, Store};
use kitaab_core::testing::TestDatabase;

const LISTED: &str = "FROM pg_stat_user_tables WHERE relname IN ('projects', 'clients', 'collaborators', 'invitations')";

/// How often each table was read from one end to the other.
fn scans(database: &TestDatabase) -> String {
    database.say(&format!("SELECT relname, seq_scan {LISTED} ORDER BY relname")).unwrap()
}

/// How many rows indexes led to.
fn fetched(database: &TestDatabase) -> i64 {
    database.say(&format!("SELECT sum(idx_tup_fetch) {LISTED}")).unwrap().trim().parse().unwrap()
}

#[tokio::test]
async fn a_page_of_many_projects_or_cards_is_read_by_index() {
    let (store, database) = crate::common::store().await;
    let world = World::found(&store).await.unwrap();
    let (workspace, card) = (world.workspace, world.card);
    // Another workspace is as large, so that reading all would cost twice as much.
    for workspace in [workspace, World::found(&store).await.unwrap().workspace] {
        database
            .say(&format!(
                "INSERT INTO projects SELECT '{workspace}', gen_random_uuid(), 'P', 'p', NULL, NULL, 'active', 0, 'manual', NULL, NULL, NULL,
                    '[]', NULL, now(), now(), 1 FROM generate_series(1, 10000);
                INSERT INTO clients SELECT '{workspace}', gen_random_uuid(), 'C', 'c' || n, n || '@example.com', NULL, NULL, NULL, NULL, NULL,
                    now(), now(), 1 FROM generate_series(1, 10000) n"
            ))
            .unwrap();
    }
    database
        .say(&format!(
            "INSERT INTO collaborators SELECT workspace_id, id, '{card}', false, false, false, now() FROM projects
            WHERE workspace_id = '{workspace}' AND id <> '{website}' LIMIT 500;
            INSERT INTO collaborators SELECT workspace_id, id, '{invited}', false, false, false, now() FROM projects
            WHERE workspace_id = '{workspace}';
            INSERT INTO invitations SELECT workspace_id, gen_random_uuid(), email, 'client', id, NULL, '{nikhil}', now(), NULL, NULL, NULL, NULL,
                now(), now(), 'sent', NULL, now(), 1, 0, now() FROM clients;
            ANALYZE",
            website = world.website,
            invited = world.invited_card,
            nikhil = world.nikhil
        ))
        .unwrap();
    store.close().await;
    let before = (scans(&database), fetched(&database));
    let store = kitaab_store_postgres::PostgresStore::connect(kitaab_store_postgres::Options::new(database.url())).await.unwrap();
    let (within, page) = (permits::within(workspace), Span { after: None, limit: 50 });
    let assigned = permits::reaching(workspace, Some(world.mridul), Some(card), Reach::Assigned(card));
    for _ in 0..8 {
        let mut tx = world.read(&store).await.unwrap();
        assert_eq!(tx.projects(&within, &ProjectFilter::default(), &page).await.unwrap().len(), 50);
        assert_eq!(tx.clients(&within, &ClientFilter::default(), &Span { after: None, limit: 50 }).await.unwrap().len(), 50);
        assert_eq!(tx.invitations(&within, &Span { after: None, limit: 50 }).await.unwrap().len(), 50);
        assert!(tx.unclosed_invitation(&within, &world.invited_email).await.unwrap().is_some());
        drop(tx);
        let mut tx = store.read(Scope::Workspace { workspace, user: Some(world.mridul) }).await.unwrap();
        assert_eq!(tx.projects_of(&assigned, card, &ProjectFilter::default(), &page).await.unwrap().len(), 50);
        assert!(tx.project_standing(workspace, Some(world.mridul), world.website).await.unwrap().is_some());
        assert!(tx.client_standing(workspace, Some(world.mridul), card).await.unwrap().is_some());
    }
    // A connection tells its counts when it ends.
    store.close().await;
    assert_eq!(scans(&database), before.0);
    // 8 times four lists of 50, and the thousand projects among which 50 of the card's are found; read and sorted whole, one
    // list alone would be 80,000.
    let fetched = fetched(&database) - before.1;
    assert!((1_600..20_000).contains(&fetched), "{fetched}");
}

#[tokio::test]
async fn a_post_reads_none_of_what_was_said_in_its_room() {
    let (store, database) = crate::common::store().await;
    let world = World::found(&store).await.unwrap();
    let World { workspace, page, meera, .. } = world;
    // Nobody has measured the table since it was filled; then the planner knows least.
    let said = "INSERT INTO messages (workspace_id, channel_id, seq, id, author_id, client_message_id, text, created_at)";
    database
        .say(&format!("{said} SELECT '{workspace}', '{page}', n, gen_random_uuid(), '{meera}', 'm' || n, 'Hello', now() FROM generate_series(2, 5000) n"))
        .unwrap();
    store.close().await;
    let read = || -> i64 {
        let statement = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'messages'";
        database.say(statement).unwrap().trim().parse().unwrap()
    };
    let before = read();
    let store = kitaab_store_postgres::PostgresStore::connect(kitaab_store_postgres::Options::new(database.url())).await.unwrap();
    // Whether it is a repeat is all that the room is asked: 31 times it is none, and once it is.
    let names = (5_001..5_032).chain([9]).map(|n| format!("m{n}"));
    let keys: Vec<_> = names.map(|client_message_id| PostKey { author: meera, channel: page, client_message_id }).collect();
    let mut tx = world.read(&store).await.unwrap();
    let facts = tx.post_facts(workspace, &keys).await.unwrap();
    assert_eq!(facts.iter().filter(|each| each.repeated.is_some()).count(), 1);
    drop(tx);
    store.close().await;
    assert_eq!(read() - before, 1);
}
