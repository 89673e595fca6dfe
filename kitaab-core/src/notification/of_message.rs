//! Whom a message concerns, and why. Each person hears of it once, for the strongest reason.

use super::{Notice, Rule};
use crate::access::{OnChannel, Reads};
use crate::chat::{Mentions, Message};
use crate::error::Result;
use crate::ids::{ProjectId, UserId};
use crate::work::Work;

/// What is known of a channel when something is said in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surrounding {
    /// Its project.
    pub(crate) project: Option<ProjectId>,
    /// Whether it is of two people.
    pub(crate) direct: bool,
    /// Whether somebody wants to hear of everything in it.
    pub(crate) followed: bool,
}

/// Says to the unit whom a message that is written in it concerns.
pub(crate) async fn of_message(
    work: &mut Work<'_>,
    permit: &Reads<OnChannel>,
    message: &Message,
    mentions: &Mentions,
    around: Surrounding,
) -> Result<()> {
    let mut concerned: Vec<(UserId, Rule)> = mentions.people.iter().map(|person| (*person, Rule::MentionedByName)).collect();
    if mentions.everybody || around.direct {
        let rule = if mentions.everybody { Rule::MentionedWithAll } else { Rule::WrittenTo };
        let inside = work.tx()?.channel_people(permit).await?;
        concerned.extend(inside.into_iter().map(|person| (person, rule)));
    }
    if let Some(answered) = message.reply_to {
        let root = message.thread_id.unwrap_or(answered);
        for (id, author) in work.tx()?.said_by(permit, [answered, root]).await? {
            concerned.push((author, if id == answered { Rule::Answered } else { Rule::InOwnThread }));
        }
    }
    if around.followed {
        concerned.extend(work.tx()?.following_all(permit).await?.into_iter().map(|person| (person, Rule::AllOfChannel)));
    }
    // The rules are declared from the strongest to the weakest.
    concerned.sort_by_key(|(person, rule)| (*person, *rule));
    concerned.dedup_by_key(|(person, _)| *person);
    for (user, rule) in concerned.into_iter().filter(|(person, _)| *person != message.author_id) {
        work.notify(Notice {
            user,
            rule,
            actor: Some(message.author_id),
            subject: message.id.0,
            channel: Some(message.channel_id),
            project: around.project,
        });
    }
    Ok(())
}
