//! Asking for an export, and how far it is.

use serde::Deserialize;

use super::link::Link;
use super::{Export, ExportScope, ExportState, ExportStatus, ExportView, Exports, LINK_TTL};
use crate::access::{InWorkspace, action};
use crate::error::{Error, Problems, Result};
use crate::ids::{ExportId, WorkspaceId};
use crate::input::{Check, Input};
use crate::job::JobKind;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A wish for an export.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewExport {
    /// How much it shall have.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = ExportScope))]
    pub scope: Option<ExportScope>,
}

impl Check for NewExport {
    fn check(&mut self, problems: &mut Problems) {
        if self.scope.is_none() {
            problems.add("scope", "required", "Say how much: workspace or mine.");
        }
    }
}

impl Exports<'_> {
    /// Has an export made. Needs a password typed just now; `workspace` is for owners alone.
    pub async fn create(&self, workspace: WorkspaceId, input: Input<NewExport>) -> Result<ExportView> {
        again(self.kitaab, || async {
            let here = InWorkspace(workspace);
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let mine = work.may::<action::ExportMine>(here).await?;
            if let Some(first) = work.repeated::<ExportView>().await? {
                work.commit().await?;
                return Ok(first);
            }
            let user_id = work.actor().user().ok_or(Error::NotFound)?;
            let asked = input.checked()?.scope.unwrap_or(ExportScope::Mine);
            if asked == ExportScope::Workspace {
                work.may::<action::ExportWorkspace>(here).await?;
                work.unchanged::<action::ExportMine>();
            }
            let export = Export {
                id: work.id(),
                user_id,
                scope: asked,
                state: ExportState::Pending,
                role: mine.role(),
                access_epoch: None,
                size: None,
                created_at: work.now(),
                ended_at: None,
            };
            work.tx()?.insert_export(&mine, &export).await?;
            work.made::<action::ExportMine>(export.id.0);
            work.made::<action::ExportWorkspace>(export.id.0);
            work.enqueue(JobKind::MakeExport, export.id.0, 0, "once");
            let view = ExportView::new(&export, ExportStatus::Pending, None);
            work.answer(&view)?;
            work.commit().await?;
            Ok(view)
        })
        .await
    }

    /// How far one's own export is, and a link to it once it is made, which needs a password typed just now.
    pub async fn get(&self, workspace: WorkspaceId, export: ExportId) -> Result<ExportView> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewExports>(InWorkspace(workspace)).await?;
        let user = work.actor().user().ok_or(Error::NotFound)?;
        let export = work.tx()?.export(&permit, user, export).await?.ok_or(Error::NotFound)?;
        let status = export.status(work.now(), permit.role(), work.access_epoch());
        if status == ExportStatus::Ready {
            work.may::<action::LinkExport>(InWorkspace(workspace)).await?;
        }
        let link = (status == ExportStatus::Ready).then(|| {
            let expires_at = work.now().after(LINK_TTL);
            let link = Link { workspace, export: export.id, user, expires_at };
            (self.kitaab.url(&format!("/downloads/{}", link.sign(self.kitaab.keys()))), expires_at)
        });
        Ok(ExportView::new(&export, status, link))
    }
}
