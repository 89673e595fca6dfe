//! People in a workspace.

use super::permits;
use super::together::together;
use super::world::{World, all, id, membership, second, user};
use crate::access::{Reach, Role};
use crate::account::User;
use crate::ids::UserId;
use crate::page::Span;
use crate::store::{Scope, Store, StoreError, StoreResult};
use crate::workspace::Membership;

/// Everybody, or owners, members and oneself, or oneself, or nobody; in pages.
pub async fn people_are_listed_as_far_as_one_reaches(store: &dyn Store) -> StoreResult<()> {
    let (world, other) = (World::found(store).await?, World::found(store).await?);
    let dev = user("Dev");
    let mut tx = store.read(Scope::Nobody).await?;
    let elsewhere = tx.login(&permits::own(other.nikhil)).await?.and_then(|login| login.user.email).unwrap_or_default();
    drop(tx);
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    assert!(tx.insert_user(&permits::instance(), &dev, None).await?);
    let joined = Membership {
        invited_by: Some(world.nikhil),
        invitation_accepted_at: Some(second(5)),
        ..membership(dev.id, Role::Client, Some(world.invited_card))
    };
    assert!(tx.insert_membership(&permits::on_invitation(world.workspace, world.invitation), &joined).await?);
    tx.commit().await?;
    let everybody = [world.nikhil, world.meera, world.mridul, dev.id];
    let reaches: [(Reach, &[UserId]); 5] = [
        (Reach::All, &everybody),
        (Reach::Known, &everybody[..3]),
        (Reach::Own, &everybody[2..3]),
        (Reach::Nothing, &[]),
        (Reach::Assigned(world.card), &[]),
    ];
    let mut tx = store.read(Scope::System(world.workspace)).await?;
    for (reach, people) in reaches {
        let permit = permits::reaching(world.workspace, Some(world.mridul), Some(world.card), reach);
        let found: Vec<UserId> = tx.people(&permit, &all()).await?.into_iter().map(|person| person.user_id).collect();
        assert_eq!(found, people, "{reach:?}");
    }
    drop(tx);
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    assert!(tx.take_person_in(&permits::on_channel(world.workspace, world.page), dev.id, second(6)).await?);
    let known = permits::reaching(world.workspace, Some(world.mridul), Some(world.card), Reach::Known);
    let found: Vec<UserId> = tx.people(&known, &all()).await?.into_iter().map(|person| person.user_id).collect();
    assert_eq!(found, everybody, "whoever is in a channel with them");
    tx.commit().await?;
    let mut tx = store.read(Scope::System(world.workspace)).await?;
    let within = permits::within(world.workspace);
    let page = tx.people(&within, &Span { after: Some(world.meera), limit: 1 }).await?;
    assert_eq!(page.first().map(|person| person.user_id), Some(world.mridul));
    let found = tx.person(&permits::on_person(world.workspace, dev.id)).await?.expect("Dev");
    assert_eq!((found.display_name.as_str(), found.invited_by, found.invitation_accepted_at), ("Dev", Some(world.nikhil), Some(second(5))));
    assert_eq!(tx.owners(&within).await?, [world.nikhil]);
    assert!(tx.is_member(&within, dev.email.as_deref().unwrap_or_default()).await?);
    assert!(!tx.is_member(&within, &world.invited_email).await?);
    assert!(!tx.is_member(&within, &elsewhere).await?, "somebody of another workspace");
    Ok(())
}

/// Of several who accept for the same person one makes the membership; it ends once.
pub async fn a_person_joins_once_and_leaves_once(store: &dyn Store) -> StoreResult<()> {
    let world = &World::found(store).await?;
    let dev: &User = &user("Dev");
    let mut tx = store.write(Scope::Nobody).await?;
    assert!(tx.insert_user(&permits::instance(), dev, None).await?);
    tx.commit().await?;
    let joined = together((0..8).map(|_| async move {
        let mut tx = store.write(Scope::Guest(world.workspace)).await?;
        let door = permits::on_invitation(world.workspace, world.invitation);
        let joined = tx.insert_membership(&door, &membership(dev.id, Role::Member, None)).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(joined)
    }))
    .await;
    assert_eq!(joined.into_iter().collect::<StoreResult<Vec<bool>>>()?.into_iter().filter(|joined| *joined).count(), 1);

    let mut tx = world.write(store).await?;
    let taken = membership(id(), Role::Client, Some(world.card));
    assert!(!tx.insert_membership(&permits::on_invitation(world.workspace, world.invitation), &taken).await?, "the card has its person");
    let permit = permits::on_person(world.workspace, dev.id);
    assert!(tx.delete_membership(&permit).await?);
    assert!(!tx.delete_membership(&permit).await?);
    assert_eq!(tx.person(&permit).await?, None);
    tx.commit().await
}

/// Owners are counted with their rows locked. A client who becomes a member loses the card, and nobody gets one.
pub async fn roles_change_but_nobody_becomes_a_client(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let on = |person| permits::on_person(world.workspace, person);
    let mut tx = world.write(store).await?;
    assert_eq!(tx.lock_owners(&on(world.nikhil)).await?, 1);
    assert!(tx.set_role(&on(world.meera), Role::Owner).await?);
    assert_eq!(tx.lock_owners(&on(world.nikhil)).await?, 2);
    assert!(!tx.set_role(&on(world.meera), Role::Client).await?);
    assert!(!tx.set_role(&on(id()), Role::Member).await?, "nobody of the workspace");
    assert!(tx.set_role(&on(world.mridul), Role::Member).await?);
    let mridul = tx.person(&on(world.mridul)).await?.expect("Mridul");
    assert_eq!((mridul.role, mridul.client_id), (Role::Member, None));
    tx.commit().await
}
