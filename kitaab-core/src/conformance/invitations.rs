//! Invitations and their links.

use super::permits;
use super::together::together;
use super::world::{World, all, client, email, hash, id, invitation, project, second, sharing};
use crate::client::Client;
use crate::ids::InvitationId;
use crate::invitation::{Delivery, DeliveryState, Facing, Invitation, Link, LinkKind};
use crate::page::Span;
use crate::project::Project;
use crate::store::{Scope, Store, StoreError, StoreResult};

/// Of twenty made at the same time one is kept; a closed one stands in nobody's way.
pub async fn an_email_has_one_open_invitation(store: &dyn Store) -> StoreResult<()> {
    let (world, address) = (&World::found(store).await?, &email("Kiran"));
    let within = &permits::within(world.workspace);
    let made = together((0..20).map(|_| async move {
        let mut tx = world.write(store).await?;
        let each = invitation(world.nikhil, address, None);
        let made = tx.insert_invitation(within, &each, &sharing(&[world.website])).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(made.then_some(each))
    }))
    .await;
    let made: Vec<Invitation> = made.into_iter().collect::<StoreResult<Vec<_>>>()?.into_iter().flatten().collect();
    assert_eq!(made.len(), 1);
    let mut tx = world.write(store).await?;
    assert_eq!(tx.unclosed_invitation(within, address).await?.as_ref(), made.first());
    assert_eq!(tx.count_open_invitations(within, second(1)).await?, 2, "Farah's and this one");
    assert_eq!(tx.count_open_invitations(within, second(604_800)).await?, 0, "they have run out");
    assert!(tx.close_invitation(within, made[0].id, second(2)).await?);
    assert!(!tx.close_invitation(within, made[0].id, second(3)).await?);
    assert!(tx.insert_invitation(within, &invitation(world.nikhil, address, None), &sharing(&[])).await?);
    tx.commit().await
}

/// Of twenty who accept at the same time one does.
pub async fn an_invitation_is_accepted_once(store: &dyn Store) -> StoreResult<()> {
    let world = &World::found(store).await?;
    let door = &permits::on_invitation(world.workspace, world.invitation);
    let accepted = together((0..20).map(|n| async move {
        let mut tx = store.write(Scope::Guest(world.workspace)).await?;
        let accepted = tx.accept_invitation(door, second(n)).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(accepted.then_some(second(n)))
    }))
    .await;
    let accepted: Vec<_> = accepted.into_iter().collect::<StoreResult<Vec<_>>>()?.into_iter().flatten().collect();
    assert_eq!(accepted.len(), 1);
    let mut tx = world.write(store).await?;
    let (kept, _) = tx.invitation(door).await?.expect("the invitation");
    assert_eq!((kept.milestones.accepted_at, kept.closed_at), (Some(accepted[0]), Some(accepted[0])));
    assert!(!tx.revoke_invitation(door, second(99)).await?, "it is too late for that");
    assert!(!tx.renew_invitation(door, &kept).await?);
    assert!(!tx.open_invitation(door, second(99)).await?);
    tx.commit().await
}

/// Newest first, each with the projects it names.
pub async fn invitations_page_without_holes_or_doubles(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let mut made: Vec<(InvitationId, usize)> = vec![(world.invitation, 1)];
    let mut tx = world.write(store).await?;
    for n in 0..11 {
        let each = invitation(world.nikhil, &email("Guest"), None);
        let projects = [world.website, world.shop];
        assert!(tx.insert_invitation(&within, &each, &sharing(&projects[..n % 3])).await?);
        made.push((each.id, n % 3));
    }
    tx.commit().await?;
    made.reverse();
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let mut tx = world.write(store).await?;
        let page = tx.invitations(&within, &Span { after, limit: 4 }).await?;
        assert!(tx.insert_invitation(&within, &invitation(world.nikhil, &email("Newer"), None), &sharing(&[])).await?);
        tx.commit().await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.id);
        listed.extend(page.into_iter().map(|(invitation, invited)| (invitation.id, invited.projects.len())));
    }
    assert_eq!(listed, made);
    Ok(())
}

