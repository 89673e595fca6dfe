//! What every change of an entry brings with it.

use super::model::Change;
use super::{EntryKind, LedgerEntry};
use crate::access::{InWorkspace, Ledger, Writes, action};
use crate::activity::{Deed, Verb};
use crate::error::{Problems, Result};
use crate::event::Told;
use crate::ids::{ClientId, ProjectId};
use crate::work::Work;

/// The project and the client that an entry names exist and are not archived.
pub(in crate::finance) async fn references(
    work: &mut Work<'_>,
    project: Option<ProjectId>,
    client: Option<ClientId>,
    problems: &mut Problems,
) -> Result<()> {
    let within = InWorkspace(work.here()?);
    if let Some(project) = project {
        let permit = work.may::<action::ListProjects>(within).await?;
        if work.tx()?.active_projects(&permit, &[project]).await?.is_empty() {
            problems.add("project_id", "not_found", "There is no such project.");
        }
    }
    if let Some(client) = client {
        let permit = work.may::<action::ListClients>(within).await?;
        if work.tx()?.active_client(&permit, client).await?.is_none() {
            problems.add("client_id", "not_found", "There is no such client.");
        }
    }
    Ok(())
}

/// Keeps the version, and tells of it those who may know: owners.
pub(super) async fn record(work: &mut Work<'_>, permit: &Writes<Ledger>, entry: &LedgerEntry, change: Change) -> Result<()> {
    let verb = match change {
        Change::Created => Verb::Created,
        Change::Updated => Verb::Updated,
        Change::Deleted => Verb::Deleted,
    };
    let (at, kind): (_, EntryKind) = (work.now(), entry.kind);
    work.tx()?.append_entry_version(permit, entry, at, change == Change::Deleted).await?;
    work.record(Deed::money(verb, kind.deed(), entry.id.0, entry.project_id));
    work.tell(Told::owner(kind.event(change), entry.id.0, entry.project_id));
    Ok(())
}
