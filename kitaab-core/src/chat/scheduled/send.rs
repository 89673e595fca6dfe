//! Sending a message whose time has come: the message and the end of its schedule are one commit.

use std::time::Duration;

use super::{Scheduled, ScheduledState};
use crate::access::{Actor, OnScheduled, action};
use crate::chat::NewMessage;
use crate::chat::message::{Origin, Post, Posted, write_posts};
use crate::error::{Error, Result};
use crate::ids::{ScheduledId, WorkspaceId};
use crate::input::Input;
use crate::kitaab::Kitaab;
use crate::notification::{Notice, Rule};
use crate::store::Scope;
use crate::work::{Work, again, note_refusals};

/// What is later than this is not sent any more.
const LATE_MAX: Duration = Duration::from_hours(24);

/// Sends a scheduled message that still has this version, as its author; notes why if that is refused.
pub(crate) async fn send(kitaab: &Kitaab, workspace: WorkspaceId, scheduled: ScheduledId, version: i64) -> Result<()> {
    let target = OnScheduled(workspace, scheduled);
    let refused = again(kitaab, || try_send(kitaab, target, version)).await?;
    let Some(reason) = refused else { return Ok(()) };
    let system = Actor::system();
    again(kitaab, || async {
        let mut work = Work::write(kitaab, &system, Scope::System(workspace)).await?;
        let permit = work.may::<action::SendScheduled>(target).await?;
        let Some(row) = work.tx()?.scheduled(&permit).await?.filter(|row| is_due(row, version)) else { return Ok(()) };
        let (user, subject, channel) = (row.author_id, row.id.0, Some(row.channel_id));
        work.notify(Notice { user, rule: Rule::OwnMessageFailed, actor: None, subject, channel, project: None });
        let failed = Scheduled { state: ScheduledState::Failed, reason: Some(reason.to_owned()), version: version + 1, ..row };
        work.tx()?.update_scheduled(&permit, &failed, version).await?;
        work.commit().await
    })
    .await
}

fn is_due(row: &Scheduled, version: i64) -> bool {
    row.version == version && row.state == ScheduledState::Waiting
}

/// Why it is not sent, if it is not; nothing also if there is nothing to send any more.
async fn try_send(kitaab: &Kitaab, target: OnScheduled, version: i64) -> Result<Option<&'static str>> {
    let system = Actor::system();
    let mut work = Work::write(kitaab, &system, Scope::System(target.0)).await?;
    let Some(permit) = work.permitted::<action::SendScheduled>(target).await? else { return Ok(None) };
    let Some(row) = work.tx()?.scheduled(&permit).await?.filter(|row| is_due(row, version)) else { return Ok(None) };
    if work.now().since(row.due_at) > LATE_MAX {
        return Ok(Some("too_late"));
    }
    // Whoever changes it meanwhile waits, and finds it gone.
    if !work.tx()?.delete_scheduled(&permit).await? {
        return Ok(None);
    }
    let new = NewMessage { client_message_id: target.1.to_string(), text: row.text, reply_to: row.reply_to, ..NewMessage::default() };
    let post = Post {
        actor: Actor::person(row.author_id),
        author: row.author_id,
        channel: row.channel_id,
        input: Input::from(new),
        origin: Origin::Scheduled,
    };
    let answer = write_posts(&mut work, target.0, &[post]).await?.pop();
    let refused = work.take_refusals();
    match answer {
        Some(Ok(Posted { .. })) => work.commit().await.map(|()| None),
        // A repeat of the commit may do better.
        Some(Err(error @ Error::Store(_))) => Err(error),
        Some(Err(error)) => {
            drop(work);
            note_refusals(kitaab, refused).await;
            Ok(Some(error.code()))
        }
        None => Ok(None),
    }
}
