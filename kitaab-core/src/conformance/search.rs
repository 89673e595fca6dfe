//! Candidates of a search.

use uuid::Uuid;

use super::permits;
use super::portrait::{PATIENCE, sought};
use super::world::World;
use crate::ids::WorkspaceId;
use crate::search::DocumentKind;
use crate::store::{DocumentPlace, Scope, Sought, Store, StoreResult};

/// The ids of all that may match, page by page.
async fn named(store: &dyn Store, workspace: WorkspaceId, sought: &Sought, limit: u32) -> StoreResult<Vec<Uuid>> {
    let mut tx = store.read(Scope::System(workspace)).await?;
    let (mut found, mut below): (Vec<Uuid>, Option<DocumentPlace>) = (Vec::new(), None);
    loop {
        let page = tx.candidates(&permits::within(workspace), sought, below, limit, PATIENCE).await?;
        assert!(!page.late && page.found.is_sorted_by(|a, b| a.0 > b.0), "newest first: {page:?}");
        below = page.found.last().map(|(place, _)| *place).or(below);
        found.extend(page.found.into_iter().map(|(place, _)| place.id));
        if !page.more {
            return Ok(found);
        }
    }
}

/// Page by page the same as at once, and each list narrows it.
pub async fn candidates_page_without_holes_and_keep_within_reach(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    World::found(store).await?;
    let all = named(store, world.workspace, &sought(), 99).await?;
    let things = [world.website.0, world.shop.0, world.task.0, world.internal.0, world.comment.0, world.message.0, world.card.0];
    assert!(things.iter().all(|id| all.contains(id)) && all.len() == things.len() + 1, "{all:?}");
    assert_eq!(named(store, world.workspace, &sought(), 1).await?, all);
    let of = |kind: DocumentKind, sought: Sought| Sought { kinds: vec![kind], ..sought };
    for (narrowed, expected) in [
        (of(DocumentKind::Message, sought()), vec![world.message.0]),
        (of(DocumentKind::Message, Sought { channels: Some(vec![world.website_channel]), ..sought() }), vec![]),
        (of(DocumentKind::Message, Sought { channels: Some(vec![world.page]), ..sought() }), vec![world.message.0]),
        (of(DocumentKind::Message, Sought { authors: Some(vec![world.nikhil]), ..sought() }), vec![]),
        (of(DocumentKind::Message, Sought { link: true, ..sought() }), vec![]),
        (of(DocumentKind::Project, Sought { projects: Some(vec![world.shop]), ..sought() }), vec![world.shop.0]),
        (of(DocumentKind::Task, Sought { internal: false, ..sought() }), vec![world.task.0]),
        (of(DocumentKind::Task, Sought { task_projects: Some(vec![world.shop]), ..sought() }), vec![]),
        (of(DocumentKind::TaskComment, Sought { comment_projects: Some(vec![]), ..sought() }), vec![]),
        (Sought { terms: vec!["raise the price".into()], ..sought() }, vec![world.internal.0]),
        (Sought { terms: vec!["raise the price".into()], internal: false, ..sought() }, vec![]),
        (Sought { terms: vec!["%".repeat(3)], ..sought() }, vec![]),
        (Sought { part: Some(("aw".into(), 9)), ..sought() }, vec![world.task.0]),
    ] {
        assert_eq!(named(store, world.workspace, &narrowed, 99).await?, expected, "{narrowed:?}");
    }
    Ok(())
}

/// Taking in goes through everything once, and what is there already stays as it is.
pub async fn what_is_there_is_taken_in_piece_by_piece(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let before = named(store, world.workspace, &sought(), 99).await?;
    let (mut after, mut pieces) = (None, 0);
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    while let Some(last) = tx.index_next(&permits::within(world.workspace), DocumentKind::Task, after, 1).await? {
        assert!(after < Some(last));
        (after, pieces) = (Some(last), pieces + 1);
    }
    assert_eq!(pieces, 2);
    tx.commit().await?;
    assert_eq!(named(store, world.workspace, &sought(), 99).await?, before);
    Ok(())
}
