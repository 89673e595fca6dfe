//! Reacting to a message, and taking that back.

use super::view::{MessageView, single};
use crate::access::{OnMessage, action};
use crate::answer::Single;
use crate::chat::{Chat, Emoji, REACTIONS_MAX};
use crate::error::{Error, Result};
use crate::event::{EventKind, Told};
use crate::ids::{MessageId, WorkspaceId};
use crate::work::{Work, again};
use crate::workspace::scope;

impl Chat<'_> {
    /// Reacts with one emoji; once is enough. A message has at most 50 different ones.
    pub async fn react(&self, workspace: WorkspaceId, message: MessageId, emoji: &str) -> Result<Single<MessageView>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let target = OnMessage(workspace, message);
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::ReactToMessage>(target).await?;
            let emoji = Emoji::read(emoji)?;
            let now = work.now();
            let (row, project) = work.tx()?.hold_message(&permit).await?.ok_or(Error::NotFound)?;
            if row.deleted_at.is_some() {
                return Err(super::edit::deleted());
            }
            if work.tx()?.different_reactions(&permit, &emoji).await? >= REACTIONS_MAX {
                return Err(Error::conflict("too_many_reactions", "This message has 50 different reactions. Use one of them."));
            }
            if work.tx()?.add_reaction(&permit, user, &emoji, now).await? {
                let told = Told::channel(EventKind::ReactionAdded, row.channel_id, project, row.id.0);
                work.tell(Told { detail: Some(emoji.to_string()), ..told });
            }
            let permit = work.may::<action::ViewMessage>(target).await?;
            let answer = single(&mut work, &permit).await?;
            work.commit().await?;
            Ok(answer)
        })
        .await
    }

    /// Takes the own reaction back; without one nothing happens.
    pub async fn unreact(&self, workspace: WorkspaceId, message: MessageId, emoji: &str) -> Result<()> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::ReactToMessage>(OnMessage(workspace, message)).await?;
            let emoji = Emoji::read(emoji)?;
            let (row, project) = work.tx()?.hold_message(&permit).await?.ok_or(Error::NotFound)?;
            if work.tx()?.remove_reaction(&permit, user, &emoji).await? {
                let told = Told::channel(EventKind::ReactionRemoved, row.channel_id, project, row.id.0);
                work.tell(Told { detail: Some(emoji.to_string()), ..told });
            }
            work.commit().await
        })
        .await
    }
}
