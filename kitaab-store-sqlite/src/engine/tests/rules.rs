//! What ends a unit, and what that does to the others.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use kitaab_core::store::StoreError;

use super::*;

/// Takes a good part of a second.
const LONG: &str =
    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000) INSERT INTO numbers SELECT MAX(n) FROM c";

#[tokio::test]
async fn a_unit_that_is_undone_takes_nobody_with_it() {
    let mut bench = Bench::new(patient()).await;
    let nikhil = bench.committing(1).await;
    let mut meera = bench.unit().await;
    meera.put(2).await.unwrap();
    // Meera's unit is undone and Mridul's is next, before the COMMIT that all of them wait for.
    let mridul = tokio::spawn({
        let store = Arc::clone(&bench.store);
        async move {
            let mut unit = store.writing().await?;
            unit.put(3).await?;
            Box::new(unit).commit().await
        }
    });
    tokio::task::yield_now().await;
    drop(meera);
    nikhil.await.unwrap().unwrap();
    mridul.await.unwrap().unwrap();
    assert_eq!(bench.on_disk().await, [1, 3]);
    bench.close().await;
}

#[tokio::test]
async fn a_cancelled_statement_ends_its_unit_at_once() {
    let mut bench = Bench::new(patient()).await;
    let mut nikhil = bench.unit().await;
    nikhil.put(1).await.unwrap();
    {
        let mut statement = pin!(nikhil.execute(sqlx::query(LONG)));
        assert!(statement.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    // The writer is free although the unit is still there.
    bench.committing(3).await.await.unwrap().unwrap();
    assert!(matches!(nikhil.put(4).await, Err(StoreError::Ended)));
    assert!(matches!(Box::new(nikhil).commit().await, Err(StoreError::Ended)));
    assert_eq!(bench.on_disk().await, [3]);
    bench.close().await;
}

#[tokio::test]
async fn a_panic_undoes_the_unit() {
    let mut bench = Bench::new(patient()).await;
    let mut nikhil = bench.unit().await;
    let panicked = tokio::spawn(async move {
        nikhil.put(1).await.unwrap();
        assert!(nikhil.put(1).await.is_ok(), "the same number twice");
    });
    assert!(panicked.await.unwrap_err().is_panic());
    bench.committing(2).await.await.unwrap().unwrap();
    assert_eq!(bench.on_disk().await, [2]);
    bench.close().await;
}

#[tokio::test]
async fn whoever_gives_up_waiting_is_passed_over() {
    let mut bench = Bench::new(patient()).await;
    let nikhil = bench.unit().await;
    {
        let mut waiting = pin!(bench.store.writing());
        assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    drop(nikhil);
    bench.committing(1).await.await.unwrap().unwrap();
    assert_eq!(bench.on_disk().await, [1]);
    bench.close().await;
}

#[tokio::test]
async fn a_unit_that_sits_on_the_writer_loses_it() {
    let mut bench = Bench::new(Rules { hold: Duration::from_millis(30), ..patient() }).await;
    let mut nikhil = bench.unit().await;
    nikhil.put(1).await.unwrap();
    // Meera, in a task of her own, is served as soon as Nikhil's time is over.
    let meera = tokio::spawn({
        let store = Arc::clone(&bench.store);
        async move {
            let mut unit = store.writing().await?;
            unit.put(2).await?;
            Box::new(unit).commit().await
        }
    });
    meera.await.unwrap().unwrap();
    assert!(matches!(nikhil.put(3).await, Err(StoreError::Unavailable(_))), "it is told why");
    assert!(matches!(nikhil.put(3).await, Err(StoreError::Ended)));
    assert_eq!(bench.on_disk().await, [2]);
    bench.close().await;
}

#[tokio::test]
async fn a_long_statement_is_let_finish() {
    let bench = Bench::new(Rules { hold: Duration::from_millis(20), ..patient() }).await;
    let mut nikhil = bench.unit().await;
    nikhil.execute(sqlx::query(LONG)).await.unwrap();
    Box::new(nikhil).commit().await.unwrap();
    bench.close().await;
}

#[tokio::test]
#[should_panic(expected = "a unit of work was opened while the same task held another one")]
async fn a_task_that_waits_for_itself_is_told() {
    let bench = Bench::new(Rules { hold: Duration::from_millis(30), ..patient() }).await;
    let _nikhil = bench.unit().await;
    let _ = bench.store.writing().await;
}

#[tokio::test]
async fn a_rollback_by_the_engine_fails_all_who_shared_the_transaction_and_none_who_wait() {
    let mut bench = Bench::new(patient()).await;
    let nikhil = bench.committing(1).await;
    let mut meera = bench.unit().await;
    let mridul = tokio::spawn({
        let store = Arc::clone(&bench.store);
        async move {
            let mut unit = store.writing().await?;
            unit.put(3).await?;
            Box::new(unit).commit().await
        }
    });
    tokio::task::yield_now().await;
    assert!(meera.put(POISON).await.is_err());
    assert!(matches!(nikhil.await.unwrap(), Err(StoreError::Unavailable(_))));
    mridul.await.unwrap().unwrap();
    assert_eq!(bench.on_disk().await, [3]);
    bench.close().await;
}

#[tokio::test]
async fn a_failed_commit_is_the_error_of_all_who_wrote() {
    let mut bench = Bench::new(patient()).await;
    let nikhil = bench.committing(1).await;
    let mut meera = bench.unit().await;
    meera.execute(sqlx::query("INSERT INTO children VALUES (99)")).await.unwrap();
    let meera = Box::new(meera).commit().await;
    assert!(meera.is_err(), "the parent is missing, which shows at the COMMIT");
    assert!(nikhil.await.unwrap().is_err());
    assert!(bench.on_disk().await.is_empty());
    bench.committing(2).await.await.unwrap().unwrap();
    assert_eq!(bench.on_disk().await, [2], "the next transaction is as good as any");
    bench.close().await;
}

#[tokio::test]
async fn a_closed_store_finishes_what_was_begun_and_begins_nothing() {
    let mut bench = Bench::new(Rules::default()).await;
    let nikhil = bench.committing(1).await;
    bench.store.close().await;
    nikhil.await.unwrap().unwrap();
    assert!(matches!(bench.store.writing().await, Err(StoreError::Unavailable(_))));
    assert_eq!(bench.on_disk().await, [1]);
}

#[tokio::test]
async fn a_reader_sees_one_snapshot() {
    let bench = Bench::new(Rules::default()).await;
    let count = || sqlx::query("SELECT n FROM numbers").try_map(|_| Ok(()));
    let mut before = bench.store.reading().await.unwrap();
    assert_eq!(before.all(count()).await.unwrap().len(), 0);
    bench.committing(1).await.await.unwrap().unwrap();
    assert_eq!(before.all(count()).await.unwrap().len(), 0, "as it was at the first look");
    let mut after = bench.store.reading().await.unwrap();
    assert_eq!(after.all(count()).await.unwrap().len(), 1);
    assert!(after.put(2).await.is_err(), "and it does not write");
    drop((before, after));
    bench.close().await;
}
