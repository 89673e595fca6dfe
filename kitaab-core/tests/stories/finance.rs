//! Nikhil's money and time, which nobody else ever sees.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use kitaab_core::access::Actor;
use kitaab_core::activity::ActivityAsk;
use kitaab_core::finance::{
    EntriesAsk, EntryKind, GroupBy, LedgerEntry, NewEntry, NewTimeEntry, ReportAsk, StartTimer, TimeAsk, TimeItem, UpdateEntry,
    UpdateTimeEntry,
};
use kitaab_core::input::Patch;
use kitaab_core::money::GivenMoney;
use kitaab_core::project::NewTask;
use kitaab_core::store::Store;
use kitaab_core::table::Sheet;
use kitaab_core::time::{Date, Timestamp};

use crate::common::{Studio, card, code, freelancer, on_both_engines};

type Database = Arc<dyn Store>;

fn money(amount: &str, currency: &str) -> GivenMoney {
    GivenMoney { amount: amount.into(), currency: currency.into() }
}

fn spent(amount: &str, currency: &str) -> NewEntry {
    NewEntry { money: Some(money(amount, currency)), on: Date::new(2026, 5, 1), ..NewEntry::default() }
}

async fn expense(studio: &Studio, new: NewEntry) -> Result<LedgerEntry, kitaab_core::Error> {
    studio.kitaab.finance(&studio.nikhil).create(studio.workspace, EntryKind::Expense, new.into()).await.map(|single| single.item)
}

/// The fields that an error names, with their codes.
fn fields<T: std::fmt::Debug>(result: Result<T, kitaab_core::Error>) -> Vec<String> {
    match result.expect_err("it should have been refused") {
        kitaab_core::Error::Invalid(problems) => problems.iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect(),
        other => panic!("{other:?}"),
    }
}

async fn money_is_nobodys_but_nikhils(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let (mridul, _) = studio.client("Mridul", &[shop]).await;
    let sara = studio.colleague("Sara").await;
    let (olga, _) = freelancer(&studio.kitaab, "Olga").await;
    let fonts = expense(&studio, NewEntry { project_id: Some(shop), ..spent("120.5", "EUR") }).await.unwrap();
    assert_eq!(fonts.money.to_string(), "120.50 EUR");
    let (kitaab, workspace) = (&studio.kitaab, studio.workspace);
    for other in [&sara, &mridul, &olga, &Actor::nobody()] {
        let finance = kitaab.finance(other);
        let kind = EntryKind::Expense;
        assert_eq!(code(finance.list(workspace, kind, EntriesAsk::default().into()).await), "not_found");
        assert_eq!(code(finance.get(workspace, kind, fonts.id).await), "not_found");
        assert_eq!(code(finance.history(workspace, kind, fonts.id).await), "not_found");
        assert_eq!(code(finance.create(workspace, kind, spent("1", "EUR").into()).await), "not_found");
        assert_eq!(code(finance.update(workspace, kind, fonts.id, UpdateEntry::default().into(), None).await), "not_found");
        assert_eq!(code(finance.delete(workspace, kind, fonts.id).await), "not_found");
        assert_eq!(code(kitaab.time(other).list(workspace, TimeAsk::default().into()).await), "not_found");
        assert_eq!(code(kitaab.time(other).start(workspace, StartTimer::default().into()).await), "not_found");
        assert_eq!(code(kitaab.time(other).running(workspace).await), "not_found");
    }
    let told = async |who: &Actor| {
        let page = kitaab.overview(who).activity(workspace, ActivityAsk::default().into()).await.unwrap();
        page.items.into_iter().filter(|line| line.subject_id == fonts.id.0).count()
    };
    assert_eq!([told(&studio.nikhil).await, told(&sara).await, told(&mridul).await], [1, 0, 0]);
    let gone = kitaab.projects(&studio.nikhil).delete(workspace, shop).await;
    assert_eq!(code(gone), "has_ledger");
}

