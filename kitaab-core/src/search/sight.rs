//! Where somebody may look, and what of it a query means.

use std::collections::{HashMap, HashSet};

use super::fold::{Folded, folded, gram_of};
use super::query::{Has, Mark, Query};
use super::{DocumentKind, Search};
use crate::access::{InWorkspace, Own, Permit, action};
use crate::error::Result;
use crate::ids::{ChannelId, ProjectId, UserId, WorkspaceId};
use crate::moderation::look;
use crate::page::Span;
use crate::project::ProjectGrant;
use crate::store::Sought;
use crate::table::BATCH;
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::scope;

/// How many of the newest texts are read for a term that no index has.
const READ_THROUGH: u32 = 20_000;

/// A channel that is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchedChannel {
    /// The id.
    pub id: ChannelId,
    /// Its project.
    pub project_id: Option<ProjectId>,
    /// What its reader calls it: its name, or the other one of a direct channel.
    pub title: String,
}

/// A project that is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchedProject {
    /// The id.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// What a client may see of it; none for staff, who see all.
    pub grant: Option<ProjectGrant>,
}

/// With what a search reads.
pub(super) enum Permits {
    /// Somebody of the workspace.
    Person {
        user: UserId,
        messages: Permit<action::ListChannels>,
        projects: Permit<action::ListProjects>,
        clients: Option<Permit<action::FindClients>>,
    },
    /// The platform's staff, who see conversations and nothing else.
    Moderator(Permit<action::LookForMessages>),
}

impl Permits {
    pub(super) fn user(&self) -> Option<UserId> {
        match self {
            Self::Person { user, .. } => Some(*user),
            Self::Moderator(_) => None,
        }
    }

    /// Whether its reader sees everything of the projects.
    fn is_staff(&self) -> bool {
        matches!(self, Self::Person { projects, .. } if projects.card().is_none())
    }
}

/// What one reader may look through, and a query as it is meant for them.
pub(super) struct Sight {
    pub(super) permits: Permits,
    pub(super) query: Query,
    pub(super) channels: HashMap<ChannelId, SearchedChannel>,
    projects: Vec<SearchedProject>,
    /// Who it is to be from.
    authors: Option<Vec<UserId>>,
    /// Where it is to be, as far as the reader sees it.
    within: Option<(HashSet<ChannelId>, HashSet<ProjectId>)>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Search<'_> {
    /// Opens the unit that a search reads in; for a moderator the look is noted first.
    pub(super) async fn open(&self, workspace: WorkspaceId) -> Result<(Work<'_>, Permits)> {
        if self.actor.moderator {
            let (work, permit) = look::<action::LookForMessages>(self.kitaab, self.actor, InWorkspace(workspace)).await?;
            return Ok((work, Permits::Moderator(permit)));
        }
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let messages = work.may::<action::ListChannels>(InWorkspace(workspace)).await?;
        let projects = work.may::<action::ListProjects>(InWorkspace(workspace)).await?;
        let clients = work.permitted::<action::FindClients>(InWorkspace(workspace)).await?;
        Ok((work, Permits::Person { user, messages, projects, clients }))
    }
}

impl Sight {
    pub(super) async fn of(work: &mut Work<'_>, permits: Permits, query: Query) -> Result<Self> {
        let (channels, projects) = match &permits {
            Permits::Person { user, messages, projects, .. } => {
                let tx = work.tx()?;
                (tx.searched_channels(messages, Some(*user)).await?, tx.searched_projects(projects).await?)
            }
            Permits::Moderator(permit) => (work.tx()?.searched_channels(permit, None).await?, Vec::new()),
        };
        let authors = authors(work, &permits, &query).await?;
        let within = (!query.within.is_empty()).then(|| {
            let is_meant =
                |id: uuid::Uuid, name: &str| query.within.iter().all(|part| folded(name).contains(part) || id.to_string() == *part);
            let of = projects.iter().filter(|project| is_meant(project.id.0, &project.name)).map(|project| project.id);
            let of: HashSet<ProjectId> = of.collect();
            let on = channels
                .iter()
                .filter(|each| is_meant(each.id.0, &each.title) || each.project_id.is_some_and(|project| of.contains(&project)));
            (on.map(|channel| channel.id).collect(), of)
        });
        let zone = if query.before.or(query.after).is_some() { zone(work, &permits).await? } else { String::new() };
        let (from, until) = (query.after.map(|day| day.ends_in(&zone)), query.before.map(|day| day.begins_in(&zone)));
        let channels = channels.into_iter().map(|channel| (channel.id, channel)).collect();
        Ok(Self { permits, query, channels, projects, authors, within, from, until })
    }

