//! How far each has read.

mod position;
mod receipts;
mod slots;
mod thread;

pub use position::{MarkRead, Position, ReadPosition};
pub use receipts::Receipt;
pub(crate) use slots::Slots;
pub use thread::ThreadRead;
