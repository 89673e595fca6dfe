//! Forwarding a message into another channel.

use serde::Deserialize;

use super::compose;
use super::post::{NewMessage, Origin, Post, Posted};
use crate::access::{OnChannel, OnMessage, action};
use crate::chat::{Chat, names};
use crate::error::{Error, Problems, Result};
use crate::ids::{ChannelId, MessageId, WorkspaceId};
use crate::input::{Check, Input};
use crate::work::Work;
use crate::workspace::scope;

/// Where a message is forwarded to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Forward {
    /// A channel that the caller may write in.
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = ChannelId))]
    pub channel_id: Option<ChannelId>,
    /// The sender's own name for the new message, as when posting.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 64, pattern = "^[!-~]+$"))]
    #[serde(default)]
    pub client_message_id: String,
}

impl Check for Forward {
    fn check(&mut self, problems: &mut Problems) {
        compose::check_client_message_id(&self.client_message_id, problems);
        if self.channel_id.is_none() {
            problems.add("channel_id", "required", "Say into which channel.");
        }
    }
}

impl Chat<'_> {
    /// Says in another channel what was said in this one. It names the first message in `quote_of`, which opens for
    /// whoever is in its channel, and mentions nobody anew.
    pub async fn forward(&self, workspace: WorkspaceId, message: MessageId, input: Input<Forward>) -> Result<Posted> {
        let author = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewMessage>(OnMessage(workspace, message)).await?;
        let mut problems = Problems::default();
        let given = input.check_into(&mut problems)?;
        let row = work.tx()?.message(&permit, Some(author)).await?.ok_or(Error::NotFound)?.message;
        let mut known = Vec::new();
        if let Some(channel) = given.channel_id {
            match work.permitted::<action::ViewChannel>(OnChannel(workspace, channel)).await? {
                Some(target) => known = work.tx()?.channel_members(&target).await?,
                None => problems.add("channel_id", "not_found", "There is no such channel."),
            }
        }
        problems.into_result()?;
        drop(work);
        let channel = given.channel_id.ok_or(Error::NotFound)?;
        // A repeat answers what was made before, also when its source is gone.
        let (gone, text) = (row.text.is_none(), row.text.unwrap_or_default());
        let text = names::replace_mentions(&text, |who| match who {
            None => "@channel".into(),
            Some(who) => {
                let member = known.iter().find(|member| member.person.id == who);
                names::plain_mention(member.map(|member| member.person.display_name.as_str()))
            }
        });
        // Names may be longer than the ids they stand for.
        let text = text.chars().take(crate::chat::MESSAGE_MAX).collect();
        let new = NewMessage { client_message_id: given.client_message_id, text, ..NewMessage::default() };
        let post = Post { actor: self.actor.clone(), author, channel, input: new.into(), origin: Origin::Forwarded(message) };
        match self.send(workspace, post).await {
            Err(Error::Invalid(_)) if gone => Err(super::edit::deleted()),
            answer => answer,
        }
    }
}
