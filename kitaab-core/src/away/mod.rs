//! Telling people by mail what they miss while they are away.
//!
//! A message notes that its channel is to be looked at two minutes later; a channel that talks on is looked at again and
//! again, and costs its posts nothing. The look (`look`) decides for each person in the channel (`decide`): what they have
//! not read, were away for, and want by mail is collected until the conversation rests, and then one mail for it is
//! enqueued. The mail (`mail`) is written when it is sent, from what is unread then, with the rights of its reader.
//! All times are in the database, so a stop loses none.
//!
//! The figures are those of Zulip (two minutes) and Synapse (the growing waits).

mod decide;
mod look;
mod mail;
mod model;
mod unsubscribe;

pub use look::Look;
pub(crate) use look::look;
pub(crate) use mail::{Ended, compose, end};
pub use model::{AwayPerson, MailWishes, Mailing, SaidLately, Stay};
pub use unsubscribe::{Subscription, UnsubscribeToken, Unsubscribing};

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// Mail of a workspace, as ended by whoever holds the link in it; see [`Kitaab::mailings`].
#[derive(Clone, Copy)]
pub struct Mailings<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// The mail that somebody gets about conversations, for ending it.
    #[must_use]
    pub fn mailings<'a>(&'a self, actor: &'a Actor) -> Mailings<'a> {
        Mailings { kitaab: self, actor }
    }
}
