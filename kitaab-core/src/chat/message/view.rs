//! A message as somebody in its channel sees it.

use serde::{Deserialize, Serialize};

use super::{Message, MessageRow};
use crate::access::{OnMessage, Permit, Reads, Role, Target, action};
use crate::answer::Single;
use crate::chat::Chat;
use crate::chat::blocks::{self, Block};
use crate::chat::{Mentions, plain_with};
use crate::error::{Error, Result};
use crate::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use crate::moderation::look;
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::{Person, scope};

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageView {
    /// The id.
    pub id: MessageId,
    /// Where it was said.
    pub channel_id: ChannelId,
    /// Its number in the channel.
    pub seq: i64,
    /// Who said it.
    pub author: Person,
    /// Markdown; null once it is deleted.
    pub text: Option<String>,
    /// The same as a tree, so that no parser is needed.
    pub blocks: Option<Vec<Block>>,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// The first message of its thread; null on that itself.
    pub thread_id: Option<MessageId>,
    /// A message that it quotes, or was forwarded from.
    pub quote_of: Option<MessageId>,
    /// Replies in its thread that were not deleted.
    pub reply_count: i64,
    /// Reactions, by emoji.
    pub reactions: Vec<Reaction>,
    /// The people it mentions by name.
    pub mentions: Vec<UserId>,
    /// Attached files.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub files: Vec<serde_json::Value>,
    /// Pages it links to.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub link_previews: Vec<serde_json::Value>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether the caller has starred it; not in events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starred: Option<bool>,
    /// When it was said.
    pub created_at: Timestamp,
    /// When it was changed.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Who deleted it, where that was not its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_by: Option<UserId>,
    /// The author's own name for it; to the author alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<String>,
}

/// How many reacted with one emoji.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reaction {
    /// With what.
    pub emoji: String,
    /// How many.
    pub count: i64,
    /// Whether the caller is one of them; not in events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub me: Option<bool>,
}

/// Who looks at messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    role: Role,
    user: Option<UserId>,
}

/// For whom an event about a message is written: nobody in particular of the staff, or of the clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Told {
    /// Owner and members.
    Staff,
    /// Clients.
    Clients,
}

impl Reader {
    pub(super) fn of<T: Target>(permit: &Reads<T>) -> Self {
        Self { role: permit.role(), user: permit.who().user() }
    }

    pub(super) fn author(user: UserId, role: Role) -> Self {
        Self { role, user: Some(user) }
    }
}

impl MessageView {
    /// As one who is in the channel sees it. A client knows the staff and whoever is in the channel now.
    pub(super) fn new(row: MessageRow, reader: Reader) -> Self {
        let MessageRow { message, author, author_inside, flags, reactions } = row;
        let known =
            reader.role != Role::Client || author_inside || author.role.is_some_and(Role::is_staff) || reader.user == Some(author.id);
        let author_id = author.id;
        let person = if known { Person { id: Some(author.id), display_name: author.display_name } } else { Person::someone() };
        let blocks = message.text.as_deref().map(blocks::parse);
        let Message { id, channel_id, seq, text, reply_to, thread_id, quote_of, created_at, edited_at, deleted_at, .. } = message;
        let personal = reader.user.is_some();
        Self {
            id,
            channel_id,
            seq,
            author: person,
            text,
            mentions: blocks.as_deref().map(|blocks| Mentions::in_tree(blocks).people).unwrap_or_default(),
            blocks,
            reply_to,
            thread_id,
            quote_of,
            reply_count: flags.reply_count,
            reactions: reactions
                .into_iter()
                .map(|row| Reaction { emoji: row.emoji, count: row.count, me: personal.then_some(row.me) })
                .collect(),
            files: Vec::new(),
            link_previews: Vec::new(),
            pinned: flags.pinned,
            starred: personal.then_some(flags.starred),
            created_at,
            edited_at,
            deleted_at,
            deleted_by: message.deleted_by.filter(|by| *by != author_id),
            client_message_id: (reader.user == Some(author_id)).then_some(message.client_message_id),
        }
    }

    /// What it says without marks, one block below the other, in which mentions are `@` and a name, or `@all`: `name` knows what
    /// people are called, as far as the reader may. None once it was deleted.
    #[must_use]
    pub fn plain_text<'a>(&self, name: impl Fn(UserId) -> Option<&'a str>) -> Option<String> {
        Some(plain_with(self.text.as_deref()?, name))
    }

    /// As an event has it: without what differs from person to person.
    pub(crate) fn told(row: MessageRow, told: Told) -> Self {
        let role = if told == Told::Staff { Role::Member } else { Role::Client };
        Self::new(row, Reader { role, user: None })
    }
}

/// Rows as the holder of a permit sees them.
pub(crate) fn views<T: Target>(permit: &Reads<T>, rows: Vec<MessageRow>) -> Vec<MessageView> {
    rows.into_iter().map(|row| MessageView::new(row, Reader::of(permit))).collect()
}

/// The message and what the caller may do to it.
pub(super) async fn single(work: &mut Work<'_>, permit: &Permit<action::ViewMessage>) -> Result<Single<MessageView>> {
    let user = permit.who().user();
    let row = work.tx()?.message(permit, user).await?.ok_or(Error::NotFound)?;
    let can = work.can(permit.target()).await?;
    Ok(Single::new(MessageView::new(row, Reader::of(permit)), can))
}

impl Chat<'_> {
    /// A message: a link to it opens for whoever is in its channel now, and for moderators.
    pub async fn message(&self, workspace: WorkspaceId, message: MessageId) -> Result<Single<MessageView>> {
        let target = OnMessage(workspace, message);
        if self.actor.moderator {
            let (mut work, permit) = look::<action::LookAtMessage>(self.kitaab, self.actor, target).await?;
            let row = work.tx()?.message(&permit, permit.who().user()).await?.ok_or(Error::NotFound)?;
            return Ok(Single::new(MessageView::new(row, Reader::of(&*permit)), Vec::new()));
        }
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewMessage>(target).await?;
        single(&mut work, &permit).await
    }
}
