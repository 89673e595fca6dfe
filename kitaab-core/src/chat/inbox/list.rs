//! The inbox: every conversation with what is new in it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::preferences::{ChannelPreferences, check_category};
use crate::access::{InWorkspace, action};
use crate::chat::{ChannelRow, ChannelView, Chat, MessageView, OwnPosition, message_views};
use crate::error::{Error, Problems, Result};
use crate::ids::{ChannelId, MessageId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::{Page, PageAsk, Span};
use crate::time::Timestamp;
use crate::work::Work;
use crate::workspace::scope;

/// What cursors of this list are for.
const CURSORS: &str = "inbox";

/// Which conversations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum InboxFilter {
    /// All that are neither put away nor hidden.
    #[default]
    All,
    /// Of these, those with something unread.
    Unread,
    /// Those in which one may write.
    Active,
    /// Those that were put away.
    Archived,
    /// Those in which one is mentioned and has not read it.
    Mentions,
    /// Those of a category.
    Category(String),
    /// Those that matter more than others.
    Priority,
}

impl InboxFilter {
    /// Its name, as it is asked for.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Unread => "unread",
            Self::Active => "active",
            Self::Archived => "archived",
            Self::Mentions => "mentions",
            Self::Category(_) => "category",
            Self::Priority => "priority",
        }
    }

    /// The category, if it is one's filter.
    #[must_use]
    pub fn category(&self) -> Option<&str> {
        match self {
            Self::Category(name) => Some(name),
            _ => None,
        }
    }

    fn read(text: Option<&str>) -> Option<Self> {
        Some(match text {
            None => Self::All,
            Some("unread") => Self::Unread,
            Some("active") => Self::Active,
            Some("archived") => Self::Archived,
            Some("mentions") => Self::Mentions,
            Some("priority") => Self::Priority,
            Some(other) => Self::Category(other.strip_prefix("category:").filter(|name| !name.is_empty())?.to_owned()),
        })
    }
}

/// Which part of the inbox.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct InboxAsk {
    /// `unread`, `active`, `archived`, `mentions`, `category:NAME` or `priority`; all that is not put away when absent.
    pub filter: Option<String>,
    /// At most this many.
    pub limit: Option<u32>,
    /// The next page.
    pub cursor: Option<String>,
}

impl InboxAsk {
    fn page(&self) -> PageAsk {
        PageAsk { limit: self.limit, cursor: self.cursor.clone() }
    }
}

impl Check for InboxAsk {
    fn check(&mut self, problems: &mut Problems) {
        self.page().check(problems);
        match InboxFilter::read(self.filter.as_deref()) {
            None => problems.add("filter", "invalid", "Ask for unread, active, archived, mentions, category:NAME or priority."),
            Some(InboxFilter::Category(mut name)) => check_category(&mut name, "filter", problems),
            Some(_) => {}
        }
    }
}

/// Where a page of the inbox begins: what is pinned comes first, then what was said last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxPlace {
    /// Whether the last one before was pinned.
    pub pinned: bool,
    /// When something was said in it last.
    pub at: Timestamp,
    /// Which it was.
    pub channel: ChannelId,
}

/// A conversation as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// The channel and what is unread.
    pub channel: ChannelRow,
    /// How the person keeps it.
    pub preferences: ChannelPreferences,
    /// The newest message; none before the first.
    pub last_message: Option<MessageId>,
    /// When it was said, or the channel was made.
    pub last_at: Timestamp,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InboxItem {
    /// The channel.
    pub channel: ChannelView,
    /// How far the caller has read it.
    #[serde(flatten)]
    pub own: OwnPosition,
    /// The newest message, a tombstone if it was deleted; null before the first.
    pub last_message: Option<MessageView>,
    /// How the caller keeps it.
    pub preferences: ChannelPreferences,
    #[serde(skip)]
    at: Option<Timestamp>,
}

impl InboxItem {
    fn place(&self) -> InboxPlace {
        InboxPlace { pinned: self.preferences.pinned, at: self.at.unwrap_or(self.channel.created_at), channel: self.channel.id }
    }
}

impl Chat<'_> {
    /// The caller's conversations: what is pinned first, then what was said last first.
    pub async fn inbox(&self, workspace: WorkspaceId, ask: Input<InboxAsk>) -> Result<Page<InboxItem>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListChannels>(InWorkspace(workspace)).await?;
        let ask = ask.checked()?;
        let filter = InboxFilter::read(ask.filter.as_deref()).unwrap_or_default();
        let page = ask.page();
        let span = Span { after: page.position(self.kitaab.keys(), CURSORS)?, limit: page.limit() + 1 };
        let rows = work.tx()?.inbox(&permit, user, &filter, &span).await?;
        let ids: Vec<MessageId> = rows.iter().filter_map(|row| row.last_message).collect();
        let said = work.tx()?.messages_seen(&permit, Some(user), &ids).await?;
        let mut said: HashMap<MessageId, MessageView> = message_views(&permit, said).into_iter().map(|view| (view.id, view)).collect();
        let now = work.now();
        let items = rows
            .into_iter()
            .map(|row| {
                let channel = ChannelView::new(row.channel, &*permit);
                Ok(InboxItem {
                    own: channel.own.ok_or(Error::NotFound)?,
                    channel: channel.without_counts(),
                    last_message: row.last_message.and_then(|id| said.remove(&id)),
                    preferences: row.preferences.seen_at(now),
                    at: Some(row.last_at),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        Page::cut(items, page.limit(), self.kitaab.keys(), self.kitaab.random(), CURSORS, InboxItem::place)
    }
}
