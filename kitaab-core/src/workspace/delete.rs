//! Deleting a workspace: hidden at once, destroyed when its grace is over.

use std::time::Duration;

use serde::Deserialize;

use super::Workspaces;
use crate::access::{InWorkspace, action};
use crate::error::{Error, Problems, Result};
use crate::event::{Part, Told};
use crate::ids::WorkspaceId;
use crate::input::{Check, Input};
use crate::job::JobKind;
use crate::work::{Work, again};

/// How long a deleted workspace can still be brought back by whoever runs the instance.
pub const GRACE: Duration = Duration::from_hours(30 * 24);

/// The name of the workspace, typed to show that it is meant.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteWorkspace {
    /// The name of the workspace as it is shown.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    #[serde(default)]
    pub confirm: String,
}

impl Check for DeleteWorkspace {
    fn check(&mut self, problems: &mut Problems) {
        if self.confirm.is_empty() {
            problems.add("confirm", "required", "Type the name of the workspace.");
        }
    }
}

impl Workspaces<'_> {
    /// Deletes the workspace for everybody in it. Needs a fresh sign-in and its name.
    pub async fn delete(&self, workspace: WorkspaceId, input: Input<DeleteWorkspace>) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, super::scope(self.actor, workspace)).await?;
            let permit = work.may::<action::DeleteWorkspace>(InWorkspace(workspace)).await?;
            let given = input.checked()?;
            let row = work.tx()?.workspace(&permit).await?.ok_or(Error::NotFound)?;
            if given.confirm.trim() != row.name {
                return Err(Error::field("confirm", "mismatch", "Type the name of the workspace exactly as it is shown."));
            }
            let now = work.now();
            if !work.tx()?.delete_workspace(&permit, now).await? {
                return Err(Error::NotFound);
            }
            work.enqueue_at(JobKind::EraseWorkspace, workspace.0, 0, now.micros(), now.after(GRACE));
            for person in work.tx()?.everybody(&permit).await? {
                work.access_changed(Told::lost(person, Part::Workspace(workspace)));
            }
            work.commit().await
        })
        .await
    }
}
