//! Tasks, the comments on them, updates and the activity feed.

use super::permits;
use super::world::{GRANT, World, all, comment, id, second, task, update};
use crate::access::{FactSet, Reach, Role};
use crate::activity::{Activity, Deed, DeedKind, Verb};
use crate::ids::TaskId;
use crate::page::Span;
use crate::project::{Place, ProgressMode, Project, ProjectGrant, Task, TaskComment, TaskState, Update};
use crate::store::{Closing, Scope, Store, StoreResult, TaskFilter};
use crate::time::Date;

fn ids(tasks: Vec<Task>) -> Vec<TaskId> {
    tasks.into_iter().map(|task| task.id).collect()
}

/// Every field, as it was made and as it was changed, with what the assignee is to the workspace.
pub async fn a_task_is_kept_whole(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let site = permits::on_project(world.workspace, world.website);
    let made = Task {
        description: Some("Line one\n\tline two 🙂".into()),
        state: TaskState::Review,
        assignee_id: Some(world.mridul),
        assignee_role: Some(Role::Client),
        due_on: Date::new(2024, 2, 29),
        tags: vec!["b".into(), "a".into()],
        client_visible: false,
        ..task(world.website, "Ünïcode")
    };
    let permit = permits::on_task(world.workspace, made.id);
    let mut tx = world.write(store).await?;
    tx.insert_task(&site, &made).await?;
    assert_eq!(tx.task(&permit).await?, Some(made.clone()));
    let changed = Task {
        title: "Plain".into(),
        description: None,
        state: TaskState::Cancelled,
        assignee_id: Some(id()),
        assignee_role: None,
        due_on: None,
        tags: vec![],
        client_visible: true,
        position: "7f".into(),
        updated_at: second(9),
        ..made
    };
    let nobody = Task { assignee_id: None, ..changed };
    assert!(tx.update_task(&permit, &nobody, 1).await?);
    assert!(!tx.update_task(&permit, &nobody, 1).await?, "it is of another version by now");
    assert_eq!(tx.task(&permit).await?, Some(Task { version: 2, ..nobody }));
    assert!(tx.delete_task(&permit).await?);
    assert!(!tx.delete_task(&permit).await?);
    tx.commit().await
}

/// Each alone, and all together.
pub async fn tasks_are_found_by_each_filter(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let site = permits::on_project(world.workspace, world.website);
    let other = Task {
        state: TaskState::Doing,
        assignee_id: Some(world.meera),
        tags: vec!["web, design".into()],
        description: Some("Für die Bäckerei".into()),
        ..task(world.website, "Menu")
    };
    let mut tx = world.write(store).await?;
    tx.insert_task(&site, &other).await?;
    tx.insert_task(&permits::on_project(world.workspace, world.shop), &task(world.shop, "Menu of the shop")).await?;
    let any = TaskFilter::default();
    let tagged = |tag: &str| TaskFilter { tag: Some(tag.into()), ..TaskFilter::default() };
    let with = |part: &str| TaskFilter { part: Some(part.into()), ..TaskFilter::default() };
    let filters = [
        (any.clone(), vec![world.task, world.internal, other.id]),
        (TaskFilter { state: Some(TaskState::Doing), ..any.clone() }, vec![other.id]),
        (TaskFilter { assignee_id: Some(world.meera), ..any.clone() }, vec![other.id]),
        (TaskFilter { assignee_id: Some(world.nikhil), ..any.clone() }, vec![]),
        (tagged("web, design"), vec![other.id]),
        (tagged("web"), vec![]),
        (with("fur die back"), vec![other.id]),
        (with("logo"), vec![world.task]),
        (TaskFilter { state: Some(TaskState::Doing), assignee_id: Some(world.meera), ..with("menu") }, vec![other.id]),
        (TaskFilter { state: Some(TaskState::Done), ..with("menu") }, vec![]),
    ];
    for (filter, expected) in filters {
        assert_eq!(ids(tx.tasks(&site, &filter, &all()).await?), expected, "{filter:?}");
    }
    tx.commit().await
}

