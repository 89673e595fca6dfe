//! Many callers share few commits.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_units_share_a_commit_and_none_is_lost() {
    let mut bench = Bench::new(patient()).await;
    // Everybody waits behind this one, so that all who follow are in one transaction.
    let first = bench.unit().await;
    let others: Vec<_> = (1..=32)
        .map(|n| {
            let store = Arc::clone(&bench.store);
            tokio::spawn(async move {
                let mut unit = store.writing().await?;
                unit.put(n).await?;
                Box::new(unit).commit().await
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let before = bench.commits_seen().await;
    drop(first);
    for other in others {
        other.await.unwrap().unwrap();
    }
    assert_eq!(bench.on_disk().await, (1..=32).collect::<Vec<_>>());
    assert_eq!(bench.commits_seen().await, before + 1, "one COMMIT for all");
    bench.close().await;
}

#[tokio::test]
async fn one_caller_alone_waits_for_nobody() {
    let mut bench = Bench::new(patient()).await;
    for n in 1..=10 {
        bench.committing(n).await.await.unwrap().unwrap();
        assert_eq!(bench.on_disk().await.len(), usize::try_from(n).unwrap());
    }
    bench.close().await;
}

#[tokio::test]
async fn a_transaction_does_not_take_units_for_ever() {
    let mut bench = Bench::new(Rules { gather: Duration::from_millis(1), ..patient() }).await;
    let nikhil = bench.committing(1).await;
    let mut others = Vec::new();
    // Somebody is always waiting, and still Nikhil is answered.
    for n in 2..200 {
        if nikhil.is_finished() {
            break;
        }
        others.push(bench.committing(n).await);
    }
    assert!(nikhil.is_finished());
    nikhil.await.unwrap().unwrap();
    for other in others {
        other.await.unwrap().unwrap();
    }
    assert!(bench.on_disk().await.contains(&1));
    bench.close().await;
}

impl Bench {
    /// Grows by one with every transaction that another connection commits.
    async fn commits_seen(&mut self) -> i64 {
        sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut self.observer).await.unwrap()
    }
}
