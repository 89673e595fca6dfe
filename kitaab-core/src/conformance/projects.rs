//! Projects and who they are shared with.

use super::permits;
use super::world::{GRANT, World, all, client, id, invitation, project, second, sharing};
use crate::access::Reach;
use crate::ids::ProjectId;
use crate::page::Span;
use crate::project::{ProgressMode, Project, ProjectGrant, ProjectStatus};
use crate::store::{ProjectFilter, Store, StoreResult};
use crate::time::Date;

/// The projects of a list, whatever it tells beside them.
fn found<T>(listed: Vec<(Project, T)>) -> Vec<ProjectId> {
    listed.into_iter().map(|(project, _)| project.id).collect()
}

/// Each alone, and all together.
pub async fn projects_are_found_by_each_filter(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let app = Project {
        status: ProjectStatus::OnHold,
        client_id: Some(world.card),
        tags: vec!["web, design".into(), "ünï\"c".into()],
        description: Some("Für die Bäckerei".into()),
        ..project("App")
    };
    let old = Project { archived_at: Some(second(1)), tags: vec!["web".into()], ..project("Old App") };
    let mut tx = world.write(store).await?;
    for each in [&app, &old] {
        tx.insert_project(&within, each).await?;
    }
    let any = ProjectFilter::default();
    let tagged = |tag: &str| ProjectFilter { tag: Some(tag.into()), ..ProjectFilter::default() };
    let with = |part: &str| ProjectFilter { part: Some(part.into()), ..ProjectFilter::default() };
    let filters: Vec<(ProjectFilter, Vec<ProjectId>)> = vec![
        (any.clone(), vec![app.id, world.shop, world.website]),
        (ProjectFilter { status: Some(ProjectStatus::OnHold), ..any.clone() }, vec![app.id]),
        (ProjectFilter { client_id: Some(world.card), ..any.clone() }, vec![app.id]),
        (ProjectFilter { client_id: Some(world.invited_card), ..any.clone() }, vec![]),
        (ProjectFilter { archived: true, ..any.clone() }, vec![old.id]),
        (tagged("web, design"), vec![app.id]),
        (tagged("ünï\"c"), vec![app.id]),
        (tagged("web"), vec![]),
        (tagged(", "), vec![]),
        (ProjectFilter { archived: true, ..tagged("web") }, vec![old.id]),
        (with("fur die back"), vec![app.id]),
        (with("sho"), vec![world.shop]),
        (ProjectFilter { status: Some(ProjectStatus::OnHold), client_id: Some(world.card), ..with("app") }, vec![app.id]),
        (ProjectFilter { status: Some(ProjectStatus::Done), ..with("app") }, vec![]),
    ];
    for (filter, ids) in filters {
        assert_eq!(found(tx.projects(&within, &filter, &all()).await?), ids, "{filter:?}");
    }
    for reach in [Reach::Nothing, Reach::Own, Reach::Known, Reach::Assigned(world.card)] {
        let permit = permits::reaching(world.workspace, Some(world.mridul), Some(world.card), reach);
        assert_eq!(found(tx.projects(&permit, &any, &all()).await?), [], "{reach:?}");
    }
    assert_eq!(tx.active_projects(&within, &[app.id, old.id, id(), world.shop]).await?, [world.shop, app.id]);
    assert_eq!(tx.active_projects(&within, &[]).await?, []);
    tx.commit().await
}

/// For the owner, and for a client who is on some of them.
pub async fn projects_page_without_holes_or_doubles(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let (mut made, mut shared) = (vec![world.website, world.shop], vec![world.website]);
    let mut tx = world.write(store).await?;
    for n in 0..17 {
        let each = project("Same name");
        tx.insert_project(&within, &each).await?;
        made.push(each.id);
        if n % 2 == 0 {
            tx.put_collaborator(&permits::on_project(world.workspace, each.id), world.card, GRANT, second(0)).await?;
            shared.push(each.id);
        }
    }
    tx.commit().await?;
    made.reverse();
    shared.reverse();
    let assigned = permits::reaching(world.workspace, Some(world.mridul), Some(world.card), Reach::Assigned(world.card));
    for (permit, expected) in [(&within, &made), (&assigned, &shared)] {
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let mut tx = world.write(store).await?;
            let (filter, span) = (ProjectFilter::default(), Span { after, limit: 4 });
            let page = match permit.reach() {
                Reach::Assigned(card) => found(tx.projects_of(permit, card, &filter, &span).await?),
                _ => found(tx.projects(permit, &filter, &span).await?),
            };
            // Newer than where the next page begins.
            let newer = project("Newer");
            tx.insert_project(&within, &newer).await?;
            tx.put_collaborator(&permits::on_project(world.workspace, newer.id), world.card, GRANT, second(0)).await?;
            tx.commit().await?;
            let Some(last) = page.last() else { break };
            after = Some(*last);
            listed.extend(page);
        }
        listed.retain(|id| expected.contains(id) || made.contains(id));
        assert_eq!(&listed, expected);
    }
    Ok(())
}

