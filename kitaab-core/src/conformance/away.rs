//! Who may have missed what, and the mails about it.

use super::permits;
use super::world::{World, level, look, mailing, message, notification, second};
use crate::away::{Mailing, SaidLately, Subscription};
use crate::chat::{ChannelPreferences, Lease};
use crate::input::Patch;
use crate::notification::{Level, NotificationPreferences, PreferencesChange, QuietHours};
use crate::store::{Closing, Scope, Store, StoreResult};

/// A look is planned unless one is planned for earlier; one that was lost is planned anew. It begins when its time has come, once.
pub async fn a_look_is_planned_once_and_begun_when_it_is_due(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (page, closing) = (permits::on_channel(world.workspace, world.page), Closing::forged(Some(world.workspace)));
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    assert!(tx.begin_look(&page, second(1)).await?, "the world planned one");
    assert!(!tx.begin_look(&page, second(1)).await?);
    for (at, planned) in [(120, true), (120, true), (130, false), (100, true)] {
        let numbered = tx.number_messages(&closing, &[(world.page, 1)], second(1), look(at)).await?;
        assert_eq!(numbered[0].planned, planned, "{at}");
    }
    assert!(!tx.plan_look(&page, look(101)).await?);
    assert!(tx.plan_look(&page, look(99)).await?);
    assert!(!tx.begin_look(&page, second(98)).await?);
    assert!(tx.plan_look(&page, look(99 + 601)).await?, "ten minutes later it is lost");
    assert!(tx.begin_look(&page, second(99 + 601)).await?);
    tx.commit().await
}

/// Those who have not read everything, with what they want by mail and what they were mailed; not those who want nothing.
pub async fn who_may_be_away_is_known_with_what_they_want(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (page, within) = (permits::on_channel(world.workspace, world.page), permits::within(world.workspace));
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    let away = tx.away_people(&page).await?;
    let mut people: Vec<_> = away.iter().map(|person| person.user_id).collect();
    people.sort();
    let mut unread = vec![world.nikhil, world.mridul];
    unread.sort();
    assert_eq!(people, unread, "Meera said it herself");
    let nikhil = away.into_iter().find(|person| person.user_id == world.nikhil).expect("Nikhil");
    assert_eq!((nikhil.wishes.email, nikhil.wishes.content, nikhil.seen_seq), (Level::All, true, 0));
    assert_eq!(nikhil.wishes.time_zone, "Asia/Kolkata");
    assert_eq!(nikhil.mailing.map(|mailing| mailing.id), Some(world.mailing));

    let quiet = QuietHours { from: "22:00".parse().expect("a time"), to: "07:30".parse().expect("a time"), time_zone: Some("UTC".into()) };
    // Each change leaves what it does not name.
    let changes = [
        PreferencesChange { email: Some(Level::Mentions), ..PreferencesChange::default() },
        PreferencesChange { email_content: Some(false), ..PreferencesChange::default() },
        PreferencesChange { quiet_hours: Patch::Set(quiet.clone()), ..PreferencesChange::default() },
        PreferencesChange::default(),
    ];
    for change in &changes {
        tx.change_notification_preferences(&within, world.mridul, change).await?;
    }
    let wants = NotificationPreferences {
        email: Level::Mentions,
        email_content: false,
        quiet_hours: Some(quiet.clone()),
        ..NotificationPreferences::default()
    };
    assert_eq!(tx.notification_preferences(&within, world.mridul).await?, wants);
    let muted = ChannelPreferences { muted_until: Some(second(7)), ..ChannelPreferences::default() };
    tx.set_preferences(&page, world.mridul, &muted).await?;
    let (wishes, seen_seq) = tx.mail_wishes(&page, world.mridul).await?.expect("she is in it");
    assert_eq!((wishes.email, wishes.content, wishes.muted_until, seen_seq), (Level::Mentions, false, Some(second(7)), 0));
    assert_eq!(wishes.quiet_hours, Some(quiet));
    let found = tx.away_people(&page).await?.into_iter().find(|person| person.user_id == world.mridul).expect("Mridul");
    assert_eq!((found.wishes, found.mailing), (wishes, None));

    // What was set for the channel goes before what was set for all, and wanting to hear of nothing in it before both.
    let steps = [
        (Level::Mentions, Patch::Set(Level::All), Level::All),
        (Level::Mentions, Patch::Keep, Level::All),
        (Level::None, Patch::Keep, Level::None),
    ];
    for (level_, email, wanted) in steps {
        tx.set_level(&page, world.mridul, &level(world.page, level_, email)).await?;
        assert_eq!(tx.mail_wishes(&page, world.mridul).await?.map(|(wishes, _)| wishes.email), Some(wanted));
        assert_eq!(tx.away_people(&page).await?.iter().any(|person| person.user_id == world.mridul), wanted != Level::None);
    }

    let after = Mailing { mailed_seq: 1, mailed_at: Some(second(3)), step: 2, up_to: Some(4), ..mailing(world.page, world.mridul) };
    tx.keep_mailing(&page, &after).await?;
    assert_eq!(tx.mailing(&within, after.id).await?, Some(after));
    tx.put_person_out(&page, world.mridul).await?;
    assert_eq!(tx.mailing(&within, after.id).await?, None, "it goes with the membership");
    tx.keep_mailing(&page, &after).await?;
    assert_eq!(tx.mailing(&within, after.id).await?, None, "nothing is kept of who is not in it");
    tx.commit().await
}

