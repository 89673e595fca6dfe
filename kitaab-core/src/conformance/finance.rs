//! Expenses, income and time.

use super::permits;
use super::world::{World, all, expense, hour, id, second};
use crate::finance::{EntryKind, EntryPosition, LedgerEntry, TimeEntry, TimePosition};
use crate::ids::{LedgerEntryId, TimeEntryId};
use crate::page::Span;
use crate::store::{EntryFilter, Store, StoreResult, TimeFilter};
use crate::time::Date;

fn day(day: i8) -> Date {
    Date::new(2026, 5, day).expect("a day of May")
}

/// Every field, as it was made and as it was changed, with the history of it; deleted, it is none but for that.
pub async fn an_entry_is_kept_whole_with_its_history(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let ledger = permits::ledger(world.workspace);
    let made = LedgerEntry {
        kind: EntryKind::Income,
        on: Date::new(2024, 2, 29).expect("a leap day"),
        category: Some("Ünïcode".into()),
        client_id: Some(world.card),
        note: Some("Line one\nline two 🙂".into()),
        tags: vec!["b".into(), "a".into()],
        ..expense("99999999999.99 EUR", Some(world.website))
    };
    let mut tx = world.write(store).await?;
    tx.insert_entry(&ledger, &made).await?;
    tx.append_entry_version(&ledger, &made, second(0), false).await?;
    assert_eq!(tx.entry(&ledger, EntryKind::Income, made.id).await?, Some(made.clone()));
    assert_eq!(tx.entry(&ledger, EntryKind::Expense, made.id).await?, None, "of the other kind");
    let plain = LedgerEntry { updated_at: second(5), version: 2, id: made.id, kind: made.kind, ..expense("0 JPY", None) };
    assert!(tx.update_entry(&ledger, &plain, None).await?);
    assert!(!tx.update_entry(&ledger, &plain, None).await?, "it is of another version by now");
    assert_eq!(tx.entry(&ledger, EntryKind::Income, made.id).await?, Some(plain.clone()));
    let gone = LedgerEntry { version: 3, ..plain.clone() };
    tx.append_entry_version(&ledger, &plain, second(5), false).await?;
    assert!(tx.update_entry(&ledger, &gone, Some(second(6))).await?);
    tx.append_entry_version(&ledger, &gone, second(6), true).await?;
    assert_eq!(tx.entry(&ledger, EntryKind::Income, made.id).await?, None);
    assert_eq!(tx.entries(&ledger, EntryKind::Income, &EntryFilter::default(), &all()).await?, []);
    assert!(!tx.update_entry(&ledger, &LedgerEntry { version: 4, ..gone.clone() }, None).await?, "what is deleted stays so");
    let versions = tx.entry_versions(&ledger, EntryKind::Income, made.id).await?;
    let seen: Vec<_> = versions.into_iter().map(|version| (version.version, version.at, version.deleted, version.entry)).collect();
    assert_eq!(seen, [(3, second(6), true, gone), (2, second(5), false, plain), (1, second(0), false, made)]);
    tx.commit().await
}

/// Each alone, and all together; latest day first, page after page.
pub async fn entries_are_found_by_each_filter_and_page(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let ledger = permits::ledger(world.workspace);
    let trip =
        LedgerEntry { category: Some("Travel".into()), client_id: Some(world.card), on: day(3), ..expense("1 EUR", Some(world.shop)) };
    let tools = LedgerEntry { tags: vec!["web, design".into()], on: day(2), ..expense("2 EUR", None) };
    let same_day = LedgerEntry { on: day(2), ..expense("3 EUR", None) };
    let mut tx = world.write(store).await?;
    for each in [&trip, &tools, &same_day] {
        tx.insert_entry(&ledger, each).await?;
    }
    let any = EntryFilter::default();
    let tagged = |tag: &str| EntryFilter { tag: Some(tag.into()), ..EntryFilter::default() };
    let filters: Vec<(EntryFilter, Vec<LedgerEntryId>)> = vec![
        (any.clone(), vec![trip.id, same_day.id, tools.id, world.expense]),
        (EntryFilter { from: Some(day(2)), ..any.clone() }, vec![trip.id, same_day.id, tools.id]),
        (EntryFilter { to: Some(day(2)), ..any.clone() }, vec![same_day.id, tools.id, world.expense]),
        (EntryFilter { category: Some("Travel".into()), ..any.clone() }, vec![trip.id]),
        (EntryFilter { category: Some("travel".into()), ..any.clone() }, vec![]),
        (EntryFilter { project_id: Some(world.shop), ..any.clone() }, vec![trip.id]),
        (EntryFilter { client_id: Some(world.card), ..any.clone() }, vec![trip.id]),
        (tagged("web, design"), vec![tools.id]),
        (tagged("web"), vec![]),
        (EntryFilter { from: Some(day(3)), project_id: Some(world.shop), category: Some("Travel".into()), ..any.clone() }, vec![trip.id]),
    ];
    for (filter, ids) in filters {
        let found = tx.entries(&ledger, EntryKind::Expense, &filter, &all()).await?;
        assert_eq!(found.into_iter().map(|entry| entry.id).collect::<Vec<_>>(), ids, "{filter:?}");
    }
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let page = tx.entries(&ledger, EntryKind::Expense, &any, &Span { after, limit: 1 }).await?;
        let Some(last) = page.last() else { break };
        after = Some(EntryPosition { on: last.on, id: last.id });
        listed.extend(page.into_iter().map(|entry| entry.id));
    }
    assert_eq!(listed, [trip.id, same_day.id, tools.id, world.expense]);
    assert_eq!(tx.entries(&ledger, EntryKind::Income, &any, &all()).await?, []);
    assert!(tx.project_has_ledger(&permits::on_project(world.workspace, world.shop)).await?);
    tx.commit().await
}