/// A page goes on after the last position; a gap is what lies on both sides of a place.
pub async fn tasks_keep_their_order(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let site = permits::on_project(world.workspace, world.website);
    let mut tx = world.write(store).await?;
    let mut listed = Vec::new();
    let mut after = None;
    for position in ["8080", "8081", "7f"] {
        tx.insert_task(&site, &Task { position: position.into(), ..task(world.website, position) }).await?;
    }
    loop {
        let page = tx.tasks(&site, &TaskFilter::default(), &Span { after, limit: 2 }).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.position.clone());
        listed.extend(page.into_iter().map(|task| task.position));
    }
    assert_eq!(listed, ["7f", "80", "8080", "8081", "81"]);
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(tx.task_gap(&site, Place::First, None).await?, Some((None, text("7f"))));
    assert_eq!(tx.task_gap(&site, Place::Last, None).await?, Some((text("81"), None)));
    assert_eq!(tx.task_gap(&site, Place::Last, Some(world.internal)).await?, Some((text("8081"), None)), "not after itself");
    assert_eq!(tx.task_gap(&site, Place::After(world.task), None).await?, Some((text("80"), text("8080"))));
    assert_eq!(tx.task_gap(&site, Place::After(world.internal), None).await?, Some((text("81"), None)));
    let shop = permits::on_project(world.workspace, world.shop);
    assert_eq!(tx.task_gap(&shop, Place::After(world.task), None).await?, None, "a task of another project");
    assert_eq!(tx.task_gap(&shop, Place::Last, None).await?, Some((None, None)));
    tx.commit().await
}

/// Owner, members, and clients on the project.
pub async fn tasks_are_given_to_people_on_the_project(store: &dyn Store) -> StoreResult<()> {
    let (world, other) = (World::found(store).await?, World::found(store).await?);
    let (site, shop) = (permits::on_project(world.workspace, world.website), permits::on_project(world.workspace, world.shop));
    let mut tx = world.read(store).await?;
    assert_eq!(tx.role_on_project(&site, world.nikhil).await?, Some(Role::Owner));
    assert_eq!(tx.role_on_project(&shop, world.meera).await?, Some(Role::Member));
    assert_eq!(tx.role_on_project(&site, world.mridul).await?, Some(Role::Client));
    assert_eq!(tx.role_on_project(&shop, world.mridul).await?, None);
    assert_eq!(tx.role_on_project(&site, other.nikhil).await?, None);
    Ok(())
}

/// Done ÷ not cancelled of those that clients may see, rounded down, 0 without any; only where it is counted.
pub async fn progress_is_counted_from_tasks(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let shop = permits::on_project(world.workspace, world.shop);
    let mut tx = world.write(store).await?;
    assert!(tx.hold_project(&shop).await?);
    assert!(!tx.hold_project(&permits::on_project(world.workspace, id())).await?);
    let counted = Project { id: world.shop, progress: 40, progress_mode: ProgressMode::Tasks, ..super::world::project("Shop") };
    assert!(!tx.count_progress(&shop, second(1)).await?, "set by hand");
    assert!(tx.update_project(&shop, &counted, 1).await?);
    assert!(tx.count_progress(&shop, second(1)).await?, "no tasks");
    let states = [TaskState::Done, TaskState::Done, TaskState::Todo, TaskState::Cancelled];
    for state in states {
        tx.insert_task(&shop, &Task { state, ..task(world.shop, "One") }).await?;
    }
    tx.insert_task(&shop, &Task { client_visible: false, ..task(world.shop, "Internal") }).await?;
    assert!(tx.count_progress(&shop, second(2)).await?);
    assert!(!tx.count_progress(&shop, second(3)).await?, "nothing changed");
    let project = tx.project(&shop).await?.expect("it is there");
    assert_eq!((project.progress, project.version, project.updated_at), (66, 4, second(2)));
    tx.commit().await
}

/// A client who sees tasks sees neither internal ones nor internal comments.
pub async fn what_is_internal_is_listed_for_staff_alone(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let permit = permits::on_task(world.workspace, world.task);
    let secret = TaskComment { client_visible: false, ..comment(world.task, world.nikhil, "He will pay anything.") };
    let mut tx = world.write(store).await?;
    tx.insert_task_comment(&permit, &secret).await?;
    let staff = tx.task_comments(&permit, &all()).await?;
    assert_eq!(staff.iter().map(|it| it.id).collect::<Vec<_>>(), [world.comment, secret.id]);
    assert_eq!((staff[0].author.id, staff[0].author.role), (world.meera, Some(Role::Member)));
    let (site, mine) = (
        permits::project_reaching(world.workspace, world.website, world.mridul, world.card, Reach::Assigned(world.card)),
        permits::task_reaching(world.workspace, world.task, world.mridul, world.card, Reach::Assigned(world.card)),
    );
    assert_eq!(ids(tx.tasks(&site, &TaskFilter::default(), &all()).await?), [world.task]);
    assert_eq!(tx.task_comments(&mine, &all()).await?.into_iter().map(|it| it.id).collect::<Vec<_>>(), [world.comment]);
    let nothing = permits::project_reaching(world.workspace, world.website, world.mridul, world.card, Reach::Nothing);
    assert_eq!(tx.tasks(&nothing, &TaskFilter::default(), &all()).await?, []);
    tx.commit().await
}

