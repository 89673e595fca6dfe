//! What is done in a project, as Nikhil and Sara do it and Mridul sees it.

use std::sync::Arc;

use futures_util::future::join_all;
use kitaab_core::access::Actor;
use kitaab_core::activity::{ActivityAsk, DeedKind, Verb};
use kitaab_core::audit::AuditAsk;
use kitaab_core::ids::{ClientId, ProjectId, TaskId, UserId};
use kitaab_core::input::Patch;
use kitaab_core::page::PageAsk;
use kitaab_core::project::{
    EditUpdate, NewTask, NewTaskComment, NewUpdate, ProgressMode, ProjectGrant, ProjectView, Share, TaskState, TaskView, TasksAsk,
    UpdateProject, UpdateTask, UpdateTaskComment,
};
use kitaab_core::store::Store;

use crate::common::{Studio, code, freelancer, on_both_engines};

type Database = Arc<dyn Store>;

const ALL: ProjectGrant = ProjectGrant { tasks: true, comments: true, upload: true };
const NONE: ProjectGrant = ProjectGrant { tasks: false, comments: false, upload: false };

/// Nikhil's studio with a shop that Mridul is on.
struct Place {
    studio: Studio,
    shop: ProjectId,
    mridul: Actor,
    card: ClientId,
}

impl Place {
    async fn on(db: Database) -> Self {
        let studio = Studio::on(db).await;
        let shop = studio.project("Shop").await;
        let (mridul, card) = studio.client("Mridul", &[shop]).await;
        let built = Self { studio, shop, mridul, card };
        built.grant(ALL).await;
        built
    }

    async fn grant(&self, grant: ProjectGrant) {
        let share = Share { grant: Some(grant) };
        self.studio.kitaab.projects(&self.studio.nikhil).share(self.studio.workspace, self.shop, self.card, share.into()).await.unwrap();
    }

    async fn task(&self, new: NewTask) -> TaskView {
        self.studio.kitaab.tasks(&self.studio.nikhil).create(self.studio.workspace, self.shop, new.into()).await.unwrap().item
    }

    async fn titles(&self, who: &Actor, ask: TasksAsk) -> Result<Vec<String>, kitaab_core::Error> {
        let page = self.studio.kitaab.tasks(who).list(self.studio.workspace, self.shop, ask.into()).await?;
        Ok(page.items.into_iter().map(|task| task.title).collect())
    }

    async fn change(&self, task: TaskId, change: UpdateTask) -> Result<TaskView, kitaab_core::Error> {
        let tasks = self.studio.kitaab.tasks(&self.studio.nikhil);
        tasks.update(self.studio.workspace, task, change.into(), None).await.map(|single| single.item)
    }

    async fn progress(&self) -> i64 {
        match self.studio.kitaab.projects(&self.mridul).get(self.studio.workspace, self.shop).await.unwrap().item {
            ProjectView::Client(project) => project.progress,
            ProjectView::Staff(_) => panic!("a client is shown the staff's view"),
        }
    }

    /// What Mridul is told that happened to tasks and comments.
    async fn told(&self, who: &Actor) -> Vec<(DeedKind, Verb, Option<String>)> {
        let ask = ActivityAsk { project_id: Some(self.shop), ..ActivityAsk::default() };
        let page = self.studio.kitaab.overview(who).activity(self.studio.workspace, ask.into()).await.unwrap();
        let lines = page.items.into_iter().filter(|line| line.kind != DeedKind::Project);
        lines.map(|line| (line.kind, line.verb, line.title)).collect()
    }

    async fn tags(&self, who: &Actor) -> Vec<String> {
        let page = self.studio.kitaab.overview(who).tags(self.studio.workspace).await.unwrap();
        page.items.into_iter().map(|tag| tag.name).collect()
    }
}

fn titled(title: &str) -> NewTask {
    NewTask { title: title.into(), ..NewTask::default() }
}

fn said(text: &str) -> NewTaskComment {
    NewTaskComment { text: text.into(), client_visible: None }
}

