//! What one person may see of a workspace, held in memory while they follow it: an event is matched against it without a
//! query.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{Audience, EventKind, NewEvent};
use crate::access::Role;
use crate::ids::{ChannelId, ProjectId, UserId, WorkspaceId};
use crate::project::ProjectGrant;

/// What somebody may see, as the store knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The number of the last event when this was read.
    pub as_of: i64,
    /// What they are to the workspace; none if nothing.
    pub role: Option<Role>,
    /// The projects that a client is on and that are not archived, with the grants there.
    pub projects: Vec<(ProjectId, ProjectGrant)>,
    /// The channels they are in, as far as that is not for being staff.
    pub channels: Vec<ChannelId>,
    /// Since which event they see a thing: the last time that it was given to them, as far as the log is kept.
    pub gained: Vec<(Uuid, i64)>,
}

/// The same, for matching.
#[derive(Debug)]
pub(crate) struct Sight {
    workspace: WorkspaceId,
    user: UserId,
    as_of: i64,
    role: Option<Role>,
    projects: HashMap<ProjectId, ProjectGrant>,
    channels: HashSet<ChannelId>,
    gained: HashMap<Uuid, i64>,
}

impl Sight {
    pub(crate) fn new(workspace: WorkspaceId, user: UserId, seen: Seen) -> Self {
        let Seen { as_of, role, projects, channels, gained } = seen;
        let mut since = HashMap::new();
        for (thing, seq) in gained {
            let last = since.entry(thing).or_insert(seq);
            *last = seq.max(*last);
        }
        Self {
            workspace,
            user,
            as_of,
            role,
            projects: projects.into_iter().collect(),
            channels: channels.into_iter().collect(),
            gained: since,
        }
    }

    /// The number of the last event that this takes into account.
    pub(crate) fn as_of(&self) -> i64 {
        self.as_of
    }

    /// What they are to the workspace; none once they left.
    pub(crate) fn role(&self) -> Option<Role> {
        self.role
    }

    fn is_staff(&self) -> bool {
        self.role.is_some_and(Role::is_staff)
    }

    /// Whether they are in a channel.
    pub(crate) fn is_in(&self, channel: ChannelId, project: Option<ProjectId>) -> bool {
        self.channels.contains(&channel) || (project.is_some() && self.is_staff())
    }

    /// Whether an event is for them, now.
    pub(crate) fn admits(&self, seq: i64, event: &NewEvent) -> bool {
        let told = &event.told;
        if told.whose_access().is_some() {
            // It says what they lost or gained, also when it was everything.
            return told.audience == Audience::Person(self.user) && told.kind != EventKind::AccessChanged;
        }
        self.admits_audience(told.audience, told.project) && !self.is_older_than_their_sight(seq, event)
    }

    fn admits_audience(&self, audience: Audience, project: Option<ProjectId>) -> bool {
        let grant = |project: &ProjectId| self.projects.get(project);
        let tasks = |project: &ProjectId| grant(project).is_some_and(|grant| grant.tasks);
        let comments = |project: &ProjectId| grant(project).is_some_and(|grant| grant.tasks && grant.comments);
        match audience {
            _ if self.role.is_none() => false,
            Audience::Owner => self.role == Some(Role::Owner),
            Audience::Staff => self.is_staff(),
            Audience::Project(project) => self.is_staff() || grant(&project).is_some(),
            Audience::Tasks(project) => self.is_staff() || tasks(&project),
            Audience::TasksClients(project) => tasks(&project),
            Audience::Comments(project) => self.is_staff() || comments(&project),
            Audience::CommentsClients(project) => comments(&project),
            Audience::Channel(channel) => self.is_in(channel, project),
            Audience::Person(person) => person == self.user,
        }
    }

    /// Who gains a thing fetches it: what happened to it before is not replayed.
    fn is_older_than_their_sight(&self, seq: i64, event: &NewEvent) -> bool {
        let told = &event.told;
        let things = [Some(self.workspace.0), told.project.map(|project| project.0), told.channel.map(|channel| channel.0)];
        things.into_iter().flatten().any(|thing| self.gained.get(&thing).is_some_and(|since| seq < *since))
    }
}