/// By whoever saw them last; they go with their task and their project.
pub async fn comments_and_updates_are_changed_and_go(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (said, told) = (permits::on_task_comment(world.workspace, world.comment), permits::on_update(world.workspace, world.update));
    let mut tx = world.write(store).await?;
    let changed = TaskComment { client_visible: false, updated_at: second(3), ..comment(world.task, world.meera, "In red?") };
    assert!(tx.update_task_comment(&said, &changed, 1).await?);
    assert!(!tx.update_task_comment(&said, &changed, 1).await?);
    let kept = tx.task_comment(&said).await?.expect("it is there");
    assert_eq!((kept.text.as_str(), kept.client_visible, kept.version, kept.updated_at), ("In red?", false, 2, second(3)));
    let changed = Update { updated_at: second(3), ..update(world.website, world.nikhil, "Done.") };
    assert!(tx.update_update(&told, &changed, 1).await?);
    assert!(!tx.update_update(&told, &changed, 1).await?);
    let newer = update(world.website, world.nikhil, "Newer.");
    let site = permits::on_project(world.workspace, world.website);
    tx.insert_update(&site, &newer).await?;
    let listed: Vec<_> = tx.updates(&site, &all()).await?.into_iter().map(|it| (it.id, it.text)).collect();
    assert_eq!(listed, [(newer.id, "Newer.".into()), (world.update, "Done.".into())]);
    assert!(tx.delete_update(&told).await?);
    assert!(!tx.delete_update(&told).await?);
    assert!(tx.delete_task(&permits::on_task(world.workspace, world.task)).await?);
    assert_eq!(tx.task_comment(&said).await?, None);
    assert!(tx.delete_project(&site).await?);
    assert_eq!(tx.task(&permits::on_task(world.workspace, world.internal)).await?, None);
    assert_eq!(tx.update(&permits::on_update(world.workspace, newer.id)).await?, None);
    tx.commit().await
}

/// A task and a comment are as open as their project; what is internal is not client visible; who wrote it is known.
pub async fn a_task_stands_as_its_project_does(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (workspace, mridul) = (world.workspace, Some(world.mridul));
    let on_it = FactSet::ACTIVE | FactSet::ON_PROJECT | FactSet::GRANT_TASKS | FactSet::GRANT_UPLOAD;
    let mut tx = store.read(Scope::System(workspace)).await?;
    let standing = tx.task_standing(workspace, mridul, world.task).await?.expect("a workspace");
    assert_eq!((standing.found, standing.set), (true, on_it | FactSet::CLIENT_VISIBLE));
    let standing = tx.task_standing(workspace, mridul, world.internal).await?.expect("a workspace");
    assert_eq!((standing.found, standing.set), (true, on_it));
    assert!(!tx.task_standing(workspace, mridul, id()).await?.expect("a workspace").found);
    let standing = tx.task_comment_standing(workspace, Some(world.meera), world.comment).await?.expect("a workspace");
    assert_eq!((standing.found, standing.set), (true, FactSet::ACTIVE | FactSet::CLIENT_VISIBLE | FactSet::AUTHOR));
    let standing = tx.task_comment_standing(workspace, None, world.comment).await?.expect("a workspace");
    assert_eq!((standing.found, standing.set), (true, FactSet::ACTIVE | FactSet::CLIENT_VISIBLE));
    let standing = tx.update_standing(workspace, mridul, world.update).await?.expect("a workspace");
    assert_eq!((standing.found, standing.set), (true, on_it));
    drop(tx);
    let hidden = Task { client_visible: false, position: "80".into(), ..task(world.website, "Hidden") };
    let mut tx = world.write(store).await?;
    assert!(tx.update_task(&permits::on_task(workspace, world.task), &hidden, 1).await?);
    let standing = tx.task_comment_standing(workspace, mridul, world.comment).await?.expect("a workspace");
    assert_eq!(standing.set, on_it, "its task is internal");
    tx.commit().await
}

