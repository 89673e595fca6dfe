//! Looking for something.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use uuid::Uuid;

use super::document::has_link;
use super::fold::Folded;
use super::query::{self, Has, Mark};
use super::sight::{Permits, Sight};
use super::{DocumentKind, FoundMessage, Hit, Search, Thing, hit};
use crate::chat::{Called, Mentions, plain_text};
use crate::error::{Error, Problems, Result};
use crate::ids::{MessageId, WorkspaceId};
use crate::input::{Check, Input};
use crate::keys::Purpose;
use crate::page::PageAsk;
use crate::store::{Candidates, DocumentPlace, Sought};
use crate::work::Work;

/// How long a search takes; then what was found by then is the answer.
const PATIENCE: Duration = Duration::from_millis(500);
/// The most candidates that are looked at together.
const SLICE: u32 = 128;
/// How many more of them are asked for than are wanted.
const SPARE: u32 = 8;
/// How many of the newest hits are put in order of relevance.
const WEIGHED: usize = 1_000;
/// What cursors of this list are for.
const CURSORS: &str = "search";

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// What was made last first.
    #[default]
    Newest,
    /// Of the newest 1,000, those with whole words first.
    Relevance,
}

/// What to look for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SearchAsk {
    /// Words, all of which are in it; `"a phrase"`; `-left -"out"`; `from:me|NAME|ID`, `in:NAME|ID`, `before:DAY`, `after:DAY`,
    /// `has:link|file|image`, `is:pinned|starred`, `mentions:me`.
    pub q: String,
    /// Of these kinds, with commas between; all when absent.
    pub types: Option<String>,
    /// `newest` (when absent) or `relevance`.
    pub sort: Option<String>,
    /// At most this many, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
    /// The next page.
    pub cursor: Option<String>,
}

impl SearchAsk {
    fn page(&self) -> PageAsk {
        PageAsk { limit: self.limit, cursor: self.cursor.clone() }
    }

    fn order(&self) -> Option<Sort> {
        match self.sort.as_deref() {
            None | Some("newest") => Some(Sort::Newest),
            Some("relevance") => Some(Sort::Relevance),
            Some(_) => None,
        }
    }

    /// The kinds that are meant; none if one of them is unknown. Files are known, and there are none yet.
    fn kinds(&self) -> Option<Vec<DocumentKind>> {
        let Some(types) = &self.types else { return Some(DocumentKind::ALL.to_vec()) };
        let mut kinds = Vec::new();
        for name in types.split(',').map(str::trim).filter(|name| *name != "file") {
            kinds.push(name.parse().ok()?);
        }
        Some(kinds)
    }
}

