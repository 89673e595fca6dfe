//! Changing what one has said, for a while; what it said before is kept.

use serde::Deserialize;

use super::view::{MessageView, single};
use super::{Message, compose};
use crate::access::{OnMessage, action};
use crate::answer::Single;
use crate::chat::Chat;
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{MessageId, WorkspaceId};
use crate::input::{Check, Input};
use crate::work::{Work, again};
use crate::workspace::scope;

/// What a message is to say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditMessage {
    /// Markdown.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 10_000))]
    #[serde(default)]
    pub text: String,
}

impl Check for EditMessage {
    fn check(&mut self, problems: &mut Problems) {
        compose::check_text(&mut self.text, problems);
    }
}

/// The most earlier versions that a message has: `history` answers all of them.
const VERSIONS_MAX: i64 = 100;

pub(super) fn deleted() -> Error {
    Error::conflict("message_deleted", "This message was deleted.")
}

impl Chat<'_> {
    /// Changes the own message. After 15 minutes (or what the operator set): 409 `edit_window_over`; somebody else's: 403
    /// `not_author`; a deleted one: 409 `message_deleted`; after 100 changes: 409 `too_many_edits`. Changes are paced as posts
    /// are. Who is newly mentioned is.
    pub async fn edit(&self, workspace: WorkspaceId, message: MessageId, input: Input<EditMessage>) -> Result<Single<MessageView>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        // A change may well bring back what was said before, so its text does not count.
        self.kitaab.pace().check(self.kitaab, user, "")?;
        again(self.kitaab, || self.try_edit(OnMessage(workspace, message), &input)).await
    }

    async fn try_edit(&self, target: OnMessage, input: &Input<EditMessage>) -> Result<Single<MessageView>> {
        let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, target.0)).await?;
        let permit = work.may::<action::EditMessage>(target).await?;
        let mut problems = Problems::default();
        let change = input.check_into(&mut problems)?;
        let (row, project) = work.tx()?.hold_message(&permit).await?.ok_or(Error::NotFound)?;
        let Some(before) = &row.text else { return Err(deleted()) };
        let mentions = compose::mentions(&change.text, &mut problems);
        if !mentions.people.is_empty() {
            let inside = work.tx()?.people_around(&permit).await?;
            compose::check_mentioned(&mentions, &inside, &mut problems);
        }
        problems.into_result()?;
        if *before != change.text {
            let edited = Message { text: Some(change.text), edited_at: Some(work.now()), ..row.clone() };
            if work.tx()?.edit_message(&permit, &row, &edited).await? > VERSIONS_MAX {
                return Err(Error::conflict("too_many_edits", "This message was changed a hundred times. Write a new one."));
            }
            let counted: Vec<_> = compose::counted(&mentions, row.author_id).into_iter().map(|person| (&row, person)).collect();
            let closing = work.closing();
            work.tx()?.clear_mentions(&permit, &row).await?;
            work.tx()?.insert_mentions(&closing, &counted).await?;
            work.tell(Told::channel(EventKind::MessageEdited, row.channel_id, project, row.id.0));
        }
        let permit = work.may::<action::ViewMessage>(target).await?;
        let answer = single(&mut work, &permit).await?;
        work.commit().await?;
        Ok(answer)
    }
}
