//! The roles of PRODUCT's table.

use crate::sql::names;

names! {
    /// What somebody is to a workspace, or to the instance.
    pub enum Role {
        /// The freelancer or consultant whose workspace it is.
        Owner = "owner",
        /// A colleague of the owner.
        Member = "member",
        /// Somebody the work is done for.
        Client = "client",
        /// Platform staff: reads conversations, takes part in none.
        Moderator = "moderator",
        /// Kitaab itself, when it runs jobs.
        System = "system",
        /// Nobody is signed in, or somebody who is nothing to this workspace.
        Anonymous = "anonymous",
    }
}

impl Role {
    /// Owner or member: those who do the work.
    #[must_use]
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Owner | Self::Member)
    }
}
