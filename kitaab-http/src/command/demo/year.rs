//! A year of work for three clients who pay in three currencies, day by day.

use std::io::{IsTerminal, Write, stderr};
use std::time::Duration;

use kitaab_core::access::Actor;
use kitaab_core::chat::NewMessage;
use kitaab_core::client::NewClient;
use kitaab_core::finance::{EntryKind, NewEntry, NewTimeEntry, StartTimer};
use kitaab_core::ids::{ChannelId, ClientId, ProjectId, TaskId};
use kitaab_core::input::{Input, Patch};
use kitaab_core::money::GivenMoney;
use kitaab_core::project::{
    NewProject, NewTask, NewTaskComment, NewUpdate, ProgressMode, ProjectGrant, ProjectStatus, Share, TaskState, UpdateProject, UpdateTask,
};
use kitaab_core::time::Date;
use kitaab_core::{Error, Result};

use super::cast::Cast;
use super::past::day_ago;
use super::story::id_of;
use super::words::{CLIENTS, Client, EXPENSES, REMARKS, Spending, TALKS, TASKS, UPDATES};

/// So many days ago it began.
pub(super) const DAYS: u64 = 365;
/// Four projects of each client, one after another, each begun so many days after the one before.
const BETWEEN_PROJECTS: u64 = 88;
/// Every so many days they talk.
const TALK_EVERY: u64 = 3;

/// Somebody to work for.
struct Customer {
    says: &'static Client,
    actor: Actor,
    card: ClientId,
}

/// A project under way.
struct Work {
    customer: usize,
    id: ProjectId,
    channel: ChannelId,
    ends: u64,
    begun: u64,
    tasks: Vec<(TaskId, TaskState)>,
}

/// Tells it.
pub(super) async fn tell(cast: &mut Cast) -> Result<()> {
    let mut customers = Vec::new();
    for says in &CLIENTS {
        customers.push(welcome(cast, says).await?);
    }
    let mut under_way: Vec<Work> = Vec::new();
    for day in 0..DAYS {
        cast.clock.hours_ago((DAYS - day) * 24);
        progress(day);
        for (index, customer) in customers.iter().enumerate() {
            let since = day.checked_sub(4 + 9 * u64::try_from(index).unwrap_or(0));
            if let Some(project) = since.filter(|since| since.is_multiple_of(BETWEEN_PROJECTS)).map(|since| since / BETWEEN_PROJECTS)
                && let Some(name) = usize::try_from(project).ok().and_then(|at| customer.says.projects.get(at))
            {
                under_way.push(begin(cast, customer, index, name, day).await?);
            }
        }
        if day % 30 == 1 {
            for spending in EXPENSES.iter().filter(|spending| spending.monthly) {
                spend(cast, spending, None, day).await?;
            }
        }
        let weekend = day % 7 >= 5;
        for work in under_way.iter_mut().filter(|_| !weekend) {
            go_on(cast, &customers[work.customer], work, day).await?;
        }
        let mut at = 0;
        while at < under_way.len() {
            if under_way[at].ends == day {
                let done = under_way.swap_remove(at);
                end(cast, &customers[done.customer], &done, day).await?;
            } else {
                at += 1;
            }
        }
    }
    cast.clock.hours_ago(1);
    let Some(work) = under_way.first() else { return Ok(()) };
    let timer = StartTimer { project_id: Some(work.id), note: Some("Drawing".into()), ..StartTimer::default() };
    cast.kitaab.time(&cast.nikhil).start(cast.workspace, Input::from(timer)).await.map(drop)
}

/// Long work shows how far it is, to whoever watches.
fn progress(day: u64) {
    if stderr().is_terminal() {
        let done = 100 * (day + 1) / DAYS;
        let end = if day + 1 == DAYS { "\n" } else { "" };
        let _ = write!(stderr(), "\rA year of work: {done} %{end}");
    }
}

async fn welcome(cast: &mut Cast, says: &'static Client) -> Result<Customer> {
    let new = NewClient {
        name: says.name.into(),
        email: says.email.into(),
        company: Some(says.company.into()),
        notes: Some(says.notes.into()),
        ..NewClient::default()
    };
    let card = cast.kitaab.clients(&cast.nikhil).create(cast.workspace, Input::from(new)).await?.item.id;
    let invitation = cast.invite(card, &[]).await?;
    let actor = cast.accept(&invitation, says.name, "a client for a year").await?;
    Ok(Customer { says, actor, card })
}

