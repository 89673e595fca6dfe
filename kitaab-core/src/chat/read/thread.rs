//! Noting how far one has read a thread.

use serde::{Deserialize, Serialize};

use super::MarkRead;
use crate::access::{OnMessage, action};
use crate::chat::Chat;
use crate::error::{Error, Result};
use crate::event::{EventKind, Told};
use crate::ids::{MessageId, WorkspaceId};
use crate::input::Input;
use crate::work::{Work, again};
use crate::workspace::scope;

/// How far one has read a thread. It drives the list of threads alone; a channel is read as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThreadRead {
    /// The first message of the thread.
    pub thread_id: MessageId,
    /// The last reply that was seen.
    pub read_seq: i64,
    /// Replies by others after it that were not deleted.
    pub unread_count: i64,
}

impl Chat<'_> {
    /// How far the caller has read a thread.
    pub(super) async fn thread_position(&self, workspace: WorkspaceId, thread: MessageId) -> Result<ThreadRead> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewMessage>(OnMessage(workspace, thread)).await?;
        let position = work.tx()?.thread_position(&permit, user).await?;
        Ok(ThreadRead { thread_id: thread, read_seq: position.read_seq, unread_count: position.unread_count })
    }

    /// Notes how far the caller has read the thread that a message is in, or begins.
    pub async fn mark_thread_read(&self, workspace: WorkspaceId, message: MessageId, input: Input<MarkRead>) -> Result<ThreadRead> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let view = work.may::<action::ViewMessage>(OnMessage(workspace, message)).await?;
            let asked = input.checked()?;
            let named = work.tx()?.message(&view, Some(user)).await?.ok_or(Error::NotFound)?.message;
            let root = OnMessage(workspace, named.thread_id.unwrap_or(named.id));
            let permit = work.may::<action::MarkMessage>(root).await?;
            let (now, seq) = (work.now(), asked.seq.unwrap_or_default());
            let to = if asked.mark_unread { super::Position::Before(seq) } else { super::Position::Forward(seq) };
            if work.tx()?.move_thread_position(&permit, user, to, now).await? {
                work.tell(Told::own(EventKind::ReadMoved, user, Some(named.channel_id), root.1.0));
            }
            let position = work.tx()?.thread_position(&permit, user).await?;
            work.commit().await?;
            Ok(ThreadRead { thread_id: root.1, read_seq: position.read_seq, unread_count: position.unread_count })
        })
        .await
    }
}
