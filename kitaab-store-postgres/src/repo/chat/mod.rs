//! Channels, messages, what hangs on them, and how far each has read.

mod channel;
mod mark;
mod message;
mod position;
mod presence;
mod rows;

pub(crate) use presence::state as presence_state;
pub(crate) use rows::message;
