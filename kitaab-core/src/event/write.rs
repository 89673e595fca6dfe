//! What is told of an event: the thing as its reader may see it now, loaded when it is told and not when it happened.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use super::entry::{Class, Entry, Words};
use super::room::{Room, read};
use super::{EventKind, NewEvent, Part};
use crate::access::{Actor, Permit, Role, action};
use crate::chat::{MessageRow, MessageView, ToldMessage};
use crate::error::{Error, Result};
use crate::finance::EntryKind;
use crate::ids::{ChannelId, EventId, MessageId, ProjectId, UserId, WorkspaceId};
use crate::kitaab::Kitaab;
use crate::time::Timestamp;
use crate::work::Work;

/// An event as it is told.
#[derive(Serialize)]
struct Told<'a> {
    id: EventId,
    r#type: EventKind,
    at: Timestamp,
    actor_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_id: Option<ChannelId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project_id: Option<ProjectId>,
    data: &'a RawValue,
}

fn told(event: &NewEvent, actor_id: Option<UserId>, data: &RawValue) -> Result<Arc<str>> {
    let told = Told {
        id: event.id,
        r#type: event.told.kind,
        at: event.at,
        actor_id,
        channel_id: event.told.channel,
        project_id: event.told.project,
        data,
    };
    Ok(serde_json::to_string(&told).map_err(Error::internal)?.into())
}

fn raw(value: &impl Serialize) -> Result<Box<RawValue>> {
    to_raw_value(value).map_err(Error::internal)
}

/// What was written for one kind of reader, and how old the event was before anything was read for it.
pub(super) struct Written<'e> {
    entry: &'e Entry,
    class: Class,
    words: Words,
    age: u64,
}

/// Hands out what was written.
pub(super) fn keep(all: Vec<Written<'_>>) {
    for Written { entry, class, words, age } in all {
        entry.keep(class, words, age);
    }
}

/// Hands out what was written from a reading that may be newer than what is known of anybody's access: not before that is
/// known too.
async fn keep_settled(room: &Room, kitaab: &Kitaab, all: Vec<Written<'_>>) -> Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    match room.settled(kitaab).await {
        // In a workspace that is gone there is nothing newer.
        Ok(()) | Err(Error::NotFound) => {}
        Err(error) => return Err(error),
    }
    keep(all);
    Ok(())
}

/// Sees to it that these events have words for their readers.
pub(super) async fn write(room: &Room, kitaab: &Kitaab, wanted: &[(Arc<Entry>, Class)], reader: UserId) -> Result<()> {
    let missing = |(entry, class): &&(Arc<Entry>, Class)| entry.words(*class).is_none();
    if !wanted.iter().any(|each| missing(&each)) {
        return Ok(());
    }
    // One writes messages for all who wait for the same words.
    let writing = room.writing.lock().await;
    let missing: Vec<_> = wanted.iter().filter(missing).collect();
    let about: Vec<_> = missing.iter().filter(|(entry, _)| entry.is_about_message()).map(|(entry, _)| entry).collect();
    if !about.is_empty() {
        let actor = Actor::system();
        let ages = Ages::of(room, &about);
        let (mut work, permit) = read(kitaab, &actor, room.workspace).await?;
        let written = messages(room, &mut work, &permit, &about, &ages).await?;
        drop(work);
        keep_settled(room, kitaab, written).await?;
    }
    drop(writing);
    let mut written = Vec::new();
    for (entry, class) in missing.iter().filter(|(entry, _)| !entry.is_about_message()) {
        let age = entry.age();
        let words = write_thing(room, kitaab, entry, *class, reader).await?;
        written.push(Written { entry, class: *class, words, age });
    }
    keep_settled(room, kitaab, written).await
}

/// How old what is known is, before anything is read: what changes meanwhile undoes what is written from it.
pub(super) struct Ages {
    entries: Vec<u64>,
    faces: u64,
}

impl Ages {
    pub(super) fn of(room: &Room, entries: &[&Arc<Entry>]) -> Self {
        Self { entries: entries.iter().map(|entry| entry.age()).collect(), faces: room.people.faces_age() }
    }

    /// Of events that nobody knows of yet.
    pub(super) fn of_new(faces: u64, entries: &[&Arc<Entry>]) -> Self {
        Self { entries: vec![0; entries.len()], faces }
    }
}

