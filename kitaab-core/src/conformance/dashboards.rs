//! The figures of dashboards, and what is due.

use super::permits;
use super::world::{GRANT, World, expense, invitation, second, sharing, task, update};
use crate::access::Reach;
use crate::dashboard::{DeadlineKind, DeadlineRow};
use crate::finance::{EntryKind, LedgerEntry};
use crate::invitation::Invitation;
use crate::page::Span;
use crate::project::{Project, ProjectGrant, ProjectStatus, Task, TaskState};
use crate::store::{ClientCounts, LedgerTotal, StaffCounts, Store, StoreResult};
use crate::time::Date;

fn june(day: i8) -> Date {
    Date::new(2026, 6, day).expect("a day of June")
}

/// What is archived, deleted, expired or closed does not count; money only with a permit for it, currency by currency.
pub async fn the_cards_of_staff_count_what_is_there(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (within, ledger) = (permits::within(world.workspace), permits::ledger(world.workspace));
    let mut tx = world.write(store).await?;
    let old = Project { archived_at: Some(second(1)), ..super::world::project("Old") };
    tx.insert_project(&within, &old).await?;
    let income = |text: &str| LedgerEntry { kind: EntryKind::Income, ..expense(text, None) };
    for each in [income("1000 EUR"), income("0.50 EUR"), income("500 JPY"), expense("9.500 KWD", None)] {
        tx.insert_entry(&ledger, &each).await?;
    }
    let gone = income("777 EUR");
    tx.insert_entry(&ledger, &gone).await?;
    assert!(tx.update_entry(&ledger, &LedgerEntry { version: 2, ..gone }, Some(second(2))).await?);
    for (email, expires_at, closed_at) in
        [("a@example.com", second(5), None), ("b@example.com", second(5), Some(second(1))), ("c@example.com", second(90), None)]
    {
        let mut made = Invitation { closed_at, ..invitation(world.nikhil, email, None) };
        made.milestones.expires_at = expires_at;
        assert!(tx.insert_invitation(&within, &made, &sharing(&[])).await?);
    }
    let total = |text: &str, income, expense| LedgerTotal { currency: text.parse().expect("a currency"), income, expense };
    let totals = vec![total("EUR", 100_050, 12_050), total("JPY", 500, 0), total("KWD", 0, 9_500)];
    let counts = StaffCounts { projects: 2, clients: 2, invitations: 2, totals };
    assert_eq!(tx.staff_counts(&within, Some(&ledger), second(5)).await?, counts, "Farah's and the third");
    assert_eq!(tx.staff_counts(&within, None, second(5)).await?, StaffCounts { totals: vec![], ..counts });
    let assigned = permits::reaching(world.workspace, Some(world.mridul), Some(world.card), Reach::Assigned(world.card));
    assert_eq!(tx.staff_counts(&assigned, None, second(5)).await?, StaffCounts::default());
    tx.commit().await
}

/// Of projects and tasks that are not finished; of a client's, those they may see. The nearest to today come first.
pub async fn what_is_due_is_told_as_far_as_one_sees_it(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let mine = permits::reaching(world.workspace, Some(world.mridul), Some(world.card), Reach::Assigned(world.card));
    let site = permits::on_project(world.workspace, world.website);
    let mut tx = world.write(store).await?;
    let due = |title: &str, day| Task { due_on: Some(june(day)), ..task(world.website, title) };
    let secret = Task { client_visible: false, ..due("Raise the price", 12) };
    let done = Task { state: TaskState::Done, ..due("Done", 13) };
    let late = due("Late", 9);
    for each in [&due("Today", 10), &due("Later", 20), &late, &due("Long ago", 1), &secret, &done] {
        tx.insert_task(&site, each).await?;
    }
    tx.insert_task(&site, &Task { state: TaskState::Done, client_visible: false, ..task(world.website, "Secretly done") }).await?;
    let finished = Project { status: ProjectStatus::Done, due_on: Some(june(11)), ..super::world::project("Finished") };
    tx.insert_project(&within, &finished).await?;
    tx.put_collaborator(&permits::on_project(world.workspace, finished.id), world.card, GRANT, second(0)).await?;
    let titles = |mut rows: Vec<DeadlineRow>| {
        rows.sort_by_key(|row| (row.due_on, row.id));
        rows.into_iter().map(|row| row.title).collect::<Vec<_>>()
    };
    let mut all_of = titles(tx.deadlines(&within, june(10), 9).await?);
    all_of.truncate(5);
    assert_eq!(all_of, ["Long ago", "Late", "Today", "Raise the price", "Later"]);
    assert_eq!(titles(tx.deadlines(&mine, june(10), 9).await?), ["Long ago", "Late", "Today", "Later", "Website"]);
    assert_eq!(titles(tx.deadlines(&mine, june(10), 1).await?), ["Late", "Today"]);
    let row = tx.deadlines(&mine, june(10), 1).await?.remove(0);
    let whole = DeadlineRow {
        kind: DeadlineKind::Task,
        id: late.id.0,
        title: "Late".into(),
        project_id: world.website,
        project_name: "Website".into(),
        due_on: june(9),
    };
    assert_eq!(row, whole);
    let counts = ClientCounts { projects: 2, tasks_completed: 1, upcoming_deadlines: 3 };
    assert_eq!(tx.client_counts(&mine, world.card, june(10)).await?, counts);
    let no_tasks = ProjectGrant { tasks: false, ..GRANT };
    tx.put_collaborator(&site, world.card, no_tasks, second(2)).await?;
    assert_eq!(titles(tx.deadlines(&mine, june(10), 9).await?), ["Website"]);
    let counts = ClientCounts { projects: 2, tasks_completed: 0, upcoming_deadlines: 1 };
    assert_eq!(tx.client_counts(&mine, world.card, june(10)).await?, counts);
    assert_eq!(tx.client_counts(&mine, world.invited_card, june(10)).await?, ClientCounts::default(), "another's card");
    tx.commit().await
}

/// Of all projects for staff; for a client of those they are on and that are not archived.
pub async fn updates_are_read_as_far_as_one_reaches(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (within, workspace) = (permits::within(world.workspace), world.workspace);
    let mine = permits::reaching(workspace, Some(world.mridul), Some(world.card), Reach::Assigned(world.card));
    let mut tx = world.write(store).await?;
    let old = Project { archived_at: Some(second(1)), ..super::world::project("Old") };
    tx.insert_project(&within, &old).await?;
    tx.put_collaborator(&permits::on_project(workspace, old.id), world.card, GRANT, second(0)).await?;
    let (of_shop, of_old) = (update(world.shop, world.nikhil, "Shop"), update(old.id, world.nikhil, "Old"));
    for each in [&of_shop, &of_old] {
        tx.insert_update(&permits::on_project(workspace, each.project_id), each).await?;
    }
    let page = |after, limit| Span { after, limit };
    let ids = |updates: Vec<crate::project::Update>| updates.into_iter().map(|update| update.id).collect::<Vec<_>>();
    assert_eq!(ids(tx.updates_reached(&within, &page(None, 9)).await?), [of_old.id, of_shop.id, world.update]);
    assert_eq!(ids(tx.updates_reached(&within, &page(Some(of_old.id), 1)).await?), [of_shop.id]);
    assert_eq!(ids(tx.updates_reached(&mine, &page(None, 9)).await?), [world.update]);
    tx.commit().await
}
