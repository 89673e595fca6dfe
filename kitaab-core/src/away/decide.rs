//! Whether somebody is mailed what they missed, and when. Pure: what is known comes in as arguments.

use std::time::Duration;

use super::model::{AwayPerson, SaidLately, Stay};
use crate::chat::LAPSES_AFTER;
use crate::notification::Level;
use crate::time::Timestamp;

/// Whoever leaves within this time without having read it was away for it (Zulip).
pub(super) const GRACE: Duration = LAPSES_AFTER;
/// A conversation rests after this long without a message; then its mail leaves.
const REST: Duration = Duration::from_mins(2);
/// A mail about a conversation that does not rest leaves after this long.
const LONGEST: Duration = Duration::from_mins(15);
/// The waits after the first, second, third and every further mail about a conversation (Synapse).
const WAITS: [Duration; 4] = [Duration::from_mins(10), Duration::from_hours(1), Duration::from_hours(6), Duration::from_hours(24)];
/// After this long without a message the waits begin anew (Synapse).
const FORGOTTEN_AFTER: Duration = Duration::from_hours(12);

/// What becomes of what somebody has not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is mailed now, up to this message; `step` is how many mails went before without a rest.
    Mail { up_to: i64, step: i64 },
    /// It is looked at again then.
    Later(Timestamp),
    /// There is nothing to mail.
    Nothing,
}

/// What is known of a channel when it is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Channel<'a> {
    /// What was said lately, oldest first.
    pub(super) said: &'a [SaidLately],
    /// Whether something before it was left out.
    pub(super) cut: bool,
    /// When the person was there.
    pub(super) stays: &'a [Stay],
}

/// Decides for one person. `concerned` are the messages of which they were notified, where they want to be mailed of no others.
pub(super) fn decide(now: Timestamp, channel: Channel<'_>, person: &AwayPerson, concerned: &[i64]) -> Verdict {
    let mailing = person.mailing;
    if person.wishes.email == Level::None || mailing.is_some_and(|mailing| mailing.up_to.is_some()) {
        return Verdict::Nothing;
    }
    let told = person.told();
    let here = |at: Timestamp| channel.stays.iter().any(|stay| stay.covers(at));
    let mut missed: Vec<&SaidLately> = Vec::new();
    let mut unsure: Option<Timestamp> = None;
    for said in channel.said.iter().filter(|said| said.seq > told && said.author_id != person.user_id && !said.deleted) {
        let wanted = person.wishes.email == Level::All || concerned.contains(&said.seq);
        if !wanted || person.wishes.muted_until.is_some_and(|until| until > said.at) {
            continue;
        }
        let left_by = said.at.after(GRACE);
        if !here(said.at) || (left_by <= now && !here(left_by)) {
            missed.push(said);
        } else if left_by > now {
            unsure = unsure.or(Some(left_by));
        }
    }
    let (Some(first), Some(last)) = (missed.first(), missed.last()) else {
        return unsure.map_or(Verdict::Nothing, Verdict::Later);
    };
    let rested = rested_before(channel, mailing.map_or(0, |mailing| mailing.mailed_seq), first);
    let step = mailing.filter(|mailing| mailing.mailed_at.is_some() && !rested).map_or(0, |mailing| mailing.step + 1);
    let mut due = last.at.after(REST).min(first.at.after(LONGEST));
    if let Some(mailed_at) = mailing.and_then(|mailing| mailing.mailed_at) {
        due = due.max(mailed_at.after(wait_before(step)));
    }
    // In quiet hours nothing leaves, whenever it was due.
    let leaves = due.max(now);
    let leaves = person.wishes.quiet_hours.as_ref().map_or(leaves, |quiet| quiet.end_after(leaves, &person.wishes.time_zone));
    if leaves <= now {
        return Verdict::Mail { up_to: last.seq, step };
    }
    Verdict::Later(unsure.map_or(leaves, |unsure| unsure.min(leaves)))
}

/// How long the mail of this step waits for the one before it.
fn wait_before(step: i64) -> Duration {
    let index = usize::try_from(step - 1).unwrap_or(0).min(WAITS.len() - 1);
    WAITS[index]
}

