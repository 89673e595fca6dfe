//! Projects: who they are shared with, their tasks and the comments on them, and what the owner posts to them.

mod archive;
mod comment;
mod create;
mod edit;
mod fields;
mod list;
mod model;
mod share;
mod task;
mod update;
mod view;

pub use comment::{NewTaskComment, TaskComment, TaskCommentView, UpdateTaskComment};
pub use create::NewProject;
pub use edit::UpdateProject;
pub(crate) use fields::tags as check_tags;
pub use list::ProjectsAsk;
pub use model::{Collaborator, ProgressMode, Project, ProjectGrant, ProjectStatus};
pub use share::Share;
pub use task::{NewTask, Place, Task, TaskState, TaskView, Tasks, TasksAsk, UpdateTask};
pub use update::{EditUpdate, NewUpdate, Update, UpdateView, Updates};
pub use view::{ProjectForClient, ProjectForStaff, ProjectView};

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = crate::text::TEXT_MAX;
/// Tags of one project.
pub const TAGS_MAX: usize = 20;
/// The longest tag, in characters.
pub const TAG_MAX: usize = 50;

/// The use cases of projects; see [`Kitaab::projects`].
#[derive(Clone, Copy)]
pub struct Projects<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Projects and who they are shared with.
    #[must_use]
    pub fn projects<'a>(&'a self, actor: &'a Actor) -> Projects<'a> {
        Projects { kitaab: self, actor }
    }
}
