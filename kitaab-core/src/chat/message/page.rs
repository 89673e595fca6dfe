//! Pages of a channel: at the same cost at any depth, without counting.

use serde::{Deserialize, Serialize};

use super::view::{MessageView, views};
use super::{MessageRow, RepliesPage};
use crate::access::{OnChannel, Reads, action};
use crate::chat::Chat;
use crate::error::{Problems, Result};
use crate::ids::{ChannelId, UserId, WorkspaceId};
use crate::input::{Check, Input};
use crate::moderation::look;
use crate::page::PageAsk;
use crate::work::Work;
use crate::workspace::scope;

/// Which messages: the newest, or those around a number.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MessagesAsk {
    /// The ones right before this number.
    pub before: Option<i64>,
    /// The ones right after this number.
    pub after: Option<i64>,
    /// Those before and after this number, and itself.
    pub around: Option<i64>,
    /// At most this many, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}

/// A part of a channel or thread, as the store takes it: numbers between two bounds, from one end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// The last ones with a lower number.
    Before(i64),
    /// The first ones with a higher number.
    After(i64),
}

impl MessagesAsk {
    pub(super) fn limit(&self) -> u32 {
        PageAsk { limit: self.limit, cursor: None }.limit()
    }
}

impl Check for MessagesAsk {
    fn check(&mut self, problems: &mut Problems) {
        PageAsk { limit: self.limit, cursor: None }.check(problems);
        let given = [("before", self.before), ("after", self.after), ("around", self.around)];
        let mut named = given.into_iter().filter(|(_, seq)| seq.is_some());
        named.next();
        if let Some((second, _)) = named.next() {
            problems.add(second, "not_allowed", "Give one of before, after and around.");
        }
        for (field, seq) in given {
            if seq.is_some_and(|seq| seq < 0) {
                problems.add(field, "out_of_range", "Numbers of messages begin with 1.");
            }
        }
    }
}

/// A page of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessagesPage {
    /// The messages, oldest first.
    pub items: Vec<MessageView>,
    /// Whether there are older ones.
    pub has_before: bool,
    /// Whether there are newer ones.
    pub has_after: bool,
}

/// What was found, before it is shown.
pub(super) struct Cut {
    pub(super) rows: Vec<MessageRow>,
    pub(super) has_before: bool,
    pub(super) has_after: bool,
}

/// Which part to read, and what it is cut to. One more is asked for, to know whether there are more.
pub(super) fn parts(ask: &MessagesAsk) -> Vec<(Around, u32)> {
    let limit = ask.limit();
    match (ask.before, ask.after, ask.around) {
        (Some(seq), _, _) => vec![(Around::Before(seq), limit)],
        (_, Some(seq), _) => vec![(Around::After(seq), limit)],
        (_, _, Some(seq)) => {
            let later = limit.div_ceil(2);
            vec![(Around::Before(seq), limit - later), (Around::After(seq - 1), later)]
        }
        _ => vec![(Around::Before(i64::MAX), limit)],
    }
}

/// Puts the parts together, oldest first.
pub(super) fn join(found: Vec<(Around, u32, Vec<MessageRow>)>) -> Cut {
    let mut cut = Cut { rows: Vec::new(), has_before: false, has_after: false };
    for (around, limit, mut rows) in found {
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        match around {
            Around::Before(_) => {
                if more {
                    rows.remove(0);
                }
                cut.has_before = more;
            }
            Around::After(_) => {
                if more {
                    rows.pop();
                }
                cut.has_after = more;
            }
        }
        cut.rows.extend(rows);
    }
    cut
}

impl Chat<'_> {
    /// Messages of a channel, deleted ones as tombstones, replies too.
    pub async fn messages(&self, workspace: WorkspaceId, channel: ChannelId, ask: Input<MessagesAsk>) -> Result<MessagesPage> {
        let user = self.kitaab.accounts(self.actor).require()?;
        let target = OnChannel(workspace, channel);
        if self.actor.moderator {
            let (mut work, permit) = look::<action::LookIntoChannel>(self.kitaab, self.actor, target).await?;
            return page(&mut work, &permit, user, &ask.checked()?).await;
        }
        let mut work = Work::read(self.kitaab, self.actor, scope(self.actor, workspace)).await?;
        let permit = work.may::<action::ViewChannel>(target).await?;
        page(&mut work, &permit, user, &ask.checked()?).await
    }
}

async fn page(work: &mut Work<'_>, permit: &Reads<OnChannel>, user: UserId, ask: &MessagesAsk) -> Result<MessagesPage> {
    let mut found = Vec::new();
    for (around, limit) in parts(ask) {
        found.push((around, limit, work.tx()?.messages(permit, user, around, limit + 1).await?));
    }
    let mut cut = join(found);
    if let Some(seq) = ask.after {
        cut.has_before = seq > 0 && work.tx()?.last_seq(permit).await? > 0;
    }
    if let Some(seq) = ask.before {
        // Numbers have no gaps: what follows the page is there if its number was given out.
        let last = work.tx()?.last_seq(permit).await?;
        cut.has_after = seq <= last;
    }
    Ok(MessagesPage { items: views(permit, cut.rows), has_before: cut.has_before, has_after: cut.has_after })
}

impl From<Cut> for RepliesPage {
    fn from(cut: Cut) -> Self {
        Self { has_before: cut.has_before, has_after: cut.has_after, ..Self::default() }
    }
}
