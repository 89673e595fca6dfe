//! Deleting a message: a tombstone stays, and everything it said and that hung on it goes.

use crate::access::{OnMessage, Writes, action};
use crate::chat::Chat;
use crate::error::{Error, Result};
use crate::event::{EventKind, Told};
use crate::ids::{MessageId, UserId, WorkspaceId};
use crate::work::{Work, again};
use crate::workspace::scope;

impl Chat<'_> {
    /// Deletes the own message, or as the owner anybody's, which the audit log notes. A deleted one stays so.
    pub async fn delete(&self, workspace: WorkspaceId, message: MessageId) -> Result<()> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let target = OnMessage(workspace, message);
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            if let Some(permit) = work.permitted::<action::DeleteMessage>(target).await? {
                bury(&mut work, &permit, user).await?;
                return work.commit().await;
            }
            // A member or client hears that somebody else wrote it.
            if work.permitted::<action::RedactMessage>(target).await?.is_none() {
                work.may::<action::DeleteMessage>(target).await?;
            }
            let permit = work.may::<action::RedactMessage>(target).await?;
            if !bury(&mut work, &permit, user).await? {
                work.unchanged::<action::RedactMessage>();
            }
            work.commit().await
        })
        .await
    }
}

async fn bury(work: &mut Work<'_>, permit: &Writes<OnMessage>, by: UserId) -> Result<bool> {
    let now = work.now();
    let (row, project) = work.tx()?.hold_message(permit).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Ok(false);
    }
    work.tx()?.clear_mentions(permit, &row).await?;
    work.tx()?.bury_message(permit, by, now).await?;
    work.tell(Told::channel(EventKind::MessageDeleted, row.channel_id, project, row.id.0));
    Ok(true)
}
