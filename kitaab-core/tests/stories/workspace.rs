//! Clients, projects, people and the audit log of Nikhil's workspace.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{Studio, code, email, freelancer, on_both_engines};
use kitaab_core::access::{Actor, IdempotencyKey, Origin, Role};
use kitaab_core::audit::{AuditAsk, Outcome};
use kitaab_core::client::{ClientView, ClientsAsk, NewClient, UpdateClient};
use kitaab_core::ids::ProjectId;
use kitaab_core::input::Patch;
use kitaab_core::page::PageAsk;
use kitaab_core::project::{NewProject, ProjectGrant, ProjectStatus, ProjectView, ProjectsAsk, Share, UpdateProject};
use kitaab_core::store::Store;
use kitaab_core::workspace::{DeleteWorkspace, UpdateMember, UpdateWorkspace};
use kitaab_core::{Error, Settings};

type Database = Arc<dyn Store>;

fn card(name: &str) -> NewClient {
    NewClient { name: name.into(), email: email(name), ..NewClient::default() }
}

async fn names(studio: &Studio, who: &Actor, ask: ProjectsAsk) -> Vec<String> {
    let page = studio.kitaab.projects(who).list(studio.workspace, ask.into()).await.unwrap();
    page.items
        .into_iter()
        .map(|view| match view {
            ProjectView::Staff(project) => project.name,
            ProjectView::Client(project) => project.name,
        })
        .collect()
}

async fn the_list_of_clients_is_sorted_searched_and_paged_without_holes(db: Database) {
    let studio = Studio::on(db).await;
    let clients = studio.kitaab.clients(&studio.nikhil);
    for name in ["Ördek", "anna", "Zoe", "Émile", "bob"] {
        let new = NewClient {
            name: name.into(),
            email: format!("{}@example.com", name.len().to_string() + &name[name.len() - 2..]),
            ..NewClient::default()
        };
        clients.create(studio.workspace, new.into()).await.unwrap();
    }
    let (mut seen, mut cursor) = (vec![], None);
    loop {
        let ask = ClientsAsk { limit: Some(2), cursor, ..ClientsAsk::default() };
        let page = clients.list(studio.workspace, ask.into()).await.unwrap();
        seen.extend(page.items.into_iter().map(|client| client.name));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["anna", "bob", "Émile", "Ördek", "Zoe"]);
    let found = clients.list(studio.workspace, ClientsAsk { q: Some("EMI".into()), ..ClientsAsk::default() }.into()).await.unwrap();
    assert_eq!(found.items.len(), 1);
    let foreign = ClientsAsk { cursor: Some("nonsense".into()), ..ClientsAsk::default() };
    assert_eq!(code(clients.list(studio.workspace, foreign.into()).await), "invalid");
}

async fn two_cards_do_not_share_an_email_but_an_archived_one_gives_it_free(db: Database) {
    let studio = Studio::on(db).await;
    let clients = studio.kitaab.clients(&studio.nikhil);
    let first = clients.create(studio.workspace, card("Mridul").into()).await.unwrap().item.id;
    match clients.create(studio.workspace, NewClient { email: " MRIDUL@example.com".into(), ..card("Other") }.into()).await {
        Err(Error::Conflict { code: "duplicate_client", existing, .. }) => assert_eq!(existing, Some(first.0)),
        other => panic!("{other:?}"),
    }
    clients.archive(studio.workspace, first).await.unwrap();
    let second = clients.create(studio.workspace, card("Mridul").into()).await.unwrap().item.id;
    let back = UpdateClient { archived: Some(false), ..UpdateClient::default() };
    match clients.update(studio.workspace, first, back.into(), None).await {
        Err(Error::Conflict { code: "duplicate_client", existing, .. }) => assert_eq!(existing, Some(second.0)),
        other => panic!("{other:?}"),
    }
}

async fn archiving_a_client_ends_their_access_at_once_and_bringing_back_gives_none(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let (mridul, id) = studio.client("Mridul", &[shop]).await;
    studio.kitaab.projects(&mridul).get(studio.workspace, shop).await.unwrap();
    let clients = studio.kitaab.clients(&studio.nikhil);
    clients.archive(studio.workspace, id).await.unwrap();
    assert_eq!(code(studio.kitaab.projects(&mridul).get(studio.workspace, shop).await), "not_found");
    assert_eq!(code(studio.kitaab.workspaces(&mridul).get(studio.workspace).await), "not_found");
    let back = UpdateClient { archived: Some(false), ..UpdateClient::default() };
    let ClientView::Staff(view) = clients.update(studio.workspace, id, back.into(), None).await.unwrap().item else { panic!() };
    assert_eq!((view.user_id, view.archived_at), (None, None));
    assert_eq!(code(studio.kitaab.projects(&mridul).get(studio.workspace, shop).await), "not_found");
    assert!(studio.kitaab.projects(&studio.nikhil).collaborators(studio.workspace, shop).await.unwrap().items.is_empty());
}

