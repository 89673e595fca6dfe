//! Counts for limits.

use super::permits;
use super::together::together;
use super::world::{hash, second};
use crate::store::{Scope, Store, StoreError, StoreResult, Tally};

/// A count that began too long ago begins anew with the next.
pub async fn a_count_begins_anew_after_its_time(store: &dyn Store) -> StoreResult<()> {
    let (anyone, mark, other) = (permits::instance(), hash(), hash());
    let mut tx = store.write(Scope::Nobody).await?;
    assert_eq!(tx.tally(&anyone, &mark, second(0)).await?, None);
    let first = tx.count(&anyone, &mark, second(10), second(0)).await?;
    assert_eq!(first, Tally { hits: 1, since: second(10), last_at: second(10) });
    let third = {
        tx.count(&anyone, &mark, second(11), second(0)).await?;
        tx.count(&anyone, &mark, second(12), second(9)).await?
    };
    assert_eq!(third, Tally { hits: 3, since: second(10), last_at: second(12) });
    assert_eq!(tx.tally(&anyone, &mark, second(9)).await?, Some(third));
    assert_eq!(tx.tally(&anyone, &mark, second(10)).await?, None, "it began too long ago");
    let anew = tx.count(&anyone, &mark, second(20), second(10)).await?;
    assert_eq!(anew, Tally { hits: 1, since: second(20), last_at: second(20) });
    tx.count(&anyone, &other, second(30), second(0)).await?;
    assert_eq!(tx.sweep_tallies(&anyone, second(30)).await?, 1);
    assert_eq!(tx.tally(&anyone, &mark, second(0)).await?, None);
    assert!(tx.tally(&anyone, &other, second(0)).await?.is_some());
    tx.clear_tally(&anyone, &other).await?;
    assert_eq!(tx.tally(&anyone, &other, second(0)).await?, None);
    tx.commit().await
}

/// Twenty at the same time are twenty.
pub async fn counting_at_the_same_time_loses_nothing(store: &dyn Store) -> StoreResult<()> {
    let mark = &hash();
    let counted = together((0..20).map(|_| async move {
        let mut tx = store.write(Scope::Nobody).await?;
        let tally = tx.count(&permits::instance(), mark, second(1), second(0)).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(tally.hits)
    }))
    .await;
    let mut counted = counted.into_iter().collect::<StoreResult<Vec<i64>>>()?;
    counted.sort_unstable();
    assert_eq!(counted, (1..=20).collect::<Vec<i64>>());
    Ok(())
}
