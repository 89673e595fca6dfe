//! Tasks of a project: what is to be done, by whom, until when, in an order that can be rearranged.

mod change;
mod create;
mod delete;
mod edit;
mod list;
mod model;
mod order;
mod view;

pub(super) use change::count_progress;
pub use create::NewTask;
pub use edit::UpdateTask;
pub use list::TasksAsk;
pub use model::{Task, TaskState};
pub use order::Place;
pub use view::TaskView;

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// The longest description of a task, in characters.
pub const DESCRIPTION_MAX: usize = crate::text::TEXT_MAX;

/// The use cases of tasks; see [`Kitaab::tasks`].
#[derive(Clone, Copy)]
pub struct Tasks<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Tasks and the comments on them.
    #[must_use]
    pub fn tasks<'a>(&'a self, actor: &'a Actor) -> Tasks<'a> {
        Tasks { kitaab: self, actor }
    }
}
