//! The mail about what somebody missed: written when it is sent, as its reader sees the conversation then.

use super::decide::GRACE;
use super::look::{self, LOOKS_BACK};
use super::model::Mailing;
use super::unsubscribe::link_of;
use crate::access::{Actor, InWorkspace, OnChannel, Permit, action};
use crate::chat::{Around, ChannelView, MessageView, message_views};
use crate::error::{Error, Result, found};
use crate::ids::{MailingId, UserId};
use crate::job::Job;
use crate::kitaab::Kitaab;
use crate::mail;
use crate::notice::{Composed, reader, when_today};
use crate::notification::Level;
use crate::store::Scope;
use crate::time::Timestamp;
use crate::work::Work;

/// The most messages that a mail shows; of the others it says how many there are.
const SHOWN: usize = 10;
/// The most messages that are counted.
const COUNTED: u32 = 200;

/// The mail of a job; none if its reader has read everything, lost the channel, or wants no mail any more.
pub(crate) async fn compose(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Option<Composed>> {
    let Some(workspace) = job.workspace_id else { return Ok(None) };
    let mut work = Work::read(kitaab, system, Scope::System(workspace)).await?;
    let Some(mailing) = mailing(&mut work, job).await? else { return Ok(None) };
    let Some(account) = reader(&mut work, mailing.user_id).await? else { return Ok(None) };
    let Some(to) = account.email.clone() else { return Ok(None) };
    // From here on everything is read with the rights of the reader.
    let person = Actor::person(mailing.user_id);
    let target = OnChannel(workspace, mailing.channel_id);
    let Some(permit) = found(work.may_for::<action::ViewChannel>(&person, target).await)? else { return Ok(None) };
    let Some((wishes, seen_seq)) = work.tx()?.mail_wishes(&permit, mailing.user_id).await? else { return Ok(None) };
    let Some(row) = work.tx()?.channel(&permit, mailing.user_id).await? else { return Ok(None) };
    let view = work.may::<action::ViewWorkspace>(InWorkspace(workspace)).await?;
    let Some(place) = work.tx()?.workspace(&view).await? else { return Ok(None) };
    let since = work.now().before(LOOKS_BACK);
    let concerned = match wishes.email {
        Level::None => return Ok(None),
        Level::All => None,
        Level::Mentions => Some(work.tx()?.notified_lately(&permit, Some(mailing.user_id), since).await?),
    };
    let begins = seen_seq.max(mailing.mailed_seq);
    let rows = work.tx()?.messages(&permit, mailing.user_id, Around::Before(job.detail.saturating_add(1)), COUNTED).await?;
    let said: Vec<MessageView> = message_views(&permit, rows)
        .into_iter()
        .filter(|message| message.seq > begins && message.author.id != Some(mailing.user_id) && message.text.is_some())
        .filter(|message| message.created_at >= since && wishes.muted_until.is_none_or(|until| until <= message.created_at))
        .filter(|message| concerned.as_ref().is_none_or(|concerned| concerned.contains(&(mailing.user_id, message.seq))))
        .collect();
    if said.is_empty() {
        return Ok(None);
    }
    let names = names(&mut work, &permit).await?;
    drop(work);
    let channel = ChannelView::new(row, &*permit);
    let shown = said.len().saturating_sub(SHOWN);
    let lines: Vec<mail::Said> = said[shown..].iter().map(|message| line(message, &names, &account.time_zone, kitaab.now())).collect();
    let title = channel.title();
    let unsubscribe = link_of(kitaab, workspace, mailing.user_id, mailing.channel_id);
    let content = mail::NewMessages {
        workspace: &place.name,
        conversation: &title,
        direct: channel.peer.is_some(),
        count: said.len(),
        said: &lines,
        // What was said is for the one who reads it, and nobody has shown yet that this address is theirs.
        content: wishes.content && account.email_verified_at.is_some(),
        link: &kitaab.url(&format!("/conversations/{workspace}/{}", mailing.channel_id)),
        unsubscribe: &unsubscribe,
    };
    let content = content.render().map_err(Error::internal)?;
    let thread = Some(format!("{}.{}@{}", mailing.channel_id, mailing.user_id, kitaab.mail_host()));
    // It may have been refused, or nobody worked, until their quiet hours began.
    let not_before = wishes.quiet_hours.as_ref().map(|quiet| quiet.end_after(kitaab.now(), &account.time_zone));
    Ok(Some(Composed { thread, unsubscribe: Some(unsubscribe), not_before, ..Composed::new(to, content) }))
}

/// What the job is about, if it is still on its way.
async fn mailing(work: &mut Work<'_>, job: &Job) -> Result<Option<Mailing>> {
    let here = InWorkspace(work.here()?);
    let Some(permit) = work.permitted::<action::SendMailing>(here).await? else { return Ok(None) };
    let mailing = work.tx()?.mailing(&permit, MailingId(job.subject)).await?;
    Ok(mailing.filter(|mailing| mailing.up_to == Some(job.detail)))
}

/// Who is in the channel, for naming whom a message mentions.
async fn names(work: &mut Work<'_>, permit: &Permit<action::ViewChannel>) -> Result<Vec<(UserId, String)>> {
    let members = work.tx()?.channel_members(permit).await?;
    Ok(members.into_iter().map(|member| (member.person.id, member.person.display_name)).collect())
}

fn line(message: &MessageView, names: &[(UserId, String)], zone: &str, now: Timestamp) -> mail::Said {
    let called = |who: UserId| names.iter().find(|(id, _)| *id == who).map(|(_, name)| name.as_str());
    mail::Said {
        author: message.author.display_name.clone(),
        at: when_today(message.created_at, now, zone),
        text: message.plain_text(called).unwrap_or_default(),
    }
}

/// How the try to send it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It is with the mail server.
    Mailed,
    /// There was nothing to tell any more.
    Nothing,
    /// It is given up.
    Failed,
}

/// Notes how the mail of a job ended, in the unit that ends the job, and has the conversation looked at for what was said since.
pub(crate) async fn end(work: &mut Work<'_>, job: &Job, ended: Ended) -> Result<()> {
    let Some(mailing) = mailing(work, job).await? else { return Ok(()) };
    let target = OnChannel(work.here()?, mailing.channel_id);
    let Some(permit) = work.permitted::<action::LookForAway>(target).await? else { return Ok(()) };
    let now = work.now();
    // One that was given up counts as sent: what the server refused it is not to be asked every two minutes.
    let (mailed_at, step) = match ended {
        Ended::Nothing => (mailing.mailed_at, (mailing.step - 1).max(0)),
        Ended::Mailed | Ended::Failed => (Some(now), mailing.step),
    };
    let after = Mailing { mailed_seq: job.detail, mailed_at, step, up_to: None, ..mailing };
    work.tx()?.keep_mailing(&permit, &after).await?;
    if work.tx()?.last_seq(&permit).await? > job.detail {
        look::plan(work, &permit, now.after(GRACE)).await?;
    }
    Ok(())
}
