//! Accounts: signing up and in, sessions, passwords, links in mails.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{PASSWORD, Studio, code, email, freelancer, on_both_engines};
use kitaab_core::Error;
use kitaab_core::access::{Actor, Origin};
use kitaab_core::account::{
    AskMagicLink, AskReset, ChangeEmail, ChangePassword, ConfirmChangeEmail, ConfirmMagicLink, ConfirmReset, Reauthenticate, SignIn,
    SignUp, SignedIn, UpdateProfile, VerifyEmail,
};
use kitaab_core::input::Patch;
use kitaab_core::store::Store;
use secrecy::ExposeSecret;

type Database = Arc<dyn Store>;

const NEW_PASSWORD: &str = "copper lanterns over the lake";

fn credentials(name: &str, password: &str) -> SignIn {
    SignIn { email: email(name), password: password.into() }
}

pub async fn sign_in(studio: &Studio, name: &str, password: &str) -> Result<SignedIn, Error> {
    studio.kitaab.accounts(&Actor::nobody()).sign_in(credentials(name, password).into(), Some("Firefox")).await
}

/// The actor behind a session, as an adapter finds it.
pub async fn actor(studio: &Studio, signed_in: &SignedIn) -> Option<Actor> {
    studio.kitaab.authenticate(signed_in.session.token.expose_secret(), Origin::default()).await.unwrap()
}

async fn nikhil_signs_in_and_out_again(db: Database) {
    let studio = Studio::on(db).await;
    let signed_in = sign_in(&studio, "Nikhil", PASSWORD).await.unwrap();
    assert_eq!(signed_in.signed.workspaces.len(), 1);
    let nikhil = actor(&studio, &signed_in).await.unwrap();
    let sessions = studio.kitaab.accounts(&nikhil).sessions().await.unwrap().items;
    assert_eq!(sessions.len(), 2, "the one of the sign-up, and this one");
    assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
    studio.kitaab.accounts(&nikhil).sign_out().await.unwrap();
    assert!(actor(&studio, &signed_in).await.is_none());
}

async fn signing_out_everywhere_ends_every_session(db: Database) {
    let studio = Studio::on(db).await;
    let (phone, laptop) = (sign_in(&studio, "Nikhil", PASSWORD).await.unwrap(), sign_in(&studio, "Nikhil", PASSWORD).await.unwrap());
    let nikhil = actor(&studio, &phone).await.unwrap();
    studio.kitaab.accounts(&nikhil).sign_out_everywhere().await.unwrap();
    assert!(actor(&studio, &phone).await.is_none() && actor(&studio, &laptop).await.is_none());
}

async fn a_session_ends_when_it_is_not_used_for_a_week_or_after_a_month(db: Database) {
    let studio = Studio::on(db).await;
    let idle = sign_in(&studio, "Nikhil", PASSWORD).await.unwrap();
    studio.clock.advance(Duration::from_hours(7 * 24));
    assert!(actor(&studio, &idle).await.is_none());
    let used = sign_in(&studio, "Nikhil", PASSWORD).await.unwrap();
    for _ in 0..7 {
        studio.clock.advance(Duration::from_hours(4 * 24));
        assert!(actor(&studio, &used).await.is_some());
    }
    studio.clock.advance(Duration::from_hours(2 * 24));
    assert!(actor(&studio, &used).await.is_none(), "thirty days are the end in any case");
}

async fn the_twenty_first_session_ends_the_oldest(db: Database) {
    let studio = Studio::on(db).await;
    let mut sessions = vec![];
    for _ in 0..21 {
        studio.clock.advance(Duration::from_secs(1));
        sessions.push(sign_in(&studio, "Nikhil", PASSWORD).await.unwrap());
    }
    assert!(actor(&studio, &sessions[0]).await.is_none());
    assert!(actor(&studio, &sessions[1]).await.is_some());
}

