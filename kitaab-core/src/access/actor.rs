//! Who calls, and from where.

use std::net::IpAddr;

use crate::ids::{SessionId, UserId};
use crate::time::Timestamp;

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Nobody is signed in.
    Nobody,
    /// A signed-in person.
    Person(UserId),
    /// Kitaab itself.
    System,
}

impl Who {
    /// The person, if one is signed in.
    #[must_use]
    pub fn user(self) -> Option<UserId> {
        match self {
            Self::Person(user) => Some(user),
            Self::Nobody | Self::System => None,
        }
    }
}

/// Where a call comes from; for the audit log and for answering a repeat.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The caller's address, as far as it can be trusted.
    pub address: Option<IpAddr>,
    /// The id of the request in the logs.
    pub request_id: Option<String>,
    /// The key by which a repeated call is known.
    pub idempotency: Option<IdempotencyKey>,
    /// Why a moderator looks; for the owner.
    pub reason: Option<String>,
}

/// Makes a repeat of the same call by the same person answer as the first one did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The caller's key.
    pub key: uuid::Uuid,
    /// What was called, without the body: method and path.
    pub call: String,
}

/// The caller of a use case.
///
/// A host application with its own sign-in makes one from the user it already knows:
///
/// ```
/// use kitaab_core::access::Actor;
/// # let user = kitaab_core::ids::UserId(uuid::Uuid::nil());
/// let actor = Actor::person(user);
/// ```
#[derive(Debug, Clone)]
pub struct Actor {
    pub(crate) who: Who,
    pub(crate) session: Option<SessionId>,
    pub(crate) fresh_until: Option<Timestamp>,
    pub(crate) moderator: bool,
    pub(crate) origin: Origin,
}

impl Actor {
    /// Nobody is signed in.
    #[must_use]
    pub fn nobody() -> Self {
        Self { who: Who::Nobody, session: None, fresh_until: None, moderator: false, origin: Origin::default() }
    }

    /// A person whom the host application vouches for. Its sign-in counts as fresh only where it says so
    /// with [`fresh_until`](Self::fresh_until).
    #[must_use]
    pub fn person(user: UserId) -> Self {
        Self { who: Who::Person(user), ..Self::nobody() }
    }

    pub(crate) fn system() -> Self {
        Self { who: Who::System, ..Self::nobody() }
    }

    /// Until when this person may do what needs a password typed just now.
    #[must_use]
    pub fn fresh_until(mut self, until: Timestamp) -> Self {
        self.fresh_until = Some(until);
        self
    }

    /// Notes where the call comes from.
    #[must_use]
    pub fn from(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// The person, if one is signed in.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        self.who.user()
    }

    /// Who acts.
    #[must_use]
    pub fn who(&self) -> Who {
        self.who
    }

    /// The session, where the person signed in here.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// Where the call comes from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}
