//! Projects, as Nikhil makes them and his clients see them.

use std::sync::Arc;

use crate::common::{Studio, card, code, freelancer, names, on_both_engines};
use kitaab_core::access::Actor;
use kitaab_core::ids::ProjectId;
use kitaab_core::input::Patch;
use kitaab_core::project::{NewProject, ProjectGrant, ProjectStatus, ProjectView, ProjectsAsk, Share, UpdateProject};
use kitaab_core::store::Store;
use kitaab_core::{Error, Settings};

type Database = Arc<dyn Store>;

async fn grants_switched_while_mridul_looks_show_on_her_project(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let (mridul, id) = studio.client("Mridul", &[shop]).await;
    let look = async || match studio.kitaab.projects(&mridul).get(studio.workspace, shop).await.unwrap().item {
        ProjectView::Client(project) => project.grant,
        ProjectView::Staff(_) => panic!("a client is shown the staff's view"),
    };
    assert_eq!(look().await, ProjectGrant { tasks: false, comments: false, upload: true });
    let all = ProjectGrant { tasks: true, comments: true, upload: false };
    studio.kitaab.projects(&studio.nikhil).share(studio.workspace, shop, id, Share { grant: Some(all) }.into()).await.unwrap();
    assert_eq!(look().await, all);
    studio.kitaab.projects(&studio.nikhil).unshare(studio.workspace, shop, id).await.unwrap();
    assert_eq!(code(studio.kitaab.projects(&mridul).get(studio.workspace, shop).await), "not_found");
    assert_eq!(code(studio.kitaab.projects(&studio.nikhil).unshare(studio.workspace, shop, id).await), "not_found");
}

async fn a_project_shared_before_acceptance_is_there_with_its_grant_afterwards(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let invited = studio.invite_client("Mridul", &[shop]).await;
    let grant = ProjectGrant { tasks: true, comments: false, upload: false };
    let projects = studio.kitaab.projects(&studio.nikhil);
    projects.share(studio.workspace, shop, invited.client_id.unwrap(), Share { grant: Some(grant) }.into()).await.unwrap();
    let token = studio.mailer.token_to("mridul@example.com").unwrap();
    let joined = studio.kitaab.invitations(&Actor::nobody()).accept(crate::common::accept("Mridul", &token).into(), None).await.unwrap();
    let mridul = Actor::person(joined.user.id);
    let ProjectView::Client(seen) = studio.kitaab.projects(&mridul).get(studio.workspace, shop).await.unwrap().item else { panic!() };
    assert_eq!(seen.grant, grant, "the owner's own choice is not overwritten");
}

async fn an_archived_project_is_gone_for_clients_and_read_only_for_staff(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let (mridul, _) = studio.client("Mridul", &[shop]).await;
    let projects = studio.kitaab.projects(&studio.nikhil);
    projects.archive(studio.workspace, shop).await.unwrap();
    assert_eq!(code(studio.kitaab.projects(&mridul).get(studio.workspace, shop).await), "not_found");
    assert!(names(&studio, &mridul, ProjectsAsk { archived: true, ..ProjectsAsk::default() }).await.is_empty());
    assert_eq!(names(&studio, &studio.nikhil, ProjectsAsk { archived: true, ..ProjectsAsk::default() }).await, ["Shop"]);
    let rename = UpdateProject { name: Some("New".into()), ..UpdateProject::default() };
    assert_eq!(code(projects.update(studio.workspace, shop, rename.into(), None).await), "archived");
    assert_eq!(projects.get(studio.workspace, shop).await.unwrap().can, ["archive", "restore", "delete"]);
    let back = UpdateProject { archived: Some(false), ..UpdateProject::default() };
    projects.update(studio.workspace, shop, back.into(), None).await.unwrap();
    studio.kitaab.projects(&mridul).get(studio.workspace, shop).await.unwrap();
}

