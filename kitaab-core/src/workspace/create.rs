//! Founding a workspace: at sign-up, or later by somebody who has an account.

use serde::Deserialize;

use super::{Membership, Workspace, WorkspaceForOwner, Workspaces};
use crate::access::{InWorkspace, Own, Proof, Role, action};
use crate::answer::Single;
use crate::error::{Error, Problems, Result};
use crate::ids::{UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::store::Scope;
use crate::text;
use crate::work::Work;

/// Workspaces that one person may own.
const MAX_OWNED: usize = 20;

/// A workspace of one's own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewWorkspace {
    /// The name; mails and doors bear it.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 200))]
    #[serde(default)]
    pub name: String,
}

impl Check for NewWorkspace {
    fn check(&mut self, problems: &mut Problems) {
        text::name(&mut self.name, "name", problems);
    }
}

/// Founds a workspace whose owner is `user`, in a unit with the system's scope of `id`.
pub(crate) async fn found(work: &mut Work<'_>, id: WorkspaceId, user: UserId, name: String) -> Result<WorkspaceForOwner> {
    let permit = work.may_with::<action::FoundWorkspace>(Own(user), Proof::of_account(user)).await?;
    let now = work.now();
    let workspace = Workspace { id, name, brand_color: None, time_zone: "UTC".into(), currency: "EUR".into(), created_at: now, version: 1 };
    let owner =
        Membership { user_id: user, role: Role::Owner, client_id: None, invited_by: None, invitation_accepted_at: None, created_at: now };
    let log_epoch = i64::from_be_bytes(work.kitaab().random());
    work.tx()?.found_workspace(&permit, &workspace, &owner, log_epoch).await?;
    Ok(workspace.into())
}

impl Workspaces<'_> {
    /// Founds a workspace of one's own; a client becomes a freelancer besides.
    pub async fn create(&self, input: Input<NewWorkspace>) -> Result<Single<WorkspaceForOwner>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, Scope::Person(user)).await?;
        let permit = work.may::<action::CreateWorkspace>(Own(user)).await?;
        let new = input.checked()?;
        let belongings = work.tx()?.belongings(&permit).await?;
        drop(work);
        if belongings.iter().filter(|belonging| belonging.role == Role::Owner).count() >= MAX_OWNED {
            return Err(Error::conflict("too_many_workspaces", "You own as many workspaces as one person may."));
        }
        let id: WorkspaceId = self.kitaab.id(self.kitaab.now());
        let mut work = Work::write(self.kitaab, self.actor, Scope::System(id)).await?;
        work.may::<action::CreateWorkspace>(Own(user)).await?;
        let workspace = found(&mut work, id, user, new.name).await?;
        let can = work.can(InWorkspace(id)).await?;
        work.commit().await?;
        Ok(Single::new(workspace, can))
    }
}
