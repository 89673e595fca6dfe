//! Client cards.

use super::permits;
use super::together::together;
use super::world::{World, all, client, email, id, invitation, project, second, sharing};
use crate::access::Reach;
use crate::client::Client;
use crate::ids::ClientId;
use crate::page::Span;
use crate::project::Project;
use crate::store::{ClientFilter, ClientPosition, Scope, Store, StoreError, StoreResult};
use crate::text::folded;

/// By a part of the folded name, company or address; archived ones apart; as far as one reaches.
pub async fn cards_are_found_by_any_part_of_them(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let zoe = Client { company: Some("Bäckerei Straße 9".into()), phone: Some("+41 44 123".into()), ..client("Zoë") };
    let gone = Client { archived_at: Some(second(1)), ..client("Zola") };
    let mut tx = world.write(store).await?;
    for card in [&zoe, &gone] {
        assert!(tx.insert_client(&within, card).await?);
    }
    let filters: [(&str, bool, &[ClientId]); 8] = [
        ("zoe", false, &[zoe.id]),
        ("ckerei strass", false, &[zoe.id]),
        ("zo", true, &[gone.id]),
        ("mridul.", false, &[world.card]),
        ("%", false, &[]),
        ("_", false, &[]),
        ("nobody", false, &[]),
        ("", false, &[world.invited_card, world.card, zoe.id]),
    ];
    for (part, archived, found) in filters {
        let filter = ClientFilter { part: Some(part.into()), archived };
        let rows = tx.clients(&within, &filter, &all()).await?;
        assert_eq!(rows.into_iter().map(|row| row.client.id).collect::<Vec<_>>(), found, "{part:?}");
    }
    for (reach, found) in [(Reach::Own, vec![world.card]), (Reach::Nothing, vec![]), (Reach::Assigned(world.card), vec![])] {
        let permit = permits::reaching(world.workspace, Some(world.mridul), Some(world.card), reach);
        let rows = tx.clients(&permit, &ClientFilter::default(), &all()).await?;
        assert_eq!(rows.into_iter().map(|row| row.client.id).collect::<Vec<_>>(), found, "{reach:?}");
    }
    assert_eq!(tx.client(&permits::on_client(world.workspace, zoe.id)).await?, Some(zoe));
    tx.commit().await
}

/// Cards of the same name too, and with others coming in between.
pub async fn cards_page_without_holes_or_doubles(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let mut made = vec![world.card, world.invited_card];
    let mut tx = world.write(store).await?;
    for n in 0..21 {
        let card = client(["Same", "same", "Énée"][n % 3]);
        assert!(tx.insert_client(&within, &card).await?);
        made.push(card.id);
    }
    tx.commit().await?;
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let mut tx = world.write(store).await?;
        let page = tx.clients(&within, &ClientFilter::default(), &Span { after: after.take(), limit: 5 }).await?;
        // Before where the next page begins.
        assert!(tx.insert_client(&within, &client("AAA")).await?);
        tx.commit().await?;
        let Some(last) = page.last() else { break };
        after = Some(ClientPosition { name: folded(&last.client.name), id: last.client.id });
        found.extend(page.iter().map(|row| (folded(&row.client.name), row.client.id)));
    }
    assert!(found.is_sorted(), "by folded name, then by id");
    let mut found: Vec<ClientId> = found.into_iter().map(|(_, id)| id).collect();
    found.sort_unstable();
    made.sort_unstable();
    assert_eq!(found, made);
    Ok(())
}

/// Of several made at the same time one is kept; an archived card stands in nobody's way.
pub async fn an_email_has_one_card_that_is_not_archived(store: &dyn Store) -> StoreResult<()> {
    let (world, address) = (&World::found(store).await?, &email("Kiran"));
    let within = &permits::within(world.workspace);
    let made = together((0..10).map(|_| async move {
        let mut tx = world.write(store).await?;
        let made = tx.insert_client(within, &Client { email: address.clone(), ..client("Kiran") }).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(made)
    }))
    .await;
    assert_eq!(made.into_iter().collect::<StoreResult<Vec<_>>>()?.into_iter().filter(|made| *made).count(), 1);

    let mut tx = world.write(store).await?;
    let kept = tx.client_by_email(within, address).await?.expect("the card");
    let card = tx.active_client(within, kept).await?.expect("the card");
    let archived = Client { archived_at: Some(second(1)), ..card };
    assert!(tx.update_client(&permits::on_client(world.workspace, kept), &archived, 1).await?);
    assert_eq!(tx.client_by_email(within, address).await?, None);
    assert_eq!(tx.active_client(within, kept).await?, None);
    let newer = Client { email: address.clone(), ..client("Kiran") };
    assert!(tx.insert_client(within, &newer).await?, "the archived one does not count");
    tx.commit().await?;

    let mut tx = world.write(store).await?;
    let back = Client { archived_at: None, ..archived };
    let taken = tx.update_client(&permits::on_client(world.workspace, kept), &back, 2).await;
    assert!(matches!(taken, Err(StoreError::Conflict)), "{taken:?}");
    Ok(())
}

