//! What people are told by mail of what was said while they were away, and what they are not.

use std::sync::Arc;
use std::time::Duration;

use kitaab_core::access::Actor;
use kitaab_core::account::UpdateProfile;
use kitaab_core::away::{Subscription, UnsubscribeToken, Unsubscribing};
use kitaab_core::chat::UpdatePreferences;
use kitaab_core::error::Error;
use kitaab_core::ids::{ChannelId, WorkspaceId};
use kitaab_core::input::Patch;
use kitaab_core::notification::{Level, QuietHours, SetChannelLevel, SetPreferences};
use kitaab_core::provider::{Email, ProviderError};
use kitaab_core::store::Store;

use crate::channels::direct;
use crate::chat::id;
use crate::common::{Studio, accept, code, email, on_both_engines};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

impl Studio {
    /// Lets time pass, and does what falls due.
    pub async fn pass(&self, time: Duration) {
        let mut left = time;
        while !left.is_zero() {
            let step = left.min(if left > HOUR { MINUTE * 5 } else { SECOND * 15 });
            self.clock.advance(step);
            left -= step;
            self.mail().await;
        }
    }

    /// The mails about conversations that came to somebody, oldest first.
    pub fn mailed(&self, name: &str) -> Vec<Email> {
        self.mailer.mails().into_iter().filter(|mail| mail.to == email(name) && mail.thread.is_some()).collect()
    }

    async fn open_direct(&self, who: &Actor, other: &Actor) -> ChannelId {
        self.kitaab.chat(who).open_channel(self.workspace, direct(other).into()).await.unwrap().0.item.id
    }

    async fn set(&self, who: &Actor, change: SetPreferences) {
        self.kitaab.notifications(who).set_preferences(self.workspace, change.into()).await.unwrap();
    }
}

fn level(channel_id: ChannelId, level: Option<Level>, email: Patch<Level>) -> SetPreferences {
    SetPreferences { channels: Some(vec![SetChannelLevel { channel_id, level, email }]), ..SetPreferences::default() }
}

fn token(mail: &Email) -> UnsubscribeToken {
    let (_, token) = mail.unsubscribe.as_deref().and_then(|link| link.split_once("/unsubscribe?token=")).expect("a link");
    UnsubscribeToken { token: token.into() }
}

async fn what_mridul_missed_comes_in_one_mail_when_the_conversation_rests(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let shop = studio.project("Shop <redesign>").await;
    let (mridul, _) = studio.client("Mridul", &[shop]).await;
    let shop = studio.channel_named(&mridul, "Shop <redesign>").await.id;
    studio.post(&studio.nikhil, shop, "Good **morning**").await;
    studio.pass(MINUTE).await;
    studio.post(&studio.nikhil, shop, &format!("<@{}>, see www.shop.example", id(&mridul))).await;
    studio.pass(MINUTE + SECOND * 45).await;
    assert!(studio.mailed("Mridul").is_empty(), "the conversation has not rested yet");
    studio.pass(SECOND * 15).await;
    let mails = studio.mailed("Mridul");
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.content.subject, "New messages in Shop <redesign>");
    let text = &mail.content.text;
    for said in ["2 new messages", "Nikhil · 12:00", "Good morning", "Nikhil · 12:01", "@Mridul, see www.", "not read", "Nikhil Design"] {
        assert!(text.contains(said), "{said} is not in\n{text}");
    }
    assert!(!text.contains("www.shop.example"), "what people write is no link");
    let link = format!("/conversations/{}/{shop}", studio.workspace);
    assert!(text.contains(&link) && mail.content.html.contains(&link));
    // Nobody else was away from what was said: Nikhil said it himself.
    assert!(studio.mailed("Nikhil").is_empty());

    // What comes next waits for ten minutes since the mail, then for an hour; all mails are of one thread.
    studio.post(&studio.nikhil, shop, "One more thing").await;
    studio.pass(MINUTE * 9 + SECOND * 45).await;
    assert_eq!(studio.mailed("Mridul").len(), 1);
    studio.pass(SECOND * 15).await;
    let mails = studio.mailed("Mridul");
    assert_eq!(mails.len(), 2);
    assert!(mails[1].content.text.contains("1 new message") && mails[1].content.text.contains("One more thing"));
    assert!(!mails[1].content.text.contains("Good morning"), "she was told of that");
    assert_eq!((&mails[0].thread, &mails[0].content.subject), (&mails[1].thread, &mails[1].content.subject));
    assert_ne!(mails[0].message_id, mails[1].message_id);
    studio.post(&studio.nikhil, shop, "And another").await;
    studio.pass(MINUTE * 59).await;
    assert_eq!(studio.mailed("Mridul").len(), 2);
    studio.pass(MINUTE).await;
    assert_eq!(studio.mailed("Mridul").len(), 3);
    // After half a day of rest it begins anew.
    studio.pass(HOUR * 12).await;
    studio.post(&studio.nikhil, shop, "A new day").await;
    studio.pass(MINUTE * 2).await;
    assert_eq!(studio.mailed("Mridul").len(), 4);
}