async fn mridul_sees_her_own_card_without_notes_and_no_other(db: Database) {
    let studio = Studio::on(db).await;
    let (mridul, own) = studio.client("Mridul", &[]).await;
    let clients = studio.kitaab.clients(&studio.nikhil);
    let other = clients.create(studio.workspace, card("Farah").into()).await.unwrap().item.id;
    let notes = UpdateClient { notes: Patch::Set("pays late".into()), ..UpdateClient::default() };
    clients.update(studio.workspace, own, notes.into(), None).await.unwrap();
    let hers = studio.kitaab.clients(&mridul).get(studio.workspace, own).await.unwrap();
    assert!(hers.can.is_empty());
    let json = serde_json::to_value(&hers).unwrap();
    assert!(json.get("notes").is_none() && json.get("invitation_status").is_none(), "{json}");
    assert_eq!(code(studio.kitaab.clients(&mridul).get(studio.workspace, other).await), "not_found");
    assert_eq!(code(studio.kitaab.clients(&mridul).list(studio.workspace, ClientsAsk::default().into()).await), "not_found");
    let rename = UpdateClient { name: Some("Boss".into()), ..UpdateClient::default() };
    assert_eq!(code(studio.kitaab.clients(&mridul).update(studio.workspace, own, rename.into(), None).await), "forbidden");
}

async fn a_colleague_changes_notes_and_nothing_else_of_a_card(db: Database) {
    let studio = Studio::on(db).await;
    let asha = studio.colleague("Asha").await;
    let id = studio.kitaab.clients(&studio.nikhil).create(studio.workspace, card("Mridul").into()).await.unwrap().item.id;
    let clients = studio.kitaab.clients(&asha);
    let notes = UpdateClient { notes: Patch::Set("likes blue".into()), ..UpdateClient::default() };
    let answer = clients.update(studio.workspace, id, notes.into(), None).await.unwrap();
    assert_eq!(answer.can, ["edit_notes"]);
    let both = UpdateClient { notes: Patch::Clear, name: Some("M".into()), ..UpdateClient::default() };
    assert_eq!(code(clients.update(studio.workspace, id, both.into(), None).await), "forbidden");
    let ClientView::Staff(view) = clients.get(studio.workspace, id).await.unwrap().item else { panic!() };
    assert_eq!((view.name.as_str(), view.notes.as_deref()), ("Mridul", Some("likes blue")), "nothing half done");
}

async fn a_card_without_history_can_be_destroyed_and_one_with_history_not(db: Database) {
    let studio = Studio::on(db).await;
    let clients = studio.kitaab.clients(&studio.nikhil);
    let fresh = clients.create(studio.workspace, card("Farah").into()).await.unwrap().item.id;
    clients.delete(studio.workspace, fresh).await.unwrap();
    assert_eq!(code(clients.get(studio.workspace, fresh).await), "not_found");
    let invited = studio.invite_client("Mridul", &[]).await.client_id.unwrap();
    assert_eq!(code(clients.delete(studio.workspace, invited).await), "has_history");
}

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

async fn farah_with_a_workspace_of_her_own_finds_nothing_of_nikhils(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let (farah, hers) = freelancer(&studio.kitaab, "Farah").await;
    let projects = studio.kitaab.projects(&farah);
    assert_eq!(code(projects.get(studio.workspace, shop).await), "not_found");
    assert_eq!(code(projects.get(hers, shop).await), "not_found", "nor through her own workspace");
    assert_eq!(code(projects.list(studio.workspace, ProjectsAsk::default().into()).await), "not_found");
    assert_eq!(code(studio.kitaab.workspaces(&farah).get(studio.workspace).await), "not_found");
    let rename = UpdateProject { name: Some("Mine".into()), ..UpdateProject::default() };
    assert_eq!(code(projects.update(hers, shop, rename.into(), None).await), "not_found");
}

async fn the_last_owner_stays_and_a_second_one_may_go(db: Database) {
    let studio = Studio::on(db).await;
    let asha = studio.colleague("Asha").await;
    let people = studio.kitaab.people(&studio.nikhil);
    let (nikhil_id, asha_id) = (studio.nikhil.user().unwrap(), asha.user().unwrap());
    let to = |role| UpdateMember { role: Some(role) };
    assert_eq!(code(people.remove(studio.workspace, nikhil_id).await), "last_owner");
    assert_eq!(code(people.update(studio.workspace, nikhil_id, to(Role::Member).into()).await), "last_owner");
    people.update(studio.workspace, asha_id, to(Role::Owner).into()).await.unwrap();
    people.remove(studio.workspace, nikhil_id).await.unwrap();
    assert_eq!(code(studio.kitaab.workspaces(&studio.nikhil).get(studio.workspace).await), "not_found");
    studio.kitaab.workspaces(&asha).get(studio.workspace).await.unwrap();
}

