//! Who sees what of a workspace: its settings are the owner's.

use serde::{Deserialize, Serialize};

use super::Workspace;
use crate::access::{InWorkspace, Permit, Role, action};
use crate::answer::Single;
use crate::error::{Error, Result};
use crate::ids::WorkspaceId;
use crate::time::Timestamp;
use crate::work::Work;

/// How mails and doors look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Brand {
    /// `#rrggbb`.
    pub color: Option<String>,
    /// The logo; always null until files exist.
    pub logo_file_id: Option<uuid::Uuid>,
}

/// A workspace as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkspaceForOwner {
    /// The id.
    pub id: WorkspaceId,
    /// The name.
    pub name: String,
    /// How mails and doors look.
    pub brand: Brand,
    /// IANA name; months of reports are of this zone.
    pub time_zone: String,
    /// ISO 4217; what new amounts are in when nobody says.
    pub currency: String,
    /// When it was founded.
    pub created_at: Timestamp,
    /// Grows with each change; the quoted number is the `ETag`.
    pub version: i64,
}

/// A workspace as members and clients see it: no settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkspaceForOthers {
    /// The id.
    pub id: WorkspaceId,
    /// The name.
    pub name: String,
    /// How mails and doors look.
    pub brand: Brand,
    /// Grows with each change.
    pub version: i64,
}

/// A workspace as the caller sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WorkspaceView {
    /// For the owner.
    Owner(WorkspaceForOwner),
    /// For everybody else in it.
    Other(WorkspaceForOthers),
}

impl From<Workspace> for WorkspaceForOwner {
    fn from(workspace: Workspace) -> Self {
        let Workspace { id, name, brand_color, time_zone, currency, created_at, version } = workspace;
        Self { id, name, brand: Brand { color: brand_color, logo_file_id: None }, time_zone, currency, created_at, version }
    }
}

impl WorkspaceView {
    pub(crate) fn new(workspace: Workspace, role: Role) -> Self {
        if role == Role::Owner {
            return Self::Owner(workspace.into());
        }
        let Workspace { id, name, brand_color, version, .. } = workspace;
        Self::Other(WorkspaceForOthers { id, name, brand: Brand { color: brand_color, logo_file_id: None }, version })
    }

    /// The version, for the `ETag`.
    #[must_use]
    pub fn version(&self) -> i64 {
        match self {
            Self::Owner(view) => view.version,
            Self::Other(view) => view.version,
        }
    }
}

/// The workspace and what the caller may do to it.
pub(super) async fn single(work: &mut Work<'_>, permit: &Permit<action::ViewWorkspace>) -> Result<Single<WorkspaceView>> {
    let workspace = work.tx()?.workspace(permit).await?.ok_or(Error::NotFound)?;
    let can = work.can(InWorkspace(workspace.id)).await?;
    Ok(Single::new(WorkspaceView::new(workspace, permit.role()), can))
}

impl super::Workspaces<'_> {
    /// The workspace as the caller sees it.
    pub async fn get(&self, workspace: WorkspaceId) -> Result<Single<WorkspaceView>> {
        let mut work = Work::read(self.kitaab, self.actor, super::scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewWorkspace>(InWorkspace(workspace)).await?;
        single(&mut work, &permit).await
    }
}