async fn a_conversation_that_goes_on_is_mailed_after_a_quarter_of_an_hour(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let (meera, sara) = (studio.colleague("Meera").await, studio.colleague("Sara").await);
    let page = studio.group("Page", &[&meera, &sara]).await;
    for minute in 0..16 {
        studio.post(&studio.nikhil, page, &format!("Minute {minute}")).await;
        assert_eq!(studio.mailed("Meera").len(), usize::from(minute >= 15), "{minute}");
        studio.pass(MINUTE).await;
    }
    let (meeras, saras) = (studio.mailed("Meera"), studio.mailed("Sara"));
    assert_eq!((meeras.len(), saras.len()), (1, 1));
    let text = &meeras[0].content.text;
    assert!(text.contains("15 new messages"), "{text}");
    assert!(text.contains("Minute 14") && !text.contains("Minute 2\n"), "the newest are shown:\n{text}");
    assert_ne!(meeras[0].thread, saras[0].thread, "each has a thread of their own");
}

async fn who_is_there_is_told_on_the_screen_and_who_leaves_unread_by_mail(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    let mut desk = studio.kitaab.present(&meera).await.unwrap();
    studio.post(&studio.nikhil, page, "Are you there?").await;
    for _ in 0..10 {
        studio.pass(SECOND * 50).await;
        desk.renew(true).await.unwrap();
    }
    assert!(studio.mailed("Meera").is_empty(), "a device of hers was on all the time");
    studio.post(&studio.nikhil, page, "And now?").await;
    studio.pass(MINUTE).await;
    desk.leave().await.unwrap();
    studio.pass(MINUTE * 2).await;
    let mails = studio.mailed("Meera");
    assert_eq!(mails.len(), 1, "she left within two minutes");
    assert!(mails[0].content.text.contains("2 new messages"), "what else she has not read is told with it");
    // A device that nobody renews is gone after two minutes.
    let _lapsing = studio.kitaab.present(&meera).await.unwrap();
    studio.pass(MINUTE * 20).await;
    studio.post(&studio.nikhil, page, "Still nobody").await;
    studio.pass(MINUTE * 2).await;
    assert_eq!(studio.mailed("Meera").len(), 2);
}

