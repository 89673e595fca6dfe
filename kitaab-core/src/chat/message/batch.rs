//! Writing posts to one workspace as one unit of work, each with a permit of its author's own.

use std::collections::HashMap;

use super::compose;
use super::post::{NewMessage, Origin, Post, Posted};
use super::view::{MessageView, Reader};
use super::{Message, MessageFlags, MessageRow, Numbered, PostFacts, PostKey};
use crate::access::{Actor, OnChannel, OnMessage, Permit, Role, Writes, action};
use crate::away::Look;
use crate::chat::{Mentions, draft};
use crate::error::{Error, Problems, Result};
use crate::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use crate::kitaab::Kitaab;
use crate::notification::{Surrounding, of_message};
use crate::store::Scope;
use crate::work::Work;
use crate::workspace::Author;

/// What becomes of a post.
enum Fate {
    /// It is refused, alone and before anything is written.
    Refused(Error),
    /// It was posted before: here it is.
    Repeated(MessageId),
    /// It has the same name as an earlier post of this very batch.
    Twin(usize),
    /// It is written.
    New(Box<Ready>),
}

/// A post that is good to be written.
struct Ready {
    permit: Permit<action::PostMessage>,
    message: Message,
    mentions: Mentions,
    author: Author,
    around: Surrounding,
    /// Whether a draft of the author's may have become this.
    drafted: bool,
    /// Whether the author was there when it was sent.
    there: bool,
}

impl Ready {
    /// As it would be read right after it was written.
    fn row(&self) -> MessageRow {
        MessageRow {
            message: self.message.clone(),
            author: self.author.clone(),
            author_inside: true,
            flags: MessageFlags::default(),
            reactions: Vec::new(),
        }
    }
}

/// Writes the posts in a unit of their own; an answer for each. Fails as a whole only for a reason that lies in none of them.
pub(super) async fn write(kitaab: &Kitaab, workspace: WorkspaceId, posts: &[Post]) -> Result<Vec<Result<Posted>>> {
    let system = Actor::system();
    let mut work = Work::write(kitaab, &system, Scope::System(workspace)).await?;
    let answers = write_posts(&mut work, workspace, posts).await?;
    let refused = work.take_refusals();
    if answers.iter().any(Result::is_ok) {
        // A repeat may have read what a neighbour has not yet on disk.
        work.commit().await?;
    } else {
        drop(work);
    }
    crate::work::note_refusals(kitaab, refused).await;
    Ok(answers)
}

/// Writes the posts in a unit that commits them; an answer for each.
pub(in crate::chat) async fn write_posts(work: &mut Work<'_>, workspace: WorkspaceId, posts: &[Post]) -> Result<Vec<Result<Posted>>> {
    let keys: Vec<PostKey> = posts
        .iter()
        .map(|post| PostKey { author: post.author, channel: post.channel, client_message_id: post.client_message_id() })
        .collect();
    let facts = work.tx()?.post_facts(workspace, &keys).await?;
    let mut fates: Vec<Fate> = Vec::with_capacity(posts.len());
    for (index, (post, facts)) in posts.iter().zip(facts).enumerate() {
        // What is refused is no first one of its name.
        let twin = (0..index).find(|earlier| keys[*earlier] == keys[index] && !matches!(fates[*earlier], Fate::Refused(_)));
        fates.push(judge(work, workspace, post, &keys[index], facts, twin).await?);
    }
    number(work, &mut fates).await?;
    let answers = collect(work, workspace, posts, &fates).await?;
    Ok(fates
        .into_iter()
        .enumerate()
        .map(|(index, fate)| match fate {
            Fate::Refused(error) => Err(error),
            Fate::Twin(first) => match &answers[first] {
                Some(posted) => Ok(Posted { made: false, ..posted.clone() }),
                None => Err(crate::store::StoreError::Conflict.into()),
            },
            Fate::New(_) | Fate::Repeated(_) => answers[index].clone().ok_or(Error::NotFound),
        })
        .collect())
}

/// Asks the table for the author's permit, then looks at what they sent.
async fn judge(
    work: &mut Work<'_>,
    workspace: WorkspaceId,
    post: &Post,
    key: &PostKey,
    facts: PostFacts,
    twin: Option<usize>,
) -> Result<Fate> {
    let target = OnChannel(workspace, key.channel);
    let permit = match work.may_as::<action::PostMessage>(&post.actor, target, facts.standing) {
        Ok(permit) => permit,
        Err(error) => return Ok(Fate::Refused(error)),
    };
    if let Some(message) = facts.repeated {
        return Ok(Fate::Repeated(message));
    }
    if let Some(first) = twin {
        return Ok(Fate::Twin(first));
    }
    let mut problems = Problems::default();
    let new = match post.input.check_into(&mut problems) {
        Ok(new) => new,
        Err(error) => return Ok(Fate::Refused(error)),
    };
    let (mentions, thread) = references(work, &permit, &new, &mut problems).await?;
    if let Err(error) = problems.into_result() {
        return Ok(Fate::Refused(error));
    }
    let message = Message {
        id: work.id(),
        channel_id: post.channel,
        seq: 0,
        author_id: post.author,
        client_message_id: new.client_message_id,
        text: Some(new.text),
        reply_to: new.reply_to,
        thread_id: thread,
        quote_of: if let Origin::Forwarded(from) = post.origin { Some(from) } else { new.quote_of },
        created_at: work.now(),
        edited_at: None,
        deleted_at: None,
        deleted_by: None,
    };
    let role: Role = permit.role();
    let author = Author { id: post.author, display_name: facts.author_name, role: Some(role) };
    Ok(Fate::New(Box::new(Ready {
        permit,
        message,
        mentions,
        author,
        around: Surrounding { project: facts.project_id, direct: facts.direct, followed: facts.followed },
        drafted: facts.drafted && post.origin == Origin::Written,
        there: post.origin != Origin::Scheduled,
    })))
}

