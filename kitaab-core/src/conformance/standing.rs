//! The facts that permits rest on.

use super::permits;
use super::world::{GRANT, World, client, id, project, second, user};
use crate::access::{FactSet, Role, Standing};
use crate::client::Client;
use crate::ids::{ClientId, InvitationId, ProjectId, UserId, WorkspaceId};
use crate::project::{Project, ProjectGrant};
use crate::store::{Closing, Scope, Store, StoreResult};

type Seen = (Option<Role>, Option<ClientId>, bool, FactSet);

fn seen(standing: Option<Standing>) -> Option<Seen> {
    standing.map(|standing| (standing.role, standing.card, standing.found, standing.set))
}

fn set(facts: &[FactSet]) -> FactSet {
    facts.iter().fold(FactSet::NONE, |set, fact| set | *fact)
}

/// Role and card of owner, member, client and stranger, and the epoch as it is.
pub async fn the_workspace_stands_for_everybody_in_it(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    let everybody = [
        (Some(world.nikhil), Some(Role::Owner), None),
        (Some(world.meera), Some(Role::Member), None),
        (Some(world.mridul), Some(Role::Client), Some(world.card)),
        (Some(id()), None, None),
        (None, None, None),
    ];
    for (caller, role, card) in everybody {
        assert_eq!(seen(tx.workspace_standing(world.workspace, caller).await?), Some((role, card, true, FactSet::NONE)), "{caller:?}");
    }
    assert_eq!(seen(tx.workspace_standing(id(), Some(world.nikhil)).await?), None, "there is no such workspace");
    tx.append_events(&Closing::forged(Some(world.workspace)), &[], true).await?;
    let standing = tx.workspace_standing(world.workspace, Some(world.nikhil)).await?;
    assert_eq!(standing.map(|standing| standing.epoch), Some(1), "the epoch moved with the access");
    tx.commit().await
}

/// From the moment of its deletion a workspace stands for nobody, and nothing in it does.
pub async fn a_deleted_workspace_is_none(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (workspace, nikhil) = (world.workspace, Some(world.nikhil));
    let mut tx = world.write(store).await?;
    assert!(tx.delete_workspace(&permits::within(workspace), second(1)).await?);
    tx.commit().await?;
    let mut tx = store.read(Scope::System(workspace)).await?;
    assert_eq!(seen(tx.workspace_standing(workspace, nikhil).await?), None);
    assert_eq!(seen(tx.person_standing(workspace, nikhil, world.meera).await?), None);
    assert_eq!(seen(tx.client_standing(workspace, nikhil, world.card).await?), None);
    assert_eq!(seen(tx.invitation_standing(workspace, nikhil, world.invitation).await?), None);
    assert_eq!(seen(tx.project_standing(workspace, nikhil, world.website).await?), None);
    Ok(())
}

/// People one may know of: owners and members, oneself, and whoever is in a channel with one.
pub async fn a_person_is_known_or_own(store: &dyn Store) -> StoreResult<()> {
    let (world, other) = (World::found(store).await?, World::found(store).await?);
    let (mridul, card) = (Some(world.mridul), Some(world.card));
    let mut tx = store.read(Scope::System(world.workspace)).await?;
    let everybody: [(UserId, bool, FactSet); 4] = [
        (world.nikhil, true, FactSet::KNOWN),
        (world.meera, true, FactSet::KNOWN),
        (world.mridul, true, set(&[FactSet::KNOWN, FactSet::OWN])),
        (other.nikhil, false, FactSet::NONE),
    ];
    for (person, found, facts) in everybody {
        let standing = tx.person_standing(world.workspace, mridul, person).await?;
        assert_eq!(seen(standing), Some((Some(Role::Client), card, found, facts)), "{person}");
    }
    let standing = tx.person_standing(world.workspace, Some(world.meera), world.mridul).await?;
    assert_eq!(seen(standing), Some((Some(Role::Member), None, true, FactSet::KNOWN)), "both are in two channels");
    drop(tx);
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    for channel in [world.page, world.website_channel] {
        assert!(tx.put_person_out(&permits::on_channel(world.workspace, channel), world.mridul).await?);
    }
    let standing = tx.person_standing(world.workspace, Some(world.meera), world.mridul).await?;
    assert_eq!(seen(standing), Some((Some(Role::Member), None, true, FactSet::NONE)), "a client is known to no other by this fact");
    tx.commit().await
}

