//! Exports.

use super::permits;
use super::world::{World, export, second};
use crate::export::{Export, ExportScope, ExportState, MadeExport};
use crate::store::{Scope, Store, StoreResult};

/// Seen by whoever asked for it, ended once, and forgotten when it is old.
pub async fn an_export_is_its_persons_and_ends_once(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let within = permits::within(world.workspace);
    let asked = Export { scope: ExportScope::Mine, created_at: second(5), ..export(world.mridul) };
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    tx.insert_export(&within, &asked).await?;
    assert_eq!(tx.export(&within, world.mridul, asked.id).await?, Some(asked.clone()));
    assert_eq!(tx.export(&within, world.nikhil, asked.id).await?, None, "somebody else's");
    assert_eq!(tx.export_to_make(&within, asked.id).await?, Some(asked.clone()));
    let made = MadeExport { access_epoch: 7, size: 9_000_000_000 };
    assert!(tx.end_export(&within, asked.id, Some(made), second(8)).await?);
    assert!(!tx.end_export(&within, asked.id, None, second(9)).await?, "it has ended");
    let ready =
        Export { state: ExportState::Ready, access_epoch: Some(7), size: Some(9_000_000_000), ended_at: Some(second(8)), ..asked.clone() };
    assert_eq!(tx.export(&within, world.mridul, asked.id).await?, Some(ready));
    assert!(tx.end_export(&within, world.export, None, second(8)).await?);
    let failed = tx.export(&within, world.nikhil, world.export).await?.expect("it is there");
    assert_eq!((failed.state, failed.size), (ExportState::Failed, None));
    assert_eq!(tx.exports_before(&within, second(5)).await?, [world.export]);
    assert_eq!(tx.delete_exports(&within, second(5)).await?, 1);
    assert_eq!(tx.export(&within, world.nikhil, world.export).await?, None);
    assert_eq!(tx.exports_before(&within, second(9)).await?, [asked.id]);
    tx.commit().await
}

/// All comments of a project on a page, for a client those they may see; all versions of all entries.
pub async fn comments_and_history_are_read_whole(store: &dyn Store) -> StoreResult<()> {
    use super::world::{all, comment, expense};
    use crate::access::Reach;
    use crate::page::Span;
    use crate::project::TaskComment;
    let world = World::found(store).await?;
    let (site, ledger) = (permits::on_project(world.workspace, world.website), permits::ledger(world.workspace));
    let mine = permits::project_reaching(world.workspace, world.website, world.mridul, world.card, Reach::Assigned(world.card));
    let mut tx = world.write(store).await?;
    let internal = TaskComment { client_visible: false, ..comment(world.task, world.meera, "Too cheap.") };
    let on_internal = comment(world.internal, world.meera, "By a tenth.");
    for each in [&internal, &on_internal] {
        tx.insert_task_comment(&permits::on_task(world.workspace, each.task_id), each).await?;
    }
    let ids = |found: Vec<TaskComment>| found.into_iter().map(|comment| comment.id).collect::<Vec<_>>();
    assert_eq!(ids(tx.project_comments(&site, &all()).await?), [world.comment, internal.id, on_internal.id]);
    assert_eq!(ids(tx.project_comments(&site, &Span { after: Some(world.comment), limit: 1 }).await?), [internal.id]);
    assert_eq!(ids(tx.project_comments(&mine, &all()).await?), [world.comment]);
    assert_eq!(ids(tx.project_comments(&permits::on_project(world.workspace, world.shop), &all()).await?), []);
    let second_entry = expense("7 EUR", None);
    tx.insert_entry(&ledger, &second_entry).await?;
    for version in [1, 2] {
        let entry = crate::finance::LedgerEntry { version, ..second_entry.clone() };
        tx.append_entry_version(&ledger, &entry, second(version), false).await?;
    }
    let gone = expense("8 EUR", None);
    tx.insert_entry(&ledger, &gone).await?;
    tx.append_entry_version(&ledger, &gone, second(1), false).await?;
    assert!(tx.update_entry(&ledger, &crate::finance::LedgerEntry { version: 2, ..gone }, Some(second(2))).await?);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = tx.ledger_history(&ledger, after, 1).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.entry.id, last.version));
        seen.extend(page.into_iter().map(|version| (version.entry.id, version.version, version.deleted)));
    }
    assert_eq!(seen, [(world.expense, 1, false), (second_entry.id, 1, false), (second_entry.id, 2, false)]);
    tx.commit().await
}