async fn of_two_owners_who_put_each_other_out_one_stays(db: Database) {
    let studio = Studio::on(db).await;
    let asha = studio.colleague("Asha").await;
    let (nikhil_id, asha_id) = (studio.nikhil.user().unwrap(), asha.user().unwrap());
    let owner = UpdateMember { role: Some(Role::Owner) };
    studio.kitaab.people(&studio.nikhil).update(studio.workspace, asha_id, owner.into()).await.unwrap();
    let (one, two) = (studio.kitaab.people(&studio.nikhil), studio.kitaab.people(&asha));
    let (first, second) = tokio::join!(one.remove(studio.workspace, asha_id), two.remove(studio.workspace, nikhil_id));
    assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|ok| **ok).count(), 1, "{first:?} {second:?}");
}

async fn to_a_client_the_directory_is_the_staff_and_themself(db: Database) {
    let studio = Studio::on(db).await;
    let asha = studio.colleague("Asha").await;
    let (mridul, own) = studio.client("Mridul", &[]).await;
    let (farah, _) = studio.client("Farah", &[]).await;
    let seen = studio.kitaab.people(&mridul).list(studio.workspace, PageAsk::default().into()).await.unwrap().items;
    let ids: Vec<_> = seen.iter().map(|member| member.user_id).collect();
    assert!(!ids.contains(&farah.user().unwrap()) && ids.contains(&asha.user().unwrap()) && ids.len() == 3);
    let of_hers: Vec<_> = seen.iter().filter_map(|member| member.client_id).collect();
    assert_eq!(of_hers, [own]);
    assert!(seen.iter().all(|member| member.user_id == mridul.user().unwrap() || member.invited_by.is_none()));
    assert_eq!(studio.kitaab.people(&studio.nikhil).list(studio.workspace, PageAsk::default().into()).await.unwrap().items.len(), 4);
}

async fn the_audit_log_says_who_did_what_and_who_was_refused(db: Database) {
    let studio = Studio::on(db).await;
    let shop = studio.project("Shop").await;
    let asha = studio.colleague("Asha").await;
    let origin = Origin { address: "203.0.113.7".parse().ok(), request_id: Some("req-1".into()), idempotency: None };
    let refused = studio.kitaab.projects(&asha.clone().from(origin)).archive(studio.workspace, shop).await;
    assert_eq!(code(refused), "forbidden");
    let ask = AuditAsk { target_id: Some(shop.0), ..AuditAsk::default() };
    let entries = studio.kitaab.audit(&studio.nikhil).list(studio.workspace, ask.into()).await.unwrap().items;
    let told: Vec<_> = entries.iter().map(|e| (e.action.as_str(), e.outcome, e.actor_name.as_deref())).collect();
    assert_eq!(told, [("project.archive", Outcome::Refused, Some("Asha")), ("workspace.create_project", Outcome::Done, Some("Nikhil"))]);
    assert_eq!((entries[0].address.as_deref(), entries[0].request_id.as_deref()), (Some("203.0.113.7"), Some("req-1")));
    assert_eq!(code(studio.kitaab.audit(&asha).list(studio.workspace, AuditAsk::default().into()).await), "not_found");
    let (farah, _) = freelancer(&studio.kitaab, "Farah").await;
    assert_eq!(code(studio.kitaab.projects(&farah).archive(studio.workspace, shop).await), "not_found");
    let after =
        studio.kitaab.audit(&studio.nikhil).list(studio.workspace, AuditAsk { actor_id: farah.user(), ..AuditAsk::default() }.into()).await;
    assert!(after.unwrap().items.is_empty(), "a stranger cannot fill the log");
}

async fn a_repeat_with_the_same_key_answers_as_the_first_and_makes_nothing(db: Database) {
    let studio = Studio::on(db).await;
    let key = IdempotencyKey { key: uuid::Uuid::from_u128(1), call: "POST /clients".into() };
    let with_key = studio.nikhil.clone().from(Origin { idempotency: Some(key), ..Origin::default() });
    let clients = studio.kitaab.clients(&with_key);
    let first = clients.create(studio.workspace, card("Mridul").into()).await.unwrap();
    let second = clients.create(studio.workspace, card("Somebody else entirely").into()).await.unwrap();
    assert_eq!(first, second);
    let all = studio.kitaab.clients(&studio.nikhil).list(studio.workspace, ClientsAsk::default().into()).await.unwrap().items;
    assert_eq!(all.len(), 1);
    studio.clock.advance(Duration::from_hours(24));
    studio.kitaab.clients(&with_key).create(studio.workspace, card("Farah").into()).await.unwrap();
}

