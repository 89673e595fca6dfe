//! Posting a message: once, however often it is sent.

use serde::Deserialize;
use uuid::Uuid;

use super::compose;
use super::view::MessageView;
use crate::chat::Chat;
use crate::error::{Problems, Result};
use crate::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::store::StoreError;

/// A new message.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMessage {
    /// The sender's own name for it, 1 to 64 visible ASCII characters, the same on every retry: a message is made once.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 64, pattern = "^[!-~]+$"))]
    #[serde(default)]
    pub client_message_id: String,
    /// Markdown. `<@USER_ID>` mentions somebody in the channel, `<!channel>` everybody.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 10_000))]
    #[serde(default)]
    pub text: String,
    /// The message of this channel that it answers.
    pub reply_to: Option<MessageId>,
    /// A message of this channel that it quotes.
    pub quote_of: Option<MessageId>,
    /// Files that were uploaded before.
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    #[serde(default)]
    pub file_ids: Vec<Uuid>,
}

impl Check for NewMessage {
    fn check(&mut self, problems: &mut Problems) {
        compose::check_client_message_id(&self.client_message_id, problems);
        compose::check_text(&mut self.text, problems);
        for index in 0..self.file_ids.len().min(10) {
            problems.add(format!("file_ids[{index}]"), "not_found", "There is no such file.");
        }
    }
}

/// A message, and whether this call made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The message, as it is now.
    pub message: MessageView,
    /// False if the same message was posted before: then whatever this call said has no effect.
    pub made: bool,
}

/// A post on its way.
#[derive(Debug)]
pub(in crate::chat) struct Post {
    pub(in crate::chat) actor: crate::access::Actor,
    pub(in crate::chat) author: UserId,
    pub(in crate::chat) channel: ChannelId,
    pub(in crate::chat) input: Input<NewMessage>,
    pub(in crate::chat) origin: Origin,
}

/// Where a post comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chat) enum Origin {
    /// Somebody wrote it just now; what they had begun to write is used up by it.
    Written,
    /// It was said elsewhere, in this message; its permit was asked for before.
    Forwarded(MessageId),
    /// It waited for its time.
    Scheduled,
}

impl Post {
    /// The sender's own name for it, as far as it was read.
    pub(super) fn client_message_id(&self) -> String {
        // What cannot be read is no repeat of anything.
        self.input.peek().map(|new| new.client_message_id.clone()).unwrap_or_default()
    }
}

impl Chat<'_> {
    /// Posts a message to a channel that the caller may write in. Returns once it is on disk.
    ///
    /// A repeat with the same `client_message_id` answers the message as it is now, whatever else it says.
    pub async fn post(&self, workspace: WorkspaceId, channel: ChannelId, input: Input<NewMessage>) -> Result<Posted> {
        let author = self.kitaab.accounts(self.actor).require()?;
        let post = Post { actor: self.actor.clone(), author, channel, input, origin: Origin::Written };
        self.send(workspace, post).await
    }

    /// Sends a post down the lane of its workspace.
    pub(super) async fn send(&self, workspace: WorkspaceId, post: Post) -> Result<Posted> {
        let (channel, author) = (post.channel, post.author);
        let text = post.input.peek().map(|new| new.text.clone()).unwrap_or_default();
        self.kitaab.pace().check(self.kitaab, post.author, &text)?;
        let answer = self.kitaab.lanes().enter(self.kitaab, workspace, post);
        // The lane ends only with the process.
        let answer = answer.await.map_err(|_| StoreError::Ended)?;
        self.kitaab.hub().typed(workspace, channel, author);
        answer
    }
}
