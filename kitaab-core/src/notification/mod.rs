//! What somebody is to hear of: that they were mentioned, written to, answered, given a task.
//!
//! A use case says to its unit of work whom something concerns and by which rule ([`Notice`]); the unit leaves out who does
//! not want to hear of it, and writes the rest in the same commit, with an event to each person's own devices. A
//! notification holds ids; what it says is read from the thing itself when it is shown, and what its person may no longer see
//! is not shown and not counted. One about a message counts as read once the channel was read that far.

mod list;
mod model;
mod of_message;
mod preferences;
mod quiet;
mod read;
mod why;

pub use list::NotificationsPage;
pub use model::{Notice, Notification, NotificationKind, NotificationRow, NotificationView, Rule};
pub(crate) use of_message::{Surrounding, of_message};
pub use preferences::{ChannelLevel, Level, NotificationPreferences, PreferencesChange, SetChannelLevel, SetPreferences};
pub use quiet::{BadTimeOfDay, QuietHours, TimeOfDay};
pub use read::{MarkNotifications, Unread};
pub use why::{NotifiedStanding, Reason, Why, WhyNot};

use crate::access::Actor;
use crate::kitaab::Kitaab;

/// Notifications; see [`Kitaab::notifications`].
#[derive(Clone, Copy)]
pub struct Notifications<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Notifications, as seen by `actor`.
    #[must_use]
    pub fn notifications<'a>(&'a self, actor: &'a Actor) -> Notifications<'a> {
        Notifications { kitaab: self, actor }
    }
}
