//! Channels, messages, what hangs on them, and how far each has read.

mod channel;
mod mark;
mod message;
mod position;
mod presence;

pub use channel::ChannelRepo;
pub use mark::MarkRepo;
pub use message::MessageRepo;
pub use position::PositionRepo;
pub use presence::PresenceRepo;