async fn mridul_sees_tasks_as_long_as_the_grant_says_so_and_internal_ones_never(db: Database) {
    let shop = Place::on(db).await;
    let logo = shop.task(NewTask { tags: vec!["design".into()], ..titled("Draw the logo") }).await;
    let price = NewTask { client_visible: Some(false), tags: vec!["money".into()], ..titled("Raise the price") };
    let price = shop.task(price).await;
    assert_eq!(shop.titles(&shop.studio.nikhil, TasksAsk::default()).await.unwrap(), ["Draw the logo", "Raise the price"]);
    assert_eq!(shop.titles(&shop.mridul, TasksAsk::default()).await.unwrap(), ["Draw the logo"]);
    let search = TasksAsk { q: Some("PRICE".into()), ..TasksAsk::default() };
    assert_eq!(shop.titles(&shop.mridul, search.clone()).await.unwrap(), [""; 0]);
    assert_eq!(shop.titles(&shop.studio.nikhil, search).await.unwrap(), ["Raise the price"]);
    let (tasks, workspace) = (shop.studio.kitaab.tasks(&shop.mridul), shop.studio.workspace);
    assert_eq!(tasks.get(workspace, logo.id).await.unwrap().can, ["comment"]);
    assert_eq!(code(tasks.get(workspace, price.id).await), "not_found");
    assert_eq!(shop.tags(&shop.mridul).await, ["design"]);
    assert_eq!(shop.tags(&shop.studio.nikhil).await, ["design", "money"]);
    let created = |title: &str| (DeedKind::Task, Verb::Created, Some(title.to_owned()));
    assert_eq!(shop.told(&shop.mridul).await, [created("Draw the logo")]);

    shop.grant(NONE).await;
    assert_eq!(code(shop.titles(&shop.mridul, TasksAsk::default()).await), "not_granted");
    assert_eq!(code(tasks.get(workspace, logo.id).await), "not_found");
    assert!(shop.told(&shop.mridul).await.is_empty() && shop.tags(&shop.mridul).await.is_empty());
    shop.grant(ALL).await;
    let hide = UpdateTask { client_visible: Some(false), title: Some("Steal a logo".into()), ..UpdateTask::default() };
    shop.change(logo.id, hide).await.unwrap();
    assert_eq!(code(tasks.get(workspace, logo.id).await), "not_found");
    assert!(shop.told(&shop.mridul).await.is_empty(), "what is internal now is told of no more");
    assert_eq!(shop.told(&shop.studio.nikhil).await.len(), 3);
}

async fn nikhil_rearranges_his_tasks_without_touching_the_others(db: Database) {
    let shop = Place::on(db).await;
    let (one, two) = (shop.task(titled("One")).await, shop.task(titled("Two")).await);
    let three = shop.task(NewTask { after_id: Patch::Clear, ..titled("Three") }).await;
    shop.task(NewTask { after_id: Patch::Set(one.id), ..titled("Four") }).await;
    let titles = async || shop.titles(&shop.studio.nikhil, TasksAsk::default()).await.unwrap();
    assert_eq!(titles().await, ["Three", "One", "Four", "Two"]);
    let after = |after_id| UpdateTask { after_id, ..UpdateTask::default() };
    shop.change(three.id, after(Patch::Set(two.id))).await.unwrap();
    shop.change(two.id, after(Patch::Clear)).await.unwrap();
    shop.change(one.id, after(Patch::Set(one.id))).await.unwrap();
    assert_eq!(titles().await, ["Two", "One", "Four", "Three"]);
    let seen = shop.studio.kitaab.tasks(&shop.studio.nikhil).get(shop.studio.workspace, two.id).await.unwrap().item;
    assert_eq!(seen.version, 2, "only the one that moved has a new version");
    let page = |cursor| TasksAsk { limit: Some(3), cursor, ..TasksAsk::default() };
    let first = shop.studio.kitaab.tasks(&shop.mridul).list(shop.studio.workspace, shop.shop, page(None).into()).await.unwrap();
    let rest = shop.titles(&shop.mridul, page(first.next_cursor)).await.unwrap();
    assert_eq!(rest, ["Three"]);
    let foreign = shop.studio.project("Other").await;
    let elsewhere = shop.studio.kitaab.tasks(&shop.studio.nikhil);
    let elsewhere = elsewhere.create(shop.studio.workspace, foreign, titled("Elsewhere").into()).await.unwrap().item;
    assert_eq!(code(shop.change(one.id, after(Patch::Set(elsewhere.id))).await), "invalid");
    assert_eq!(titles().await, ["Two", "One", "Four", "Three"]);
}

async fn twenty_tasks_put_first_at_once_are_all_there_in_one_order(db: Database) {
    let shop = Place::on(db).await;
    let made = join_all((0..20).map(|index| shop.task(NewTask { after_id: Patch::Clear, ..titled(&format!("T{index}")) }))).await;
    let mut positions: Vec<String> = made.into_iter().map(|task| task.position).collect();
    positions.sort();
    positions.dedup();
    assert_eq!(positions.len(), 20);
    assert_eq!(shop.titles(&shop.mridul, TasksAsk::default()).await.unwrap().len(), 20);
}