/// Writes of messages, for both kinds of readers at once: one query for all of them.
pub(super) async fn messages<'e>(
    room: &Room,
    work: &mut Work<'_>,
    permit: &Permit<action::ReadLog>,
    entries: &[&'e Arc<Entry>],
    ages: &Ages,
) -> Result<Vec<Written<'e>>> {
    let mut written = Vec::new();
    if entries.is_empty() {
        return Ok(written);
    }
    let mut ids: Vec<MessageId> = entries.iter().map(|entry| MessageId(entry.event.told.subject)).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = work.tx()?.messages_told(permit, &ids).await?;
    let rows: HashMap<MessageId, MessageRow> = rows.into_iter().map(|row| (row.message.id, row)).collect();
    for (entry, age) in entries.iter().zip(&ages.entries) {
        let row = rows.get(&MessageId(entry.event.told.subject));
        for class in [Class::Staff, Class::Clients] {
            let actor_id = known_actor(room, work, permit, &entry.event, class == Class::Staff, ages.faces).await?;
            written.push(Written { entry, class, words: message_words(entry, row, class, actor_id)?, age: *age });
        }
    }
    Ok(written)
}

/// Writes of messages that were said just now: what they say was not read, it was written. All in the channel know their
/// author, who is in it.
pub(super) fn said(entries: &[Arc<Entry>], rows: Vec<MessageRow>) -> Result<()> {
    let rows: HashMap<MessageId, MessageRow> = rows.into_iter().map(|row| (row.message.id, row)).collect();
    for entry in entries {
        let row = rows.get(&MessageId(entry.event.told.subject)).filter(|_| entry.event.told.kind == EventKind::MessageCreated);
        let Some(row) = row else { continue };
        for class in [Class::Staff, Class::Clients] {
            entry.keep(class, message_words(entry, Some(row), class, entry.event.actor_id)?, entry.age());
        }
    }
    Ok(())
}

fn message_words(entry: &Entry, row: Option<&MessageRow>, class: Class, actor_id: Option<UserId>) -> Result<Words> {
    let told_to = if class == Class::Staff { ToldMessage::Staff } else { ToldMessage::Clients };
    let data = match row {
        None => raw(&json!({"id": entry.event.told.subject}))?,
        Some(row) => message_data(&entry.event, row, told_to, actor_id)?,
    };
    let own = row.filter(|_| !entry.is_reaction()).map(|row| {
        let name = row.message.client_message_id.as_str();
        (row.message.author_id, Arc::from(json!(name).to_string()))
    });
    Ok(Words { json: told(&entry.event, actor_id, &data)?, own })
}

fn message_data(event: &NewEvent, row: &MessageRow, told_to: ToldMessage, actor_id: Option<UserId>) -> Result<Box<RawValue>> {
    match event.told.kind {
        EventKind::ReactionAdded | EventKind::ReactionRemoved => {
            let reactions: Vec<Value> = row.reactions.iter().map(|each| json!({"emoji": each.emoji, "count": each.count})).collect();
            raw(&json!({
                "message_id": row.message.id,
                "emoji": event.told.detail,
                "user_id": actor_id,
                "reactions": reactions,
            }))
        }
        _ => raw(&MessageView::told(row.clone(), told_to)),
    }
}

/// Who did it, as far as the reader may know them: to a client, staff and whoever is in the channel.
async fn known_actor(
    room: &Room,
    work: &mut Work<'_>,
    permit: &Permit<action::ReadLog>,
    event: &NewEvent,
    knows_all: bool,
    faces_age: u64,
) -> Result<Option<UserId>> {
    let Some(actor) = event.actor_id else { return Ok(None) };
    let known = knows_all || room.people.known_in(work, permit, event.told.channel, faces_age).await?.contains(&actor);
    Ok(Some(actor).filter(|_| known))
}

/// Writes of anything else.
async fn write_thing(room: &Room, kitaab: &Kitaab, entry: &Entry, class: Class, reader: UserId) -> Result<Words> {
    let event = &entry.event;
    let knows_all = match class {
        Class::Staff | Class::Role(_) => true,
        Class::Clients => false,
        Class::Person(_) => {
            event.actor_id == Some(reader) || room.people.sight(kitaab, reader, 0).await?.role().is_some_and(Role::is_staff)
        }
    };
    let actor_id = if knows_all {
        event.actor_id
    } else {
        let (system, faces) = (Actor::system(), room.people.faces_age());
        match read(kitaab, &system, room.workspace).await {
            Ok((mut work, permit)) => known_actor(room, &mut work, &permit, event, false, faces).await?,
            // The workspace is gone, and nobody in it knows anybody.
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        }
    };
    let data = thing(room, kitaab, event, reader).await?;
    Ok(Words { json: told(event, actor_id, &raw(&data)?)?, own: None })
}

