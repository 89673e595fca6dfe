//! Where people talk: channels, messages, and how far each has read.
//!
//! A channel numbers its messages without gaps (`seq`). That number orders them, and read positions are such numbers, so
//! what is unread is counted from them and stored nowhere: it cannot drift.

pub mod blocks;
mod called;
mod channel;
mod draft;
mod emoji;
mod inbox;
mod mentions;
mod message;
mod names;
mod pace;
mod plain;
mod presence;
mod read;
mod scheduled;
mod template;
mod typing;

pub(crate) use called::{Called, plain_with};
pub use channel::{
    Channel, ChannelChange, ChannelKind, ChannelMember, ChannelRow, ChannelStep, ChannelView, ChannelsAsk, NewChannel, OwnPosition,
    UpdateChannel,
};
pub use draft::{Draft, DraftAsk, DraftPlace, KeepDraft};
pub use emoji::Emoji;
pub use inbox::{ChannelPreferences, InboxAsk, InboxFilter, InboxItem, InboxPlace, InboxRow, UpdatePreferences};
pub use mentions::Mentions;
pub use message::{
    Around, EditMessage, Forward, Marks, Message, MessageFlags, MessageRow, MessageView, MessagesAsk, MessagesPage, NewMessage, Numbered,
    PostFacts, PostKey, Posted, Reaction, ReactionRow, RepliesPage, ThreadPosition, Version, Versions,
};
pub(crate) use message::{Lanes, ToldMessage, views as message_views};
use names::{plain_mention, replace_mentions};
pub(crate) use pace::Pace;
pub(crate) use plain::plain_text;
pub(crate) use presence::LAPSES_AFTER;
pub use presence::{Lease, Presence, PresenceAsk, PresenceRow, PresenceState, Present};
pub(crate) use read::Slots;
pub use read::{MarkRead, Position, ReadPosition, Receipt, ThreadRead};
pub(crate) use scheduled::send as send_scheduled;
pub use scheduled::{NewScheduled, Scheduled, ScheduledState, ScheduledView, UpdateScheduled};
pub use template::{NewTemplate, Surroundings, Template, TemplateView, TemplatesAsk, UpdateTemplate};

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// The longest message, in characters (Zulip).
pub const MESSAGE_MAX: usize = 10_000;
/// The most people a message mentions by name.
pub const MENTIONS_MAX: usize = 20;
/// The most different emoji below a message.
pub const REACTIONS_MAX: usize = 50;

/// The use cases of chat; see [`Kitaab::chat`].
#[derive(Clone, Copy)]
pub struct Chat<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Channels, messages and what has been read.
    #[must_use]
    pub fn chat<'a>(&'a self, actor: &'a Actor) -> Chat<'a> {
        Chat { kitaab: self, actor }
    }
}
