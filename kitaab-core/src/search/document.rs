//! What is searched of a thing.

use uuid::Uuid;

use super::fold;
use crate::chat::{Message, plain_text};
use crate::ids::{ChannelId, MessageId, ProjectId, UserId};
use crate::sql::names;
use crate::time::Timestamp;

names! {
    /// What a search finds.
    pub enum DocumentKind {
        /// A message.
        Message = "message",
        /// A project.
        Project = "project",
        /// A task.
        Task = "task",
        /// A comment on a task.
        TaskComment = "task_comment",
        /// A client, for the owner.
        Client = "client",
    }
}

/// What a store keeps of a thing for searching it, in the same unit that writes the thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// The thing's id.
    pub id: Uuid,
    /// The channel of a message.
    pub channel: Option<ChannelId>,
    /// The project of a project, a task or a comment.
    pub project: Option<ProjectId>,
    /// Who wrote a message or a comment.
    pub author: Option<UserId>,
    /// Whether no client sees it.
    pub internal: bool,
    /// Whether it has a link.
    pub link: bool,
    /// Its text, folded.
    pub folded: String,
    /// The single characters and pairs of its text in scripts where these are words.
    pub grams: String,
}

impl Document {
    fn new(kind: DocumentKind, id: Uuid, text: &str) -> Self {
        let folded = fold::folded(text);
        let grams = fold::grams(&folded);
        Self { kind, id, channel: None, project: None, author: None, internal: false, link: false, folded, grams }
    }

    /// Of a message; none of a deleted one.
    #[must_use]
    pub fn of_message(message: &Message) -> Option<Self> {
        let text = plain_text(message.text.as_deref()?);
        let document = Self::new(DocumentKind::Message, message.id.0, &text);
        Some(Self { channel: Some(message.channel_id), author: Some(message.author_id), link: has_link(&text), ..document })
    }

    /// Of a thing that was read.
    #[must_use]
    pub fn of_thing(thing: &Thing) -> Self {
        let document = Self::new(thing.kind, thing.id, &thing.searched());
        Self { project: thing.project_id, author: thing.author_id, internal: thing.internal, ..document }
    }
}

/// Whether a text leads somewhere.
pub(super) fn has_link(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| text.contains(scheme))
}

/// A message that was found, as it is now: only what a search looks at and shows. Reading what else hangs on it took most of the
/// time of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundMessage {
    /// The id.
    pub id: MessageId,
    /// Where it was said.
    pub channel_id: ChannelId,
    /// Who said it.
    pub author_id: UserId,
    /// Markdown; none once it was deleted.
    pub text: Option<String>,
    /// When it was said.
    pub created_at: Timestamp,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether its reader has starred it.
    pub starred: bool,
}

/// A thing that was found, as it is now and as its reader may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// What it is.
    pub kind: DocumentKind,
    /// Its id.
    pub id: Uuid,
    /// Its project.
    pub project_id: Option<ProjectId>,
    /// What it is called; for a comment, its task.
    pub title: String,
    /// The first line of what is searched, if that is not all.
    pub name: Option<String>,
    /// The rest.
    pub text: Option<String>,
    /// Who wrote a comment.
    pub author_id: Option<UserId>,
    /// Whether no client sees it.
    pub internal: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Thing {
    /// What is searched.
    pub(super) fn searched(&self) -> String {
        self.name.iter().chain(&self.text).map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}
