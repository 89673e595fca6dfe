//! Making an export, by a job; and clearing old ones away.

use super::archive::Archive;
use super::{Export, ExportState, KEPT_FOR, MadeExport, contents, files, folder, key};
use crate::access::{Actor, InWorkspace, action};
use crate::error::{Error, Result};
use crate::ids::{ExportId, WorkspaceId};
use crate::kitaab::Kitaab;
use crate::store::Scope;
use crate::work::Work;

/// Makes an export as the person who asked for it. Who lost access meanwhile gets none.
pub(crate) async fn make(kitaab: &Kitaab, system: &Actor, workspace: WorkspaceId, id: ExportId) -> Result<()> {
    let export = {
        let mut work = Work::read(kitaab, system, Scope::System(workspace)).await?;
        let permit = work.may::<action::MakeExport>(InWorkspace(workspace)).await?;
        work.tx()?.export_to_make(&permit, id).await?
    };
    let Some(export) = export.filter(|export| export.state == ExportState::Pending) else { return Ok(()) };
    let made = match write(kitaab, workspace, &export).await {
        Ok(made) => made,
        Err(Error::NotFound | Error::Forbidden(_)) => return end(kitaab, system, workspace, id, None).await.map(drop),
        Err(error) => return Err(error),
    };
    let ended = match end(kitaab, system, workspace, id, Some(made)).await {
        Err(Error::NotFound) => false,
        ended => ended?,
    };
    if !ended && !is_made(kitaab, system, workspace, id, made).await? {
        // Ended by another try, swept or erased meanwhile: nobody would ever look for this file.
        kitaab.blobs()?.delete(&key(workspace, id, made.access_epoch)).await.map_err(Error::Provider)?;
    }
    Ok(())
}

async fn write(kitaab: &Kitaab, workspace: WorkspaceId, export: &Export) -> Result<MadeExport> {
    let person = Actor::person(export.user_id);
    let mut archive = Archive::new()?;
    let access_epoch = contents::write(kitaab, &person, workspace, export, &mut archive).await?;
    let (file, size) = archive.finish()?;
    kitaab.blobs()?.put(&key(workspace, export.id, access_epoch), file).await.map_err(Error::Provider)?;
    Ok(MadeExport { access_epoch, size: i64::try_from(size).unwrap_or(i64::MAX) })
}

/// Notes that an export will not be made.
pub(crate) async fn give_up(work: &mut Work<'_>, workspace: WorkspaceId, id: ExportId) -> Result<()> {
    let now = work.now();
    match work.may::<action::MakeExport>(InWorkspace(workspace)).await {
        Ok(permit) => work.tx()?.end_export(&permit, id, None, now).await.map(drop).map_err(Error::from),
        Err(Error::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn end(kitaab: &Kitaab, system: &Actor, workspace: WorkspaceId, id: ExportId, made: Option<MadeExport>) -> Result<bool> {
    let mut work = Work::write(kitaab, system, Scope::System(workspace)).await?;
    let permit = work.may::<action::MakeExport>(InWorkspace(workspace)).await?;
    let now = work.now();
    let ended = work.tx()?.end_export(&permit, id, made, now).await?;
    work.commit_bare().await?;
    Ok(ended)
}

/// Whether another try ended with the same file.
async fn is_made(kitaab: &Kitaab, system: &Actor, workspace: WorkspaceId, id: ExportId, made: MadeExport) -> Result<bool> {
    let mut work = Work::read(kitaab, system, Scope::System(workspace)).await?;
    let Some(permit) = work.permitted::<action::MakeExport>(InWorkspace(workspace)).await? else { return Ok(false) };
    let export = work.tx()?.export_to_make(&permit, id).await?;
    Ok(export.is_some_and(|export| export.state == ExportState::Ready && export.access_epoch == Some(made.access_epoch)))
}

/// Removes the exports of a workspace that are too old, files first: a row without a file is told as expired.
pub(crate) async fn sweep(kitaab: &Kitaab, system: &Actor, workspace: WorkspaceId) -> Result<u64> {
    let before = kitaab.now().before(KEPT_FOR);
    let old = {
        let mut work = Work::read(kitaab, system, Scope::System(workspace)).await?;
        let permit = work.may::<action::SweepWorkspace>(InWorkspace(workspace)).await?;
        work.tx()?.exports_before(&permit, before).await?
    };
    if old.is_empty() {
        return Ok(0);
    }
    for id in old {
        kitaab.blobs()?.delete_below(&files(workspace, id)).await.map_err(Error::Provider)?;
    }
    let mut work = Work::write(kitaab, system, Scope::System(workspace)).await?;
    let permit = work.may::<action::SweepWorkspace>(InWorkspace(workspace)).await?;
    let gone = work.tx()?.delete_exports(&permit, before).await?;
    work.commit_bare().await?;
    Ok(gone)
}

/// Removes the files of a workspace that is erased.
pub(crate) async fn erase(kitaab: &Kitaab, workspace: WorkspaceId) -> Result<()> {
    kitaab.blobs()?.delete_below(&folder(workspace)).await.map_err(Error::Provider)
}
