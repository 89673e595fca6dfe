//! What happens to units and connections when something is cut off.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use kitaab_core::conformance::permits;
use kitaab_core::conformance::world::{World, event, project};
use kitaab_core::store::{Closing, Store, StoreError};

#[tokio::test]
async fn connections_that_the_database_ended_are_replaced() {
    let (store, database) = crate::common::store().await;
    let world = World::found(&store).await.unwrap();
    let held = [world.read(&store).await.unwrap(), world.read(&store).await.unwrap(), world.read(&store).await.unwrap()];
    drop(held);
    store.ping().await.unwrap();
    database
        .say("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kitaab' AND datname = current_database()")
        .unwrap();
    for _ in 0..4 {
        let mut tx = world.write(&store).await.unwrap();
        tx.insert_project(&permits::within(world.workspace), &project("After the restart")).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_cancelled_statement_ends_its_unit() {
    let (store, _database) = crate::common::store().await;
    let world = World::found(&store).await.unwrap();
    let (within, shop) = (permits::within(world.workspace), project("Never"));
    // Another unit has the same row, so that the statement waits however fast the database is.
    let mut holder = world.write(&store).await.unwrap();
    holder.insert_project(&within, &shop).await.unwrap();
    let mut tx = world.write(&store).await.unwrap();
    {
        let mut statement = pin!(tx.insert_project(&within, &shop));
        assert!(statement.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    assert!(matches!(tx.project(&permits::on_project(world.workspace, shop.id)).await, Err(StoreError::Ended)));
    assert!(matches!(tx.commit().await, Err(StoreError::Ended)));
    holder.rollback().await;
    let mut tx = world.read(&store).await.unwrap();
    assert_eq!(tx.project(&permits::on_project(world.workspace, shop.id)).await.unwrap(), None);
}

#[tokio::test]
async fn a_reader_sees_one_snapshot_and_does_not_write() {
    let (store, _database) = crate::common::store().await;
    let world = World::found(&store).await.unwrap();
    let (within, fresh) = (permits::within(world.workspace), project("Fresh"));
    let site = permits::on_project(world.workspace, fresh.id);
    let mut before = world.read(&store).await.unwrap();
    let mut tx = world.write(&store).await.unwrap();
    tx.insert_project(&within, &fresh).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(before.project(&site).await.unwrap(), None, "as it was when the unit began");
    assert!(before.insert_project(&within, &project("Never")).await.is_err());
    assert!(world.read(&store).await.unwrap().project(&site).await.unwrap().is_some());
}

#[tokio::test]
async fn who_appends_to_a_log_waits_for_its_gate_and_for_no_other() {
    let (store, _database) = crate::common::store().await;
    let (world, other) = (World::found(&store).await.unwrap(), World::found(&store).await.unwrap());
    let (here, there) = (Closing::forged(Some(world.workspace)), Closing::forged(Some(other.workspace)));
    let mut first = world.write(&store).await.unwrap();
    first.append_events(&here, &[event()], false).await.unwrap();
    let mut second = world.write(&store).await.unwrap();
    let mut third = other.write(&store).await.unwrap();
    third.append_events(&there, &[event()], false).await.unwrap();
    let events = [event()];
    let mut early = pin!(second.append_events(&here, &events, false));
    assert!(tokio::time::timeout(Duration::from_millis(30), early.as_mut()).await.is_err(), "the first is not over");
    drop(first);
    let appended = early.await.unwrap().expect("the workspace");
    assert_eq!(appended.seq, 1, "the first gave its number back");
}

#[tokio::test]
async fn whoever_finds_no_connection_is_told_to_come_back() {
    let database = crate::common::database().await;
    let options = kitaab_store_postgres::Options { max_connections: 1, ..kitaab_store_postgres::Options::new(database.url()) };
    let store = kitaab_store_postgres::PostgresStore::connect(options).await.unwrap();
    let world = World::found(&store).await.unwrap();
    let _held = world.read(&store).await.unwrap();
    assert!(matches!(world.read(&store).await, Err(StoreError::Unavailable(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_is_given_up_as_it_begins_leaves_no_connection_behind_that_has_begun() {
    let (store, _database) = crate::common::store().await;
    let world = World::found(&store).await.unwrap();
    for n in 0..300_u64 {
        // Given up after a while that is another one each time: before, in the midst of, and after the beginning.
        let beginning = world.read(&store);
        tokio::time::timeout(Duration::from_micros(n * 7 % 900), beginning).await.map(drop).ok();
    }
    for _ in 0..30 {
        let mut tx = world.write(&store).await.unwrap();
        tx.insert_project(&permits::within(world.workspace), &project("After that")).await.unwrap();
        tx.commit().await.unwrap();
    }
}
