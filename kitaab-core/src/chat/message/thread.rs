//! Threads: the replies to a message, who takes part, and how far one has read.

use serde::{Deserialize, Serialize};

use super::MessagesAsk;
use super::page::{join, parts};
use super::view::{MessageView, views};
use crate::access::{OnMessage, Role, action};
use crate::chat::Chat;
use crate::error::{Error, Result};
use crate::ids::{MessageId, UserId, WorkspaceId};
use crate::input::Input;
use crate::work::Work;
use crate::workspace::{Person, scope};

/// A page of a thread.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RepliesPage {
    /// The replies, oldest first.
    pub items: Vec<MessageView>,
    /// Whether there are older ones.
    pub has_before: bool,
    /// Whether there are newer ones.
    pub has_after: bool,
    /// Who has written in the thread, the author of its first message first.
    pub participants: Vec<Person>,
    /// The last reply that the caller has seen; 0 for none.
    pub read_seq: i64,
    /// Replies by others after it that were not deleted.
    pub unread_count: i64,
}

/// How far one person has read a thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ThreadPosition {
    /// The last reply that they have seen.
    pub read_seq: i64,
    /// Replies by others after it that were not deleted.
    pub unread_count: i64,
}

impl Chat<'_> {
    /// The thread that a message is in, or begins.
    pub async fn replies(&self, workspace: WorkspaceId, message: MessageId, ask: Input<MessagesAsk>) -> Result<RepliesPage> {
        let user: UserId = self.kitaab.accounts(self.actor).require()?;
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewMessage>(OnMessage(workspace, message)).await?;
        let ask = ask.checked()?;
        let named = work.tx()?.message(&permit, Some(user)).await?.ok_or(Error::NotFound)?.message;
        // A thread is in one channel: who sees one message of it sees all.
        let root = OnMessage(workspace, named.thread_id.unwrap_or(named.id));
        let permit = work.may::<action::ViewMessage>(root).await?;
        let mut found = Vec::new();
        for (around, limit) in parts(&ask) {
            found.push((around, limit, work.tx()?.replies(&permit, user, around, limit + 1).await?));
        }
        let mut cut = join(found);
        if let Some(seq) = ask.before {
            cut.has_after = !work.tx()?.replies(&permit, user, super::Around::After(seq - 1), 1).await?.is_empty();
        }
        if let Some(seq) = ask.after {
            cut.has_before = !work.tx()?.replies(&permit, user, super::Around::Before(seq.saturating_add(1)), 1).await?.is_empty();
        }
        let rows = std::mem::take(&mut cut.rows);
        let position = work.tx()?.thread_position(&permit, user).await?;
        let people = work.tx()?.thread_people(&permit).await?;
        let known = |person: &crate::workspace::Author, inside: bool| {
            permit.role() != Role::Client || inside || person.role.is_some_and(Role::is_staff) || person.id == user
        };
        let participants = people.into_iter().map(|(person, inside)| {
            if known(&person, inside) { Person { id: Some(person.id), display_name: person.display_name } } else { Person::someone() }
        });
        Ok(RepliesPage {
            items: views(&permit, rows),
            participants: participants.collect(),
            read_seq: position.read_seq,
            unread_count: position.unread_count,
            ..cut.into()
        })
    }
}
