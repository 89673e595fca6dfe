//! What a channel is.

use crate::ids::{ChannelId, ProjectId, UserId};
use crate::sql::names;
use crate::time::Timestamp;
use crate::workspace::Author;

names! {
    /// What a channel is for.
    pub enum ChannelKind {
        /// Two people.
        Direct = "direct",
        /// Everybody on a project.
        Project = "project",
        /// Whoever was taken in.
        Group = "group",
    }
}

/// A channel as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// The id.
    pub id: ChannelId,
    /// What it is for.
    pub kind: ChannelKind,
    /// The name of a group.
    pub name: Option<String>,
    /// The project it comes with.
    pub project_id: Option<ProjectId>,
    /// The two of a direct one, the lower id first.
    pub pair: Option<(UserId, UserId)>,
    /// The number of the newest message; 0 before the first.
    pub last_seq: i64,
    /// When it was archived: it is only to be read.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Grows with each change of the channel itself.
    pub version: i64,
}

impl Channel {
    fn new(id: ChannelId, kind: ChannelKind, now: Timestamp) -> Self {
        Self { id, kind, name: None, project_id: None, pair: None, last_seq: 0, archived_at: None, created_at: now, version: 1 }
    }

    /// The one that comes with a project.
    #[must_use]
    pub fn of_project(id: ChannelId, project: ProjectId, now: Timestamp) -> Self {
        Self { project_id: Some(project), ..Self::new(id, ChannelKind::Project, now) }
    }

    /// A group.
    #[must_use]
    pub fn group(id: ChannelId, name: String, now: Timestamp) -> Self {
        Self { name: Some(name), ..Self::new(id, ChannelKind::Group, now) }
    }

    /// The one of two people.
    #[must_use]
    pub fn direct(id: ChannelId, one: UserId, other: UserId, now: Timestamp) -> Self {
        Self { pair: Some((one.min(other), one.max(other))), ..Self::new(id, ChannelKind::Direct, now) }
    }
}

/// A channel with what one person sees beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelRow {
    /// The channel.
    pub channel: Channel,
    /// What its project is called.
    pub project_name: Option<String>,
    /// The other one of a direct channel.
    pub peer: Option<Author>,
    /// The last message that the person has seen.
    pub read_seq: i64,
    /// Messages by others after it.
    pub unread_count: i64,
    /// Those of them that mention the person.
    pub mention_count: i64,
}

/// Somebody in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelMember {
    /// Who.
    pub person: Author,
    /// When they came in.
    pub joined_at: Timestamp,
}

/// What followed for a channel from a change of somebody's access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelStep {
    /// Of which channel.
    pub channel_id: ChannelId,
    /// The project it comes with.
    pub project_id: Option<ProjectId>,
    /// What followed.
    pub change: ChannelChange,
}

/// What follows for a channel from a change of somebody's access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelChange {
    /// They came in.
    Joined,
    /// They left.
    Left,
    /// It was theirs and one other's, and is only to be read from now on.
    Archived,
}