async fn begin(cast: &mut Cast, customer: &Customer, index: usize, name: &'static str, day: u64) -> Result<Work> {
    // The fourth is still under way.
    let still = customer.says.projects.last() == Some(&name);
    let ends = if still { DAYS + 6 } else { day + 75 } + cast.picks.below(35);
    let new = NewProject {
        name: name.into(),
        description: Some(format!("{name} for {}.", customer.says.company)),
        status: Some(ProjectStatus::Active),
        progress_mode: Some(ProgressMode::Tasks),
        starts_on: Some(date(day)),
        due_on: Some(date(ends)),
        client_id: Some(customer.card),
        tags: vec!["year".into(), customer.says.tag.into()],
        ..NewProject::default()
    };
    let id = id_of(&cast.kitaab.projects(&cast.nikhil).create(cast.workspace, Input::from(new)).await?.item);
    let share = Share { grant: Some(ProjectGrant { tasks: true, comments: true, upload: true }) };
    cast.kitaab.projects(&cast.nikhil).share(cast.workspace, id, customer.card, Input::from(share)).await?;
    let mut tasks = Vec::new();
    for (at, title) in TASKS.iter().enumerate() {
        let due = day + (ends - day) * u64::try_from(at + 1).unwrap_or(1) / u64::try_from(TASKS.len()).unwrap_or(1);
        let new = NewTask {
            title: (*title).into(),
            due_on: Some(date(due)),
            client_visible: Some(at != 3),
            tags: if at % 4 == 0 { vec!["milestone".into()] } else { Vec::new() },
            ..NewTask::default()
        };
        let task = cast.kitaab.tasks(&cast.nikhil).create(cast.workspace, id, Input::from(new)).await?.item.id;
        tasks.push((task, TaskState::Todo));
    }
    let channels = cast.kitaab.chat(&customer.actor).channels(cast.workspace, Input::default()).await?.items;
    let channel = channels.iter().find(|channel| channel.project_id == Some(id)).map(|channel| channel.id).ok_or(Error::NotFound)?;
    Ok(Work { customer: index, id, channel, ends, begun: day, tasks })
}

/// A day's work on a project.
async fn go_on(cast: &mut Cast, customer: &Customer, work: &mut Work, day: u64) -> Result<()> {
    let (kitaab, nikhil, workspace) = (cast.kitaab.clone(), cast.nikhil.clone(), cast.workspace);
    let current = work.tasks.iter().position(|(_, state)| *state != TaskState::Done);
    let task = current.map(|at| work.tasks[at].0);
    if cast.picks.below(100) < 55 {
        let start = date(day).begins_in("UTC").after(Duration::from_mins(480 + 60 * cast.picks.below(3)));
        let note = TASKS[current.unwrap_or(0)];
        let entry = NewTimeEntry {
            project_id: Some(work.id),
            task_id: task,
            note: Some(note.into()),
            started_at: Some(start),
            ended_at: Some(start.after(Duration::from_mins(25 + cast.picks.below(230)))),
            billable: Some(cast.picks.below(10) > 0),
            rate: Some(money(customer.says.rate, customer.says.currency)),
        };
        kitaab.time(&nikhil).create(workspace, Input::from(entry)).await?;
    }
    if let Some(at) = current.filter(|_| cast.picks.below(100) < 42) {
        let (task, state) = &mut work.tasks[at];
        *state = match *state {
            TaskState::Todo => TaskState::Doing,
            TaskState::Doing => TaskState::Review,
            _ => TaskState::Done,
        };
        let change = UpdateTask { state: Some(*state), ..UpdateTask::default() };
        kitaab.tasks(&nikhil).update(workspace, *task, Input::from(change), None).await?;
    }
    if let Some(task) = task.filter(|_| current != Some(3) && cast.picks.below(100) < 9) {
        let who = if cast.picks.below(2) == 0 { &nikhil } else { &customer.actor };
        let remark = NewTaskComment { text: one_of(cast, &REMARKS).into(), client_visible: None };
        kitaab.tasks(who).comment(workspace, task, Input::from(remark)).await?;
    }
    if (day - work.begun) % TALK_EVERY == 1 {
        talk(cast, customer, work, day).await?;
    }
    if (day - work.begun) % 14 == 1 {
        let text = one_of(cast, &UPDATES).into();
        kitaab.updates(&nikhil).post(workspace, work.id, Input::from(NewUpdate { text })).await?;
    }
    if day > work.begun && (day - work.begun).is_multiple_of(28) {
        be_paid(cast, customer, work.id, day, "Milestone").await?;
    }
    if cast.picks.below(100) < 7 {
        let spendings: Vec<&Spending> = EXPENSES.iter().filter(|spending| !spending.monthly).collect();
        let spending = one_of(cast, &spendings);
        spend(cast, spending, Some((work.id, customer.card)), day).await?;
    }
    Ok(())
}

