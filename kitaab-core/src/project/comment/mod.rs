//! Comments on tasks.

mod create;
mod delete;
mod edit;
mod list;
mod model;

pub use create::NewTaskComment;
pub use edit::UpdateTaskComment;
pub use model::{TaskComment, TaskCommentView};

/// The longest comment, in characters.
pub const TEXT_MAX: usize = crate::text::TEXT_MAX;