async fn an_unknown_address_and_a_wrong_password_answer_alike_and_wait_alike(db: Database) {
    let studio = Studio::on(db).await;
    for name in ["Nikhil", "Stranger"] {
        for _ in 0..11 {
            assert_eq!(code(sign_in(&studio, name, "wrong horse battery staple").await), "wrong_credentials", "{name}");
        }
        match sign_in(&studio, name, PASSWORD).await {
            Err(Error::TooMany { retry_after }) => assert_eq!(retry_after, Duration::from_secs(1), "{name}"),
            other => panic!("{name}: {:?}", other.map(|_| ())),
        }
    }
    studio.clock.advance(Duration::from_secs(1));
    sign_in(&studio, "Nikhil", PASSWORD).await.unwrap();
    assert_eq!(code(sign_in(&studio, "Nikhil", "wrong horse battery staple").await), "wrong_credentials", "the count began anew");
}

async fn a_known_address_cannot_sign_up_again(db: Database) {
    let studio = Studio::on(db).await;
    let again = SignUp {
        email: " NIKHIL@example.com ".into(),
        password: NEW_PASSWORD.into(),
        display_name: "Eve".into(),
        workspace_name: "Eve's".into(),
    };
    assert_eq!(code(studio.kitaab.accounts(&Actor::nobody()).sign_up(again.into(), None).await), "email_taken");
}

async fn bad_fields_of_a_sign_up_are_told_all_at_once(db: Database) {
    let studio = Studio::on(db).await;
    let bad = SignUp { email: "nobody".into(), password: "kitaab-client".into(), display_name: "a\nb".into(), workspace_name: " ".into() };
    let Err(Error::Invalid(problems)) = studio.kitaab.accounts(&Actor::nobody()).sign_up(bad.into(), None).await else {
        panic!("accepted")
    };
    let found: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.code)).collect();
    assert_eq!(found, [("email", "invalid"), ("display_name", "invalid"), ("workspace_name", "required"), ("password", "guessable")]);
}

async fn nikhil_verifies_his_email_once(db: Database) {
    let studio = Studio::on(db).await;
    let token = studio.mailer.token_to("nikhil@example.com").unwrap();
    let nobody = Actor::nobody();
    studio.kitaab.accounts(&nobody).verify_email(VerifyEmail { token: token.as_str().into() }.into()).await.unwrap();
    assert!(studio.kitaab.accounts(&studio.nikhil).profile().await.unwrap().email_verified);
    assert_eq!(code(studio.kitaab.accounts(&nobody).verify_email(VerifyEmail { token: token.into() }.into()).await), "not_found");
    studio.kitaab.accounts(&studio.nikhil).resend_verification().await.unwrap();
    assert_eq!(studio.mail().await, 0, "a verified address gets no second mail");
}

async fn a_reset_ends_every_session_and_works_once(db: Database) {
    let studio = Studio::on(db).await;
    let session = sign_in(&studio, "Nikhil", PASSWORD).await.unwrap();
    let (nobody, ask) = (Actor::nobody(), AskReset { email: email("Nikhil") });
    studio.kitaab.accounts(&nobody).ask_reset(ask.clone().into()).await.unwrap();
    studio.mail().await;
    let older = studio.mailer.token_to("nikhil@example.com").unwrap();
    studio.kitaab.accounts(&nobody).ask_reset(ask.into()).await.unwrap();
    studio.mail().await;
    let newer = studio.mailer.token_to("nikhil@example.com").unwrap();
    let with = |token: &str| ConfirmReset { token: token.into(), password: NEW_PASSWORD.into() };
    assert_eq!(code(studio.kitaab.accounts(&nobody).confirm_reset(with(&older).into()).await), "not_found", "only the newest works");
    studio.kitaab.accounts(&nobody).confirm_reset(with(&newer).into()).await.unwrap();
    assert_eq!(code(studio.kitaab.accounts(&nobody).confirm_reset(with(&newer).into()).await), "not_found");
    assert!(actor(&studio, &session).await.is_none());
    assert_eq!(code(sign_in(&studio, "Nikhil", PASSWORD).await), "wrong_credentials");
    sign_in(&studio, "Nikhil", NEW_PASSWORD).await.unwrap();
    studio.mail().await;
    assert!(studio.mailer.last_to("nikhil@example.com").unwrap().content.subject.contains("password"));
}

