//! Channels, and who is in them.
//!
//! *Direct*: exactly two people. *Project*: everybody on the project, kept in step when a unit that changes access
//! commits. *Group*: named, by invitation; the owner is in every one.

mod edit;
mod list;
mod members;
mod model;
mod open;
mod view;

pub use edit::UpdateChannel;
pub use list::ChannelsAsk;
pub use model::{Channel, ChannelChange, ChannelKind, ChannelMember, ChannelRow, ChannelStep};
pub use open::NewChannel;
pub use view::{ChannelView, OwnPosition};

use crate::error::Error;

/// Who is in the channel of a project, or in a direct one, is not decided by hand.
pub(super) fn membership_fixed() -> Error {
    Error::conflict("membership_fixed", "Who is in this channel follows from its project, or from the two it is for.")
}
