//! Channels, messages, what hangs on them, and how far each has read.

mod channel;
mod inbox;
mod mark;
mod message;
mod position;
mod presence;
mod rows;
mod scheduled;
mod template;

pub(crate) use presence::state as presence_state;
pub(crate) use rows::message;