async fn parallel_repeats_make_one_client(db: Database) {
    let studio = Studio::on(db).await;
    let key = IdempotencyKey { key: uuid::Uuid::from_u128(2), call: "POST /clients".into() };
    let with_key = studio.nikhil.clone().from(Origin { idempotency: Some(key), ..Origin::default() });
    let tries: Vec<_> = (0..10)
        .map(|_| {
            let (kitaab, actor, workspace) = (studio.kitaab.clone(), with_key.clone(), studio.workspace);
            tokio::spawn(async move { kitaab.clients(&actor).create(workspace, card("Mridul").into()).await })
        })
        .collect();
    let mut ids = std::collections::HashSet::new();
    for one in tries {
        match one.await.unwrap() {
            Ok(single) => drop(ids.insert(single.item.id)),
            Err(error) => assert_eq!(error.code(), "in_progress"),
        }
    }
    assert_eq!(ids.len(), 1);
}

async fn a_repeated_invitation_does_not_show_its_link_again(db: Database) {
    let studio = Studio::on(db).await;
    let key = IdempotencyKey { key: uuid::Uuid::from_u128(3), call: "POST /invitations".into() };
    let with_key = studio.nikhil.clone().from(Origin { idempotency: Some(key), ..Origin::default() });
    let send = async || {
        studio.kitaab.invitations(&with_key).send(studio.workspace, crate::common::for_client("Mridul", &[]).into()).await.unwrap()
    };
    let (first, second) = (send().await.item, send().await.item);
    assert!(first.link.is_some());
    assert_eq!((second.id, second.link), (first.id, None));
}

async fn a_workspace_is_renamed_deleted_and_erased(db: Database) {
    let studio = Studio::on(db).await;
    let (mridul, _) = studio.client("Mridul", &[]).await;
    let change = UpdateWorkspace { name: Some("Studio N".into()), currency: Some("INR".into()), ..UpdateWorkspace::default() };
    studio.kitaab.workspaces(&studio.nikhil).update(studio.workspace, change.into(), None).await.unwrap();
    let seen = serde_json::to_value(studio.kitaab.workspaces(&mridul).get(studio.workspace).await.unwrap()).unwrap();
    assert_eq!((seen["name"].as_str(), seen.get("currency")), (Some("Studio N"), None), "settings are the owner's");
    let confirm = |name: &str| DeleteWorkspace { confirm: name.into() };
    assert_eq!(
        code(studio.kitaab.workspaces(&studio.nikhil).delete(studio.workspace, confirm("Studio N").into()).await),
        "reauth_required"
    );
    let fresh = studio.nikhil.clone().fresh_until(studio.kitaab.now().after(Duration::from_mins(1)));
    assert_eq!(code(studio.kitaab.workspaces(&fresh).delete(studio.workspace, confirm("wrong").into()).await), "invalid");
    studio.kitaab.workspaces(&fresh).delete(studio.workspace, confirm("Studio N").into()).await.unwrap();
    for person in [&fresh, &mridul] {
        assert_eq!(code(studio.kitaab.workspaces(person).get(studio.workspace).await), "not_found");
        assert!(studio.kitaab.accounts(person).session().await.unwrap().workspaces.is_empty());
    }
    studio.mail().await;
    studio.clock.advance(Duration::from_hours(30 * 24));
    assert_eq!(studio.mail().await, 1, "the job that erases it");
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
    the_list_of_clients_is_sorted_searched_and_paged_without_holes,
    two_cards_do_not_share_an_email_but_an_archived_one_gives_it_free,
    archiving_a_client_ends_their_access_at_once_and_bringing_back_gives_none,
    mridul_sees_her_own_card_without_notes_and_no_other,
    a_colleague_changes_notes_and_nothing_else_of_a_card,
    a_card_without_history_can_be_destroyed_and_one_with_history_not,
    grants_switched_while_mridul_looks_show_on_her_project,
    a_project_shared_before_acceptance_is_there_with_its_grant_afterwards,
    an_archived_project_is_gone_for_clients_and_read_only_for_staff,
    a_stale_change_is_refused_with_the_current_version,
    projects_are_filtered_by_state_client_tag_and_text,
    a_project_with_impossible_fields_is_refused_with_all_of_them,
    farah_with_a_workspace_of_her_own_finds_nothing_of_nikhils,
    the_last_owner_stays_and_a_second_one_may_go,
    of_two_owners_who_put_each_other_out_one_stays,
    to_a_client_the_directory_is_the_staff_and_themself,
    the_audit_log_says_who_did_what_and_who_was_refused,
    a_repeat_with_the_same_key_answers_as_the_first_and_makes_nothing,
    parallel_repeats_make_one_client,
    a_repeated_invitation_does_not_show_its_link_again,
    a_workspace_is_renamed_deleted_and_erased,
    what_a_list_has_is_what_one_may_look_at,
}
