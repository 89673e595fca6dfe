//! Units of work.

use super::permits;
use super::together::together;
use super::world::{World, all, client, event, id, job, project};
use crate::access::{ActionKind, Role, TargetKind};
use crate::audit::{AuditEntry, Outcome};
use crate::ids::ClientId;
use crate::job::JobCounts;
use crate::store::{AuditFilter, ClientFilter, Closing, Scope, Store, StoreError, StoreResult};

/// What one unit committed, the next one sees.
pub async fn what_is_committed_is_seen_by_the_next_unit(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let farah = client("Farah");
    let mut tx = world.write(store).await?;
    assert!(tx.insert_client(&permits::within(world.workspace), &farah).await?);
    tx.commit().await?;
    let mut tx = world.read(store).await?;
    assert_eq!(tx.client(&permits::on_client(world.workspace, farah.id)).await?, Some(farah));
    Ok(())
}

/// A unit that is dropped leaves neither rows nor events, jobs or audit entries.
pub async fn what_is_dropped_leaves_nothing(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (within, farah) = (permits::within(world.workspace), client("Farah"));
    let closing = Closing::forged(Some(world.workspace));
    let mut tx = world.write(store).await?;
    assert!(tx.insert_client(&within, &farah).await?);
    tx.insert_jobs(&closing, &[job(Some(world.workspace))]).await?;
    let entry = AuditEntry {
        id: id(),
        at: farah.created_at,
        actor_id: Some(world.nikhil),
        role: Role::Owner,
        action: ActionKind::CreateClient,
        target_kind: TargetKind::Client,
        target_id: Some(farah.id.0),
        outcome: Outcome::Done,
        address: None,
        request_id: None,
        reason: None,
    };
    tx.append_audit(&closing, &[entry]).await?;
    assert_eq!(tx.append_events(&closing, &[event()], true).await?.map(|appended| appended.seq), Some(1));
    drop(tx);

    let mut tx = world.write(store).await?;
    assert_eq!(tx.client(&permits::on_client(world.workspace, farah.id)).await?, None);
    assert_eq!(tx.audit(&within, &AuditFilter::default(), &all()).await?, []);
    assert_eq!(tx.job_counts(&permits::instance()).await?, JobCounts { waiting: 0, running: 0, dead: 0 });
    let appended = tx.append_events(&closing, &[event()], false).await?;
    assert_eq!(appended.map(|appended| (appended.seq, appended.access_epoch)), Some((1, 0)), "the number was given back");
    Ok(())
}

/// A statement that fails ends its unit: what follows is refused, and what went before is gone.
pub async fn a_unit_whose_statement_failed_has_ended(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (within, before, after) = (permits::within(world.workspace), project("Before"), project("After"));
    let mut tx = world.write(store).await?;
    tx.insert_project(&within, &before).await?;
    let nobodys: ClientId = id();
    assert!(tx.insert_client_notes(&within, nobodys, "on no card").await.is_err());
    assert!(matches!(tx.insert_project(&within, &after).await, Err(StoreError::Ended)), "nothing follows a failure");
    assert!(matches!(tx.project(&permits::on_project(world.workspace, before.id)).await, Err(StoreError::Ended)), "not even a look");
    assert!(tx.commit().await.is_err(), "what has ended is not committed");

    let mut tx = world.read(store).await?;
    for gone in [before, after] {
        assert_eq!(tx.project(&permits::on_project(world.workspace, gone.id)).await?, None);
    }
    Ok(())
}

/// Units that run at the same time all keep what they wrote.
pub async fn writers_at_the_same_time_lose_nothing(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (world, within) = (&world, &permits::within(world.workspace));
    let written = together((0..12).map(|n| async move {
        let card = client(&format!("Guest {n:02}"));
        let mut tx = world.write(store).await?;
        assert!(tx.insert_client(within, &card).await?);
        tx.append_events(&Closing::forged(Some(world.workspace)), &[event()], false).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(card)
    }))
    .await;
    let mut tx = store.read(Scope::System(world.workspace)).await?;
    let filter = ClientFilter { part: Some("guest".into()), archived: false };
    let found: Vec<_> = tx.clients(within, &filter, &all()).await?.into_iter().map(|row| row.client).collect();
    assert_eq!(found, written.into_iter().collect::<StoreResult<Vec<_>>>()?);
    Ok(())
}