async fn an_expense_keeps_everything_that_it_ever_was(db: Database) {
    let studio = Studio::on(db).await;
    let (finance, workspace, kind) = (studio.kitaab.finance(&studio.nikhil), studio.workspace, EntryKind::Expense);
    let fonts = expense(&studio, spent("120.50", "EUR")).await.unwrap();
    let dearer = UpdateEntry { money: Some(money("150", "JPY")), category: Patch::Set("Fonts".into()), ..UpdateEntry::default() };
    let changed = finance.update(workspace, kind, fonts.id, dearer.clone().into(), Some(1)).await.unwrap().item;
    assert_eq!((changed.money.to_string().as_str(), changed.version), ("150 JPY", 2));
    assert_eq!(code(finance.update(workspace, kind, fonts.id, dearer.into(), Some(1)).await), "stale");
    assert_eq!(code(finance.get(workspace, EntryKind::Income, fonts.id).await), "not_found");
    finance.delete(workspace, kind, fonts.id).await.unwrap();
    assert_eq!(code(finance.get(workspace, kind, fonts.id).await), "not_found");
    assert_eq!(code(finance.delete(workspace, kind, fonts.id).await), "not_found");
    assert!(finance.list(workspace, kind, EntriesAsk::default().into()).await.unwrap().items.is_empty());
    let history = finance.history(workspace, kind, fonts.id).await.unwrap().items;
    let seen: Vec<_> = history
        .iter()
        .map(|version| (version.version, version.deleted, version.entry.money.to_string(), version.actor.clone().unwrap().display_name))
        .collect();
    let expected = [(3, true, "150 JPY"), (2, false, "150 JPY"), (1, false, "120.50 EUR")];
    assert_eq!(seen, expected.map(|(version, deleted, money)| (version, deleted, money.to_owned(), "Nikhil".to_owned())));
    assert_eq!(code(finance.history(workspace, EntryKind::Income, fonts.id).await), "not_found");
}

async fn money_that_makes_no_sense_is_refused_and_changes_nothing(db: Database) {
    let studio = Studio::on(db).await;
    let (olga, theirs) = freelancer(&studio.kitaab, "Olga").await;
    let foreign = studio.kitaab.clients(&olga).create(theirs, card("Otto").into()).await.unwrap().item.id;
    let old = studio.project("Old").await;
    studio.kitaab.projects(&studio.nikhil).archive(studio.workspace, old).await.unwrap();
    for (amount, currency, problem) in [
        ("1.005", "EUR", "money.amount too_many_decimals"),
        ("1.5", "JPY", "money.amount too_many_decimals"),
        ("1.0005", "KWD", "money.amount too_many_decimals"),
        ("-1", "EUR", "money.amount invalid"),
        ("1e3", "EUR", "money.amount invalid"),
        ("99999999999999999999", "EUR", "money.amount out_of_range"),
        ("1", "DEM", "money.currency invalid"),
        ("1", "eur", "money.currency invalid"),
    ] {
        assert_eq!(fields(expense(&studio, spent(amount, currency)).await), [problem]);
    }
    assert_eq!(fields(expense(&studio, NewEntry::default()).await), ["money required", "on required"]);
    let of = |project_id, client_id| NewEntry { project_id, client_id, ..spent("1", "EUR") };
    assert_eq!(fields(expense(&studio, of(Some(old), Some(foreign))).await), ["project_id not_found", "client_id not_found"]);
    let backwards = EntriesAsk { from: Date::new(2026, 5, 2), to: Date::new(2026, 5, 1), ..EntriesAsk::default() };
    let finance = studio.kitaab.finance(&studio.nikhil);
    assert_eq!(fields(finance.list(studio.workspace, EntryKind::Expense, backwards.into()).await), ["to before_start"]);
    assert!(finance.list(studio.workspace, EntryKind::Expense, EntriesAsk::default().into()).await.unwrap().items.is_empty());
}