async fn a_reset_link_ends_after_half_an_hour(db: Database) {
    let studio = Studio::on(db).await;
    studio.kitaab.accounts(&Actor::nobody()).ask_reset(AskReset { email: email("Nikhil") }.into()).await.unwrap();
    studio.mail().await;
    let token = studio.mailer.token_to("nikhil@example.com").unwrap();
    studio.clock.advance(Duration::from_mins(30));
    assert_eq!(code(studio.kitaab.accounts(&Actor::nobody()).look_at_reset(&token).await), "not_found");
}

async fn asking_for_an_unknown_address_mails_nobody_and_says_nothing(db: Database) {
    let studio = Studio::on(db).await;
    let before = studio.mailer.mails().len();
    studio.kitaab.accounts(&Actor::nobody()).ask_reset(AskReset { email: "nobody@example.com".into() }.into()).await.unwrap();
    studio.kitaab.accounts(&Actor::nobody()).ask_magic_link(AskMagicLink { email: "nobody@example.com".into() }.into()).await.unwrap();
    assert_eq!(studio.mail().await, 2, "the jobs are there all the same");
    assert_eq!(studio.mailer.mails().len(), before);
}

async fn the_fourth_reset_within_an_hour_is_silently_not_mailed(db: Database) {
    let studio = Studio::on(db).await;
    let before = studio.mailer.mails().len();
    for _ in 0..4 {
        studio.kitaab.accounts(&Actor::nobody()).ask_reset(AskReset { email: email("Nikhil") }.into()).await.unwrap();
        studio.mail().await;
    }
    assert_eq!(studio.mailer.mails().len() - before, 3);
}

async fn a_magic_link_works_in_the_browser_that_asked_alone(db: Database) {
    let studio = Studio::on(db).await;
    let nobody = Actor::nobody();
    let asked = studio.kitaab.accounts(&nobody).ask_magic_link(AskMagicLink { email: email("Nikhil") }.into()).await.unwrap();
    studio.mail().await;
    let token = studio.mailer.token_to("nikhil@example.com").unwrap();
    let elsewhere = ConfirmMagicLink { token: token.as_str().into(), request: None, cookie: Some("ktm_other".into()) };
    assert_eq!(code(studio.kitaab.accounts(&nobody).confirm_magic_link(elsewhere.into(), None).await), "not_found");
    let here = ConfirmMagicLink { token: token.as_str().into(), request: Some(asked.request), cookie: None };
    let signed_in = studio.kitaab.accounts(&nobody).confirm_magic_link(here.clone().into(), None).await.unwrap();
    assert!(actor(&studio, &signed_in).await.is_some());
    assert_eq!(code(studio.kitaab.accounts(&nobody).confirm_magic_link(here.into(), None).await), "not_found");
}

async fn the_first_proof_of_an_unverified_address_voids_the_old_password(db: Database) {
    let studio = Studio::on(db).await;
    let session = sign_in(&studio, "Nikhil", PASSWORD).await.unwrap();
    let nobody = Actor::nobody();
    let asked = studio.kitaab.accounts(&nobody).ask_magic_link(AskMagicLink { email: email("Nikhil") }.into()).await.unwrap();
    studio.mail().await;
    let token = studio.mailer.token_to("nikhil@example.com").unwrap();
    let link = ConfirmMagicLink { token: token.into(), request: Some(asked.request), cookie: None };
    studio.kitaab.accounts(&nobody).confirm_magic_link(link.into(), None).await.unwrap();
    assert!(actor(&studio, &session).await.is_none());
    assert_eq!(code(sign_in(&studio, "Nikhil", PASSWORD).await), "wrong_credentials");
}