/// Whoever saw an older version is told so, and nothing is lost.
pub async fn a_card_is_changed_by_whoever_saw_it_last(store: &dyn Store) -> StoreResult<()> {
    let world = &World::found(store).await?;
    let permit = &permits::on_client(world.workspace, world.invited_card);
    let changed = together((0..6).map(|n| async move {
        let mut tx = world.write(store).await?;
        let card = Client { phone: Some(n.to_string()), updated_at: second(n), ..client("Farah") };
        let changed = tx.update_client(permit, &card, 1).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(changed.then_some(card))
    }))
    .await;
    let changed: Vec<Client> = changed.into_iter().collect::<StoreResult<Vec<_>>>()?.into_iter().flatten().collect();
    assert_eq!(changed.len(), 1);
    let mut tx = world.read(store).await?;
    let found = tx.client(permit).await?.expect("the card");
    assert_eq!((found.version, &found.phone, found.updated_at), (2, &changed[0].phone, changed[0].updated_at));
    assert_eq!(found.created_at, second(0), "that never changes");
    Ok(())
}

/// Set, changed, removed; shown beside the card in a list.
pub async fn notes_are_kept_apart_from_their_card(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (within, permit) = (permits::within(world.workspace), permits::on_client(world.workspace, world.card));
    let mut tx = world.write(store).await?;
    assert_eq!(tx.client_notes(&permit).await?.as_deref(), Some("Pays late."));
    for notes in [Some("Pays early.\n\nNow."), None, None, Some("Pays.")] {
        tx.set_client_notes(&permit, notes).await?;
        assert_eq!(tx.client_notes(&permit).await?.as_deref(), notes);
    }
    let rows = tx.clients(&within, &ClientFilter::default(), &all()).await?;
    let notes: Vec<_> = rows.iter().map(|row| (row.client.id, row.notes.as_deref())).collect();
    assert_eq!(notes, [(world.invited_card, None), (world.card, Some("Pays."))]);
    tx.commit().await
}

/// In a list and alone; none where there was none.
pub async fn a_card_shows_its_newest_invitation(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (within, permit) = (permits::within(world.workspace), permits::on_client(world.workspace, world.invited_card));
    let mut tx = world.write(store).await?;
    assert!(tx.revoke_invitation(&permits::on_invitation(world.workspace, world.invitation), second(1)).await?);
    let mut newer = invitation(world.nikhil, &world.invited_email, Some(world.invited_card));
    newer.milestones.opened_at = Some(second(3));
    assert!(tx.insert_invitation(&within, &newer, &sharing(&[])).await?);
    assert_eq!(tx.client_invitation(&permit).await?, Some(newer.milestones));
    assert_eq!(tx.client_invitation(&permits::on_client(world.workspace, world.card)).await?, None);
    let rows = tx.clients(&within, &ClientFilter::default(), &all()).await?;
    assert_eq!(rows.iter().map(|row| row.invitation).collect::<Vec<_>>(), [Some(newer.milestones), None]);
    tx.commit().await
}

/// What was invited, joined, worked for or shared with is history; a card without can go, with its notes.
pub async fn a_card_with_history_is_told_from_one_without(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (workspace, within) = (world.workspace, permits::within(world.workspace));
    let on = |card| permits::on_client(workspace, card);
    let (fresh, owner, shared) = (client("Fresh"), client("Owner"), client("Shared"));
    let mut tx = world.write(store).await?;
    for card in [&fresh, &owner, &shared] {
        assert!(tx.insert_client(&within, card).await?);
    }
    tx.insert_client_notes(&within, fresh.id, "new").await?;
    tx.insert_project(&within, &Project { client_id: Some(owner.id), ..project("For the owner") }).await?;
    tx.put_collaborator(&permits::on_project(workspace, world.shop), shared.id, super::world::GRANT, second(0)).await?;
    for card in [world.card, world.invited_card, owner.id, shared.id] {
        assert!(tx.client_has_history(&on(card)).await?, "{card}");
    }
    assert!(!tx.client_has_history(&on(fresh.id)).await?);
    assert!(tx.delete_client(&on(fresh.id)).await?);
    assert!(!tx.delete_client(&on(fresh.id)).await?);
    assert_eq!(tx.client_notes(&on(fresh.id)).await?, None);
    tx.commit().await
}

/// Who accepts is tied to the card, and nobody else can be until they leave.
pub async fn a_card_has_one_person(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (workspace, door) = (world.workspace, permits::on_invitation(world.workspace, world.invitation));
    let mut tx = store.write(Scope::System(workspace)).await?;
    assert!(tx.join_client(&door, world.invited_card, world.meera, second(5)).await?);
    let card = tx.client(&permits::on_client(workspace, world.invited_card)).await?.expect("the card");
    assert_eq!((card.user_id, card.updated_at, card.version), (Some(world.meera), second(5), 2));
    assert!(!tx.join_client(&door, world.invited_card, world.nikhil, second(6)).await?, "it has a person");
    assert!(!tx.join_client(&door, id(), world.nikhil, second(6)).await?, "there is no such card");
    tx.leave_client(&permits::on_person(workspace, world.meera), second(7)).await?;
    let card = tx.client(&permits::on_client(workspace, world.invited_card)).await?.expect("the card");
    assert_eq!((card.user_id, card.version), (None, 3));
    tx.commit().await
}
