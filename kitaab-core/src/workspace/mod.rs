//! The workspace is the tenant: everything else belongs to exactly one, and nothing crosses from one into another.

mod create;
mod delete;
mod edit;
mod model;
mod people;
mod person;
mod view;

pub use create::NewWorkspace;
pub(crate) use create::found;
pub use delete::{DeleteWorkspace, GRACE};
pub use edit::UpdateWorkspace;
pub use model::{Member, Membership, Workspace};
pub use people::UpdateMember;
pub(crate) use people::put_out;
pub use person::{Author, Person};
pub use view::{Brand, WorkspaceForOthers, WorkspaceForOwner, WorkspaceView};

use crate::access::Actor;
use crate::ids::WorkspaceId;
use crate::kitaab::Kitaab;
use crate::store::Scope;

/// The use cases of workspaces; see [`Kitaab::workspaces`].
#[derive(Clone, Copy)]
pub struct Workspaces<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

/// The use cases of people in a workspace; see [`Kitaab::people`].
#[derive(Clone, Copy)]
pub struct People<'a> {
    pub(crate) kitaab: &'a Kitaab,
    pub(crate) actor: &'a Actor,
}

impl Kitaab {
    /// Workspaces.
    #[must_use]
    pub fn workspaces<'a>(&'a self, actor: &'a Actor) -> Workspaces<'a> {
        Workspaces { kitaab: self, actor }
    }

    /// The people of a workspace.
    #[must_use]
    pub fn people<'a>(&'a self, actor: &'a Actor) -> People<'a> {
        People { kitaab: self, actor }
    }
}

/// The scope of a caller in a workspace.
pub(crate) fn scope(actor: &Actor, workspace: WorkspaceId) -> Scope {
    Scope::Workspace { workspace, user: actor.user() }
}
