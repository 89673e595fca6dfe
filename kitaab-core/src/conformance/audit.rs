//! The audit log.

use uuid::Uuid;

use super::permits;
use super::world::{World, all, id, second};
use crate::access::{ActionKind, Role, TargetKind};
use crate::audit::{AuditEntry, Outcome};
use crate::ids::{AuditId, UserId};
use crate::page::Span;
use crate::store::{AuditFilter, Closing, Scope, Store, StoreResult};

fn entry(actor_id: Option<UserId>, action: ActionKind, target_id: Option<Uuid>) -> AuditEntry {
    AuditEntry {
        id: id(),
        at: second(1),
        actor_id,
        role: Role::Owner,
        action,
        target_kind: TargetKind::Client,
        target_id,
        outcome: Outcome::Done,
        address: Some("203.0.113.9".into()),
        request_id: Some("r-1".into()),
        reason: Some("A flag".into()),
    }
}

async fn written(store: &dyn Store, world: &World) -> StoreResult<[AuditEntry; 4]> {
    let (card, shop) = (Some(world.card.0), Some(world.shop.0));
    let entries = [
        entry(Some(world.nikhil), ActionKind::CreateClient, card),
        entry(Some(world.meera), ActionKind::EditClient, card),
        AuditEntry { outcome: Outcome::Refused, ..entry(Some(world.nikhil), ActionKind::EditClient, shop) },
        entry(None, ActionKind::CreateClient, None),
    ];
    let mut tx = world.write(store).await?;
    tx.append_audit(&Closing::forged(Some(world.workspace)), &entries).await?;
    tx.commit().await?;
    Ok(entries)
}

/// All, a page, and by each filter; with the name that the actor has now.
pub async fn the_audit_log_is_read_newest_first_and_filtered(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let entries = written(store, &world).await?;
    let [first, second_one, third, fourth] = entries.each_ref().map(|entry| entry.id);
    let by = |actor_id, action, target_id| AuditFilter { actor_id, action, target_id };
    let filters: [(AuditFilter, &[AuditId]); 5] = [
        (AuditFilter::default(), &[fourth, third, second_one, first]),
        (by(Some(world.nikhil), None, None), &[third, first]),
        (by(None, Some(ActionKind::EditClient), None), &[third, second_one]),
        (by(None, None, Some(world.card.0)), &[second_one, first]),
        (by(Some(world.nikhil), Some(ActionKind::EditClient), Some(world.card.0)), &[]),
    ];
    let within = permits::within(world.workspace);
    let mut tx = world.read(store).await?;
    for (filter, found) in filters {
        let items = tx.audit(&within, &filter, &all()).await?;
        assert_eq!(items.into_iter().map(|item| item.id).collect::<Vec<_>>(), found, "{filter:?}");
    }
    let page = tx.audit(&within, &AuditFilter::default(), &Span { after: Some(fourth), limit: 1 }).await?;
    let item = page.first().expect("an entry");
    assert_eq!((item.id, item.actor_name.as_deref(), item.outcome), (third, Some("Nikhil"), Outcome::Refused));
    assert_eq!((item.at, item.address.as_deref(), item.request_id.as_deref()), (second(1), Some("203.0.113.9"), Some("r-1")));
    assert_eq!(item.reason.as_deref(), Some("A flag"));
    assert_eq!((item.role, item.action, item.target_kind), (Role::Owner, ActionKind::EditClient, TargetKind::Client));
    Ok(())
}

/// What is too old goes; what is as old as the limit stays.
pub async fn the_audit_log_is_swept(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    written(store, &world).await?;
    let within = permits::within(world.workspace);
    // The system alone removes entries.
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    assert_eq!(tx.sweep_audit(&within, second(1)).await?, 0);
    assert_eq!(tx.sweep_audit(&within, second(2)).await?, 4);
    assert_eq!(tx.audit(&within, &AuditFilter::default(), &all()).await?, []);
    tx.commit().await
}