async fn what_was_read_deleted_muted_or_lost_meanwhile_is_not_mailed(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let (kitaab, nikhil, workspace) = (&studio.kitaab, &studio.nikhil, studio.workspace);
    let meera = studio.colleague("Meera").await;
    let shop = studio.project("Shop").await;
    let (mridul, card) = studio.client("Mridul", &[shop]).await;
    let page = studio.group("Page", &[&meera, &mridul]).await;

    let deleted = studio.post(nikhil, page, "Deleted before anybody hears of it").await;
    kitaab.chat(nikhil).delete(workspace, deleted.id).await.unwrap();
    studio.pass(MINUTE * 20).await;
    assert!(studio.mailed("Meera").is_empty() && studio.mailed("Mridul").is_empty());
    let said = studio.post(nikhil, page, "Read by both of them").await;
    for reader in [&meera, &mridul] {
        studio.read(reader, page, said.seq, false).await;
        // Also if they mean to come back to it.
        studio.read(reader, page, said.seq, true).await;
    }
    studio.pass(MINUTE * 20).await;
    assert!(studio.mailed("Meera").is_empty() && studio.mailed("Mridul").is_empty());

    // The same once a mail is on its way and the mail server does not answer.
    let away = ProviderError::transient("not now");
    let said = studio.post(nikhil, page, "Delayed").await;
    studio.mailer.fail_next(away);
    studio.mailer.fail_next(ProviderError::transient("not now"));
    studio.clock.advance(MINUTE * 2);
    studio.mail().await;
    assert!(studio.mailed("Meera").is_empty() && studio.mailed("Mridul").is_empty(), "refused for now");
    studio.read(&meera, page, said.seq, false).await;
    kitaab.chat(nikhil).remove_channel_member(workspace, page, id(&mridul)).await.unwrap();
    studio.pass(MINUTE * 10).await;
    assert!(studio.mailed("Meera").is_empty(), "she read it");
    assert!(studio.mailed("Mridul").is_empty(), "she is not in it any more");

    let muted = UpdatePreferences { muted_until: Patch::Set(kitaab.now().after(HOUR)), ..UpdatePreferences::default() };
    kitaab.chat(&meera).update_preferences(workspace, page, muted.into()).await.unwrap();
    studio.post(nikhil, page, "In the silence").await;
    studio.pass(HOUR * 2).await;
    assert!(studio.mailed("Meera").is_empty(), "neither while it is muted nor after");
    studio.post(nikhil, page, "After the silence").await;
    studio.pass(MINUTE * 2).await;
    let text = studio.mailed("Meera")[0].content.text.clone();
    assert!(text.contains("After the silence") && !text.contains("In the silence"), "{text}");

    // A project that was archived, or is shared no more, is lost with its conversation.
    let channel = studio.channel_named(&mridul, "Shop").await.id;
    studio.post(nikhil, channel, "The price is secret").await;
    kitaab.projects(nikhil).unshare(workspace, shop, card).await.unwrap();
    studio.pass(MINUTE * 20).await;
    kitaab.people(nikhil).remove(workspace, id(&meera)).await.unwrap();
    studio.post(nikhil, channel, "Meera is gone").await;
    studio.pass(MINUTE * 20).await;
    assert!(studio.mailed("Mridul").is_empty());
    assert_eq!(studio.mailed("Meera").iter().filter(|mail| mail.content.text.contains("Meera is gone")).count(), 0);
}

async fn each_gets_as_much_by_mail_as_they_want(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let nikhil = &studio.nikhil;
    let (meera, sara, lina) = (studio.colleague("Meera").await, studio.colleague("Sara").await, studio.colleague("Lina").await);
    let page = studio.group("Page", &[&meera, &sara, &lina]).await;
    let all = |email| SetPreferences { email: Some(email), ..SetPreferences::default() };
    studio.set(&meera, all(Level::Mentions)).await;
    studio.set(&sara, all(Level::None)).await;
    studio.set(&lina, level(page, Some(Level::None), Patch::Set(Level::All))).await;
    studio.post(nikhil, page, "To nobody in particular").await;
    studio.pass(MINUTE * 2).await;
    assert!(["Meera", "Sara", "Lina"].iter().all(|name| studio.mailed(name).is_empty()));
    studio.post(nikhil, page, &format!("<@{}> <@{}> come", id(&meera), id(&sara))).await;
    studio.pass(MINUTE * 2).await;
    let meeras = studio.mailed("Meera");
    assert_eq!(meeras.len(), 1);
    assert!(meeras[0].content.text.contains("@Meera @Sara come") && !meeras[0].content.text.contains("nobody in particular"));
    assert!(studio.mailed("Sara").is_empty() && studio.mailed("Lina").is_empty());
    studio.set(&sara, level(page, None, Patch::Set(Level::All))).await;
    studio.post(nikhil, page, "Sara hears of everything here").await;
    studio.pass(MINUTE * 2).await;
    assert_eq!(studio.mailed("Sara").len(), 1);
    studio.set(&sara, level(page, None, Patch::Clear)).await;
    studio.pass(HOUR * 13).await;
    studio.post(nikhil, page, "And no more").await;
    studio.pass(MINUTE * 2).await;
    assert_eq!(studio.mailed("Sara").len(), 1);
}