async fn a_stale_change_is_refused_with_the_current_version(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let projects = studio.kitaab.projects(&studio.nikhil);
    let to = |name: &str| UpdateProject { name: Some(name.into()), ..UpdateProject::default() };
    projects.update(studio.workspace, shop, to("Second").into(), Some(1)).await.unwrap();
    match projects.update(studio.workspace, shop, to("Third").into(), Some(1)).await {
        Err(Error::Stale { current_version: 2 }) => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(names(&studio, &studio.nikhil, ProjectsAsk::default()).await, ["Second"]);
}

async fn projects_are_filtered_by_state_client_tag_and_text(db: Database) {
    let studio = Studio::on(db).await;
    let client = studio.kitaab.clients(&studio.nikhil).create(studio.workspace, card("Mridul").into()).await.unwrap().item.id;
    let projects = studio.kitaab.projects(&studio.nikhil);
    let new = NewProject {
        name: "Straße".into(),
        status: Some(ProjectStatus::Active),
        client_id: Some(client),
        tags: vec!["print \"A\"".into(), "web".into()],
        description: Some("about\nthe ROAD".into()),
        internal_notes: Some("secret".into()),
        due_on: "2026-06-30".parse().ok(),
        ..NewProject::default()
    };
    projects.create(studio.workspace, new.into()).await.unwrap();
    studio.project("Other").await;
    let asks = [
        ProjectsAsk { status: Some(ProjectStatus::Active), ..ProjectsAsk::default() },
        ProjectsAsk { client_id: Some(client), ..ProjectsAsk::default() },
        ProjectsAsk { tag: Some("print \"A\"".into()), ..ProjectsAsk::default() },
        ProjectsAsk { q: Some("STRASSE".into()), ..ProjectsAsk::default() },
        ProjectsAsk { q: Some("the road".into()), ..ProjectsAsk::default() },
    ];
    for ask in asks {
        assert_eq!(names(&studio, &studio.nikhil, ask.clone()).await, ["Straße"], "{ask:?}");
    }
    assert!(names(&studio, &studio.nikhil, ProjectsAsk { tag: Some("prin".into()), ..ProjectsAsk::default() }).await.is_empty());
    assert!(names(&studio, &studio.nikhil, ProjectsAsk { q: Some("secret".into()), ..ProjectsAsk::default() }).await.is_empty());
}

async fn a_project_with_impossible_fields_is_refused_with_all_of_them(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let change = UpdateProject {
        progress: Some(101),
        starts_on: Patch::Set("2026-06-30".parse().unwrap()),
        due_on: Patch::Set("2026-06-01".parse().unwrap()),
        client_id: Patch::Set(kitaab_core::ids::ClientId(uuid::Uuid::from_u128(9))),
        tags: Some(vec![String::new()]),
        ..UpdateProject::default()
    };
    let Err(Error::Invalid(problems)) = studio.kitaab.projects(&studio.nikhil).update(studio.workspace, shop, change.into(), None).await
    else {
        panic!("accepted")
    };
    let fields: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.code)).collect();
    assert_eq!(fields, [("progress", "out_of_range"), ("tags[0]", "required"), ("due_on", "before_start"), ("client_id", "not_found")]);
}

async fn what_a_list_has_is_what_one_may_look_at(db: Database) {
    let studio = Studio::with(db, Settings { limits: false, ..Settings::default() }).await;
    let mut projects: Vec<ProjectId> = vec![];
    for index in 0..6 {
        projects.push(studio.project(&format!("P{index}")).await);
    }
    let (mridul, _) = studio.client("Mridul", &projects[0..3]).await;
    let (farah, _) = studio.client("Farah", &projects[2..5]).await;
    let asha = studio.colleague("Asha").await;
    let (stranger, _) = freelancer(&studio.kitaab, "Stranger").await;
    studio.kitaab.projects(&studio.nikhil).archive(studio.workspace, projects[1]).await.unwrap();
    for who in [&studio.nikhil, &asha, &mridul, &farah, &stranger, &Actor::nobody()] {
        let mut listed = std::collections::HashSet::new();
        for archived in [false, true] {
            let ask = ProjectsAsk { archived, ..ProjectsAsk::default() };
            if let Ok(page) = studio.kitaab.projects(who).list(studio.workspace, ask.into()).await {
                listed.extend(page.items.iter().map(|view| match view {
                    ProjectView::Staff(project) => project.id,
                    ProjectView::Client(project) => project.id,
                }));
            }
        }
        for project in &projects {
            let readable = studio.kitaab.projects(who).get(studio.workspace, *project).await.is_ok();
            assert_eq!(listed.contains(project), readable, "{who:?} {project}");
        }
    }
}

on_both_engines! {
    grants_switched_while_mridul_looks_show_on_her_project,
    a_project_shared_before_acceptance_is_there_with_its_grant_afterwards,
    an_archived_project_is_gone_for_clients_and_read_only_for_staff,
    a_stale_change_is_refused_with_the_current_version,
    projects_are_filtered_by_state_client_tag_and_text,
    a_project_with_impossible_fields_is_refused_with_all_of_them,
    what_a_list_has_is_what_one_may_look_at,
}