impl Check for SearchAsk {
    fn check(&mut self, problems: &mut Problems) {
        self.page().check(problems);
        query::read(&self.q, problems);
        if self.kinds().is_none() {
            problems.add("types", "invalid", "Ask for message, project, task, task_comment, client or file, with commas between.");
        }
        if self.order().is_none() {
            problems.add("sort", "invalid", "Sort by newest or relevance.");
        }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Results {
    /// The things.
    pub items: Vec<Hit>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
    /// Whether the time was up before everything was looked at; there may be more.
    pub partial: bool,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Position {
    /// After this one.
    After(DocumentPlace),
    /// After so many of those that were there when the first page was made, of which this was the newest.
    Weighed { newest: DocumentPlace, skip: usize },
}

/// Something that was found, and where.
struct Found {
    place: DocumentPlace,
    /// How many terms are words of their own in it.
    words: usize,
    hit: Hit,
}

impl Search<'_> {
    /// Looks for something among all that the caller may read now. Takes at most about half a second; then what was found
    /// by then is the answer, and says so. A moderator looks through conversations, with a reason.
    pub async fn find(&self, workspace: WorkspaceId, ask: Input<SearchAsk>) -> Result<Results> {
        let began = Instant::now();
        let (mut work, permits) = self.open(workspace).await?;
        let ask = ask.checked()?;
        let page = ask.page();
        let position: Option<Position> = page.position(self.kitaab.keys(), CURSORS)?;
        let query = query::read(&ask.q, &mut Problems::default());
        let sight = Sight::of(&mut work, permits, query).await?;
        let Some(sought) = sight.sought(&ask.kinds().unwrap_or_default()) else {
            return Ok(Results { items: Vec::new(), next_cursor: None, partial: false });
        };
        let mut looking = Looking { work, sight, sought, began, partial: false };
        let limit = usize::try_from(page.limit()).unwrap_or(usize::MAX);
        let (found, next) = match (ask.order().unwrap_or_default(), position) {
            (Sort::Newest, None) => looking.newest(None, limit).await?,
            (Sort::Newest, Some(Position::After(place))) => looking.newest(Some(place), limit).await?,
            (Sort::Relevance, None) => looking.relevant(None, limit).await?,
            (Sort::Relevance, Some(Position::Weighed { newest, skip })) => looking.relevant(Some((newest, skip)), limit).await?,
            _ => return Err(Error::field("cursor", "invalid", "Begin again without a cursor; this one is of another order.")),
        };
        let next_cursor = match next {
            Some(position) => {
                let bytes = serde_json::to_vec(&position).map_err(Error::internal)?;
                Some(self.kitaab.keys().seal(Purpose::PageCursor, CURSORS, &bytes, self.kitaab.random()))
            }
            None => None,
        };
        Ok(Results { items: found.into_iter().map(|found| found.hit).collect(), next_cursor, partial: looking.partial })
    }
}

/// A search on its way.
struct Looking<'k> {
    work: Work<'k>,
    sight: Sight,
    sought: Sought,
    began: Instant,
    partial: bool,
}

impl Looking<'_> {
    async fn newest(&mut self, below: Option<DocumentPlace>, limit: usize) -> Result<(Vec<Found>, Option<Position>)> {
        let (mut found, reached) = self.gather(below, limit + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = if more { found.last().map(|last| last.place) } else { reached.filter(|_| self.partial) };
        Ok((found, next.map(Position::After)))
    }

    async fn relevant(&mut self, from: Option<(DocumentPlace, usize)>, limit: usize) -> Result<(Vec<Found>, Option<Position>)> {
        let skip = from.map_or(0, |(_, skip)| skip);
        let (mut found, _) = self.gather(None, WEIGHED).await?;
        let newest = from.map(|(newest, _)| newest).or(found.first().map(|first| first.place));
        // What came since the first page is not among them.
        found.retain(|each| newest.is_none_or(|newest| each.place <= newest));
        found.sort_by_key(|each| std::cmp::Reverse((each.words, each.place)));
        let more = found.len() > skip + limit;
        let page: Vec<Found> = found.into_iter().skip(skip).take(limit).collect();
        let next = newest.filter(|_| more).map(|newest| Position::Weighed { newest, skip: skip + limit });
        Ok((page, next))
    }

    /// Up to `wanted` hits, newest first, and the last candidate that was looked at.
    async fn gather(&mut self, mut below: Option<DocumentPlace>, wanted: usize) -> Result<(Vec<Found>, Option<DocumentPlace>)> {
        let mut found = Vec::new();
        while found.len() < wanted {
            let Some(left) = PATIENCE.checked_sub(self.began.elapsed()) else {
                self.partial = true;
                break;
            };
            // Stores name few that are not meant, so a page asks for little more than it shows.
            let slice = u32::try_from(wanted - found.len()).map_or(SLICE, |left| left.saturating_add(SPARE).min(SLICE));
            let Candidates { found: named, more, late } = self.candidates(below, slice, left).await?;
            below = named.last().map(|(place, _)| *place).or(below);
            self.partial |= late;
            if !late || !named.is_empty() {
                found.extend(self.look_at(&named).await?);
            }
            if late || !more {
                break;
            }
        }
        found.truncate(wanted);
        Ok((found, below))
    }

    async fn candidates(&mut self, below: Option<DocumentPlace>, slice: u32, left: Duration) -> Result<Candidates> {
        match (&self.sight.permits, self.sight.mark()) {
            (Permits::Moderator(permit), None) => Ok(self.work.tx()?.candidates(permit, &self.sought, below, slice, left).await?),
            // Nothing is marked for them.
            (Permits::Moderator(_), Some(_)) => Ok(Candidates::default()),
            (Permits::Person { messages, .. }, None) => Ok(self.work.tx()?.candidates(messages, &self.sought, below, slice, left).await?),
            (Permits::Person { messages, user, .. }, Some(mark)) => {
                let below = below.map(|place| MessageId(place.id));
                let marked = self.work.tx()?.marked_messages(messages, *user, mark, below, slice).await?;
                let more = marked.len() >= usize::try_from(slice).unwrap_or(usize::MAX);
                let found = marked.into_iter().map(|id| (DocumentPlace { at: 0, id: id.0 }, DocumentKind::Message)).collect();
                Ok(Candidates { found, more, late: false })
            }
        }
    }

    /// Reads candidates through their own tables, and keeps what is meant, in their order.
    async fn look_at(&mut self, named: &[(DocumentPlace, DocumentKind)]) -> Result<Vec<Found>> {
        let ids = |is: fn(DocumentKind) -> bool| named.iter().filter(move |(_, kind)| is(*kind)).map(|(place, _)| place.id);
        let messages: Vec<MessageId> = ids(|kind| kind == DocumentKind::Message).map(MessageId).collect();
        let clients: Vec<Uuid> = ids(|kind| kind == DocumentKind::Client).collect();
        let others: Vec<Uuid> = ids(|kind| !matches!(kind, DocumentKind::Message | DocumentKind::Client)).collect();
        let mut hits: std::collections::HashMap<Uuid, (usize, Hit)> = std::collections::HashMap::new();
        if !messages.is_empty() {
            let rows = match &self.sight.permits {
                Permits::Person { messages: permit, user, .. } => self.work.tx()?.messages_found(permit, Some(*user), &messages).await?,
                Permits::Moderator(permit) => self.work.tx()?.messages_found(permit, None, &messages).await?,
            };
            let texts = rows.iter().filter_map(|row| row.text.as_deref());
            let called = match &self.sight.permits {
                Permits::Person { messages: permit, .. } => Called::by(&mut self.work, permit, texts).await?,
                Permits::Moderator(permit) => Called::by(&mut self.work, permit, texts).await?,
            };
            hits.extend(rows.iter().filter_map(|row| self.sight.message(row, &called)).map(|(words, hit)| (hit.id, (words, hit))));
        }
        if let Permits::Person { projects, clients: owner, .. } = &self.sight.permits {
            let mut things = Vec::new();
            if !others.is_empty() {
                things.extend(self.work.tx()?.things_found(projects, &others).await?);
            }
            if let Some(permit) = owner
                && !clients.is_empty()
            {
                things.extend(self.work.tx()?.things_found(permit, &clients).await?);
            }
            hits.extend(things.into_iter().filter_map(|thing| self.sight.thing(thing)).map(|(words, hit)| (hit.id, (words, hit))));
        }
        let found = named.iter().filter_map(|(place, _)| hits.remove(&place.id).map(|(words, hit)| Found { place: *place, words, hit }));
        Ok(found.collect())
    }
}

impl Sight {
    /// The message, if it is meant and its reader sees it.
    fn message(&self, message: &FoundMessage, called: &Called) -> Option<(usize, Hit)> {
        let channel = self.channels.get(&message.channel_id)?;
        let raw = message.text.as_deref()?;
        let text = plain_text(raw);
        let user = self.permits.user();
        let marked = self.query.marks.iter().all(|mark| match mark {
            Mark::Pinned => message.pinned,
            Mark::Starred => message.starred,
            Mark::Mentioned => user.is_some_and(|user| message.author_id != user && Mentions::of(raw).names(user)),
        });
        let has = self.query.has.iter().all(|has| *has == Has::Link && has_link(&text));
        if !marked || !has || !self.is_within_channel(channel.id) || !self.is_meant(Some(message.author_id), message.created_at) {
            return None;
        }
        // Names change, so they are not searched; what is shown has them.
        let shown = || (!Mentions::of(raw).is_empty()).then(|| called.plain(raw));
        self.hit(&text, shown, |snippet, highlights| Hit {
            kind: DocumentKind::Message,
            id: message.id.0,
            channel_id: Some(channel.id),
            project_id: channel.project_id,
            title: channel.title.clone(),
            snippet,
            highlights,
            at: message.created_at,
        })
    }