/// A few words in the project's channel. What Nikhil asks is answered.
async fn talk(cast: &Cast, customer: &Customer, work: &Work, day: u64) -> Result<()> {
    let at = usize::try_from(day / TALK_EVERY).unwrap_or(0) % TALKS.len();
    for (who, text) in [(&cast.nikhil, TALKS[at].0), (&customer.actor, TALKS[at].1)] {
        let client_message_id = format!("day-{day}-{}", text.len());
        let message = NewMessage { client_message_id, text: text.into(), ..NewMessage::default() };
        cast.kitaab.chat(who).post(cast.workspace, work.channel, Input::from(message)).await?;
    }
    Ok(())
}

/// The last day: what is left is done, and the rest is paid.
async fn end(cast: &mut Cast, customer: &Customer, work: &Work, day: u64) -> Result<()> {
    let (kitaab, nikhil, workspace) = (cast.kitaab.clone(), cast.nikhil.clone(), cast.workspace);
    for (index, (task, _)) in work.tasks.iter().enumerate().filter(|(_, (_, state))| *state != TaskState::Done) {
        let state = if index == 3 { TaskState::Cancelled } else { TaskState::Done };
        let change = UpdateTask { state: Some(state), due_on: Patch::Keep, ..UpdateTask::default() };
        kitaab.tasks(&nikhil).update(workspace, *task, Input::from(change), None).await?;
    }
    let done = UpdateProject { status: Some(ProjectStatus::Done), ..UpdateProject::default() };
    kitaab.projects(&nikhil).update(workspace, work.id, Input::from(done), None).await?;
    be_paid(cast, customer, work.id, day, "Final payment").await
}

async fn be_paid(cast: &mut Cast, customer: &Customer, project: ProjectId, day: u64, category: &str) -> Result<()> {
    let amount = 14 + cast.picks.below(22);
    let new = NewEntry {
        money: Some(money(&customer.says.times(amount), customer.says.currency)),
        on: Some(date(day)),
        category: Some(category.into()),
        project_id: Some(project),
        client_id: Some(customer.card),
        ..NewEntry::default()
    };
    cast.kitaab.finance(&cast.nikhil).create(cast.workspace, EntryKind::Income, Input::from(new)).await.map(drop)
}

async fn spend(cast: &mut Cast, spending: &Spending, on: Option<(ProjectId, ClientId)>, day: u64) -> Result<()> {
    let cents = spending.cents + cast.picks.below(spending.more + 1);
    let new = NewEntry {
        money: Some(money(&format!("{}.{:02}", cents / 100, cents % 100), "EUR")),
        on: Some(date(day)),
        category: Some(spending.category.into()),
        project_id: on.map(|(project, _)| project),
        client_id: on.map(|(_, client)| client),
        note: Some(spending.note.into()),
        tags: vec![spending.tag.into()],
    };
    cast.kitaab.finance(&cast.nikhil).create(cast.workspace, EntryKind::Expense, Input::from(new)).await.map(drop)
}

/// The date of a day of the year; those after its end are in the future.
fn date(day: u64) -> Date {
    day_ago(i64::try_from(DAYS).unwrap_or(0) - i64::try_from(day).unwrap_or(0))
}

fn money(amount: &str, currency: &str) -> GivenMoney {
    GivenMoney { amount: amount.into(), currency: currency.into() }
}

fn one_of<T: Copy>(cast: &mut Cast, of: &[T]) -> T {
    let at = usize::try_from(cast.picks.below(u64::try_from(of.len()).unwrap_or(1))).unwrap_or(0);
    of[at]
}