/// Kept whole; opened once, renewed with everything anew, revoked once.
pub async fn an_invitation_goes_its_way(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (within, mut made) = (permits::within(world.workspace), invitation(world.nikhil, &email("Kiran"), None));
    let door = permits::on_invitation(world.workspace, made.id);
    let mut tx = world.write(store).await?;
    assert!(tx.insert_invitation(&within, &made, &sharing(&[])).await?);
    assert_eq!(tx.invitation(&door).await?, Some((made.clone(), sharing(&[]))));
    assert!(tx.open_invitation(&door, second(5)).await?);
    assert!(!tx.open_invitation(&door, second(6)).await?, "it was opened before");

    made.milestones.expires_at = second(999_999);
    made.delivery = Delivery { state: DeliveryState::Withheld, error: None, at: second(7) };
    (made.generation, made.key_id, made.queued_at) = (2, 9, second(7));
    assert!(tx.renew_invitation(&door, &made).await?);
    assert_eq!(tx.invitation(&door).await?, Some((made.clone(), sharing(&[]))), "not sent, not opened");
    assert!(!tx.accept_invitation(&door, second(999_999)).await?, "its time is over");
    assert!(tx.revoke_invitation(&door, second(8)).await?);
    assert!(!tx.revoke_invitation(&door, second(9)).await?);
    assert!(!tx.accept_invitation(&door, second(10)).await?, "it was taken back");
    let (kept, _) = tx.invitation(&door).await?.expect("the invitation");
    assert_eq!((kept.milestones.revoked_at, kept.closed_at), (Some(second(8)), Some(second(8))));

    let card = permits::on_client(world.workspace, world.invited_card);
    assert_eq!(tx.revoke_invitations_of(&card, second(11)).await?, [world.invitation]);
    assert_eq!(tx.revoke_invitations_of(&card, second(12)).await?, []);
    tx.commit().await
}

/// A worker that was slow says nothing about the link that is mailed by now.
pub async fn the_mail_of_an_older_link_is_not_recorded(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let door = permits::on_invitation(world.workspace, world.invitation);
    let refused = Delivery { state: DeliveryState::Retrying, error: Some("451 later".into()), at: second(1) };
    let sent = Delivery { state: DeliveryState::Sent, error: None, at: second(2) };
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    assert!(tx.record_delivery(&door, 1, &refused).await?);
    let (kept, _) = tx.invitation(&door).await?.expect("the invitation");
    assert_eq!((kept.delivery, kept.milestones.sent_at), (refused.clone(), None));
    assert!(tx.record_delivery(&door, 1, &sent).await?);
    assert!(!tx.record_delivery(&door, 0, &refused).await?, "of an older link");
    let (kept, _) = tx.invitation(&door).await?.expect("the invitation");
    assert_eq!((kept.delivery, kept.milestones.sent_at), (sent, Some(second(2))));
    tx.commit().await
}

/// Two secrets lead to the invitation; new ones replace them, and they can be removed.
pub async fn links_are_replaced_and_removed(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (within, anyone) = (permits::within(world.workspace), permits::instance());
    let [old, mailed, copied] = [hash(), hash(), hash()];
    let mut tx = world.write(store).await?;
    tx.put_links(&within, world.invitation, &[(LinkKind::Mailed, old)]).await?;
    tx.put_links(&within, world.invitation, &[(LinkKind::Mailed, mailed), (LinkKind::Copied, copied)]).await?;
    tx.commit().await?;
    // Asked before anything is known of the caller.
    let mut tx = store.read(Scope::Nobody).await?;
    assert_eq!(tx.link(&anyone, &old).await?, None);
    for (key, kind) in [(mailed, LinkKind::Mailed), (copied, LinkKind::Copied)] {
        let link = Link { workspace_id: world.workspace, invitation_id: world.invitation, kind };
        assert_eq!(tx.link(&anyone, &key).await?, Some(link));
    }
    drop(tx);
    let mut tx = world.write(store).await?;
    tx.delete_links(&within, world.invitation).await?;
    assert_eq!(tx.link(&anyone, &mailed).await?, None);
    tx.commit().await
}

/// Who invites, to where, and the names on the card; archived projects are not among those shown.
pub async fn an_invitation_shows_names_alone(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (within, door) = (permits::within(world.workspace), permits::on_invitation(world.workspace, world.invitation));
    let mut tx = world.write(store).await?;
    let card = Client { company: Some("Farah GmbH".into()), email: world.invited_email.clone(), ..client("Farah") };
    assert!(tx.update_client(&permits::on_client(world.workspace, world.invited_card), &card, 1).await?);
    let facing = |name: Option<&str>, company: Option<&str>| Facing {
        inviter: "Nikhil".into(),
        workspace_name: "Nikhil's Studio".into(),
        name: name.map(Into::into),
        company: company.map(Into::into),
    };
    assert_eq!(tx.invitation_facing(&door).await?, Some(facing(Some("Farah"), Some("Farah GmbH"))));
    let member = invitation(world.nikhil, &email("Dev"), None);
    assert!(tx.insert_invitation(&within, &member, &sharing(&[])).await?);
    assert_eq!(tx.invitation_facing(&permits::on_invitation(world.workspace, member.id)).await?, Some(facing(None, None)));
    assert_eq!(tx.invitation_facing(&permits::on_invitation(world.workspace, id())).await?, None);
    let archived = Project { archived_at: Some(second(1)), ..project("Website") };
    assert!(tx.update_project(&permits::on_project(world.workspace, world.website), &archived, 1).await?);
    assert_eq!(tx.invited_projects(&door).await?, []);
    assert_eq!(tx.invitations(&within, &all()).await?.len(), 2);
    tx.commit().await
}
