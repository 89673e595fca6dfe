//! Changing a template, and throwing one away.

use serde::Deserialize;

use super::create::check_fields;
use super::{Template, TemplateView};
use crate::access::{OnTemplate, action};
use crate::answer::Single;
use crate::chat::Chat;
use crate::error::{Error, Problems, Result};
use crate::ids::{TemplateId, WorkspaceId};
use crate::input::{Check, Input};
use crate::store::StoreError;
use crate::work::{Work, again};
use crate::workspace::scope;

/// A change of a template. Absent fields stay.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateTemplate {
    /// What it is called.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: Option<String>,
    /// Markdown with places.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10_000))]
    pub text: Option<String>,
    /// Whether all of the staff have it.
    pub shared: Option<bool>,
}

impl Check for UpdateTemplate {
    fn check(&mut self, problems: &mut Problems) {
        // What is absent is checked as something that is fine.
        let (mut name, mut text) = (self.name.take(), self.text.take());
        check_fields(name.as_mut().unwrap_or(&mut "x".into()), text.as_mut().unwrap_or(&mut "x".into()), problems);
        (self.name, self.text) = (name, text);
    }
}

impl Chat<'_> {
    /// Changes a template: one's own, and for the owner any that is shared. With `if_match`, only if it still has this version.
    pub async fn update_template(
        &self,
        workspace: WorkspaceId,
        template: TemplateId,
        input: Input<UpdateTemplate>,
        if_match: Option<i64>,
    ) -> Result<Single<TemplateView>> {
        again(self.kitaab, || async {
            let target = OnTemplate(workspace, template);
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::EditTemplate>(target).await?;
            let change = input.checked()?;
            let before = work.tx()?.template(&permit).await?.ok_or(Error::NotFound)?;
            let expected = if_match.unwrap_or(before.version);
            if expected != before.version {
                return Err(Error::Stale { current_version: before.version });
            }
            let after = Template {
                name: change.name.unwrap_or(before.name),
                text: change.text.unwrap_or(before.text),
                shared: change.shared.unwrap_or(before.shared),
                updated_at: work.now(),
                ..before
            };
            if !work.tx()?.update_template(&permit, &after, expected).await? {
                return Err(StoreError::Conflict.into());
            }
            let can = work.can(target).await?;
            work.commit().await?;
            Ok(Single::new(Template { version: expected + 1, ..after }.into(), can))
        })
        .await
    }

    /// Throws a template away: one's own, and for the owner any that is shared.
    pub async fn delete_template(&self, workspace: WorkspaceId, template: TemplateId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::EditTemplate>(OnTemplate(workspace, template)).await?;
            if !work.tx()?.delete_template(&permit).await? {
                return Err(Error::NotFound);
            }
            work.commit().await
        })
        .await
    }
}
