//! What somebody has begun to write: kept for all their devices, one for each channel and thread, and seen by nobody else.

use serde::{Deserialize, Serialize};

use super::Chat;
use super::message::check_text;
use crate::access::{InWorkspace, OnChannel, Permit, action};
use crate::error::{Error, Problems, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::page::{Page, PageAsk, Span};
use crate::time::Timestamp;
use crate::work::{Work, again};
use crate::workspace::scope;

/// What cursors of this list are for.
const CURSORS: &str = "drafts";

/// What somebody has begun to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// Where.
    pub channel_id: ChannelId,
    /// In which thread; null in the channel itself.
    pub thread_id: Option<MessageId>,
    /// Markdown.
    pub text: String,
    /// Which version this is; the highest wins.
    pub version: i64,
    /// When it was written.
    pub updated_at: Timestamp,
}

/// What one has begun to write.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeepDraft {
    /// Markdown.
    #[cfg_attr(feature = "openapi", schema(required = true, min_length = 1, max_length = 10_000))]
    pub text: String,
    /// The first message of the thread that it is for.
    pub thread_id: Option<MessageId>,
    /// A number that a device counts up. An older version than the one that is kept changes nothing, and is answered with
    /// that; without one this is the newest.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub version: Option<i64>,
}

impl Check for KeepDraft {
    fn check(&mut self, problems: &mut Problems) {
        check_text(&mut self.text, problems);
        if self.version.is_some_and(|version| version < 1) {
            problems.add("version", "out_of_range", "Versions are counted from 1.");
        }
    }
}

/// Of which draft.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DraftAsk {
    /// The thread; the channel itself when absent.
    pub thread_id: Option<MessageId>,
}

impl Check for DraftAsk {
    fn check(&mut self, _: &mut Problems) {}
}

/// Where a page of drafts begins: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPlace {
    /// When the last one before was written.
    pub at: Timestamp,
    /// In which channel.
    pub channel: ChannelId,
    /// In which thread; the nil id in the channel itself.
    pub thread: MessageId,
}

impl DraftPlace {
    /// Where this draft is in the list.
    #[must_use]
    pub fn of(draft: &Draft) -> Self {
        let thread = draft.thread_id.unwrap_or_else(|| uuid::Uuid::nil().into());
        Self { at: draft.updated_at, channel: draft.channel_id, thread }
    }
}

/// That a person's draft changed, which their own devices are told.
pub(super) fn changed(user: UserId, channel: ChannelId, thread: Option<MessageId>) -> Told {
    Told::own(EventKind::DraftChanged, user, Some(channel), thread.map_or(channel.0, |thread| thread.0))
}

impl Chat<'_> {
    /// What the caller has begun to write, newest first.
    pub async fn drafts(&self, workspace: WorkspaceId, ask: Input<PageAsk>) -> Result<Page<Draft>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListChannels>(InWorkspace(workspace)).await?;
        let page = ask.checked()?;
        let span = Span { after: page.position(self.kitaab.keys(), CURSORS)?, limit: page.limit() + 1 };
        let found = work.tx()?.drafts(&permit, user, &span).await?;
        Page::cut(found, page.limit(), self.kitaab.keys(), self.kitaab.random(), CURSORS, DraftPlace::of)
    }

    /// Keeps what the caller has begun to write; the draft as it is then, which is another one if that is newer.
    pub async fn keep_draft(&self, workspace: WorkspaceId, channel: ChannelId, input: Input<KeepDraft>) -> Result<Draft> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::KeepDraft>(OnChannel(workspace, channel)).await?;
            let new = input.checked()?;
            let thread = of_channel(&mut work, &permit, new.thread_id).await?;
            let kept = work.tx()?.draft(&permit, user, thread).await?;
            let version = new.version.unwrap_or_else(|| kept.as_ref().map_or(0, |kept| kept.version).saturating_add(1));
            let draft = Draft { channel_id: channel, thread_id: thread, text: new.text, version, updated_at: work.now() };
            let told = kept.as_ref().is_some_and(|kept| kept.text == draft.text);
            if let Some(kept) = kept
                && kept.version > version
            {
                return Ok(kept);
            }
            if !work.tx()?.keep_draft(&permit, user, &draft).await? {
                return Err(crate::store::StoreError::Conflict.into());
            }
            if !told {
                work.tell(changed(user, channel, thread));
            }
            work.commit().await?;
            Ok(draft)
        })
        .await
    }

    /// Throws a draft of the caller's away; once is enough.
    pub async fn drop_draft(&self, workspace: WorkspaceId, channel: ChannelId, ask: Input<DraftAsk>) -> Result<()> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::KeepDraft>(OnChannel(workspace, channel)).await?;
            let thread = ask.checked()?.thread_id;
            if work.tx()?.drop_draft(&permit, user, thread).await? {
                work.tell(changed(user, channel, thread));
            }
            work.commit().await
        })
        .await
    }

    /// The caller's draft, as an event tells it.
    pub(crate) async fn draft_told(
        &self,
        workspace: WorkspaceId,
        channel: Option<ChannelId>,
        subject: uuid::Uuid,
    ) -> Result<serde_json::Value> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let channel = channel.ok_or(Error::NotFound)?;
        let thread = Some(MessageId(subject)).filter(|_| subject != channel.0);
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewChannel>(OnChannel(workspace, channel)).await?;
        match work.tx()?.draft(&permit, user, thread).await? {
            Some(draft) => serde_json::to_value(draft).map_err(Error::internal),
            None => Ok(serde_json::json!({"channel_id": channel, "thread_id": thread})),
        }
    }
}

/// The thread that a draft is for, which is of this channel.
async fn of_channel(work: &mut Work<'_>, permit: &Permit<action::KeepDraft>, thread: Option<MessageId>) -> Result<Option<MessageId>> {
    let Some(thread) = thread else { return Ok(None) };
    match work.tx()?.thread_of(permit, thread).await? {
        Some(root) => Ok(Some(root)),
        None => Err(Error::field("thread_id", "not_found", "There is no such message in this channel.")),
    }
}