async fn progress_is_counted_from_the_tasks_that_mridul_may_see(db: Database) {
    let shop = Place::on(db).await;
    let projects = shop.studio.kitaab.projects(&shop.studio.nikhil);
    let counted = UpdateProject { progress_mode: Some(ProgressMode::Tasks), ..UpdateProject::default() };
    projects.update(shop.studio.workspace, shop.shop, counted.into(), None).await.unwrap();
    assert_eq!(shop.progress().await, 0, "without any");
    let tasks = [shop.task(titled("One")).await, shop.task(titled("Two")).await, shop.task(titled("Three")).await];
    shop.task(NewTask { client_visible: Some(false), state: Some(TaskState::Done), ..titled("Internal") }).await;
    let state = |state| UpdateTask { state: Some(state), ..UpdateTask::default() };
    // At once: the second is counted with the first.
    for done in join_all(tasks[..2].iter().map(|task| shop.change(task.id, state(TaskState::Done)))).await {
        done.unwrap();
    }
    assert_eq!(shop.progress().await, 66, "rounded down");
    shop.change(tasks[2].id, state(TaskState::Cancelled)).await.unwrap();
    assert_eq!(shop.progress().await, 100);
    shop.studio.kitaab.tasks(&shop.studio.nikhil).delete(shop.studio.workspace, tasks[0].id).await.unwrap();
    assert_eq!(shop.progress().await, 100);
    shop.change(tasks[1].id, UpdateTask { client_visible: Some(false), ..UpdateTask::default() }).await.unwrap();
    assert_eq!(shop.progress().await, 0);
    let by_hand = |mode| UpdateProject { progress: Some(40), progress_mode: mode, ..UpdateProject::default() };
    assert_eq!(code(projects.update(shop.studio.workspace, shop.shop, by_hand(None).into(), None).await), "invalid");
    projects.update(shop.studio.workspace, shop.shop, by_hand(Some(ProgressMode::Manual)).into(), None).await.unwrap();
    shop.task(NewTask { state: Some(TaskState::Done), ..titled("Four") }).await;
    assert_eq!(shop.progress().await, 40, "set by hand, it stays");
}

async fn a_task_is_given_to_people_on_the_project_alone(db: Database) {
    let shop = Place::on(db).await;
    let sara = shop.studio.colleague("Sara").await;
    let (farah, _) = shop.studio.client("Farah", &[]).await;
    let (olga, _) = freelancer(&shop.studio.kitaab, "Olga").await;
    let task = shop.task(titled("Draw the logo")).await;
    let give = |person: UserId| UpdateTask { assignee_id: Patch::Set(person), ..UpdateTask::default() };
    for outsider in [&farah, &olga] {
        assert_eq!(code(shop.change(task.id, give(outsider.user().unwrap())).await), "invalid");
    }
    let seen = async |who: &Actor| shop.studio.kitaab.tasks(who).get(shop.studio.workspace, task.id).await.unwrap().item.assignee_id;
    for person in [&sara, &shop.mridul] {
        shop.change(task.id, give(person.user().unwrap())).await.unwrap();
        assert_eq!(seen(&shop.mridul).await, person.user());
        assert_eq!(shop.titles(&shop.mridul, TasksAsk { assignee_id: person.user(), ..TasksAsk::default() }).await.unwrap().len(), 1);
    }
    // Another client on the project is nobody whom Mridul knows.
    let (kiran, _) = shop.studio.client("Kiran", &[shop.shop]).await;
    shop.change(task.id, give(kiran.user().unwrap())).await.unwrap();
    assert_eq!(seen(&shop.mridul).await, None);
    assert_eq!(seen(&sara).await, kiran.user());
    let ask = TasksAsk { assignee_id: kiran.user(), ..TasksAsk::default() };
    assert_eq!(code(shop.titles(&shop.mridul, ask).await), "invalid");
}