/// Every field, as it was made and as it was changed; its notes beside it.
pub async fn a_project_is_kept_whole(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let made = Project {
        description: Some("Line one\n\tline two 🙂".into()),
        status: ProjectStatus::Proposed,
        progress: 100,
        progress_mode: ProgressMode::Tasks,
        starts_on: Date::new(2024, 2, 29),
        due_on: Date::new(9999, 12, 31),
        client_id: Some(world.card),
        tags: vec!["b".into(), "a".into(), "b c".into()],
        ..project("Ünïcode")
    };
    let permit = permits::on_project(world.workspace, made.id);
    let mut tx = world.write(store).await?;
    tx.insert_project(&within, &made).await?;
    assert_eq!(tx.project(&permit).await?, Some(made.clone()));
    let changed = Project {
        name: "Plain".into(),
        description: None,
        status: ProjectStatus::Cancelled,
        progress: 0,
        progress_mode: ProgressMode::Manual,
        starts_on: Date::new(1, 1, 1),
        due_on: None,
        client_id: None,
        tags: vec![],
        archived_at: Some(second(9)),
        updated_at: second(9),
        ..made
    };
    assert!(tx.update_project(&permit, &changed, 1).await?);
    assert!(!tx.update_project(&permit, &changed, 1).await?, "it is of another version by now");
    assert_eq!(tx.project(&permit).await?, Some(Project { version: 2, ..changed.clone() }));

    tx.insert_project_notes(&within, changed.id, "Careful.").await?;
    tx.set_project_notes(&permit, Some("Careful!")).await?;
    let notes = |listed: Vec<(Project, Option<String>)>| listed.into_iter().map(|(project, notes)| (project.id, notes)).collect::<Vec<_>>();
    let listed = notes(tx.projects(&within, &ProjectFilter::default(), &all()).await?);
    assert_eq!(listed, [(world.shop, None), (world.website, Some("Wants it yesterday.".into()))]);
    let archived = ProjectFilter { archived: true, ..ProjectFilter::default() };
    assert_eq!(notes(tx.projects(&within, &archived, &all()).await?), [(changed.id, Some("Careful!".into()))]);
    tx.set_project_notes(&permit, None).await?;
    assert_eq!(tx.project_notes(&permit).await?, None);
    assert_eq!(tx.project_notes(&permits::on_project(world.workspace, world.website)).await?.as_deref(), Some("Wants it yesterday."));
    assert!(tx.delete_project(&permits::on_project(world.workspace, world.website)).await?, "with all that hangs on it");
    assert!(!tx.delete_project(&permits::on_project(world.workspace, world.website)).await?);
    tx.commit().await
}

/// With the grant on each; nothing for the card of somebody else.
pub async fn a_client_lists_what_is_shared_and_not_archived(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let old = Project { archived_at: Some(second(1)), ..project("Old") };
    let mut tx = world.write(store).await?;
    tx.insert_project(&within, &old).await?;
    tx.put_collaborator(&permits::on_project(world.workspace, old.id), world.card, GRANT, second(0)).await?;
    let mine = permits::reaching(world.workspace, Some(world.mridul), Some(world.card), Reach::Assigned(world.card));
    let any = ProjectFilter::default();
    let listed = tx.projects_of(&mine, world.card, &any, &all()).await?;
    assert_eq!(listed.iter().map(|(project, grant)| (project.id, *grant)).collect::<Vec<_>>(), [(world.website, GRANT)]);
    let archived = ProjectFilter { archived: true, ..any.clone() };
    assert_eq!(tx.projects_of(&mine, world.card, &archived, &all()).await?, [], "what is archived is hidden from clients");
    assert_eq!(tx.projects_of(&mine, world.invited_card, &any, &all()).await?, [], "another card");
    let named = ProjectFilter { part: Some("shop".into()), ..any };
    assert_eq!(tx.projects_of(&mine, world.card, &named, &all()).await?, []);
    tx.commit().await
}

