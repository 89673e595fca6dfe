//! Updates: what the owner tells everybody on a project.

mod delete;
mod edit;
mod list;
mod model;
mod post;

pub use edit::EditUpdate;
pub use model::{Update, UpdateView};
pub use post::NewUpdate;

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// The longest update, in characters.
pub const TEXT_MAX: usize = crate::text::TEXT_MAX;

/// The use cases of updates; see [`Kitaab::updates`].
#[derive(Clone, Copy)]
pub struct Updates<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// What the owner posts to a project.
    #[must_use]
    pub fn updates<'a>(&'a self, actor: &'a Actor) -> Updates<'a> {
        Updates { kitaab: self, actor }
    }
}