/// Looks for what a message names: people and messages of its channel.
async fn references(
    work: &mut Work<'_>,
    permit: &Permit<action::PostMessage>,
    new: &NewMessage,
    problems: &mut Problems,
) -> Result<(Mentions, Option<MessageId>)> {
    let mentions = compose::mentions(&new.text, problems);
    if !mentions.people.is_empty() {
        let inside = work.tx()?.channel_people(permit).await?;
        compose::check_mentioned(&mentions, &inside, problems);
    }
    let mut thread = None;
    for (field, named) in [("reply_to", new.reply_to), ("quote_of", new.quote_of)] {
        let Some(named) = named else { continue };
        match work.tx()?.thread_of(permit, named).await? {
            Some(root) if field == "reply_to" => thread = Some(root),
            Some(_) => {}
            None => problems.add(field, "not_found", "There is no such message in this channel."),
        }
    }
    Ok((mentions, thread))
}

/// Numbers and writes the new ones: channels in the order of their ids, so that no two units wait for each other.
async fn number(work: &mut Work<'_>, fates: &mut [Fate]) -> Result<()> {
    let mut counts: HashMap<ChannelId, i64> = HashMap::new();
    for fate in fates.iter() {
        if let Fate::New(ready) = fate {
            *counts.entry(ready.message.channel_id).or_default() += 1;
        }
    }
    if counts.is_empty() {
        return Ok(());
    }
    let mut counts: Vec<(ChannelId, i64)> = counts.into_iter().collect();
    counts.sort_unstable();
    let closing = work.closing();
    let now = work.now();
    let look = Look::after_message(now);
    let mut next: HashMap<ChannelId, i64> = HashMap::new();
    for Numbered { channel_id, last_seq, planned } in work.tx()?.number_messages(&closing, &counts, now, look).await? {
        let count = counts.iter().find(|(channel, _)| *channel == channel_id).map_or(0, |(_, count)| *count);
        next.insert(channel_id, last_seq - count);
        if planned {
            look.enqueue(work, channel_id);
        }
    }
    let mut rows = Vec::new();
    for fate in fates.iter_mut() {
        if let Fate::New(ready) = fate {
            let seq = next.get_mut(&ready.message.channel_id).ok_or(crate::store::StoreError::Conflict)?;
            *seq += 1;
            ready.message.seq = *seq;
            rows.push((&**ready, compose::counted(&ready.mentions, ready.message.author_id)));
        }
    }
    let mentions: Vec<(&Message, UserId)> =
        rows.iter().flat_map(|(ready, people)| people.iter().map(|person| (&ready.message, *person))).collect();
    for there in [true, false] {
        let sent = rows.iter().filter(|(ready, _)| ready.there == there);
        let messages: Vec<(&Writes<OnChannel>, &Message)> = sent.map(|(ready, _)| (&*ready.permit, &ready.message)).collect();
        if !messages.is_empty() {
            work.tx()?.insert_messages(&messages, there).await?;
        }
    }
    if !mentions.is_empty() {
        work.tx()?.insert_mentions(&closing, &mentions).await?;
    }
    for fate in fates.iter() {
        if let Fate::New(ready) = fate {
            work.tell_said(ready.row(), ready.around.project);
            of_message(work, &ready.permit, &ready.message, &ready.mentions, ready.around).await?;
            let (author, channel, thread) = (ready.message.author_id, ready.message.channel_id, ready.message.thread_id);
            if ready.drafted && work.tx()?.drop_draft(&ready.permit, author, thread).await? {
                work.tell_by(Some(author), draft::changed(author, channel, thread));
            }
        }
    }
    Ok(())
}

/// The answer to each that is written, or was before.
async fn collect(work: &mut Work<'_>, workspace: WorkspaceId, posts: &[Post], fates: &[Fate]) -> Result<Vec<Option<Posted>>> {
    let mut answers = Vec::with_capacity(fates.len());
    for (post, fate) in posts.iter().zip(fates) {
        answers.push(match fate {
            Fate::New(ready) => {
                let reader = Reader::author(ready.message.author_id, ready.permit.role());
                Some(Posted { message: MessageView::new(ready.row(), reader), made: true })
            }
            Fate::Repeated(message) => {
                let target = OnMessage(workspace, *message);
                let permit = work.may_for::<action::ViewMessage>(&post.actor, target).await?;
                let row = work.tx()?.message(&permit, Some(post.author)).await?;
                row.map(|row| Posted { message: MessageView::new(row, Reader::of(&permit)), made: false })
            }
            Fate::Refused(_) | Fate::Twin(_) => None,
        });
    }
    Ok(answers)
}
