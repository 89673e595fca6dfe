//! Changing an update.

use serde::Deserialize;

use super::{TEXT_MAX, Update, UpdateView, Updates, model};
use crate::access::{OnUpdate, action};
use crate::activity::{Deed, Verb};
use crate::answer::Single;
use crate::error::{Error, Problems, Result};
use crate::event::{Audience, EventKind, Told};
use crate::ids::{UpdateId, WorkspaceId};
use crate::input::{Check, Input};
use crate::store::StoreError;
use crate::text;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A change of an update. Absent fields stay.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditUpdate {
    /// What to tell.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10_000))]
    pub text: Option<String>,
}

impl Check for EditUpdate {
    fn check(&mut self, problems: &mut Problems) {
        if let Some(said) = &mut self.text {
            text::required_text(said, "text", TEXT_MAX, problems);
        }
    }
}

impl Updates<'_> {
    /// An update, for everybody on its project.
    pub async fn get(&self, workspace: WorkspaceId, update: UpdateId) -> Result<Single<UpdateView>> {
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        model::single(&mut work, OnUpdate(workspace, update)).await
    }

    /// Changes an update; for the owner. With `if_match`, only if it still has this version.
    pub async fn update(
        &self,
        workspace: WorkspaceId,
        update: UpdateId,
        input: Input<EditUpdate>,
        if_match: Option<i64>,
    ) -> Result<Single<UpdateView>> {
        again(self.kitaab, || self.try_update(OnUpdate(workspace, update), &input, if_match)).await
    }

    async fn try_update(&self, target: OnUpdate, input: &Input<EditUpdate>, if_match: Option<i64>) -> Result<Single<UpdateView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        let permit = work.may::<action::EditUpdate>(target).await?;
        let change = input.checked()?;
        let before = work.tx()?.update(&permit).await?.ok_or(Error::NotFound)?;
        let expected = if_match.unwrap_or(before.version);
        if expected != before.version {
            return Err(Error::Stale { current_version: before.version });
        }
        let after = Update { text: change.text.unwrap_or(before.text), updated_at: work.now(), ..before };
        if !work.tx()?.update_update(&permit, &after, expected).await? {
            return Err(StoreError::Conflict.into());
        }
        work.record(Deed::update(Verb::Updated, &after));
        let project = after.project_id;
        work.tell(Told::within(EventKind::UpdateUpdated, project, Audience::Project(project), after.id.0));
        let answer = model::single(&mut work, target).await?;
        work.commit().await?;
        Ok(answer)
    }
}