async fn quiet_hours_are_those_of_the_reader_and_what_waits_leaves_after_them(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    // It is noon in UTC and half past five in Kolkata.
    let zone = UpdateProfile { time_zone: Some("Asia/Kolkata".into()), ..UpdateProfile::default() };
    studio.kitaab.accounts(&meera).update_profile(zone.into()).await.unwrap();
    let quiet = QuietHours { from: "17:30".parse().unwrap(), to: "08:00".parse().unwrap(), time_zone: None };
    studio.set(&meera, SetPreferences { quiet_hours: Patch::Set(quiet.clone()), ..SetPreferences::default() }).await;
    studio.post(&studio.nikhil, page, "Sleep well").await;
    // 08:00 in Kolkata is 02:30 in UTC.
    studio.pass(HOUR * 14 + MINUTE * 29).await;
    assert!(studio.mailed("Meera").is_empty());
    studio.pass(MINUTE * 5).await;
    let mails = studio.mailed("Meera");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].content.text.contains("Nikhil · 1 May, 17:30"), "{}", mails[0].content.text);
    // One that was refused right before they began waits for their end, too: 17:30 in Kolkata is noon in UTC.
    studio.pass(HOUR * 9 + MINUTE * 23 + SECOND * 45).await;
    studio.post(&studio.nikhil, page, "Before the night").await;
    studio.pass(MINUTE).await;
    studio.mailer.fail_next(ProviderError::transient("not now"));
    studio.pass(MINUTE * 2).await;
    studio.pass(HOUR).await;
    let kept = studio.kitaab.notifications(&meera).preferences(studio.workspace).await.unwrap();
    assert_eq!(kept.quiet_hours, Some(quiet.clone()));
    let at: Vec<String> = studio.mailer.mails().iter().filter(|mail| mail.thread.is_some()).map(|mail| mail.at.to_string()).collect();
    assert_eq!(at.len(), 1, "nothing left in the night: {at:?}");
    for wrong in [QuietHours { to: quiet.from, ..quiet.clone() }, QuietHours { time_zone: Some("Mars/Olympus".into()), ..quiet }] {
        let wrong = SetPreferences { quiet_hours: Patch::Set(wrong), ..SetPreferences::default() };
        assert_eq!(code(studio.kitaab.notifications(&meera).set_preferences(studio.workspace, wrong.into()).await), "invalid");
    }
}

async fn a_mail_shows_nothing_to_who_wants_that_and_to_an_address_that_nobody_has_verified(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let shop = studio.project("Shop redesign").await;
    let (mridul, _) = studio.client("Mridul", &[shop]).await;
    let copied = studio.invite(crate::common::for_client("Ines", &[shop])).await.unwrap();
    let token = copied.link.as_deref().and_then(|link| link.split_once("token=")).unwrap().1.to_owned();
    let joined = studio.kitaab.invitations(&Actor::nobody()).accept(accept("Ines", &token).into(), None).await.unwrap();
    assert!(joined.user.email_verified_at.is_none(), "the copied link proves nothing");
    studio.set(&mridul, SetPreferences { email_content: Some(false), ..SetPreferences::default() }).await;
    let channel = studio.channel_named(&mridul, "Shop redesign").await.id;
    studio.post(&studio.nikhil, channel, "The price stays secret").await;
    studio.pass(MINUTE * 2).await;
    for name in ["Mridul", "Ines"] {
        let mails = studio.mailed(name);
        assert_eq!(mails.len(), 1, "{name}");
        let content = &mails[0].content;
        for part in [&content.subject, &content.text, &content.html] {
            assert!(!part.contains("secret") && !part.contains("Shop redesign") && !part.contains("Nikhil ·"), "{name}: {part}");
        }
        assert!(content.text.contains("1 new message"));
    }
}