/// Every field, as it was made and as it was changed.
pub async fn a_time_entry_is_kept_whole(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let ledger = permits::ledger(world.workspace);
    let made = TimeEntry {
        task_id: Some(world.task),
        note: Some("Drawing 🙂".into()),
        ended_at: None,
        billable: false,
        rate: "80.5 EUR".parse().ok(),
        ..hour(world.nikhil, Some(world.website))
    };
    let mut tx = world.write(store).await?;
    assert!(tx.insert_time_entry(&ledger, &made).await?);
    assert_eq!(tx.time_entry(&ledger, made.id).await?, Some(made.clone()));
    assert_eq!(tx.running_entry(&ledger, world.nikhil).await?, Some(made.clone()));
    assert_eq!(tx.running_entry(&ledger, world.meera).await?, None);
    assert!(!tx.insert_time_entry(&ledger, &TimeEntry { id: id(), ..made.clone() }).await?, "one timer runs for a person");
    let plain = TimeEntry { id: made.id, version: 2, updated_at: second(9), ..hour(world.nikhil, None) };
    assert!(tx.update_time_entry(&ledger, &plain).await?);
    assert!(!tx.update_time_entry(&ledger, &plain).await?, "it is of another version by now");
    assert_eq!(tx.time_entry(&ledger, made.id).await?, Some(plain));
    assert_eq!(tx.running_entry(&ledger, world.nikhil).await?, None);
    assert!(tx.delete_time_entry(&ledger, made.id).await?);
    assert!(!tx.delete_time_entry(&ledger, made.id).await?);
    tx.commit().await
}

/// Each filter; latest start first, page after page; what touches is not at the same time.
pub async fn time_is_found_and_overlaps_are_told(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let ledger = permits::ledger(world.workspace);
    let at = |from, to: Option<i64>| TimeEntry { started_at: second(from), ended_at: to.map(second), ..hour(world.nikhil, None) };
    let (next, within, running) = (at(3_600, Some(7_200)), at(1_800, Some(5_400)), at(7_000, None));
    let theirs = TimeEntry { billable: false, ..hour(world.meera, Some(world.shop)) };
    let mut tx = world.write(store).await?;
    for each in [&next, &within, &running, &theirs] {
        assert!(tx.insert_time_entry(&ledger, each).await?);
    }
    let any = TimeFilter::default();
    let mut noon = [world.hour, theirs.id];
    noon.sort_unstable_by(|one, other| other.cmp(one));
    let filters: Vec<(TimeFilter, Vec<TimeEntryId>)> = vec![
        (any.clone(), [&[running.id, next.id, within.id][..], &noon].concat()),
        (TimeFilter { from: Some(second(1_800)), before: Some(second(7_000)), ..any.clone() }, vec![next.id, within.id]),
        (TimeFilter { project_id: Some(world.shop), ..any.clone() }, vec![theirs.id]),
        (TimeFilter { billable: Some(false), ..any.clone() }, vec![theirs.id]),
        (TimeFilter { task_id: Some(world.task), ..any.clone() }, vec![]),
    ];
    for (filter, ids) in filters {
        let found = tx.time_entries(&ledger, &filter, &all()).await?;
        assert_eq!(found.into_iter().map(|entry| entry.id).collect::<Vec<_>>(), ids, "{filter:?}");
    }
    let (mut listed, mut after) = (0, None);
    loop {
        let page = tx.time_entries(&ledger, &any, &Span { after, limit: 2 }).await?;
        let Some(last) = page.last() else { break };
        after = Some(TimePosition { started_at: last.started_at, id: last.id });
        listed += page.len();
    }
    assert_eq!(listed, 5);
    let mut told = tx.overlaps(&ledger, &[next.clone(), running.clone(), theirs.clone()]).await?;
    told.sort_unstable();
    let mut expected = vec![(next.id, within.id), (next.id, running.id), (running.id, next.id)];
    expected.sort_unstable();
    assert_eq!(told, expected);
    assert_eq!(tx.overlaps(&ledger, &[]).await?, []);
    tx.commit().await
}
