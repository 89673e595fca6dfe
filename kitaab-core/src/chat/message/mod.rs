//! Messages, and what hangs on them: threads, reactions, pins, stars, earlier versions.

mod batch;
mod compose;
mod delete;
mod edit;
mod forward;
mod history;
mod lane;
mod marks;
mod model;
mod page;
mod post;
mod react;
mod thread;
mod view;

pub(super) use batch::write_posts;
pub(super) use compose::check_text;
pub use edit::EditMessage;
pub use forward::Forward;
pub use history::{Version, Versions};
pub(crate) use lane::Lanes;
pub use marks::Marks;
pub use model::{Message, MessageFlags, MessageRow, Numbered, PostFacts, PostKey, ReactionRow};
pub use page::{Around, MessagesAsk, MessagesPage};
pub use post::{NewMessage, Posted};
pub(super) use post::{Origin, Post};
pub use thread::{RepliesPage, ThreadPosition};
pub(crate) use view::Told as ToldMessage;
pub(crate) use view::views;
pub use view::{MessageView, Reaction};
