//! The first page of who is signed in.

use askama::Template;

use super::field::Moment;
use super::paths;

/// One's workspaces with their projects and groups.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "pages/home.html")]
pub struct Home {
    /// The person's display name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// Otherwise the page asks to confirm the address.
    pub email_verified: bool,
    /// In the order in which they are shown.
    pub workspaces: Vec<Workspace>,
}

/// A workspace one belongs to.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Its name.
    pub name: String,
    /// What one is in it.
    pub role: Role,
    /// The projects one may see, in the order in which they are shown.
    pub projects: Vec<Project>,
    /// The groups one is in and the people one writes to alone, in the order in which they are shown.
    pub channels: Vec<Channel>,
}

/// A conversation in the list.
#[derive(Debug, Clone)]
pub struct Channel {
    /// What it is called.
    pub name: String,
    /// Its page.
    pub path: String,
}

/// A project in the list.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: Status,
    /// 0 to 100.
    pub progress: u8,
    /// The due day.
    pub due: Option<Moment>,
    /// The due day is over and the project is not.
    pub overdue: bool,
    /// The page of its conversation.
    pub conversation: Option<String>,
}

/// A role in a workspace, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The freelancer.
    Owner,
    /// A colleague.
    Member,
    /// Sees what is shared.
    Client,
}

impl Role {
    fn is_client(self) -> bool {
        self == Self::Client
    }

    fn words(self) -> &'static str {
        match self {
            Self::Owner => "the owner",
            Self::Member => "a member",
            Self::Client => "a client",
        }
    }
}

/// The status of a project, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A bid under negotiation.
    Proposed,
    /// Agreed, not begun.
    Planned,
    /// Under way.
    Active,
    /// Interrupted.
    OnHold,
    /// Finished.
    Done,
    /// Given up.
    Cancelled,
}

impl Status {
    fn words(self) -> &'static str {
        match self {
            Self::Proposed => "Proposed",
            Self::Planned => "Planned",
            Self::Active => "Active",
            Self::OnHold => "On hold",
            Self::Done => "Done",
            Self::Cancelled => "Cancelled",
        }
    }
}
