//! Invitations: how somebody gets into a workspace, and the only way.
//!
//! An invitation has two secrets, the mailed link and the link to copy. Only acceptance through the mailed one shows
//! that the email is the person's. Both are derived from the row, and only their hashes are kept.

mod accept;
mod ask_again;
mod link;
mod list;
mod look;
mod model;
mod resend;
mod revoke;
mod send;
mod view;

pub use accept::{Accept, Joined};
pub use link::InvitationToken;
pub use look::{Door, NamedChannel, NamedProject, Preview, Visitor};
pub use model::{Delivery, DeliveryState, Facing, Invitation, InvitationStatus, Invited, Link, LinkKind, Milestones};
pub use send::{InvitedClient, NewInvitation};
pub use view::InvitationItem;

pub(crate) use link::{token_of, url_of};
pub(crate) use revoke::revoke_open_of;

use std::time::Duration;

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// The longest personal message, in characters.
pub const MESSAGE_MAX: usize = 2_000;
/// Projects that one invitation may name.
pub const PROJECTS_MAX: usize = 50;
/// Invitations that may be open in a workspace.
pub const OPEN_MAX: i64 = 100;
/// Invitations that a workspace may send in an hour (Documenso, Twenty).
pub const PER_HOUR: i64 = 20;
/// Invitations that one address gets in 24 hours, over all workspaces; more are not mailed.
pub const PER_RECIPIENT: i64 = 3;
/// The pause between two sendings of one invitation.
pub const RESEND_AFTER: Duration = Duration::from_mins(1);

/// The use cases of invitations; see [`Kitaab::invitations`].
#[derive(Clone, Copy)]
pub struct Invitations<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Invitations.
    #[must_use]
    pub fn invitations<'a>(&'a self, actor: &'a Actor) -> Invitations<'a> {
        Invitations { kitaab: self, actor }
    }
}
