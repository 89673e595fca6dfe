//! A card as the caller sees it.

use serde::{Deserialize, Serialize};

use super::{ClientForClient, ClientForStaff, Clients};
use crate::access::{OnClient, Permit, action};
use crate::answer::Single;
use crate::error::{Error, Result};
use crate::ids::{ClientId, WorkspaceId};
use crate::work::Work;
use crate::workspace::scope;

/// A card: with notes for staff, without for the client whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ClientView {
    /// For owner and members.
    Staff(ClientForStaff),
    /// For the client.
    Own(ClientForClient),
}

impl ClientView {
    /// The version, for the `ETag`.
    #[must_use]
    pub fn version(&self) -> i64 {
        match self {
            Self::Staff(card) => card.version,
            Self::Own(card) => card.version,
        }
    }
}

/// The card and what the caller may do to it.
pub(super) async fn single(work: &mut Work<'_>, permit: &Permit<action::ViewClient>) -> Result<Single<ClientView>> {
    let target = permit.target();
    let client = work.tx()?.client(permit).await?.ok_or(Error::NotFound)?;
    let can = work.can(target).await?;
    if !permit.role().is_staff() {
        return Ok(Single::new(ClientView::Own(client.into()), can));
    }
    let notes = work.may::<action::ViewClientNotes>(target).await?;
    let notes = work.tx()?.client_notes(&notes).await?;
    let status = work.tx()?.client_invitation(permit).await?.map(|times| times.status(work.now()));
    Ok(Single::new(ClientView::Staff(ClientForStaff::new(client, notes, status)), can))
}

impl Clients<'_> {
    /// A card: every one for staff, the own one for a client.
    pub async fn get(&self, workspace: WorkspaceId, client: ClientId) -> Result<Single<ClientView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewClient>(OnClient(workspace, client)).await?;
        single(&mut work, &permit).await
    }
}