/// Whether the conversation has rested for long since the last mail of it, up to this message, whoever spoke then. What was left
/// out was said shortly before.
fn rested_before(channel: Channel<'_>, mailed_seq: i64, first: &SaidLately) -> bool {
    let mut before: Option<Timestamp> = None;
    for said in channel.said.iter().take_while(|said| said.seq <= first.seq) {
        let rested = before.map_or(!channel.cut, |before| said.at.since(before) >= FORGOTTEN_AFTER);
        if rested && said.seq > mailed_seq {
            return true;
        }
        before = Some(said.at);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::away::{MailWishes, Mailing};
    use crate::ids::UserId;
    use crate::notification::QuietHours;
    use uuid::Uuid;

    const MERIDIAN: i64 = 1_777_636_800; // noon of 1 May 2026, UTC
    const MRIDUL: UserId = UserId(Uuid::from_u128(1));
    const NIKHIL: UserId = UserId(Uuid::from_u128(2));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros((MERIDIAN + seconds) * 1_000_000)
    }

    /// What Nikhil said, at these seconds.
    fn nikhil_says(seconds: &[i64]) -> Vec<SaidLately> {
        (1..).zip(seconds).map(|(seq, second)| SaidLately { seq, author_id: NIKHIL, at: at(*second), deleted: false }).collect()
    }

    fn mridul() -> AwayPerson {
        let wishes =
            MailWishes { email: Level::All, content: true, muted_until: None, quiet_hours: None, time_zone: "Asia/Kolkata".into() };
        AwayPerson { user_id: MRIDUL, seen_seq: 0, wishes, mailing: None }
    }

    fn mailed(seq: i64, second: i64, step: i64) -> AwayPerson {
        let (id, channel_id) = (Uuid::nil().into(), Uuid::nil().into());
        let mailing = Mailing { id, channel_id, user_id: MRIDUL, mailed_seq: seq, mailed_at: Some(at(second)), step, up_to: None };
        AwayPerson { mailing: Some(mailing), ..mridul() }
    }

    fn stay(from: i64, seen: i64, ended: Option<i64>) -> Stay {
        Stay { user_id: MRIDUL, began_at: at(from), seen_at: at(seen), ended_at: ended.map(at) }
    }

    fn decided(now: i64, said: &[SaidLately], person: &AwayPerson, stays: &[Stay]) -> Verdict {
        decide(at(now), Channel { said, cut: false, stays }, person, &[])
    }

    #[test]
    fn what_mridul_missed_waits_for_two_minutes_of_rest_and_a_quarter_of_an_hour_at_most() {
        assert_eq!(decided(0, &nikhil_says(&[0]), &mridul(), &[]), Verdict::Later(at(120)));
        assert_eq!(decided(120, &nikhil_says(&[0]), &mridul(), &[]), Verdict::Mail { up_to: 1, step: 0 });
        assert_eq!(decided(120, &nikhil_says(&[0, 100]), &mridul(), &[]), Verdict::Later(at(220)));
        let on_and_on: Vec<i64> = (0..60).map(|n| n * 15).collect();
        assert_eq!(decided(899, &nikhil_says(&on_and_on), &mridul(), &[]), Verdict::Later(at(900)));
        assert_eq!(decided(900, &nikhil_says(&on_and_on), &mridul(), &[]), Verdict::Mail { up_to: 60, step: 0 });
    }

    #[test]
    fn who_is_there_is_not_mailed_and_who_leaves_within_two_minutes_unread_is() {
        let said = nikhil_says(&[0]);
        assert_eq!(decided(30, &said, &mridul(), &[stay(-60, 20, None)]), Verdict::Later(at(120)), "she may leave yet");
        assert_eq!(decided(120, &said, &mridul(), &[stay(-60, 100, None)]), Verdict::Nothing);
        assert_eq!(decided(120, &said, &mridul(), &[stay(-60, 20, Some(60))]), Verdict::Mail { up_to: 1, step: 0 });
        assert_eq!(decided(400, &said, &mridul(), &[stay(-60, 100, Some(150))]), Verdict::Nothing, "she left later");
        assert_eq!(
            decided(120, &said, &mridul(), &[stay(-200, -100, None)]),
            Verdict::Mail { up_to: 1, step: 0 },
            "nobody renewed it: lapsed"
        );
        assert_eq!(
            decided(120, &said, &mridul(), &[stay(60, 110, None)]),
            Verdict::Mail { up_to: 1, step: 0 },
            "she came later and did not read"
        );
        let reloaded = [stay(-60, -10, Some(10)), stay(11, 110, None)];
        assert_eq!(decided(120, &said, &mridul(), &reloaded), Verdict::Nothing, "she reloaded the page");
        let two_devices = [stay(-60, -10, Some(10)), stay(-600, 110, None)];
        assert_eq!(decided(120, &said, &mridul(), &two_devices), Verdict::Nothing, "one of her devices is on");
    }

    #[test]
    fn what_is_read_deleted_muted_own_or_not_wanted_is_not_mailed() {
        let said = nikhil_says(&[0]);
        let now = |said: &[SaidLately], person: &AwayPerson| decided(1_000, said, person, &[]);
        let wishing = |change: fn(&mut MailWishes)| {
            let mut person = mridul();
            change(&mut person.wishes);
            person
        };
        assert_eq!(now(&said, &AwayPerson { seen_seq: 1, ..mridul() }), Verdict::Nothing);
        assert_eq!(now(&[SaidLately { deleted: true, ..said[0] }], &mridul()), Verdict::Nothing);
        assert_eq!(now(&[SaidLately { author_id: MRIDUL, ..said[0] }], &mridul()), Verdict::Nothing);
        assert_eq!(now(&said, &wishing(|wishes| wishes.email = Level::None)), Verdict::Nothing);
        assert_eq!(now(&said, &wishing(|wishes| wishes.muted_until = Some(at(1)))), Verdict::Nothing);
        assert_eq!(now(&said, &wishing(|wishes| wishes.muted_until = Some(at(0)))), Verdict::Mail { up_to: 1, step: 0 });
        let mentions = wishing(|wishes| wishes.email = Level::Mentions);
        assert_eq!(now(&said, &mentions), Verdict::Nothing);
        let channel = Channel { said: &said, cut: false, stays: &[] };
        assert_eq!(decide(at(1_000), channel, &mentions, &[1]), Verdict::Mail { up_to: 1, step: 0 });
    }

    #[test]
    fn mails_about_one_conversation_come_more_and_more_seldom_until_it_has_rested() {
        let minutes = |n: i64| n * 60;
        for (step, wait) in [(0, minutes(10)), (1, minutes(60)), (2, minutes(360)), (3, minutes(1_440)), (9, minutes(1_440))] {
            let said = nikhil_says(&[0, 60]);
            let after = mailed(1, 200, step);
            assert_eq!(decided(200 + wait - 1, &said, &after, &[]), Verdict::Later(at(200 + wait)), "after step {step}");
            assert_eq!(decided(200 + wait, &said, &after, &[]), Verdict::Mail { up_to: 2, step: step + 1 });
        }
        let rest = 12 * 3_600;
        let late = nikhil_says(&[0, rest]);
        assert_eq!(decided(rest + 120, &late, &mailed(1, 200, 3), &[]), Verdict::Mail { up_to: 2, step: 0 });
        let early = nikhil_says(&[0, rest - 1]);
        assert!(matches!(decided(rest + 120, &early, &mailed(1, 200, 3), &[]), Verdict::Later(_)));
        // Whoever broke the silence: it began anew.
        let mut hers = nikhil_says(&[0, rest, rest + 300]);
        hers[1].author_id = MRIDUL;
        assert_eq!(decided(rest + 420, &hers, &mailed(1, 200, 3), &[]), Verdict::Mail { up_to: 3, step: 0 });
        // Also then there are ten minutes between two mails.
        assert_eq!(decided(rest + 120, &late, &mailed(1, rest - 60, 3), &[]), Verdict::Later(at(rest + 540)));
        let cut = Channel { said: &late[1..], cut: true, stays: &[] };
        assert!(matches!(decide(at(rest + 120), cut, &mailed(1, 200, 3), &[]), Verdict::Later(_)), "more was said before");
    }

    #[test]
    fn a_mail_that_is_on_its_way_is_waited_for() {
        let mut person = mailed(1, 0, 0);
        if let Some(mailing) = &mut person.mailing {
            mailing.up_to = Some(2);
        }
        assert_eq!(decided(10_000, &nikhil_says(&[0, 60, 120]), &person, &[]), Verdict::Nothing);
    }

    #[test]
    fn in_quiet_hours_of_her_own_zone_nothing_leaves() {
        // Noon in UTC is 17:30 in Kolkata.
        let mut person = mridul();
        person.wishes.quiet_hours = Some(QuietHours { from: "17:00".parse().unwrap(), to: "18:00".parse().unwrap(), time_zone: None });
        assert_eq!(decided(120, &nikhil_says(&[0]), &person, &[]), Verdict::Later(at(1_800)));
        assert_eq!(decided(1_800, &nikhil_says(&[0]), &person, &[]), Verdict::Mail { up_to: 1, step: 0 });
        person.wishes.quiet_hours = Some(QuietHours { time_zone: Some("UTC".into()), ..person.wishes.quiet_hours.unwrap() });
        assert_eq!(decided(120, &nikhil_says(&[0]), &person, &[]), Verdict::Mail { up_to: 1, step: 0 }, "17:00 is five hours away there");
    }
}
