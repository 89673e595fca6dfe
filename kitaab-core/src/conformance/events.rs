//! The event log.

use super::permits;
use super::together::together;
use super::world::{World, event, id, second};
use crate::event::NewEvent;
use crate::store::{Appended, Closing, Scope, Store, StoreError, StoreResult};

/// What is wrong with the numbers that units were given, as (last number, how many); nothing if they are 1, 2, 3 … with
/// none missing and none twice.
#[must_use]
pub fn flaw_of(mut given: Vec<(i64, i64)>) -> Option<String> {
    given.sort_unstable();
    let mut next = 1;
    for (last, count) in given {
        if last - count + 1 != next {
            return Some(format!("{count} events up to {last} follow {}", next - 1));
        }
        next = last + 1;
    }
    None
}

/// Twelve writers, of whom every third gives up at the last moment.
pub async fn events_are_numbered_without_gaps(store: &dyn Store) -> StoreResult<()> {
    let world = &World::found(store).await?;
    let writers = together((0i64..12).map(|writer| async move {
        let mut given = Vec::new();
        for round in 0i64..8 {
            let events: Vec<_> = (0..=(writer + round) % 3).map(|_| event()).collect();
            let mut tx = world.write(store).await?;
            let appended = tx.append_events(&Closing::forged(Some(world.workspace)), &events, false).await?;
            if (writer + round) % 3 == 2 {
                drop(tx);
                continue;
            }
            tx.commit().await?;
            given.push((appended.map_or(0, |appended| appended.seq), i64::try_from(events.len()).unwrap_or(0)));
        }
        Ok::<_, StoreError>(given)
    }))
    .await;
    let given: Vec<_> = writers.into_iter().collect::<StoreResult<Vec<_>>>()?.concat();
    assert_eq!(given.len(), 64);
    assert_eq!(flaw_of(given), None);
    Ok(())
}

/// Who appends learns whether access changed since they looked.
pub async fn the_access_epoch_is_told_as_it_was(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let closing = Closing::forged(Some(world.workspace));
    let steps: [(usize, bool, Appended); 5] = [
        (0, false, Appended { seq: 0, access_epoch: 0 }),
        (2, true, Appended { seq: 2, access_epoch: 0 }),
        (0, true, Appended { seq: 2, access_epoch: 1 }),
        (0, false, Appended { seq: 2, access_epoch: 2 }),
        (3, false, Appended { seq: 5, access_epoch: 2 }),
    ];
    for (count, access_changed, told) in steps {
        let events: Vec<_> = (0..count).map(|_| event()).collect();
        let mut tx = world.write(store).await?;
        assert_eq!(tx.append_events(&closing, &events, access_changed).await?, Some(told));
        tx.commit().await?;
    }
    Ok(())
}

/// Up to the first that is young enough; the numbers go on.
pub async fn old_events_are_forgotten(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (within, closing) = (permits::within(world.workspace), Closing::forged(Some(world.workspace)));
    // The clock stepped back once: the third is older than the second, and stays.
    let events: Vec<_> = [0, 10, 5, 20].map(|at| NewEvent { at: second(at), ..event() }).to_vec();
    let mut tx = world.write(store).await?;
    tx.append_events(&closing, &events, false).await?;
    tx.commit().await?;
    for (before, gone) in [(second(0), 0), (second(6), 1), (second(6), 0), (second(15), 2), (second(99), 1), (second(99), 0)] {
        let mut tx = store.write(Scope::System(world.workspace)).await?;
        assert_eq!(tx.sweep_events(&within, before).await?, gone, "{before}");
        tx.commit().await?;
    }
    let mut tx = world.write(store).await?;
    let appended = tx.append_events(&closing, &[event()], false).await?;
    assert_eq!(appended.map(|appended| appended.seq), Some(5));
    tx.commit().await
}

/// A workspace that does not exist has no log; those that do are walked in pages.
pub async fn the_log_of_no_workspace_is_none(store: &dyn Store) -> StoreResult<()> {
    let nowhere = id();
    let mut tx = store.write(Scope::System(nowhere)).await?;
    assert_eq!(tx.append_events(&Closing::forged(Some(nowhere)), &[event()], false).await?, None);
    assert_eq!(tx.append_events(&Closing::forged(Some(nowhere)), &[], false).await?, None);
    drop(tx);
    let mut there = [World::found(store).await?.workspace, World::found(store).await?.workspace, World::found(store).await?.workspace];
    there.sort_unstable();
    let (anyone, mut found, mut after) = (permits::instance(), Vec::new(), None);
    let mut tx = store.write(Scope::Nobody).await?;
    loop {
        let page = tx.workspaces_after(&anyone, after, 2).await?;
        let Some(last) = page.last() else { break };
        after = Some(*last);
        found.extend(page);
    }
    assert_eq!(found, there);
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::flaw_of;

    #[test]
    fn numbers_from_a_bare_sequence_are_found_out() {
        assert_eq!(flaw_of(vec![(5, 2), (1, 1), (3, 2)]), None);
        // A sequence does not give back the numbers of a unit that is undone.
        assert!(flaw_of(vec![(1, 1), (4, 2)]).is_some());
        assert!(flaw_of(vec![(1, 1), (1, 1)]).is_some());
        assert!(flaw_of(vec![(2, 1)]).is_some());
    }
}