async fn mail_is_ended_by_the_link_in_it_by_a_post_and_by_nothing_else(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let (meera, sara) = (studio.colleague("Meera").await, studio.colleague("Sara").await);
    let (page, other) = (studio.group("Page", &[&meera, &sara]).await, studio.group("Other", &[&meera]).await);
    let say = async |text: &str| {
        for channel in [page, other] {
            studio.post(&studio.nikhil, channel, text).await;
        }
        studio.pass(MINUTE * 2).await;
    };
    say("First").await;
    let mails = studio.mailed("Meera");
    assert_eq!(mails.len(), 2);
    let of_page = mails.iter().find(|mail| mail.content.subject.contains("Page")).unwrap();
    let nobody = Actor::nobody();
    let mailings = studio.kitaab.mailings(&nobody);
    let gets = async |mail: &Email| mailings.subscription(token(mail).into()).await;
    let named = |email| Subscription { workspace_name: "Nikhil Design".into(), email };
    assert_eq!(gets(of_page).await.unwrap(), named(Level::All), "looking ends nothing");
    mailings.unsubscribe(token(of_page).into(), Unsubscribing::Conversation).await.unwrap();
    mailings.unsubscribe(token(of_page).into(), Unsubscribing::Conversation).await.unwrap();
    assert_eq!(gets(of_page).await.unwrap(), named(Level::None));
    studio.pass(HOUR * 13).await;
    say("Second").await;
    assert_eq!((studio.mailed("Meera").len(), studio.mailed("Sara").len()), (3, 2), "of the other conversation, and Sara of hers");
    assert_eq!(studio.mailed("Meera")[2].content.subject, "New messages in Other");
    mailings.unsubscribe(token(of_page).into(), Unsubscribing::Workspace).await.unwrap();
    studio.pass(HOUR * 13).await;
    say("Third").await;
    assert_eq!((studio.mailed("Meera").len(), studio.mailed("Sara").len()), (3, 3));
    // She may have it again, and nobody else's link says anything about her.
    let kept = studio.kitaab.notifications(&meera).preferences(studio.workspace).await.unwrap();
    assert_eq!((kept.email, kept.channels.len()), (Level::None, 0));
    studio.set(&meera, SetPreferences { email: Some(Level::All), ..SetPreferences::default() }).await;
    assert_eq!(gets(of_page).await.unwrap(), named(Level::All));

    let real = of_page.unsubscribe.as_deref().and_then(|link| link.split_once("token=")).unwrap().1;
    let changed = format!("{}{}", &real[..real.len() - 1], if real.ends_with('A') { 'B' } else { 'A' });
    for bad in [changed.as_str(), "ktu_", "", "kti_AbC", &real[4..], &real.repeat(50)] {
        let bad = || UnsubscribeToken { token: bad.into() };
        assert_eq!(code(mailings.subscription(bad().into()).await), "not_found");
        assert_eq!(code(mailings.unsubscribe(bad().into(), Unsubscribing::Workspace).await), "not_found");
    }
    studio.kitaab.people(&studio.nikhil).remove(studio.workspace, id(&meera)).await.unwrap();
    for from in [Unsubscribing::Conversation, Unsubscribing::Workspace] {
        assert_eq!(code(mailings.unsubscribe(token(of_page).into(), from).await), "not_found", "she is not there any more");
    }
    assert_eq!(code(gets(of_page).await), "not_found");
}