/// The thing itself, as its reader may see it now; its id alone once it is gone.
async fn thing(room: &Room, kitaab: &Kitaab, event: &NewEvent, reader: UserId) -> Result<Value> {
    use EventKind as K;
    let (workspace, subject) = (room.workspace, event.told.subject);
    let gone = json!({"id": subject});
    let actor = Actor::person(reader);
    let seen = match event.told.kind {
        K::MessageCreated
        | K::MessageEdited
        | K::MessageDeleted
        | K::MessagePinned
        | K::MessageUnpinned
        | K::ReactionAdded
        | K::ReactionRemoved
        | K::ProjectDeleted
        | K::TaskDeleted
        | K::TaskCommentDeleted
        | K::UpdateDeleted
        | K::ClientDeleted
        | K::ExpenseDeleted
        | K::IncomeDeleted
        | K::TimeEntryDeleted => return Ok(gone),
        K::ChannelMemberAdded | K::ChannelMemberRemoved => {
            return Ok(json!({"channel_id": event.told.channel, "user_id": subject}));
        }
        K::StarAdded | K::StarRemoved => return Ok(json!({"message_id": subject})),
        K::AccessLost | K::AccessGained | K::AccessChanged => return Ok(part(event)),
        K::ProjectCreated | K::ProjectUpdated => value(kitaab.projects(&actor).get(workspace, subject.into()).await.map(|one| one.item)),
        K::TaskCreated | K::TaskUpdated => value(kitaab.tasks(&actor).get(workspace, subject.into()).await.map(|one| one.item)),
        K::TaskCommentCreated | K::TaskCommentUpdated => {
            value(kitaab.tasks(&actor).read_comment(workspace, subject.into()).await.map(|one| one.item))
        }
        K::UpdateCreated | K::UpdateUpdated => value(kitaab.updates(&actor).get(workspace, subject.into()).await.map(|one| one.item)),
        K::ClientCreated | K::ClientUpdated => value(kitaab.clients(&actor).get(workspace, subject.into()).await.map(|one| one.item)),
        K::InvitationCreated | K::InvitationUpdated => {
            value(kitaab.invitations(&actor).get(workspace, subject.into()).await.map(|one| one.item))
        }
        K::ExpenseCreated | K::ExpenseUpdated => {
            value(kitaab.finance(&actor).get(workspace, EntryKind::Expense, subject.into()).await.map(|one| one.item))
        }
        K::IncomeCreated | K::IncomeUpdated => {
            value(kitaab.finance(&actor).get(workspace, EntryKind::Income, subject.into()).await.map(|one| one.item))
        }
        K::TimeEntryCreated | K::TimeEntryUpdated => value(kitaab.time(&actor).get(workspace, subject.into()).await.map(|one| one.item)),
        K::ChannelCreated | K::ChannelUpdated | K::ChannelArchived => {
            value(kitaab.chat(&actor).channel(workspace, subject.into()).await.map(|one| one.item.without_counts()))
        }
        K::ChannelPreferencesChanged => value(kitaab.chat(&actor).preferences_told(workspace, subject.into()).await),
        K::DraftChanged => value(kitaab.chat(&actor).draft_told(workspace, event.told.channel, subject).await),
        K::NotificationCreated => value(kitaab.notifications(&actor).told(workspace, subject.into()).await),
        K::NotificationsRead => value(kitaab.notifications(&actor).unread_told(workspace).await),
        K::ReadMoved => value(kitaab.chat(&actor).position_told(workspace, event.told.channel, subject).await),
    };
    Ok(seen?.unwrap_or(gone))
}

/// What somebody is told last of a workspace whose log is gone.
pub(super) fn lost(kitaab: &Kitaab, workspace: WorkspaceId, user: UserId) -> Result<Words> {
    let at = kitaab.now();
    let event = NewEvent { id: kitaab.id(at), told: super::Told::lost(user, Part::Workspace(workspace)), at, actor_id: None, tag: 0 };
    Ok(Words { json: told(&event, None, &raw(&part(&event))?)?, own: None })
}

/// What was lost or gained, by its ids.
fn part(event: &NewEvent) -> Value {
    match (event.told.project, event.told.channel) {
        (None, None) => json!({"workspace_id": event.told.subject}),
        (project, channel) => {
            let mut ids = serde_json::Map::new();
            if let Some(project) = project {
                ids.insert("project_id".into(), json!(project));
            }
            if let Some(channel) = channel {
                ids.insert("channel_id".into(), json!(channel));
            }
            Value::Object(ids)
        }
    }
}

/// None for what is gone or hidden from this reader.
fn value(found: Result<impl Serialize>) -> Result<Option<Value>> {
    match found {
        Ok(item) => serde_json::to_value(item).map(Some).map_err(Error::internal),
        Err(Error::NotFound | Error::Forbidden(_)) => Ok(None),
        Err(other) => Err(other),
    }
}