async fn one_timer_runs_however_many_are_started_at_once(db: Database) {
    let studio = Studio::on(db).await;
    let (time, workspace) = (studio.kitaab.time(&studio.nikhil), studio.workspace);
    let rate = StartTimer { rate: Some(money("80", "EUR")), note: Some("Drawing".into()), ..StartTimer::default() };
    let started = join_all((0..8).map(|_| time.start(workspace, rate.clone().into()))).await;
    let (running, refused): (Vec<_>, Vec<_>) = started.into_iter().partition(Result::is_ok);
    assert_eq!((running.len(), refused.len()), (1, 7));
    let running = running.into_iter().next().unwrap().unwrap().item;
    for second in refused {
        match second.unwrap_err() {
            kitaab_core::Error::Conflict { code, existing, .. } => assert_eq!((code, existing), ("timer_running", Some(running.id.0))),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(time.running(workspace).await.unwrap().running.map(|entry| entry.id), Some(running.id));
    studio.clock.advance(Duration::from_secs(90 * 60 + 59));
    let stopped = time.stop(workspace, running.id).await.unwrap().item;
    assert_eq!((stopped.minutes, stopped.amount.unwrap().to_string().as_str()), (Some(90), "120.00 EUR"), "whole minutes");
    studio.clock.advance(Duration::from_mins(5));
    assert_eq!(time.stop(workspace, running.id).await.unwrap().item, stopped, "a stopped one stays as it is");
    assert_eq!(time.running(workspace).await.unwrap().running, None);
    time.start(workspace, StartTimer::default().into()).await.unwrap();
}

async fn time_by_hand_shows_what_lies_at_the_same_time(db: Database) {
    let studio = Studio::on(db).await;
    let (time, workspace) = (studio.kitaab.time(&studio.nikhil), studio.workspace);
    let (shop, other) = (studio.project("Shop").await, studio.project("Other").await);
    let task = NewTask { title: "Draw the logo".into(), ..NewTask::default() };
    let task = studio.kitaab.tasks(&studio.nikhil).create(workspace, shop, task.into()).await.unwrap().item;
    let at = |text: &str| text.parse::<Timestamp>().ok();
    let span = |from, to| NewTimeEntry { started_at: at(from), ended_at: at(to), ..NewTimeEntry::default() };
    let morning = NewTimeEntry { task_id: Some(task.id), ..span("2026-05-01T08:00:00Z", "2026-05-01T09:30:00Z") };
    let morning = time.create(workspace, morning.into()).await.unwrap().item;
    assert_eq!((morning.project_id, morning.minutes, morning.overlaps.len()), (Some(shop), Some(90), 0), "the task's project");
    let beside = time.create(workspace, span("2026-05-01T09:00:00Z", "2026-05-01T10:00:00Z").into()).await.unwrap().item;
    assert_eq!(beside.overlaps, [morning.id]);
    let after = time.create(workspace, span("2026-05-01T10:00:00Z", "2026-05-01T10:00:30Z").into()).await.unwrap().item;
    assert_eq!((after.overlaps.len(), after.minutes), (0, Some(0)));
    let listed = time.list(workspace, TimeAsk::default().into()).await.unwrap().items;
    assert_eq!(
        listed.iter().map(|entry| (entry.id, entry.overlaps.len())).collect::<Vec<_>>(),
        [(after.id, 0), (beside.id, 1), (morning.id, 1)]
    );

    assert_eq!(
        fields(time.create(workspace, span("2026-05-01T10:00:00Z", "2026-05-01T09:00:00Z").into()).await),
        ["ended_at before_start"]
    );
    let wrong = NewTimeEntry { task_id: Some(task.id), project_id: Some(other), ..span("2026-05-01T08:00:00Z", "2026-05-01T09:30:00Z") };
    assert_eq!(fields(time.create(workspace, wrong.into()).await), ["task_id not_found"]);
    let late = UpdateTimeEntry { started_at: at("2026-05-01T12:00:00Z"), ..UpdateTimeEntry::default() };
    assert_eq!(fields(time.update(workspace, morning.id, late.into(), None).await), ["ended_at before_start"]);
    let moved = UpdateTimeEntry { project_id: Patch::Set(other), ..UpdateTimeEntry::default() };
    let moved = time.update(workspace, morning.id, moved.into(), Some(1)).await.unwrap().item;
    assert_eq!((moved.project_id, moved.task_id), (Some(other), None), "its task is of the old one");
    let back = UpdateTimeEntry { task_id: Patch::Set(task.id), ..UpdateTimeEntry::default() };
    let back = time.update(workspace, morning.id, back.into(), None).await.unwrap().item;
    assert_eq!((back.project_id, back.task_id), (Some(shop), Some(task.id)), "a task brings its project");
    assert_eq!(code(time.update(workspace, morning.id, UpdateTimeEntry::default().into(), Some(1)).await), "stale");
    // By days of the workspace's zone.
    let day = |day| TimeAsk { from: Date::new(2026, 5, day), to: Date::new(2026, 5, day), ..TimeAsk::default() };
    assert_eq!(time.list(workspace, day(1).into()).await.unwrap().items.len(), 3);
    assert!(time.list(workspace, day(2).into()).await.unwrap().items.is_empty());
    time.delete(workspace, beside.id).await.unwrap();
    assert_eq!(code(time.get(workspace, beside.id).await), "not_found");
    assert_eq!(code(studio.kitaab.projects(&studio.nikhil).delete(workspace, shop).await), "has_ledger");
}

/// Amounts that add up to what a person with a pencil gets, by every key and never across currencies.
async fn reports_agree_with_a_naive_sum_to_the_cent(db: Database) {
    let studio = Studio::on(db).await;
    let (kitaab, workspace) = (&studio.kitaab, studio.workspace);
    let finance = kitaab.finance(&studio.nikhil);
    let projects = [studio.project("Shop").await, studio.project("Website").await];
    let client = kitaab.clients(&studio.nikhil).create(workspace, card("Mridul").into()).await.unwrap().item.id;
    let mut entries = Vec::new();
    // A small generator, so that the year is the same each time.
    let mut seed = 7_u64;
    let mut chance = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for _ in 0..60 {
        let currency = ["EUR", "JPY", "KWD"][usize::try_from(chance(3)).unwrap()];
        let digits = usize::try_from(currency.parse::<kitaab_core::money::Currency>().unwrap().digits()).unwrap();
        let amount = format!("{}.{:0digits$}", chance(1_000), chance(10_u64.pow(u32::try_from(digits).unwrap())));
        let amount = if digits == 0 { amount.split_once('.').unwrap().0.to_owned() } else { amount };
        let new = NewEntry {
            on: Date::new(2026, i8::try_from(chance(12)).unwrap() + 1, i8::try_from(chance(28)).unwrap() + 1),
            project_id: (chance(3) > 0).then(|| projects[usize::try_from(chance(2)).unwrap()]),
            client_id: (chance(2) > 0).then_some(client),
            category: (chance(2) > 0).then(|| ["Travel", "Fonts"][usize::try_from(chance(2)).unwrap()].to_owned()),
            ..spent(&amount, currency)
        };
        let kind = EntryKind::ALL[usize::try_from(chance(2)).unwrap()];
        entries.push(finance.create(workspace, kind, new.into()).await.unwrap().item);
    }
    let gone = entries.swap_remove(0);
    finance.delete(workspace, gone.kind, gone.id).await.unwrap();
    let (from, to) = (Date::new(2026, 2, 1), Date::new(2026, 11, 15));
    for by in GroupBy::ALL {
        let mut naive: BTreeMap<(Option<String>, String), (i64, i64)> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| Some(entry.on) >= from && Some(entry.on) <= to) {
            let key = match by {
                GroupBy::Project => entry.project_id.map(|id| id.to_string()),
                GroupBy::Client => entry.client_id.map(|id| id.to_string()),
                GroupBy::Month => Some(entry.on.month()),
                GroupBy::Category => entry.category.clone(),
            };
            let sum = naive.entry((key, entry.money.currency.to_string())).or_default();
            match entry.kind {
                EntryKind::Income => sum.0 += entry.money.minor,
                EntryKind::Expense => sum.1 += entry.money.minor,
            }
        }
        let ask = ReportAsk { from, to, group_by: Some(*by) };
        let report = finance.profit(workspace, ask.into()).await.unwrap().items;
        let told: BTreeMap<_, _> = report
            .iter()
            .map(|item| ((item.key.clone(), item.currency.to_string()), [item.income.clone(), item.expense.clone(), item.profit.clone()]))
            .collect();
        let expected: BTreeMap<_, _> = naive
            .into_iter()
            .map(|((key, currency), (income, expense))| {
                let text = |minor| kitaab_core::money::Money { minor, currency: currency.parse().unwrap() }.amount();
                let texts = [text(income), text(expense), text(income - expense)];
                ((key, currency), texts)
            })
            .collect();
        assert_eq!((told.len(), &told), (report.len(), &expected), "{by}");
    }
}

async fn time_is_valued_once_for_each_entry(db: Database) {
    let studio = Studio::on(db).await;
    let (time, workspace, shop) = (studio.kitaab.time(&studio.nikhil), studio.workspace, studio.project("Shop").await);
    let at = |text: &str| text.parse::<Timestamp>().ok();
    for (project_id, billable, rate) in [(Some(shop), true, true), (Some(shop), true, true), (Some(shop), false, true), (None, true, false)]
    {
        let new = NewTimeEntry {
            project_id,
            started_at: at("2026-05-31T20:00:00Z"),
            ended_at: at("2026-05-31T20:30:59Z"),
            billable: Some(billable),
            rate: rate.then(|| money("0.05", "EUR")),
            ..NewTimeEntry::default()
        };
        time.create(workspace, new.into()).await.unwrap();
    }
    time.start(workspace, StartTimer::default().into()).await.unwrap();
    let report = async |by| {
        let ask = ReportAsk { group_by: Some(by), ..ReportAsk::default() };
        let items = studio.kitaab.finance(&studio.nikhil).time_report(workspace, ask.into()).await?.items;
        let line = |item: TimeItem| format!("{:?} {:?} {} {}", item.label, item.amount, item.minutes, item.billable_minutes);
        Ok::<_, kitaab_core::Error>(items.into_iter().map(line).collect::<Vec<_>>())
    };
    // Half an hour at 5 cents is 2.5, rounded to 2, twice: not 5.
    assert_eq!(report(GroupBy::Project).await.unwrap(), ["Some(\"Shop\") Some(\"0.04\") 90 60", "None None 30 30"]);
    assert_eq!(report(GroupBy::Month).await.unwrap(), ["Some(\"2026-05\") None 30 30", "Some(\"2026-05\") Some(\"0.04\") 90 60"]);
    assert_eq!(report(GroupBy::Client).await.unwrap(), ["None None 30 30", "None Some(\"0.04\") 90 60"]);
    assert_eq!(fields(report(GroupBy::Category).await), ["group_by invalid"]);
}

/// The rows of a table by the names of its columns.
fn rows(sheet: Sheet) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(sheet).deserialize().collect::<Result<_, _>>().unwrap()
}