    /// What the store is to look for; none if nothing can be found.
    pub(super) fn sought(&self, wanted: &[DocumentKind]) -> Option<Sought> {
        let query = &self.query;
        let mut kinds: Vec<DocumentKind> = wanted.iter().copied().filter(|kind| self.reads(*kind)).collect();
        if query.has.contains(&Has::File) {
            return None;
        }
        if self.authors.is_some() {
            kinds.retain(|kind| matches!(kind, DocumentKind::Message | DocumentKind::TaskComment));
        }
        if query.is_about_messages() {
            kinds.retain(|kind| *kind == DocumentKind::Message);
        }
        if self.within.is_some() {
            kinds.retain(|kind| *kind != DocumentKind::Client);
        }
        if kinds.is_empty() || self.authors.as_ref().is_some_and(Vec::is_empty) {
            return None;
        }
        let long = |term: &&String| term.chars().count() >= 3;
        let terms: Vec<String> = query.terms.iter().filter(long).cloned().collect();
        let grams: Vec<String> = query.terms.iter().filter_map(|term| gram_of(term)).collect();
        let part = if terms.is_empty() && grams.is_empty() { query.terms.iter().max_by_key(|term| term.len()).cloned() } else { None };
        let everything = self.permits.is_staff() && self.within.is_none();
        let projects = |may: fn(ProjectGrant) -> bool| {
            let of = self.projects.iter().filter(move |project| project.grant.is_none_or(may)).map(|project| project.id);
            (!everything).then(|| of.filter(|id| self.is_within_project(Some(*id))).collect::<Vec<_>>())
        };
        Some(Sought {
            kinds,
            channels: self.listed_channels(),
            projects: projects(|_| true),
            task_projects: projects(|grant| grant.tasks),
            comment_projects: projects(|grant| grant.tasks && grant.comments),
            internal: self.permits.is_staff(),
            terms,
            grams,
            part: part.map(|part| (part, READ_THROUGH)),
            authors: self.authors.clone(),
            link: query.has.contains(&Has::Link),
            from: self.from,
            until: self.until,
        })
    }

    fn listed_channels(&self) -> Option<Vec<ChannelId>> {
        if matches!(self.permits, Permits::Moderator(_)) && self.within.is_none() {
            return None;
        }
        Some(self.channels.keys().copied().filter(|id| self.is_within_channel(*id)).collect())
    }

    fn reads(&self, kind: DocumentKind) -> bool {
        match (&self.permits, kind) {
            (_, DocumentKind::Message) => true,
            (Permits::Moderator(_), _) => false,
            (Permits::Person { clients, .. }, DocumentKind::Client) => clients.is_some(),
            (Permits::Person { .. }, _) => true,
        }
    }

    pub(super) fn is_within_channel(&self, channel: ChannelId) -> bool {
        self.within.as_ref().is_none_or(|(channels, _)| channels.contains(&channel))
    }

    pub(super) fn is_within_project(&self, project: Option<ProjectId>) -> bool {
        self.within.as_ref().is_none_or(|(_, projects)| project.is_some_and(|project| projects.contains(&project)))
    }

    /// Whether something by this author, made then, is meant.
    pub(super) fn is_meant(&self, author: Option<UserId>, at: Timestamp) -> bool {
        self.authors.as_ref().is_none_or(|authors| author.is_some_and(|author| authors.contains(&author)))
            && self.from.is_none_or(|from| at >= from)
            && self.until.is_none_or(|until| at < until)
    }

    /// Whether a text has all that it is to have, and nothing that it is not to have.
    pub(super) fn matches(&self, text: &Folded) -> bool {
        self.query.terms.iter().all(|term| text.text.contains(term)) && !self.query.without.iter().any(|term| text.text.contains(term))
    }

    pub(super) fn mark(&self) -> Option<Mark> {
        self.query.marks.first().copied()
    }
}

/// The people whom `from:` means, of those whom the reader may know.
async fn authors(work: &mut Work<'_>, permits: &Permits, query: &Query) -> Result<Option<Vec<UserId>>> {
    if query.from.is_empty() {
        return Ok(None);
    }
    let mut found: Option<HashSet<UserId>> = None;
    for who in &query.from {
        let people: HashSet<UserId> = match (who.as_str(), permits.user()) {
            ("me", user) => user.into_iter().collect(),
            (id, _) if id.parse::<UserId>().is_ok() => id.parse().into_iter().collect(),
            (name, _) => called(work, permits, name).await?,
        };
        found = Some(found.map_or(people.clone(), |before| before.intersection(&people).copied().collect()));
    }
    Ok(found.map(|people| people.into_iter().collect()))
}

/// The people whom the reader may know by this part of a name; a moderator knows none.
async fn called(work: &mut Work<'_>, permits: &Permits, name: &str) -> Result<HashSet<UserId>> {
    let Permits::Person { messages, .. } = permits else { return Ok(HashSet::new()) };
    let permit = work.may::<action::ListPeople>(InWorkspace(messages.workspace())).await?;
    let (mut found, mut after) = (HashSet::new(), None);
    while let Some(people) = crate::table::some(work.tx()?.people(&permit, &Span { after, limit: BATCH }).await?) {
        after = people.last().map(|member| member.user_id);
        found.extend(people.into_iter().filter(|member| folded(&member.display_name).contains(name)).map(|member| member.user_id));
    }
    Ok(found)
}

/// The zone in which the reader's days begin.
async fn zone(work: &mut Work<'_>, permits: &Permits) -> Result<String> {
    let Some(user) = permits.user() else { return Ok("UTC".into()) };
    let permit = work.may::<action::ViewAccount>(Own(user)).await?;
    Ok(work.tx()?.login(&permit).await?.map_or_else(|| "UTC".into(), |login| login.user.time_zone))
}
