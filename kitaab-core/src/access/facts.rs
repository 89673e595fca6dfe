//! What is known of a caller and a thing, as positive bits: what is not known denies.

use std::fmt;
use std::ops::BitOr;

use super::Role;
use crate::ids::ClientId;

/// A set of facts.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct FactSet(u32);

macro_rules! facts {
    ($($(#[$meta:meta])* $name:ident = $bit:literal,)+) => {
        impl FactSet {
            $($(#[$meta])* pub const $name: Self = Self(1 << $bit);)+
            /// Every single fact with its name.
            pub const EACH: &'static [(&'static str, Self)] = &[$((stringify!($name), Self::$name),)+];
        }
    };
}

facts! {
    /// The target is in a workspace in which the caller has a role.
    SAME_WORKSPACE = 0,
    /// The target is the caller's own: own account, own card, own session.
    OWN = 1,
    /// The caller's card is on the project, and the project is not archived.
    ON_PROJECT = 2,
    /// The owner shares the tasks of the project.
    GRANT_TASKS = 3,
    /// The owner lets them comment.
    GRANT_COMMENTS = 4,
    /// The owner lets them upload.
    GRANT_UPLOAD = 5,
    /// The thing is not archived.
    ACTIVE = 6,
    /// The caller typed their password within the last 15 minutes.
    FRESH = 7,
    /// The caller holds a secret that opens exactly this: a mailed link, a password.
    TOKEN = 8,
    /// The caller is signed in with the address that the invitation went to.
    IS_RECIPIENT = 9,
    /// The person is one whom the caller may know of: an owner, a member, or the caller. A canned message is shared, or
    /// the caller's own.
    KNOWN = 10,
    /// The thing, and what it hangs on, is not marked internal.
    CLIENT_VISIBLE = 11,
    /// The caller wrote it.
    AUTHOR = 12,
    /// The caller is in the channel; a client in that of a project only while the project is not archived.
    IN_CHANNEL = 13,
    /// It was said so short a time ago that it may still be changed.
    WITHIN_EDIT_WINDOW = 14,
    /// The thing is there, and the caller is a moderator, who belongs to no workspace.
    MODERATED = 15,
}

impl FactSet {
    /// Nothing is known.
    pub const NONE: Self = Self(0);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` is in this.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// What of `self` is not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// `other` added if `known`.
    #[must_use]
    pub const fn with(self, other: Self, known: bool) -> Self {
        if known { self.and(other) } else { self }
    }
}

impl BitOr for FactSet {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.and(other)
    }
}

impl fmt::Debug for FactSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(Self::EACH.iter().filter(|(_, bit)| self.has(*bit)).map(|(name, _)| name)).finish()
    }
}

/// Everything that a decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// What the caller is to the workspace, or to the instance.
    pub role: Role,
    /// What holds.
    pub set: FactSet,
    /// The caller's own card, if they are a client.
    pub card: Option<ClientId>,
    /// The workspace's access epoch when the facts were read.
    pub epoch: Option<i64>,
}