/// Newest first, of one project or all; to a client what they may see now, also of what is gone.
pub async fn the_feed_shows_what_its_reader_may_see(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (workspace, closing) = (world.workspace, Closing::forged(Some(world.workspace)));
    let (within, site) = (permits::within(workspace), permits::on_project(workspace, world.website));
    let mine = permits::reaching(workspace, Some(world.mridul), Some(world.card), Reach::Assigned(world.card));
    let line = |deed: Deed| Activity { id: id(), at: second(1), actor_id: Some(world.meera), deed };
    let (seen, secret) = (
        Task { id: world.task, ..task(world.website, "Draw the logo") },
        Task { id: world.internal, client_visible: false, ..task(world.website, "Raise the price") },
    );
    let said = TaskComment { id: world.comment, ..comment(world.task, world.meera, "In blue?") };
    let lines = [
        line(Deed::client(Verb::Created, world.card)),
        line(Deed::project(Verb::Created, world.shop)),
        line(Deed::project(Verb::Created, world.website)),
        line(Deed::task(Verb::Created, &secret)),
        line(Deed::task(Verb::Created, &seen)),
        line(Deed::comment(Verb::Created, &seen, &said)),
    ];
    let mut tx = world.write(store).await?;
    tx.append_activity(&closing, &lines).await?;
    let all_of = |rows: Vec<crate::activity::ActivityRow>| rows.into_iter().map(|row| (row.kind, row.title)).collect::<Vec<_>>();
    let text = |text: &str| Some(text.to_owned());
    let (comment_line, task_line) = ((DeedKind::TaskComment, text("Draw the logo")), (DeedKind::Task, text("Draw the logo")));
    let (secret_line, project_line) = ((DeedKind::Task, text("Raise the price")), (DeedKind::Project, None));
    let of_site = [comment_line.clone(), task_line.clone(), secret_line.clone(), project_line.clone()];
    let of_all: Vec<_> = of_site.iter().cloned().chain([project_line.clone(), (DeedKind::Client, text("Mridul"))]).collect();
    assert_eq!(all_of(tx.activity(&within, None, &all()).await?), of_all);
    assert_eq!(all_of(tx.activity(&within, Some(world.website), &all()).await?), of_site);
    assert_eq!(all_of(tx.activity(&mine, None, &all()).await?), [task_line.clone(), project_line.clone()], "comments are not granted");
    let more = ProjectGrant { comments: true, ..GRANT };
    tx.put_collaborator(&site, world.card, more, second(2)).await?;
    assert_eq!(
        all_of(tx.activity(&mine, Some(world.website), &all()).await?),
        [comment_line.clone(), task_line.clone(), project_line.clone()]
    );
    assert_eq!(tx.activity(&mine, Some(world.shop), &all()).await?, []);
    // Gone, they are told of as far as they were seen.
    tx.close_comment_activity(&permits::on_task_comment(workspace, world.comment), true).await?;
    tx.delete_task_comment(&permits::on_task_comment(workspace, world.comment)).await?;
    assert_eq!(all_of(tx.activity(&mine, None, &all()).await?), [comment_line, task_line.clone(), project_line.clone()]);
    for (gone, permit) in [(&seen, permits::on_task(workspace, world.task)), (&secret, permits::on_task(workspace, world.internal))] {
        tx.close_task_activity(&permit, gone).await?;
        tx.delete_task(&permit).await?;
    }
    assert_eq!(all_of(tx.activity(&mine, None, &all()).await?), [task_line, project_line]);
    assert_eq!(all_of(tx.activity(&within, None, &all()).await?), of_all);
    tx.commit().await
}

/// Of projects that are not archived and of their tasks; of a client's, those they see.
pub async fn tags_in_use_are_those_one_sees(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let mine = permits::reaching(world.workspace, Some(world.mridul), Some(world.card), Reach::Assigned(world.card));
    let site = permits::on_project(world.workspace, world.website);
    let tagged = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    let mut tx = world.write(store).await?;
    let old = Project { archived_at: Some(second(1)), tags: tagged(&["old"]), ..super::world::project("Old") };
    let new = Project { tags: tagged(&["web", "shop"]), ..super::world::project("New") };
    for each in [&old, &new] {
        tx.insert_project(&within, each).await?;
    }
    tx.insert_task(&site, &Task { tags: tagged(&["web"]), ..task(world.website, "One") }).await?;
    tx.insert_task(&site, &Task { tags: tagged(&["secret"]), client_visible: false, ..task(world.website, "Two") }).await?;
    let mut all_of: Vec<String> = tx.tags_in_use(&within, None).await?.into_iter().flatten().collect();
    all_of.sort();
    assert_eq!(all_of, ["secret", "shop", "web", "web"]);
    assert_eq!(tx.tags_in_use(&mine, None).await?, [tagged(&["web"])]);
    tx.commit().await
}