/// Whether it is new is told; people who see the project are those whose card is on it.
pub async fn a_grant_is_set_changed_and_taken_back(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let permit = permits::on_project(world.workspace, world.website);
    let other = ProjectGrant { tasks: false, comments: true, upload: false };
    let mut tx = world.write(store).await?;
    assert!(!tx.put_collaborator(&permit, world.card, other, second(1)).await?, "changed");
    assert!(tx.put_collaborator(&permit, world.invited_card, GRANT, second(1)).await?, "new");
    let names: Vec<_> = tx.collaborators(&permit).await?.into_iter().map(|it| (it.name, it.client_id, it.user_id, it.grant)).collect();
    let expected = [("Farah".to_owned(), world.invited_card, None, GRANT), ("Mridul".to_owned(), world.card, Some(world.mridul), other)];
    assert_eq!(names, expected);
    assert_eq!(tx.collaborating_users(&permit).await?, [world.mridul]);
    assert_eq!(tx.grant_of(&permit, world.card).await?, Some(other));
    assert!(tx.delete_collaborator(&permit, world.card).await?);
    assert!(!tx.delete_collaborator(&permit, world.card).await?);
    assert_eq!(tx.grant_of(&permit, world.card).await?, None);
    tx.commit().await
}

/// Projects that were destroyed are left out, and a grant that the owner set before stays.
pub async fn invited_projects_are_shared_as_far_as_they_exist(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (within, gone, kiran) = (permits::within(world.workspace), project("Gone"), client("Kiran"));
    let invited = invitation(world.nikhil, &kiran.email, Some(kiran.id));
    let door = permits::on_invitation(world.workspace, invited.id);
    let mut tx = world.write(store).await?;
    assert!(tx.insert_client(&within, &kiran).await?);
    tx.insert_project(&within, &gone).await?;
    assert!(tx.insert_invitation(&within, &invited, &sharing(&[world.website, gone.id, world.shop])).await?);
    assert_eq!(
        tx.invitation(&door).await?.map(|(_, invited)| invited.projects),
        Some(vec![world.website, gone.id, world.shop]),
        "as given"
    );
    let names: Vec<String> = tx.invited_projects(&door).await?.into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["Website", "Gone", "Shop"]);
    assert!(tx.delete_project(&permits::on_project(world.workspace, gone.id)).await?);
    assert_eq!(tx.invited_projects(&door).await?, [(world.website, "Website".into()), (world.shop, "Shop".into())]);
    tx.put_collaborator(&permits::on_project(world.workspace, world.shop), kiran.id, GRANT, second(0)).await?;
    let shared = tx.share_invited_projects(&door, kiran.id, ProjectGrant::INVITED, second(1)).await?;
    assert_eq!(shared, [world.website], "what is new");
    assert_eq!(tx.grant_of(&permits::on_project(world.workspace, world.website), kiran.id).await?, Some(ProjectGrant::INVITED));
    assert_eq!(tx.grant_of(&permits::on_project(world.workspace, world.shop), kiran.id).await?, Some(GRANT), "set before");
    tx.commit().await
}

/// All of a card, all of a person; whichever of membership and card is untied first.
pub async fn sharing_ends_with_the_card_and_with_the_person(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let person = permits::on_person(world.workspace, world.mridul);
    let (website, shop) = (permits::on_project(world.workspace, world.website), permits::on_project(world.workspace, world.shop));
    let mut tx = world.write(store).await?;
    tx.put_collaborator(&shop, world.card, GRANT, second(0)).await?;
    tx.put_collaborator(&shop, world.invited_card, GRANT, second(0)).await?;
    let mut ended = tx.unshare_person(&person).await?;
    ended.sort_unstable();
    assert_eq!(ended, [world.website, world.shop]);
    assert_eq!(tx.unshare_client(&permits::on_client(world.workspace, world.invited_card)).await?, [world.shop]);
    assert_eq!(tx.collaborators(&shop).await?, []);
    tx.put_collaborator(&website, world.card, GRANT, second(0)).await?;
    assert!(tx.delete_membership(&person).await?);
    assert_eq!(tx.unshare_person(&person).await?, [world.website], "by the card alone");
    tx.commit().await
}

/// Somebody who is put out of one workspace keeps what another one shares with them, under another card.
pub async fn sharing_with_a_person_ends_in_one_workspace_alone(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    world.fill(store).await?;
    // There Mridul has the card that is Farah's here.
    world.twin(store).await?;
    let mut tx = world.write(store).await?;
    tx.put_collaborator(&permits::on_project(world.workspace, world.shop), world.invited_card, GRANT, second(0)).await?;
    assert_eq!(tx.unshare_person(&permits::on_person(world.workspace, world.mridul)).await?, [world.website], "Farah keeps her project");
    tx.commit().await
}
