//! Finding things again: messages, projects, tasks, comments and, for the owner, clients.
//!
//! What a search means is decided here and nowhere else. A text is folded once (compatibility forms, case and marks are
//! gone) and kept; a term matches where it is a part of the folded text. A store only finds candidates, newest first, within
//! what the reader may see; each is then read through its own table and looked at once more here. So both engines answer
//! alike, and an index that is behind or too broad shows nothing that it must not.

mod document;
mod find;
mod fold;
mod hit;
mod query;
mod rebuild;
mod sight;

pub use document::{Document, DocumentKind, FoundMessage, Thing};
pub use find::{Results, SearchAsk, Sort};
pub use hit::Hit;
pub use query::Mark;
pub(crate) use rebuild::rebuild;
pub use sight::{SearchedChannel, SearchedProject};

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// The longest query, in characters.
pub const QUERY_MAX: usize = 500;
/// The most terms and filters of a query.
pub const TERMS_MAX: usize = 20;

/// Searching; see [`Kitaab::search`].
#[derive(Clone, Copy)]
pub struct Search<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Searching, as done by `actor`.
    #[must_use]
    pub fn search<'a>(&'a self, actor: &'a Actor) -> Search<'a> {
        Search { kitaab: self, actor }
    }
}
