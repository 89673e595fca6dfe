//! Checks that find each planted mistake, and find nothing in the engine as it is.

use kitaab_core::store::StoreError;

use super::*;
use crate::engine::Fault;

/// While a unit is open, nothing of it is on disk, and nobody before it is answered unless what they wrote is.
async fn answered_means_on_disk(fault: Option<Fault>) -> Result<(), &'static str> {
    let mut bench = Bench::new(Rules { fault, ..patient() }).await;
    let nikhil = bench.committing(1).await;
    let mut meera = bench.unit().await;
    meera.put(2).await.unwrap();
    for _ in 0..20 {
        let answered = nikhil.is_finished();
        let on_disk = bench.on_disk().await;
        if on_disk.contains(&2) {
            return Err("half a unit is on disk");
        }
        if answered && !on_disk.contains(&1) {
            return Err("a unit was answered that is not on disk");
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    drop(meera);
    nikhil.await.unwrap().unwrap();
    let kept = bench.on_disk().await;
    bench.close().await;
    if kept == [1] { Ok(()) } else { Err("what was undone is on disk") }
}

/// After a failure nothing of a unit is kept, whatever it still tries.
async fn nothing_follows_a_failure(fault: Option<Fault>) -> Result<(), &'static str> {
    let mut bench = Bench::new(Rules { fault, ..patient() }).await;
    let mut nikhil = bench.unit().await;
    nikhil.put(1).await.unwrap();
    assert!(nikhil.put(POISON).await.is_err());
    let after = nikhil.put(2).await;
    let committed = Box::new(nikhil).commit().await;
    let kept = bench.on_disk().await;
    bench.close().await;
    match (after, committed) {
        (Err(StoreError::Ended), Err(_)) if kept.is_empty() => Ok(()),
        (Err(_), _) => Err("something is on disk"),
        _ => Err("a statement ran after one that failed"),
    }
}

#[tokio::test]
async fn what_is_answered_is_on_disk_and_what_is_open_is_not() {
    assert_eq!(answered_means_on_disk(None).await, Ok(()));
}

#[tokio::test]
async fn a_commit_in_the_middle_of_a_unit_is_found() {
    assert_eq!(answered_means_on_disk(Some(Fault::CommitsInTheMiddle)).await, Err("half a unit is on disk"));
}

#[tokio::test]
async fn an_answer_before_the_commit_is_found() {
    assert_eq!(answered_means_on_disk(Some(Fault::AnswersTooEarly)).await, Err("a unit was answered that is not on disk"));
}

#[tokio::test]
async fn a_failed_unit_keeps_nothing() {
    assert_eq!(nothing_follows_a_failure(None).await, Ok(()));
}

#[tokio::test]
async fn a_statement_after_a_failed_one_is_found() {
    let found = nothing_follows_a_failure(Some(Fault::GoesOnAfterFailure)).await;
    assert_eq!(found, Err("a statement ran after one that failed"));
}
