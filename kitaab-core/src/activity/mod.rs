//! The activity feed: who did what, and when.
//!
//! It is kept in a table of its own, written with the change; the event log is pruned, this is not. A line names a thing
//! by id, and is read together with the thing as it is now, so that what turned internal shows no more.

mod list;
mod model;
mod tags;

pub use list::ActivityAsk;
pub use model::{Activity, ActivityRow, ActivityView, Deed, DeedKind, Verb};
pub use tags::Tag;

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// The use cases that look across projects; see [`Kitaab::overview`].
#[derive(Clone, Copy)]
pub struct Overview<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// What happened across projects, and the tags in use.
    #[must_use]
    pub fn overview<'a>(&'a self, actor: &'a Actor) -> Overview<'a> {
        Overview { kitaab: self, actor }
    }
}
