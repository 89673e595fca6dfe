//! What people are told by mail: who gets which mail, and whether it still makes sense when its turn comes.
//!
//! A mail is composed when it is sent, not when it is caused: names are those of now, and what was taken back meanwhile
//! is not sent. Reading is one unit, rendering and sending are outside of any.

mod account;
mod invitation;
mod welcome;

use crate::access::{Actor, Own, Permit, action};
use crate::account::User;
use crate::error::{Error, Result};
use crate::ids::UserId;
use crate::job::{Job, JobKind};
use crate::kitaab::Kitaab;
use crate::mail::Rendered;
use crate::time::Timestamp;
use crate::work::Work;

/// A mail that still makes sense.
pub(crate) struct Composed {
    /// Where it goes.
    pub(crate) to: String,
    /// What it says.
    pub(crate) content: Rendered,
    /// The id of the thread that it belongs to.
    pub(crate) thread: Option<String>,
    /// The address that ends such mail by a POST.
    pub(crate) unsubscribe: Option<String>,
    /// It is not wanted before this.
    pub(crate) not_before: Option<Timestamp>,
}

impl Composed {
    pub(crate) fn new(to: String, content: Rendered) -> Self {
        Self { to, content, thread: None, unsubscribe: None, not_before: None }
    }
}

/// Composes the mail of a job; none if what it is about is over.
pub(crate) async fn compose(kitaab: &Kitaab, system: &Actor, job: &Job) -> Result<Option<Composed>> {
    match job.kind {
        JobKind::InvitationMail => invitation::invitation(kitaab, system, job).await,
        JobKind::AskedAgainMail => invitation::asked_again(kitaab, system, job).await,
        JobKind::WelcomeMail => welcome::welcome(kitaab, system, job).await,
        JobKind::LinkMail => account::link(kitaab, system, job).await,
        JobKind::PasswordChangedMail => account::password_changed(kitaab, system, job).await,
        JobKind::EmailChangedMail => account::email_changed(kitaab, system, job).await,
        JobKind::AwayMail => crate::away::compose(kitaab, system, job).await,
        JobKind::EraseWorkspace | JobKind::MakeExport | JobKind::SendScheduled | JobKind::IndexWorkspace | JobKind::LookForAway => Ok(None),
    }
}

/// The link of a mail cannot be derived. It is tried for as long as other mail: the operator may bring the key back.
fn key_gone() -> Error {
    Error::internal("the key that the link was made with is gone; keep it as KITAAB_SECRET_KEY_PREVIOUS")
}

/// The account that a mail goes to; none once it is deleted.
pub(crate) async fn reader(work: &mut Work<'_>, user: UserId) -> Result<Option<User>> {
    let permit: Permit<action::WriteToAccount> = work.may(Own(user)).await?;
    Ok(work.tx()?.login(&permit).await?.map(|login| login.user))
}

/// A moment as people read it, in their zone: `22 October 2025, 09:14 IST`.
fn when(at: Timestamp, zone: &str) -> String {
    at.in_zone(zone, "%-d %B %Y, %H:%M %Z")
}

/// A moment as people read it who know which day it is: `09:14`, or `22 October, 09:14`.
pub(crate) fn when_today(at: Timestamp, now: Timestamp, zone: &str) -> String {
    at.in_zone(zone, if at.date_in(zone) == now.date_in(zone) { "%H:%M" } else { "%-d %B, %H:%M" })
}

/// A span as people say it: `30 minutes`, `24 hours`, `7 days`.
fn span(length: std::time::Duration) -> String {
    let minutes = length.as_secs().div_ceil(60).max(1);
    let (number, unit) = match minutes {
        m if m % (24 * 60) == 0 && m > 24 * 60 => (m / (24 * 60), "day"),
        m if m % 60 == 0 => (m / 60, "hour"),
        m => (m, "minute"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn spans_and_moments_read_as_people_say_them() {
        let said: Vec<String> = [60, 1_800, 3_600, 86_400, 604_800, 90].map(|s| span(Duration::from_secs(s))).to_vec();
        assert_eq!(said, ["1 minute", "30 minutes", "1 hour", "24 hours", "7 days", "2 minutes"]);
        let moment: Timestamp = "2025-10-22T03:44:00Z".parse().unwrap();
        assert_eq!(when(moment, "Asia/Kolkata"), "22 October 2025, 09:14 IST");
        assert_eq!(when(moment, "Nowhere/None"), "22 October 2025, 03:44 UTC");
        assert_eq!(when_today(moment, moment.after(Duration::from_hours(1)), "Asia/Kolkata"), "09:14");
        assert_eq!(when_today(moment, moment.after(Duration::from_hours(15)), "Asia/Kolkata"), "22 October, 09:14");
    }
}