/// What was said and who was there, as far back as asked.
pub async fn what_was_there_lately_is_told(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (page, closing) = (permits::on_channel(world.workspace, world.page), Closing::forged(Some(world.workspace)));
    let mut tx = store.write(Scope::System(world.workspace)).await?;
    for seq in 2..=4 {
        let said = crate::chat::Message { created_at: second(seq), ..message(world.page, seq, world.nikhil, "Hello") };
        tx.insert_messages(&[(&page, &said)], true).await?;
        if seq == 3 {
            tx.bury_message(&permits::on_message(world.workspace, said.id), world.nikhil, second(9)).await?;
            tx.insert_notification(&closing, &notification(world.meera, said.id.0, world.page)).await?;
        }
    }
    let said = |seq, deleted| SaidLately { seq, author_id: world.nikhil, at: second(seq), deleted };
    assert_eq!(tx.said_lately(&page, second(2), 9).await?, [said(4, false), said(3, true), said(2, false)]);
    assert_eq!(tx.said_lately(&page, second(2), 1).await?, [said(4, false)]);
    assert_eq!(tx.notified_lately(&page, None, second(-9)).await?, [(world.meera, 3)]);
    assert_eq!(tx.notified_lately(&page, Some(world.meera), second(-9)).await?, [(world.meera, 3)]);
    assert!(tx.notified_lately(&page, Some(world.mridul), second(-9)).await?.is_empty());
    assert!(tx.notified_lately(&page, None, second(1)).await?.is_empty(), "it was made before");
    tx.commit().await?;

    let mut tx = store.write(Scope::Nobody).await?;
    let own = permits::own(world.meera);
    let lease = |number: u128, seconds| Lease {
        id: uuid::Uuid::from_u128(number).into(),
        user_id: world.meera,
        away: false,
        seen_at: second(seconds),
    };
    for held in [lease(1, 0), lease(1, 50), lease(2, 10), lease(3, 20)] {
        assert!(tx.hold_lease(&own, &held).await?);
    }
    tx.give_lease_back(&own, lease(2, 0).id, second(30)).await?;
    assert_eq!(tx.end_lapsed_leases(&permits::instance(), second(25), second(200)).await?, [world.meera], "the third");
    tx.commit().await?;
    let mut tx = store.read(Scope::System(world.workspace)).await?;
    let mut stays: Vec<_> =
        tx.stays(&page, second(0)).await?.into_iter().map(|stay| (stay.began_at, stay.seen_at, stay.ended_at)).collect();
    stays.sort();
    let ended = [(second(0), second(50), None), (second(10), second(10), Some(second(30))), (second(20), second(20), Some(second(200)))];
    assert_eq!(stays, ended);
    assert_eq!(tx.stays(&page, second(40)).await?.len(), 1);
    let present = tx.presences(&permits::within(world.workspace), &[world.meera], second(5)).await?;
    assert_eq!(present[0].state, crate::chat::PresenceState::Online);
    drop(tx);
    let mut tx = store.write(Scope::Nobody).await?;
    assert_eq!(tx.sweep_leases(&permits::instance(), second(31)).await?, 1);
    assert!(!tx.hold_lease(&own, &lease(3, 300)).await?, "it has ended, and stays as it was");
    assert!(tx.hold_lease(&own, &lease(4, 300)).await?);
    tx.commit().await?;
    let mut tx = store.read(Scope::System(world.workspace)).await?;
    let mut stays: Vec<_> = tx.stays(&page, second(0)).await?.into_iter().map(|stay| stay.began_at).collect();
    stays.sort();
    assert_eq!(stays, [second(0), second(20), second(300)]);
    Ok(())
}

/// Somebody's mail about one channel, or about all of the workspace, ends; nobody else's does.
pub async fn mail_is_ended_for_a_channel_or_for_all(store: &dyn Store) -> StoreResult<()> {
    let world = World::found(store).await?;
    let (mridul, nikhil) = (permits::on_person(world.workspace, world.mridul), permits::on_person(world.workspace, world.nikhil));
    let mut tx = store.write(Scope::Workspace { workspace: world.workspace, user: Some(world.mridul) }).await?;
    let gets = |email| Some(Subscription { workspace_name: "Nikhil's Studio".into(), email });
    assert_eq!(tx.subscription(&mridul, world.page).await?, gets(Level::All));
    assert!(tx.unsubscribe(&mridul, Some(world.page)).await? && tx.unsubscribe(&mridul, Some(world.page)).await?);
    assert_eq!(tx.subscription(&mridul, world.page).await?, gets(Level::None));
    assert_eq!(tx.subscription(&mridul, world.website_channel).await?, gets(Level::All));
    assert!(tx.unsubscribe(&mridul, None).await?);
    assert_eq!(tx.subscription(&mridul, world.website_channel).await?, gets(Level::None));
    assert!(!tx.unsubscribe(&mridul, Some(crate::ids::ChannelId(uuid::Uuid::max()))).await?);
    assert_eq!(tx.subscription(&mridul, crate::ids::ChannelId(uuid::Uuid::max())).await?, None);
    tx.commit().await?;
    let mut tx = store.read(Scope::System(world.workspace)).await?;
    assert_eq!(tx.subscription(&nikhil, world.page).await?, gets(Level::All));
    Ok(())
}
