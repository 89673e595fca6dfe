//! Pins, which all in the channel see, and stars, which are private.

use super::Message;
use super::view::{MessageView, single, views};
use crate::access::{InWorkspace, OnChannel, OnMessage, action};
use crate::answer::Single;
use crate::chat::Chat;
use crate::error::{Error, Result};
use crate::event::{EventKind, Told};
use crate::ids::{ChannelId, MessageId, ProjectId, WorkspaceId};
use crate::input::Input;
use crate::page::{Page, PageAsk, Span};
use crate::time::Timestamp;
use crate::work::{Work, again};
use crate::workspace::scope;

/// The most pins of a channel.
const PINS_MAX: usize = 100;

/// Where a page of marks begins: they are listed newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Marks {
    /// When the last one of the page before was made.
    pub at: Timestamp,
    /// Which message it is on.
    pub message: MessageId,
}

impl Chat<'_> {
    /// Pins a message for all in the channel; once is enough.
    pub async fn pin(&self, workspace: WorkspaceId, message: MessageId) -> Result<Single<MessageView>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let target = OnMessage(workspace, message);
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::PinMessage>(target).await?;
            let now = work.now();
            let (row, project) = work.tx()?.hold_message(&permit).await?.ok_or(Error::NotFound)?;
            if row.deleted_at.is_some() {
                return Err(super::edit::deleted());
            }
            if work.tx()?.add_pin(&permit, &row, user, now).await? {
                if work.tx()?.count_pins(&permit, &row).await? > PINS_MAX {
                    return Err(Error::conflict("too_many_pins", "This channel has 100 pins. Take one off first."));
                }
                tell(&mut work, EventKind::MessagePinned, &row, project);
            }
            let permit = work.may::<action::ViewMessage>(target).await?;
            let answer = single(&mut work, &permit).await?;
            work.commit().await?;
            Ok(answer)
        })
        .await
    }

    /// Takes a pin off, whoever put it there.
    pub async fn unpin(&self, workspace: WorkspaceId, message: MessageId) -> Result<()> {
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::PinMessage>(OnMessage(workspace, message)).await?;
            let (row, project) = work.tx()?.hold_message(&permit).await?.ok_or(Error::NotFound)?;
            if work.tx()?.remove_pin(&permit, &row).await? {
                tell(&mut work, EventKind::MessageUnpinned, &row, project);
            }
            work.commit().await
        })
        .await
    }

    /// What is pinned in a channel, newest pin first.
    pub async fn pins(&self, workspace: WorkspaceId, channel: ChannelId) -> Result<Page<MessageView>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewChannel>(OnChannel(workspace, channel)).await?;
        let rows = work.tx()?.pins(&permit, user).await?;
        Ok(Page { items: views(&permit, rows), next_cursor: None })
    }

    /// Puts the own mark on a message; once is enough.
    pub async fn star(&self, workspace: WorkspaceId, message: MessageId) -> Result<Single<MessageView>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let target = OnMessage(workspace, message);
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::MarkMessage>(target).await?;
            let now = work.now();
            let (row, _) = work.tx()?.hold_message(&permit).await?.ok_or(Error::NotFound)?;
            if row.deleted_at.is_some() {
                return Err(super::edit::deleted());
            }
            if work.tx()?.add_star(&permit, user, now).await? {
                work.tell(Told::own(EventKind::StarAdded, user, Some(row.channel_id), message.0));
            }
            let permit = work.may::<action::ViewMessage>(target).await?;
            let answer = single(&mut work, &permit).await?;
            work.commit().await?;
            Ok(answer)
        })
        .await
    }

    /// Takes the own mark off.
    pub async fn unstar(&self, workspace: WorkspaceId, message: MessageId) -> Result<()> {
        let user = self.kitaab.accounts(self.actor).require()?;
        again(self.kitaab, || async {
            let mut work = Work::write(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
            let permit = work.may::<action::MarkMessage>(OnMessage(workspace, message)).await?;
            let (row, _) = work.tx()?.hold_message(&permit).await?.ok_or(Error::NotFound)?;
            if work.tx()?.remove_star(&permit, user).await? {
                work.tell(Told::own(EventKind::StarRemoved, user, Some(row.channel_id), message.0));
            }
            work.commit().await
        })
        .await
    }

    /// The messages with one's own mark that one may still see, newest mark first.
    pub async fn starred(&self, workspace: WorkspaceId, ask: Input<PageAsk>) -> Result<Page<MessageView>> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ListChannels>(InWorkspace(workspace)).await?;
        let ask = ask.checked()?;
        let span = Span { after: ask.position::<Marks>(self.kitaab.keys(), "starred")?, limit: ask.limit() + 1 };
        let rows = work.tx()?.starred(&permit, user, &span).await?;
        let mut marks = Vec::with_capacity(rows.len());
        let mut found = Vec::with_capacity(rows.len());
        for (row, at) in rows {
            marks.push((row.message.id, at));
            found.push(row);
        }
        let at = |id: MessageId| marks.iter().find(|(message, _)| *message == id).map_or(Timestamp::from_micros(0), |(_, at)| *at);
        Page::cut(views(&permit, found), ask.limit(), self.kitaab.keys(), self.kitaab.random(), "starred", |message| Marks {
            at: at(message.id),
            message: message.id,
        })
    }
}

fn tell(work: &mut Work<'_>, kind: EventKind, row: &Message, project: Option<ProjectId>) {
    work.tell(Told::channel(kind, row.channel_id, project, row.id.0));
}
