//! Clients: the cards of those the work is done for. A card becomes a person when its invitation is accepted.

mod archive;
mod create;
mod edit;
mod list;
mod model;
mod view;

pub use create::NewClient;
pub use edit::UpdateClient;
pub use list::ClientsAsk;
pub use model::{Client, ClientForClient, ClientForStaff};
pub use view::ClientView;

pub use crate::invitation::{InvitationStatus, Milestones};

pub(crate) use create::insert_card;
pub(crate) use list::QUERY_MAX;

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// The longest internal notes on a client or project, in characters.
pub const NOTES_MAX: usize = crate::text::TEXT_MAX;
/// The longest phone number, in characters: `+`, country code and fifteen digits (E.164) with room for spacing and extension.
pub const PHONE_MAX: usize = 50;

/// The use cases of clients; see [`Kitaab::clients`].
#[derive(Clone, Copy)]
pub struct Clients<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Client cards.
    #[must_use]
    pub fn clients<'a>(&'a self, actor: &'a Actor) -> Clients<'a> {
        Clients { kitaab: self, actor }
    }
}
