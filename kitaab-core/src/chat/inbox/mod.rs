//! How one person keeps their conversations: what is pinned, muted, put away, and what is new.

mod list;
mod preferences;

pub use list::{InboxAsk, InboxFilter, InboxItem, InboxPlace, InboxRow};
pub use preferences::{ChannelPreferences, UpdatePreferences};
