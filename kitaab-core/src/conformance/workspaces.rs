//! Workspaces.

use super::permits;
use super::portrait::portrait;
use super::world::{World, second};
use crate::access::Role;
use crate::store::{Scope, Store, StoreResult};
use crate::workspace::Workspace;

/// Founded with its owner, and changed by whoever saw it last.
pub async fn workspaces_are_founded_and_changed(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let mut tx = world.write(store).await?;
    let founded = tx.workspace(&within).await?.expect("the workspace");
    assert_eq!((founded.name.as_str(), founded.version), ("Nikhil's Studio", 1));
    let nikhil = tx.person(&permits::on_person(world.workspace, world.nikhil)).await?;
    assert_eq!(nikhil.map(|nikhil| (nikhil.role, nikhil.client_id, nikhil.invited_by)), Some((Role::Owner, None, None)));

    let changed = Workspace { name: "Atelier".into(), brand_color: Some("#aa3355".into()), currency: "CHF".into(), ..founded };
    assert!(tx.update_workspace(&within, &changed, 1).await?);
    assert!(!tx.update_workspace(&within, &changed, 1).await?, "it is of another version by now");
    assert_eq!(tx.workspace(&within).await?, Some(Workspace { version: 2, ..changed }));
    tx.commit().await
}

/// The second time says that it was.
pub async fn a_workspace_is_deleted_once(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let mut tx = world.write(store).await?;
    assert!(tx.delete_workspace(&within, second(1)).await?);
    assert!(!tx.delete_workspace(&within, second(2)).await?);
    tx.commit().await
}

/// Only what was deleted is erased, and nothing of another workspace goes with it.
pub async fn an_erased_workspace_is_gone_and_its_neighbour_is_not(store: &dyn Store) -> StoreResult<()> {
    let (world, other) = (World::found(store).await?, World::found(store).await?);
    let (within, before) = (permits::within(world.workspace), portrait(store, &other).await?);
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    assert!(!tx.erase_workspace(&within, second(3)).await?, "it is not deleted");
    assert!(tx.delete_workspace(&within, second(2)).await?);
    assert!(!tx.erase_workspace(&within, second(1)).await?, "its grace is not over");
    assert!(tx.erase_workspace(&within, second(2)).await?);
    assert!(!tx.erase_workspace(&within, second(2)).await?, "it is gone");
    tx.commit().await?;

    let mut tx = store.write(Scope::System(world.workspace)).await?;
    assert_eq!(tx.workspace(&within).await?, None);
    assert_eq!(tx.client(&permits::on_client(world.workspace, world.card)).await?, None);
    let mut there = tx.workspaces_after(&permits::instance(), None, 10).await?;
    there.retain(|workspace| *workspace == world.workspace || *workspace == other.workspace);
    assert_eq!(there, [other.workspace]);
    drop(tx);
    assert_eq!(portrait(store, &other).await?, before);
    Ok(())
}