async fn comments_are_between_those_who_may_and_internal_ones_stay_inside(db: Database) {
    let shop = Place::on(db).await;
    let sara = shop.studio.colleague("Sara").await;
    let task = shop.task(titled("Draw the logo")).await;
    let (workspace, kitaab) = (shop.studio.workspace, &shop.studio.kitaab);
    let own = kitaab.tasks(&shop.mridul).comment(workspace, task.id, said("In blue?").into()).await.unwrap();
    assert_eq!((own.item.author.id, own.can.as_slice()), (shop.mridul.user(), ["edit".to_owned()].as_slice()));
    let secret = NewTaskComment { client_visible: Some(false), ..said("He will pay anything.") };
    assert_eq!(code(kitaab.tasks(&shop.mridul).comment(workspace, task.id, secret.clone().into()).await), "invalid");
    let secret = kitaab.tasks(&sara).comment(workspace, task.id, secret.into()).await.unwrap().item;
    let open = kitaab.tasks(&sara).comment(workspace, task.id, said("Green.").into()).await.unwrap().item;
    let texts = async |who: &Actor| {
        let page = kitaab.tasks(who).comments(workspace, task.id, PageAsk::default().into()).await?;
        Ok::<_, kitaab_core::Error>(page.items.into_iter().map(|comment| comment.text).collect::<Vec<_>>())
    };
    assert_eq!(texts(&shop.studio.nikhil).await.unwrap(), ["In blue?", "He will pay anything.", "Green."]);
    assert_eq!(texts(&shop.mridul).await.unwrap(), ["In blue?", "Green."]);

    let change = |text: &str| UpdateTaskComment { text: Some(text.into()), client_visible: None };
    let mine = kitaab.tasks(&shop.mridul);
    mine.update_comment(workspace, own.item.id, change("In red?").into(), None).await.unwrap();
    assert_eq!(code(mine.update_comment(workspace, own.item.id, change("Late").into(), Some(1)).await), "stale");
    assert_eq!(code(mine.update_comment(workspace, open.id, change("Mine").into(), None).await), "forbidden");
    assert_eq!(code(mine.update_comment(workspace, secret.id, change("Mine").into(), None).await), "not_found");
    assert_eq!(code(mine.delete_comment(workspace, own.item.id).await), "forbidden", "clients delete no comments");
    kitaab.tasks(&sara).delete_comment(workspace, own.item.id).await.unwrap();
    shop.grant(ProjectGrant { comments: false, ..ALL }).await;
    assert_eq!(code(texts(&shop.mridul).await), "not_granted");
    assert_eq!(code(mine.comment(workspace, task.id, said("Hello?").into()).await), "not_granted");
    let tasks_alone = shop.told(&shop.mridul).await;
    assert_eq!(tasks_alone, [(DeedKind::Task, Verb::Created, Some("Draw the logo".into()))]);
}

async fn a_destroyed_task_takes_its_comments_along_and_leaves_its_trace(db: Database) {
    let shop = Place::on(db).await;
    let task = shop.task(titled("Draw the logo")).await;
    let (workspace, kitaab) = (shop.studio.workspace, &shop.studio.kitaab);
    let tasks = kitaab.tasks(&shop.studio.nikhil);
    let comment = tasks.comment(workspace, task.id, said("In blue?").into()).await.unwrap().item;
    tasks.delete(workspace, task.id).await.unwrap();
    assert_eq!(code(tasks.get(workspace, task.id).await), "not_found");
    assert_eq!(code(tasks.delete_comment(workspace, comment.id).await), "not_found");
    let told = shop.told(&shop.mridul).await;
    let titled = |verb| (DeedKind::Task, verb, Some("Draw the logo".to_owned()));
    assert_eq!(told, [titled(Verb::Deleted), titled(Verb::Created)]);
    let ask = AuditAsk { target_id: Some(task.id.0), ..AuditAsk::default() };
    let log = kitaab.audit(&shop.studio.nikhil).list(workspace, ask.into()).await.unwrap();
    assert_eq!(log.items.iter().map(|entry| entry.action.to_string()).collect::<Vec<_>>(), ["task.delete", "project.create_task"]);
}

async fn an_archived_project_is_closed_to_changes_of_its_tasks(db: Database) {
    let shop = Place::on(db).await;
    let task = shop.task(titled("Draw the logo")).await;
    let (workspace, kitaab) = (shop.studio.workspace, &shop.studio.kitaab);
    kitaab.projects(&shop.studio.nikhil).archive(workspace, shop.shop).await.unwrap();
    let state = UpdateTask { state: Some(TaskState::Done), ..UpdateTask::default() };
    assert_eq!(code(shop.change(task.id, state).await), "archived");
    let tasks = kitaab.tasks(&shop.studio.nikhil);
    assert_eq!(code(tasks.create(workspace, shop.shop, titled("New").into()).await), "archived");
    assert_eq!(code(tasks.comment(workspace, task.id, said("Hello?").into()).await), "archived");
    assert_eq!(tasks.get(workspace, task.id).await.unwrap().can, [""; 0]);
    assert_eq!(code(kitaab.tasks(&shop.mridul).get(workspace, task.id).await), "not_found");
    assert_eq!(code(shop.titles(&shop.mridul, TasksAsk::default()).await), "not_found");
}

