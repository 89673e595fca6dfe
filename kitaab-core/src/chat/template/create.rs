//! Writing a template.

use serde::Deserialize;

use super::{NAME_MAX, Template, TemplateView, fill};
use crate::access::{InWorkspace, OnTemplate, action};
use crate::answer::Single;
use crate::chat::{Chat, MESSAGE_MAX};
use crate::error::{Error, Problems, Result};
use crate::ids::WorkspaceId;
use crate::input::{Check, Input};
use crate::text;
use crate::work::{Work, again};
use crate::workspace::scope;

/// The most templates of a workspace.
const TEMPLATES_MAX: i64 = 500;

/// A new canned message.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewTemplate {
    /// What it is called.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 100))]
    pub name: String,
    /// Markdown with places; see the answer.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 10_000))]
    pub text: String,
    /// Whether all of the staff have it.
    pub shared: bool,
}

impl Check for NewTemplate {
    fn check(&mut self, problems: &mut Problems) {
        check_fields(&mut self.name, &mut self.text, problems);
    }
}

pub(super) fn check_fields(name: &mut String, said: &mut String, problems: &mut Problems) {
    text::visible_line(name, "name", NAME_MAX, problems);
    text::required_text(said, "text", MESSAGE_MAX, problems);
    fill::check(said, problems);
}

impl Chat<'_> {
    /// Writes a template; for owner and members. More than 500 of a workspace: 409 `too_many_templates`.
    pub async fn create_template(&self, workspace: WorkspaceId, input: Input<NewTemplate>) -> Result<Single<TemplateView>> {
        let author_id = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::CreateTemplate>(InWorkspace(workspace)).await?;
            if let Some(first) = work.repeated().await? {
                work.commit().await?;
                return Ok(first);
            }
            let NewTemplate { name, text, shared } = input.checked()?;
            if work.tx()?.count_templates(&permit).await? >= TEMPLATES_MAX {
                return Err(Error::conflict("too_many_templates", "There are 500 templates. Delete one first."));
            }
            let now = work.now();
            let template = Template { id: work.id(), author_id, shared, name, text, created_at: now, updated_at: now, version: 1 };
            work.tx()?.insert_template(&permit, &template).await?;
            let can = work.can(OnTemplate(workspace, template.id)).await?;
            let answer = Single::new(template.into(), can);
            work.answer(&answer)?;
            work.commit().await?;
            Ok(answer)
        })
        .await
    }
}