/// The own card, one that is another's, one that is archived, one of another workspace.
pub async fn a_card_is_own_and_active(store: &dyn Store) -> StoreResult<()> {
    let (world, other) = (World::found(store).await?, World::found(store).await?);
    let archived = Client { archived_at: Some(second(0)), ..client("Kiran") };
    let mut tx = world.write(store).await?;
    assert!(tx.insert_client(&permits::within(world.workspace), &archived).await?);
    tx.commit().await?;
    let mut tx = store.read(Scope::System(world.workspace)).await?;
    let cards: [(ClientId, bool, FactSet); 4] = [
        (world.card, true, set(&[FactSet::OWN, FactSet::ACTIVE])),
        (world.invited_card, true, FactSet::ACTIVE),
        (archived.id, true, FactSet::NONE),
        (other.card, false, FactSet::NONE),
    ];
    for (card, found, facts) in cards {
        let standing = tx.client_standing(world.workspace, Some(world.mridul), card).await?;
        // What is said of a thing that was not found counts for nothing.
        let standing = standing.map(|it| Standing { set: if it.found { it.set } else { FactSet::NONE }, ..it });
        assert_eq!(seen(standing), Some((Some(Role::Client), Some(world.card), found, facts)), "{card}");
    }
    Ok(())
}

/// Whoever has the invited address is the recipient, with a place in the workspace or without.
pub async fn an_invitation_knows_its_recipient(store: &dyn Store) -> StoreResult<()> {
    let (world, other) = (World::found(store).await?, World::found(store).await?);
    let farah = crate::account::User { email: Some(world.invited_email.clone()), ..user("Farah") };
    let mut tx = store.write(Scope::Nobody).await?;
    assert!(tx.insert_user(&permits::instance(), &farah, None).await?);
    tx.commit().await?;
    let mut tx = store.read(Scope::Guest(world.workspace)).await?;
    let callers: [(Option<UserId>, InvitationId, bool, FactSet); 4] = [
        (Some(farah.id), world.invitation, true, FactSet::IS_RECIPIENT),
        (Some(other.nikhil), world.invitation, true, FactSet::NONE),
        (None, world.invitation, true, FactSet::NONE),
        (Some(farah.id), other.invitation, false, FactSet::NONE),
    ];
    for (caller, invitation, found, facts) in callers {
        let standing = tx.invitation_standing(world.workspace, caller, invitation).await?;
        assert_eq!(seen(standing), Some((None, None, found, facts)), "{caller:?}");
    }
    Ok(())
}

async fn of_project(store: &dyn Store, workspace: WorkspaceId, caller: UserId, project: ProjectId) -> StoreResult<Option<(bool, FactSet)>> {
    let mut tx = store.read(Scope::System(workspace)).await?;
    let standing = tx.project_standing(workspace, Some(caller), project).await?;
    Ok(standing.map(|standing| (standing.found, standing.set)))
}

/// The grants of the caller's card, as long as it is on the project and the project is not archived.
pub async fn a_project_is_shared_with_its_grants(store: &dyn Store) -> StoreResult<()> {
    let (world, other) = (World::found(store).await?, World::found(store).await?);
    let (workspace, mridul) = (world.workspace, world.mridul);
    let on_it = set(&[FactSet::ACTIVE, FactSet::ON_PROJECT]);
    let grants = [
        (GRANT, set(&[on_it, FactSet::GRANT_TASKS, FactSet::GRANT_UPLOAD])),
        (ProjectGrant { tasks: false, comments: true, upload: false }, on_it | FactSet::GRANT_COMMENTS),
        (ProjectGrant { tasks: false, comments: false, upload: false }, on_it),
    ];
    for (grant, facts) in grants {
        let mut tx = world.write(store).await?;
        tx.put_collaborator(&permits::on_project(workspace, world.website), world.card, grant, second(1)).await?;
        tx.commit().await?;
        assert_eq!(of_project(store, workspace, mridul, world.website).await?, Some((true, facts)), "{grant:?}");
    }
    assert_eq!(of_project(store, workspace, mridul, world.shop).await?, Some((true, FactSet::ACTIVE)), "not on it");
    assert_eq!(of_project(store, workspace, world.meera, world.website).await?, Some((true, FactSet::ACTIVE)), "no card, no grant");
    assert!(of_project(store, workspace, mridul, other.website).await?.is_some_and(|(found, _)| !found), "of another workspace");

    let archived = Project { archived_at: Some(second(2)), ..project("Website") };
    let mut tx = world.write(store).await?;
    assert!(tx.update_project(&permits::on_project(workspace, world.website), &archived, 1).await?);
    tx.commit().await?;
    assert_eq!(of_project(store, workspace, mridul, world.website).await?, Some((true, FactSet::NONE)), "archived: nothing is shared");
    Ok(())
}