async fn updates_are_nikhils_to_post_and_everybodys_on_the_project_to_read(db: Database) {
    let shop = Place::on(db).await;
    let sara = shop.studio.colleague("Sara").await;
    let (farah, _) = shop.studio.client("Farah", &[]).await;
    let (workspace, kitaab) = (shop.studio.workspace, &shop.studio.kitaab);
    let new = || NewUpdate { text: "Half way there.".into() };
    for other in [&sara, &shop.mridul] {
        assert_eq!(code(kitaab.updates(other).post(workspace, shop.shop, new().into()).await), "forbidden");
    }
    assert_eq!(code(kitaab.updates(&farah).post(workspace, shop.shop, new().into()).await), "not_found");
    shop.grant(NONE).await;
    let posted = kitaab.updates(&shop.studio.nikhil).post(workspace, shop.shop, new().into()).await.unwrap().item;
    let seen = kitaab.updates(&shop.mridul).list(workspace, shop.shop, PageAsk::default().into()).await.unwrap();
    assert_eq!(seen.items, std::slice::from_ref(&posted));
    assert_eq!(seen.items[0].author.display_name, "Nikhil");
    assert_eq!(code(kitaab.updates(&farah).get(workspace, posted.id).await), "not_found");
    let edit = EditUpdate { text: Some("Done.".into()) };
    assert_eq!(code(kitaab.updates(&shop.mridul).update(workspace, posted.id, edit.clone().into(), None).await), "forbidden");
    kitaab.updates(&shop.studio.nikhil).update(workspace, posted.id, edit.into(), Some(1)).await.unwrap();
    assert_eq!(kitaab.updates(&shop.mridul).get(workspace, posted.id).await.unwrap().item.text, "Done.");
    kitaab.updates(&shop.studio.nikhil).delete(workspace, posted.id).await.unwrap();
    assert_eq!(code(kitaab.updates(&shop.mridul).get(workspace, posted.id).await), "not_found");
}

async fn the_feed_of_the_studio_tells_who_did_what_to_whom_it_may(db: Database) {
    let shop = Place::on(db).await;
    let (workspace, kitaab) = (shop.studio.workspace, &shop.studio.kitaab);
    let (farah, _) = shop.studio.client("Farah", &[]).await;
    let lines = async |who: &Actor| {
        let page = kitaab.overview(who).activity(workspace, ActivityAsk::default().into()).await.unwrap();
        page.items
            .into_iter()
            .map(|line| {
                let actor = line.actor.map(|actor| actor.display_name).unwrap_or_default();
                format!("{actor} {} {} {}", line.verb, line.kind, line.title.or(line.project_name).unwrap_or_default())
            })
            .collect::<Vec<_>>()
    };
    let all = lines(&shop.studio.nikhil).await;
    let expected = [
        "Farah joined client Farah",
        "Nikhil created client Farah",
        "Mridul joined client Mridul",
        "Nikhil created client Mridul",
        "Nikhil created project Shop",
    ];
    assert_eq!(all, expected);
    assert_eq!(lines(&shop.mridul).await, ["Nikhil created project Shop"]);
    assert!(lines(&farah).await.is_empty());
    let ask = ActivityAsk { project_id: Some(shop.shop), ..ActivityAsk::default() };
    assert_eq!(code(kitaab.overview(&farah).activity(workspace, ask.into()).await), "invalid");
}

on_both_engines! {
    mridul_sees_tasks_as_long_as_the_grant_says_so_and_internal_ones_never,
    nikhil_rearranges_his_tasks_without_touching_the_others,
    twenty_tasks_put_first_at_once_are_all_there_in_one_order,
    progress_is_counted_from_the_tasks_that_mridul_may_see,
    a_task_is_given_to_people_on_the_project_alone,
    comments_are_between_those_who_may_and_internal_ones_stay_inside,
    a_destroyed_task_takes_its_comments_along_and_leaves_its_trace,
    an_archived_project_is_closed_to_changes_of_its_tasks,
    updates_are_nikhils_to_post_and_everybodys_on_the_project_to_read,
    the_feed_of_the_studio_tells_who_did_what_to_whom_it_may,
}