async fn a_table_has_every_entry_that_matches_and_adds_up_to_the_report(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("=Shop").await;
    let (finance, workspace) = (studio.kitaab.finance(&studio.nikhil), studio.workspace);
    for cents in 0..501 {
        let new = NewEntry { project_id: Some(shop), ..spent(&format!("{}.{:02}", cents / 7, cents % 100), "EUR") };
        finance.create(workspace, EntryKind::Expense, new.into()).await.unwrap();
    }
    expense(&studio, NewEntry { category: Some("Other".into()), note: Some("@SUM(A1)".into()), ..spent("7", "JPY") }).await.unwrap();
    let all = rows(finance.table(workspace, EntryKind::Expense, EntriesAsk::default().into()).await.unwrap());
    assert_eq!(all.len(), 502, "more than are read at a time");
    assert_eq!(all.iter().map(|row| row["id"].as_str()).collect::<HashSet<_>>().len(), 502);
    let cents: i64 =
        all.iter().filter(|row| row["currency"] == "EUR").map(|row| row["amount"].replace('.', "").parse::<i64>().unwrap()).sum();
    let report = rows(finance.profit_table(workspace, ReportAsk::default().into()).await.unwrap());
    assert_eq!(report[0]["expense"].replace('.', "").parse::<i64>().unwrap(), cents);
    assert_eq!((report[0]["label"].as_str(), report[0]["profit"].as_str()), ("'=Shop", format!("-{}", report[0]["expense"]).as_str()));
    assert_eq!(all[1]["project"], "'=Shop");
    let other = EntriesAsk { category: Some("Other".into()), ..EntriesAsk::default() };
    let other = rows(finance.table(workspace, EntryKind::Expense, other.into()).await.unwrap());
    assert_eq!((other.len(), other[0]["note"].as_str(), other[0]["project"].as_str()), (1, "'@SUM(A1)", ""));
    assert!(rows(finance.table(workspace, EntryKind::Income, EntriesAsk::default().into()).await.unwrap()).is_empty());
    let paged = EntriesAsk { limit: Some(5), cursor: Some("x".into()), ..EntriesAsk::default() };
    assert_eq!(fields(finance.table(workspace, EntryKind::Expense, paged.into()).await), ["limit not_allowed", "cursor not_allowed"]);
}