async fn changing_the_password_ends_the_other_sessions_and_tells_by_mail(db: Database) {
    let studio = Studio::on(db).await;
    let (here, there) = (sign_in(&studio, "Nikhil", PASSWORD).await.unwrap(), sign_in(&studio, "Nikhil", PASSWORD).await.unwrap());
    let nikhil = actor(&studio, &here).await.unwrap();
    let wrong = ChangePassword { current_password: "not this one at all".into(), new_password: NEW_PASSWORD.into() };
    assert_eq!(code(studio.kitaab.accounts(&nikhil).change_password(wrong.into()).await), "wrong_password");
    let right = ChangePassword { current_password: PASSWORD.into(), new_password: NEW_PASSWORD.into() };
    studio.kitaab.accounts(&nikhil).change_password(right.into()).await.unwrap();
    assert!(actor(&studio, &here).await.is_some() && actor(&studio, &there).await.is_none());
    studio.mail().await;
    assert!(studio.mailer.last_to("nikhil@example.com").unwrap().content.subject.to_lowercase().contains("password"));
}

async fn changing_the_email_needs_a_fresh_sign_in_and_the_new_mailbox(db: Database) {
    let studio = Studio::on(db).await;
    let signed_in = sign_in(&studio, "Nikhil", PASSWORD).await.unwrap();
    studio.clock.advance(Duration::from_mins(15));
    let nikhil = actor(&studio, &signed_in).await.unwrap();
    let wanted = ChangeEmail { email: "nikhil@new.example".into() };
    assert_eq!(code(studio.kitaab.accounts(&nikhil).change_email(wanted.clone().into()).await), "reauth_required");
    studio.kitaab.accounts(&nikhil).reauthenticate(Reauthenticate { password: PASSWORD.into() }.into()).await.unwrap();
    let nikhil = actor(&studio, &signed_in).await.unwrap();
    studio.kitaab.accounts(&nikhil).change_email(wanted.into()).await.unwrap();
    studio.mail().await;
    let token = studio.mailer.token_to("nikhil@new.example").unwrap();
    let confirm = ConfirmChangeEmail { token: token.into() };
    studio.kitaab.accounts(&Actor::nobody()).confirm_change_email(confirm.clone().into()).await.unwrap();
    assert_eq!(code(studio.kitaab.accounts(&Actor::nobody()).confirm_change_email(confirm.into()).await), "not_found");
    studio.mail().await;
    assert!(
        studio.mailer.last_to("nikhil@example.com").unwrap().content.subject.to_lowercase().contains("email"),
        "the old address is told"
    );
    let new = SignIn { email: "nikhil@new.example".into(), password: PASSWORD.into() };
    studio.kitaab.accounts(&Actor::nobody()).sign_in(new.into(), None).await.unwrap();
}

async fn a_deleted_account_cannot_sign_in_and_its_name_is_gone(db: Database) {
    let studio = Studio::on(db).await;
    let signed_in = sign_in(&studio, "Nikhil", PASSWORD).await.unwrap();
    let nikhil = actor(&studio, &signed_in).await.unwrap();
    assert_eq!(code(studio.kitaab.accounts(&nikhil).delete_account().await), "last_owner");
    let (mridul, _) = studio.client("Mridul", &[]).await;
    let fresh = mridul.fresh_until(studio.kitaab.now().after(Duration::from_mins(1)));
    studio.kitaab.accounts(&fresh).delete_account().await.unwrap();
    assert_eq!(code(sign_in(&studio, "Mridul", PASSWORD).await), "wrong_credentials");
    assert_eq!(code(studio.kitaab.accounts(&fresh).profile().await), "not_found");
    let people = studio.kitaab.people(&studio.nikhil).list(studio.workspace, kitaab_core::page::PageAsk::default().into()).await;
    assert_eq!(people.unwrap().items.len(), 1);
    // The address is free again.
    freelancer(&studio.kitaab, "Mridul").await;
}

async fn nikhil_changes_his_profile_and_clears_his_company(db: Database) {
    let studio = Studio::on(db).await;
    let accounts = studio.kitaab.accounts(&studio.nikhil);
    let change = UpdateProfile {
        company: Patch::Set("Nikhil Design".into()),
        time_zone: Some("Asia/Kolkata".into()),
        locale: Some("en-IN".into()),
        ..UpdateProfile::default()
    };
    assert_eq!(accounts.update_profile(change.into()).await.unwrap().company.as_deref(), Some("Nikhil Design"));
    let cleared = accounts.update_profile(UpdateProfile { company: Patch::Clear, ..UpdateProfile::default() }.into()).await.unwrap();
    assert_eq!((cleared.company, cleared.time_zone.as_str(), cleared.locale.as_str()), (None, "Asia/Kolkata", "en-IN"));
}