    /// The thing, if it is meant.
    fn thing(&self, thing: Thing) -> Option<(usize, Hit)> {
        let is_client = thing.kind == DocumentKind::Client;
        if !is_client && !self.is_within_project(thing.project_id) || !self.is_meant(thing.author_id, thing.created_at) {
            return None;
        }
        self.hit(
            &thing.searched(),
            || None,
            |snippet, highlights| Hit {
                kind: thing.kind,
                id: thing.id,
                channel_id: None,
                project_id: thing.project_id,
                title: thing.title,
                snippet,
                highlights,
                at: thing.created_at,
            },
        )
    }

    /// A text that is searched, and how it is shown, where that is otherwise.
    fn hit(
        &self,
        text: &str,
        shown: impl FnOnce() -> Option<String>,
        make: impl FnOnce(String, Vec<(usize, usize)>) -> Hit,
    ) -> Option<(usize, Hit)> {
        let folded = Folded::of(text);
        if !self.matches(&folded) {
            return None;
        }
        let words = self.query.terms.iter().filter(|term| folded.has_word(term)).count();
        let (snippet, highlights) = match shown() {
            Some(shown) => hit::snippet(&shown, &Folded::of(&shown), &self.query.terms),
            None => hit::snippet(text, &folded, &self.query.terms),
        };
        Some((words, make(snippet, highlights)))
    }
}
