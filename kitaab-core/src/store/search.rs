//! What is searched.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::{InWorkspace, Reads, Writes};
use crate::ids::{ChannelId, MessageId, ProjectId, UserId};
use crate::search::{DocumentKind, FoundMessage, Mark, SearchedChannel, SearchedProject, Thing};
use crate::store::StoreResult;
use crate::time::Timestamp;

/// Where a document is in the order of a store, newest first. What `at` means is the store's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DocumentPlace {
    /// A number of the store's, or nought.
    pub at: i64,
    /// The thing's id.
    pub id: Uuid,
}

/// What is looked for, and where. A list that is none is no condition.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// Of these kinds.
    pub kinds: Vec<DocumentKind>,
    /// Messages in these channels.
    pub channels: Option<Vec<ChannelId>>,
    /// These projects.
    pub projects: Option<Vec<ProjectId>>,
    /// Tasks of these projects.
    pub task_projects: Option<Vec<ProjectId>>,
    /// Comments in these projects.
    pub comment_projects: Option<Vec<ProjectId>>,
    /// Also what no client sees.
    pub internal: bool,
    /// Folded texts of three characters and more, all of which are in it.
    pub terms: Vec<String>,
    /// Grams, all of which are in it.
    pub grams: Vec<String>,
    /// A folded text for which there is no index: the newest that may be seen are read for it, this many.
    pub part: Option<(String, u32)>,
    /// Written by one of these.
    pub authors: Option<Vec<UserId>>,
    /// With a link.
    pub link: bool,
    /// Made at this time or later.
    pub from: Option<Timestamp>,
    /// Made before this time.
    pub until: Option<Timestamp>,
}

/// Things that may match, newest first.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// Where and what they are.
    pub found: Vec<(DocumentPlace, DocumentKind)>,
    /// Whether there may be more beyond the last.
    pub more: bool,
    /// Whether the time was up. The unit may have ended.
    pub late: bool,
}

/// Searching. What is written into the tables that are searched is taken in by the methods that write it.
#[async_trait]
pub trait SearchRepo {
    /// The channels that a person reads; of all of the workspace when everything is reached.
    async fn searched_channels(&mut self, permit: &Reads<InWorkspace>, user: Option<UserId>) -> StoreResult<Vec<SearchedChannel>>;
    /// The projects within reach, archived ones too for staff.
    async fn searched_projects(&mut self, permit: &Reads<InWorkspace>) -> StoreResult<Vec<SearchedProject>>;
    /// The next things that may match, newest first, at most `limit`, within about this time. May name too many, never too
    /// few.
    async fn candidates(
        &mut self,
        permit: &Reads<InWorkspace>,
        sought: &Sought,
        below: Option<DocumentPlace>,
        limit: u32,
        within: Duration,
    ) -> StoreResult<Candidates>;
    /// The messages among these, with what `user` has put on them. Whether they are in a channel of the reader's is for the caller
    /// to look at.
    async fn messages_found(
        &mut self,
        permit: &Reads<InWorkspace>,
        user: Option<UserId>,
        ids: &[MessageId],
    ) -> StoreResult<Vec<FoundMessage>>;
    /// Projects, tasks and comments among these that are within reach, as they are now; and clients, if all is.
    async fn things_found(&mut self, permit: &Reads<InWorkspace>, ids: &[Uuid]) -> StoreResult<Vec<Thing>>;
    /// The messages that are marked so, newest first, in channels that the person reads.
    async fn marked_messages(
        &mut self,
        permit: &Reads<InWorkspace>,
        user: UserId,
        mark: Mark,
        below: Option<MessageId>,
        limit: u32,
    ) -> StoreResult<Vec<MessageId>>;
    /// Takes in up to `limit` things of a kind after this one that are not taken in; the last that was looked at.
    async fn index_next(
        &mut self,
        permit: &Writes<InWorkspace>,
        kind: DocumentKind,
        after: Option<Uuid>,
        limit: u32,
    ) -> StoreResult<Option<Uuid>>;
}