async fn who_took_an_address_before_an_application_vouches_for_it_is_put_out(db: Database) {
    let studio = Studio::on(db).await;
    let (eve, _) = freelancer(&studio.kitaab, "Mridul").await;
    let taken = sign_in(&studio, "Mridul", PASSWORD).await.unwrap();
    let mridul = studio.kitaab.introduce(&email("Mridul"), "Mridul").await.unwrap();
    assert_eq!(Some(mridul), eve.user());
    assert!(actor(&studio, &taken).await.is_none());
    assert_eq!(code(sign_in(&studio, "Mridul", PASSWORD).await), "wrong_credentials");
    let known = studio.kitaab.introduce(&email("Nikhil"), "Nikhil").await.unwrap();
    assert_eq!(Some(known), studio.nikhil.user());
}

async fn a_moderator_signs_in_and_belongs_nowhere(db: Database) {
    let studio = Studio::on(db).await;
    studio.kitaab.create_moderator("maya@example.com", "Maya", &PASSWORD.into()).await.unwrap();
    let maya = sign_in(&studio, "Maya", PASSWORD).await.unwrap();
    assert!(maya.signed.moderator && maya.signed.workspaces.is_empty());
    let actor_of_maya = actor(&studio, &maya).await.unwrap();
    assert_eq!(code(studio.kitaab.workspaces(&actor_of_maya).get(studio.workspace).await), "not_found");
    assert_eq!(code(studio.kitaab.create_moderator("nikhil@example.com", "Nikhil", &PASSWORD.into()).await), "email_taken");
    studio.kitaab.remove_moderator("maya@example.com").await.unwrap();
    assert!(actor(&studio, &maya).await.is_none());
}

async fn what_has_run_out_is_cleared_away_and_nothing_else(db: Database) {
    let studio = Studio::on(db).await;
    studio.kitaab.accounts(&Actor::nobody()).ask_reset(AskReset { email: email("Nikhil") }.into()).await.unwrap();
    studio.mail().await;
    assert_eq!(studio.kitaab.sweep().await.unwrap(), 0, "nothing has run out yet");
    studio.clock.advance(Duration::from_hours(31 * 24));
    assert!(studio.kitaab.sweep().await.unwrap() >= 4, "the session, two links, their jobs");
    assert_eq!(studio.kitaab.sweep().await.unwrap(), 0);
    sign_in(&studio, "Nikhil", PASSWORD).await.unwrap();
}

on_both_engines! {
    what_has_run_out_is_cleared_away_and_nothing_else,
    nikhil_signs_in_and_out_again,
    signing_out_everywhere_ends_every_session,
    a_session_ends_when_it_is_not_used_for_a_week_or_after_a_month,
    the_twenty_first_session_ends_the_oldest,
    an_unknown_address_and_a_wrong_password_answer_alike_and_wait_alike,
    a_known_address_cannot_sign_up_again,
    bad_fields_of_a_sign_up_are_told_all_at_once,
    nikhil_verifies_his_email_once,
    a_reset_ends_every_session_and_works_once,
    a_reset_link_ends_after_half_an_hour,
    asking_for_an_unknown_address_mails_nobody_and_says_nothing,
    the_fourth_reset_within_an_hour_is_silently_not_mailed,
    a_magic_link_works_in_the_browser_that_asked_alone,
    the_first_proof_of_an_unverified_address_voids_the_old_password,
    changing_the_password_ends_the_other_sessions_and_tells_by_mail,
    changing_the_email_needs_a_fresh_sign_in_and_the_new_mailbox,
    a_deleted_account_cannot_sign_in_and_its_name_is_gone,
    nikhil_changes_his_profile_and_clears_his_company,
    who_took_an_address_before_an_application_vouches_for_it_is_put_out,
    a_moderator_signs_in_and_belongs_nowhere,
}