async fn a_table_of_time_says_what_each_entry_is_worth(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let (time, workspace) = (studio.kitaab.time(&studio.nikhil), studio.workspace);
    let start = StartTimer { project_id: Some(shop), rate: Some(money("80", "EUR")), ..StartTimer::default() };
    let entry = time.start(workspace, start.into()).await.unwrap().item.id;
    let running = rows(time.table(workspace, TimeAsk::default().into()).await.unwrap());
    assert_eq!((running[0]["ended_at"].as_str(), running[0]["amount"].as_str()), ("", ""));
    studio.clock.advance(Duration::from_mins(50));
    time.stop(workspace, entry).await.unwrap();
    let ended = rows(time.table(workspace, TimeAsk::default().into()).await.unwrap());
    assert_eq!([&ended[0]["minutes"], &ended[0]["amount"], &ended[0]["project"]], ["50", "66.67", "Shop"]);
    let report = rows(studio.kitaab.finance(&studio.nikhil).time_report_table(workspace, ReportAsk::default().into()).await.unwrap());
    assert_eq!([&report[0]["label"], &report[0]["minutes"], &report[0]["amount"]], ["Shop", "50", "66.67"]);
    let (mridul, _) = studio.client("Mridul", &[shop]).await;
    assert_eq!(code(studio.kitaab.time(&mridul).table(workspace, TimeAsk::default().into()).await), "not_found");
    assert_eq!(code(studio.kitaab.finance(&mridul).profit_table(workspace, ReportAsk::default().into()).await), "not_found");
}

on_both_engines! {
    a_table_has_every_entry_that_matches_and_adds_up_to_the_report,
    a_table_of_time_says_what_each_entry_is_worth,
    money_is_nobodys_but_nikhils,
    an_expense_keeps_everything_that_it_ever_was,
    money_that_makes_no_sense_is_refused_and_changes_nothing,
    one_timer_runs_however_many_are_started_at_once,
    time_by_hand_shows_what_lies_at_the_same_time,
    reports_agree_with_a_naive_sum_to_the_cent,
    time_is_valued_once_for_each_entry,
}
