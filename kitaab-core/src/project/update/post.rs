//! Posting an update.

use serde::Deserialize;

use super::{TEXT_MAX, Update, UpdateView, Updates, model};
use crate::access::{OnProject, OnUpdate, action};
use crate::activity::{Deed, Verb};
use crate::answer::Single;
use crate::error::{Error, Problems, Result, Unauthenticated};
use crate::event::{Audience, EventKind, Told};
use crate::ids::{ProjectId, WorkspaceId};
use crate::input::{Check, Input};
use crate::notification::{Notice, Rule};
use crate::text;
use crate::work::{Work, again};
use crate::workspace::{Author, scope};

/// A new update.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewUpdate {
    /// What to tell.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 10_000))]
    #[serde(default)]
    pub text: String,
}

impl Check for NewUpdate {
    fn check(&mut self, problems: &mut Problems) {
        text::required_text(&mut self.text, "text", TEXT_MAX, problems);
    }
}

impl Updates<'_> {
    /// Posts an update to everybody on the project; for the owner.
    pub async fn post(&self, workspace: WorkspaceId, project: ProjectId, input: Input<NewUpdate>) -> Result<Single<UpdateView>> {
        again(self.kitaab, || self.try_post(OnProject(workspace, project), &input)).await
    }

    async fn try_post(&self, target: OnProject, input: &Input<NewUpdate>) -> Result<Single<UpdateView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        let permit = work.may::<action::PostUpdate>(target).await?;
        if let Some(first) = work.repeated().await? {
            work.commit().await?;
            return Ok(first);
        }
        let new = input.checked()?;
        let author = permit.who().user().ok_or(Error::Unauthenticated(Unauthenticated::NoSession))?;
        let now = work.now();
        let update = Update {
            id: work.id(),
            project_id: target.1,
            author: Author { id: author, display_name: String::new(), role: Some(permit.role()) },
            text: new.text,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        work.tx()?.insert_update(&permit, &update).await?;
        work.made::<action::PostUpdate>(update.id.0);
        work.record(Deed::update(Verb::Created, &update));
        work.tell(Told::within(EventKind::UpdateCreated, target.1, Audience::Project(target.1), update.id.0));
        for user in work.tx()?.collaborating_users(&permit).await? {
            if user != author {
                let (subject, project) = (update.id.0, Some(target.1));
                work.notify(Notice { user, rule: Rule::UpdateOfProject, actor: Some(author), subject, channel: None, project });
            }
        }
        let answer = model::single(&mut work, OnUpdate(target.0, update.id)).await?;
        work.answer(&answer)?;
        work.commit().await?;
        Ok(answer)
    }
}