async fn a_mail_that_is_refused_is_tried_again_as_the_same_mail_and_given_up_once(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let between = studio.open_direct(&studio.nikhil, &meera).await;
    studio.post(&studio.nikhil, between, "First").await;
    for _ in 0..3 {
        studio.mailer.fail_next(ProviderError::transient("not now"));
    }
    studio.pass(MINUTE * 2).await;
    studio.post(&studio.nikhil, between, "While the first is on its way").await;
    studio.pass(MINUTE).await;
    let mails = studio.mailed("Meera");
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].content.subject, "New messages from Nikhil");
    assert!(mails[0].content.text.contains("First") && !mails[0].content.text.contains("on its way"), "{}", mails[0].content.text);
    studio.pass(MINUTE * 10).await;
    assert!(studio.mailed("Meera")[1].content.text.contains("on its way"), "nothing is left out");
    // Refused for good: the next one waits as if it had been sent, and tells of what came after.
    studio.post(&studio.nikhil, between, "Into the void").await;
    studio.mailer.fail_next(ProviderError::permanent("no such mailbox"));
    studio.pass(HOUR).await;
    assert_eq!(studio.mailed("Meera").len(), 2);
    studio.post(&studio.nikhil, between, "Later").await;
    studio.pass(HOUR * 5).await;
    assert_eq!(studio.mailed("Meera").len(), 2);
    studio.pass(HOUR * 2).await;
    assert_eq!(studio.mailed("Meera").len(), 3);
}

async fn what_was_due_while_nobody_worked_is_sent_and_what_is_days_old_is_not(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    studio.post(&studio.nikhil, page, "Late").await;
    studio.clock.advance(HOUR * 20);
    studio.mail().await;
    assert_eq!(studio.mailed("Meera").len(), 1);
    studio.post(&studio.nikhil, page, "Too late").await;
    studio.clock.advance(HOUR * 24 * 4);
    studio.mail().await;
    assert_eq!(studio.mailed("Meera").len(), 1);
    studio.post(&studio.nikhil, page, "Now").await;
    studio.pass(MINUTE * 2).await;
    let last = studio.mailed("Meera").pop().unwrap().content.text;
    assert!(last.contains("Now") && !last.contains("Too late"), "{last}");
}

async fn another_workspace_has_nothing_to_do_with_it(store: Arc<dyn Store>) {
    let studio = Studio::talkative(store).await;
    let meera = studio.colleague("Meera").await;
    let page = studio.group("Page", &[&meera]).await;
    studio.post(&studio.nikhil, page, "Hello").await;
    studio.pass(MINUTE * 2).await;
    let (dev, elsewhere): (Actor, WorkspaceId) = crate::common::freelancer(&studio.kitaab, "Dev").await;
    let wants = studio.kitaab.notifications(&dev).set_preferences(elsewhere, level(page, Some(Level::All), Patch::Keep).into()).await;
    assert!(matches!(wants, Err(Error::Invalid(_))), "{wants:?}");
    let foreign = studio.kitaab.notifications(&dev).preferences(studio.workspace).await;
    assert_eq!(code(foreign), "not_found");
}

on_both_engines! {
    what_mridul_missed_comes_in_one_mail_when_the_conversation_rests,
    a_conversation_that_goes_on_is_mailed_after_a_quarter_of_an_hour,
    who_is_there_is_told_on_the_screen_and_who_leaves_unread_by_mail,
    what_was_read_deleted_muted_or_lost_meanwhile_is_not_mailed,
    each_gets_as_much_by_mail_as_they_want,
    quiet_hours_are_those_of_the_reader_and_what_waits_leaves_after_them,
    a_mail_shows_nothing_to_who_wants_that_and_to_an_address_that_nobody_has_verified,
    mail_is_ended_by_the_link_in_it_by_a_post_and_by_nothing_else,
    a_mail_that_is_refused_is_tried_again_as_the_same_mail_and_given_up_once,
    what_was_due_while_nobody_worked_is_sent_and_what_is_days_old_is_not,
    another_workspace_has_nothing_to_do_with_it,
}
