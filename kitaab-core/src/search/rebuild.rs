//! Taking in what was there before there was an index, or came back from a backup without one.

use uuid::Uuid;

use super::DocumentKind;
use crate::access::{Actor, InWorkspace, action};
use crate::error::Result;
use crate::ids::WorkspaceId;
use crate::kitaab::Kitaab;
use crate::store::Scope;
use crate::work::{Work, again};

/// How many things a unit takes in.
const PIECE: u32 = 200;

/// Takes in everything of a workspace that is not taken in, piece by piece. What is written meanwhile is taken in by whoever
/// writes it.
pub(crate) async fn rebuild(kitaab: &Kitaab, system: &Actor, workspace: WorkspaceId) -> Result<()> {
    for kind in DocumentKind::ALL {
        let mut after: Option<Uuid> = None;
        loop {
            let last = again(kitaab, || async {
                let mut work = Work::write(kitaab, system, Scope::System(workspace)).await?;
                let permit = work.may::<action::IndexWorkspace>(InWorkspace(workspace)).await?;
                let last = work.tx()?.index_next(&permit, *kind, after, PIECE).await?;
                work.commit().await?;
                Ok(last)
            })
            .await?;
            if last.is_none() {
                break;
            }
            after = last;
        }
    }
    Ok(())
}
