//! Channels, messages, what hangs on them, and how far each has read.

mod channel;
mod inbox;
mod mark;
mod message;
mod position;
mod presence;
mod scheduled;
mod template;

pub use channel::ChannelRepo;
pub use inbox::InboxRepo;
pub use mark::MarkRepo;
pub use message::MessageRepo;
pub use position::PositionRepo;
pub use presence::PresenceRepo;
pub use scheduled::ScheduledRepo;
pub use template::TemplateRepo;
