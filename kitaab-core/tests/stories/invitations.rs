//! Invitations, as Nikhil sends them and Mridul gets them.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{PASSWORD, Studio, accept, code, email, for_client, freelancer, names, on_both_engines};
use kitaab_core::Error;
use kitaab_core::access::{Actor, Role};
use kitaab_core::account::{AskReset, ConfirmReset, SignIn};
use kitaab_core::client::{ClientView, UpdateClient};
use kitaab_core::invitation::{Accept, DeliveryState, Door, InvitationStatus, InvitationToken, NewInvitation, Visitor};
use kitaab_core::page::PageAsk;
use kitaab_core::project::{ProjectView, ProjectsAsk, UpdateProject};
use kitaab_core::provider::ProviderError;
use kitaab_core::store::Store;
use kitaab_core::workspace::UpdateMember;

type Database = Arc<dyn Store>;

fn token_in(link: &str) -> String {
    link.split_once("token=").unwrap().1.to_owned()
}

fn holding(token: &str) -> InvitationToken {
    InvitationToken { token: token.into() }
}

async fn mridul_gets_a_mail_and_sees_her_project_alone(db: Database) {
    let studio = Studio::on(db).await;
    let (shop, hidden) = (studio.project("Shop").await, studio.project("Secret").await);
    let invited = studio.invite_client("Mridul", &[shop]).await;
    assert_eq!(invited.status, InvitationStatus::Pending);
    let mail = studio.mailer.last_to("mridul@example.com").unwrap();
    assert!(mail.content.text.contains("Nikhil") && mail.content.text.contains("Shop"));
    let token = studio.mailer.token_to("mridul@example.com").unwrap();

    let joined = studio.kitaab.invitations(&Actor::nobody()).accept(accept("Mridul", &token).into(), None).await.unwrap();
    assert_eq!((joined.workspace.id, joined.workspace.role), (studio.workspace, Role::Client));
    assert!(joined.session.is_some(), "she is signed in");
    assert!(joined.user.email_verified_at.is_some(), "the mailed link shows that the mailbox is hers");
    let mridul = Actor::person(joined.user.id);
    let seen = studio.kitaab.projects(&mridul).list(studio.workspace, ProjectsAsk::default().into()).await.unwrap();
    let names: Vec<String> = seen
        .items
        .iter()
        .map(|p| match p {
            ProjectView::Client(p) => p.name.clone(),
            ProjectView::Staff(_) => "leak".into(),
        })
        .collect();
    assert_eq!(names, ["Shop"]);
    assert_eq!(code(studio.kitaab.projects(&mridul).get(studio.workspace, hidden).await), "not_found");
    studio.mail().await;
    assert!(studio.mailer.last_to("mridul@example.com").unwrap().content.subject.contains("Welcome"));
}

async fn the_state_goes_from_pending_to_sent_to_opened_to_accepted(db: Database) {
    let studio = Studio::on(db).await;
    let invited = studio.invite(for_client("Mridul", &[])).await.unwrap();
    let look = async || studio.kitaab.invitations(&studio.nikhil).get(studio.workspace, invited.id).await.unwrap().item;
    assert_eq!(look().await.status, InvitationStatus::Pending);
    studio.mail().await;
    assert_eq!((look().await.status, look().await.delivery.state), (InvitationStatus::Sent, DeliveryState::Sent));
    let token = studio.mailer.token_to("mridul@example.com").unwrap();
    let door = studio.kitaab.invitations(&Actor::nobody()).look(&token, false).await.unwrap();
    assert!(matches!(door, Door::Open { visitor: Visitor::New, .. }));
    assert_eq!(look().await.status, InvitationStatus::Sent, "a scanner that looks does not open it");
    studio.kitaab.invitations(&Actor::nobody()).preview(holding(&token).into()).await.unwrap();
    assert_eq!(look().await.status, InvitationStatus::Opened);
    studio.kitaab.invitations(&Actor::nobody()).accept(accept("Mridul", &token).into(), None).await.unwrap();
    assert_eq!(look().await.status, InvitationStatus::Accepted);
    assert!(matches!(studio.kitaab.invitations(&Actor::nobody()).look(&token, true).await.unwrap(), Door::Used(_)));
}

async fn of_twenty_who_accept_at_once_one_joins(db: Database) {
    let studio = Studio::on(db).await;
    studio.invite_client("Mridul", &[]).await;
    let token = studio.mailer.token_to("mridul@example.com").unwrap();
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let (kitaab, token) = (studio.kitaab.clone(), token.clone());
            tokio::spawn(async move { kitaab.invitations(&Actor::nobody()).accept(accept("Mridul", &token).into(), None).await })
        })
        .collect();
    let mut joined = 0;
    for one in tries {
        match one.await.unwrap() {
            Ok(_) => joined += 1,
            Err(error) => assert_eq!(error.code(), "not_found"),
        }
    }
    assert_eq!(joined, 1);
    let people = studio.kitaab.people(&studio.nikhil).list(studio.workspace, PageAsk::default().into()).await.unwrap();
    assert_eq!(people.items.len(), 2);
}

async fn a_copied_link_lets_mridul_in_but_does_not_verify_her_email(db: Database) {
    let studio = Studio::on(db).await;
    let invited = studio.invite_client("Mridul", &[]).await;
    let copied = token_in(invited.link.as_deref().unwrap());
    assert_ne!(Some(&copied), studio.mailer.token_to("mridul@example.com").as_ref(), "the two links differ");
    let joined = studio.kitaab.invitations(&Actor::nobody()).accept(accept("Mridul", &copied).into(), None).await.unwrap();
    assert_eq!(joined.user.email_verified_at, None);
    studio.mail().await;
    let subjects: Vec<String> = studio.mailer.mails().into_iter().filter(|m| m.to == email("Mridul")).map(|m| m.content.subject).collect();
    assert!(subjects.iter().any(|s| s.to_lowercase().contains("email")), "she is asked to verify it: {subjects:?}");
}

async fn somebody_who_took_her_address_before_does_not_stand_in_mriduls_way(db: Database) {
    let studio = Studio::on(db).await;
    // Eve signs up with Mridul's address, which she cannot verify.
    freelancer(&studio.kitaab, "Mridul").await;
    studio.mail().await;
    studio.invite_client("Mridul", &[]).await;
    let token = studio.mailer.token_to("mridul@example.com").unwrap();
    let nobody = Actor::nobody();
    assert_eq!(code(studio.kitaab.invitations(&nobody).accept(accept("Mridul", &token).into(), None).await), "sign_in_required");
    // Mridul sets a new password by mail, which verifies the address and voids Eve's.
    studio.kitaab.accounts(&nobody).ask_reset(AskReset { email: email("Mridul") }.into()).await.unwrap();
    studio.mail().await;
    let reset = studio.mailer.token_to("mridul@example.com").unwrap();
    let hers = "copper lanterns over the lake";
    studio.kitaab.accounts(&nobody).confirm_reset(ConfirmReset { token: reset.into(), password: hers.into() }.into()).await.unwrap();
    let eve = SignIn { email: email("Mridul"), password: PASSWORD.into() };
    assert_eq!(code(studio.kitaab.accounts(&nobody).sign_in(eve.into(), None).await), "wrong_credentials");
    let signed_in =
        studio.kitaab.accounts(&nobody).sign_in(SignIn { email: email("Mridul"), password: hers.into() }.into(), None).await.unwrap();
    let mridul = Actor::person(signed_in.signed.user.id);
    let joined = studio.kitaab.invitations(&mridul).accept(Accept { token: token.into(), ..Accept::default() }.into(), None).await.unwrap();
    assert!(joined.session.is_none() && joined.workspace.role == Role::Client);
}

async fn whoever_is_signed_in_as_somebody_else_is_told_so(db: Database) {
    let studio = Studio::on(db).await;
    studio.invite_client("Mridul", &[]).await;
    let token = studio.mailer.token_to("mridul@example.com").unwrap();
    let (farah, _) = freelancer(&studio.kitaab, "Farah").await;
    let given = Accept { token: token.as_str().into(), ..Accept::default() };
    assert_eq!(code(studio.kitaab.invitations(&farah).accept(given.into(), None).await), "other_account");
    assert!(matches!(
        studio.kitaab.invitations(&farah).look(&token, false).await.unwrap(),
        Door::Open { visitor: Visitor::SomebodyElse, .. }
    ));
}

async fn a_second_invitation_names_the_first_and_an_expired_one_makes_room(db: Database) {
    let studio = Studio::on(db).await;
    let first = studio.invite_client("Mridul", &[]).await;
    let again = NewInvitation { client_id: first.client_id, ..NewInvitation::default() };
    match studio.invite(again.clone()).await {
        Err(Error::Conflict { code: "already_invited", existing, .. }) => assert_eq!(existing, Some(first.id.0)),
        other => panic!("{other:?}"),
    }
    studio.clock.advance(Duration::from_hours(7 * 24));
    let second = studio.invite(again).await.unwrap();
    let invitations = studio.kitaab.invitations(&studio.nikhil);
    assert_eq!(invitations.get(studio.workspace, first.id).await.unwrap().item.status, InvitationStatus::Expired);
    match invitations.resend(studio.workspace, first.id).await {
        Err(Error::Conflict { code: "already_invited", existing, .. }) => assert_eq!(existing, Some(second.id.0)),
        other => panic!("{other:?}"),
    }
}

async fn a_resend_makes_new_links_and_kills_the_old_ones(db: Database) {
    let studio = Studio::on(db).await;
    let first = studio.invite_client("Mridul", &[]).await;
    let (mailed, copied) = (studio.mailer.token_to("mridul@example.com").unwrap(), token_in(first.link.as_deref().unwrap()));
    let invitations = studio.kitaab.invitations(&studio.nikhil);
    assert_eq!(code(invitations.resend(studio.workspace, first.id).await), "too_many_requests", "not within a minute");
    studio.clock.advance(Duration::from_mins(1));
    let second = invitations.resend(studio.workspace, first.id).await.unwrap().item;
    assert_eq!((second.id, second.status), (first.id, InvitationStatus::Pending));
    studio.mail().await;
    let nobody = Actor::nobody();
    for old in [mailed, copied] {
        assert_eq!(code(studio.kitaab.invitations(&nobody).preview(holding(&old).into()).await), "not_found");
        assert_eq!(studio.kitaab.invitations(&nobody).look(&old, true).await.unwrap(), Door::Unknown);
    }
    for new in [studio.mailer.token_to("mridul@example.com").unwrap(), token_in(second.link.as_deref().unwrap())] {
        studio.kitaab.invitations(&nobody).preview(holding(&new).into()).await.unwrap();
    }
}

async fn what_was_taken_back_or_used_is_not_revived(db: Database) {
    let studio = Studio::on(db).await;
    let invited = studio.invite_client("Mridul", &[]).await;
    let token = studio.mailer.token_to("mridul@example.com").unwrap();
    let invitations = studio.kitaab.invitations(&studio.nikhil);
    invitations.revoke(studio.workspace, invited.id).await.unwrap();
    invitations.revoke(studio.workspace, invited.id).await.unwrap();
    studio.clock.advance(Duration::from_mins(2));
    assert_eq!(code(invitations.resend(studio.workspace, invited.id).await), "invitation_closed");
    assert_eq!(code(studio.kitaab.invitations(&Actor::nobody()).accept(accept("Mridul", &token).into(), None).await), "not_found");
    let (farah, _) = studio.client("Farah", &[]).await;
    let used = invitations.list(studio.workspace, PageAsk::default().into()).await.unwrap().items.remove(0);
    assert_eq!(code(invitations.resend(studio.workspace, used.id).await), "already_accepted");
    assert_eq!(code(invitations.revoke(studio.workspace, used.id).await), "already_accepted");
    assert!(studio.kitaab.workspaces(&farah).get(studio.workspace).await.is_ok());
}

async fn an_expired_link_lets_mridul_ask_and_tells_nikhil_once(db: Database) {
    let studio = Studio::on(db).await;
    studio.invite_client("Mridul", &[]).await;
    let token = studio.mailer.token_to("mridul@example.com").unwrap();
    let nobody = Actor::nobody();
    studio.kitaab.invitations(&nobody).ask_again(holding(&token).into()).await.unwrap();
    assert_eq!(studio.mail().await, 0, "an open one needs no new one");
    studio.clock.advance(Duration::from_hours(7 * 24));
    assert_eq!(studio.kitaab.invitations(&nobody).look(&token, true).await.unwrap(), Door::Expired);
    assert_eq!(code(studio.kitaab.invitations(&nobody).accept(accept("Mridul", &token).into(), None).await), "not_found");
    for _ in 0..3 {
        studio.kitaab.invitations(&nobody).ask_again(holding(&token).into()).await.unwrap();
    }
    studio.kitaab.invitations(&nobody).ask_again(holding("kti_nonsense").into()).await.unwrap();
    assert_eq!(studio.mail().await, 1);
    assert!(studio.mailer.last_to("nikhil@example.com").unwrap().content.text.contains("Mridul"));
}

async fn all_bad_tokens_answer_alike(db: Database) {
    let studio = Studio::on(db).await;
    let bad = ["", " ", "kti_", "kti_AAAA", "kts_AAAA", "nonsense", &format!("kti_{}", "A".repeat(43)), "\0", &"x".repeat(5_000)];
    for token in bad {
        let answers = [
            code(studio.kitaab.invitations(&Actor::nobody()).preview(holding(token).into()).await),
            code(studio.kitaab.invitations(&Actor::nobody()).accept(accept("Mridul", token).into(), None).await),
        ];
        assert_eq!(answers, ["not_found", "not_found"], "{token:?}");
    }
}

async fn a_mail_that_is_refused_shows_on_the_invitation_and_one_that_fails_is_tried_again(db: Database) {
    let studio = Studio::on(db).await;
    let look = async |id| studio.kitaab.invitations(&studio.nikhil).get(studio.workspace, id).await.unwrap().item.delivery;
    studio.mailer.fail_next(ProviderError::permanent("550 no such user"));
    let refused = studio.invite_client("Mridul", &[]).await;
    let delivery = look(refused.id).await;
    assert_eq!((delivery.state, delivery.error.as_deref()), (DeliveryState::Failed, Some("550 no such user")));
    studio.mailer.fail_next(ProviderError::transient("451 try later"));
    let delayed = studio.invite_client("Farah", &[]).await;
    let delivery = look(delayed.id).await;
    assert_eq!((delivery.state, delivery.error.as_deref()), (DeliveryState::Retrying, Some("451 try later")));
    studio.clock.advance(Duration::from_mins(1));
    studio.mail().await;
    assert_eq!(look(delayed.id).await.state, DeliveryState::Sent);
}

async fn a_recipient_gets_three_invitations_a_day_and_the_fourth_is_withheld(db: Database) {
    let studio = Studio::on(db).await;
    let invited = studio.invite_client("Mridul", &[]).await;
    let invitations = studio.kitaab.invitations(&studio.nikhil);
    let mut states = vec![];
    for _ in 0..3 {
        studio.clock.advance(Duration::from_mins(1));
        states.push(invitations.resend(studio.workspace, invited.id).await.unwrap().item.delivery.state);
    }
    assert_eq!(states, [DeliveryState::Queued, DeliveryState::Queued, DeliveryState::Withheld]);
    studio.mail().await;
    assert_eq!(studio.mailer.mails().iter().filter(|mail| mail.to == "mridul@example.com").count(), 1, "those replaced were not sent");
}

async fn changing_a_clients_email_takes_the_open_invitation_back(db: Database) {
    let studio = Studio::on(db).await;
    let invited = studio.invite_client("Mridul", &[]).await;
    let (card, token) = (invited.client_id.unwrap(), studio.mailer.token_to("mridul@example.com").unwrap());
    let change = UpdateClient { email: Some("mridul@gmial.com".into()), ..UpdateClient::default() };
    let answer = studio.kitaab.clients(&studio.nikhil).update(studio.workspace, card, change.into(), None).await.unwrap();
    assert_eq!(answer.warnings[0].suggestion.as_deref(), Some("mridul@gmail.com"));
    let ClientView::Staff(view) = answer.item else { panic!("the owner is shown the client's view") };
    assert_eq!(view.invitation_status, Some(InvitationStatus::Revoked));
    assert_eq!(code(studio.kitaab.invitations(&Actor::nobody()).preview(holding(&token).into()).await), "not_found");
}

async fn only_projects_that_still_exist_are_shared(db: Database) {
    let studio = Studio::on(db).await;
    let (kept, archived, deleted) = (studio.project("Kept").await, studio.project("Archived").await, studio.project("Deleted").await);
    studio.invite_client("Mridul", &[kept, archived, deleted]).await;
    studio.kitaab.projects(&studio.nikhil).archive(studio.workspace, archived).await.unwrap();
    studio.kitaab.projects(&studio.nikhil).delete(studio.workspace, deleted).await.unwrap();
    let token = studio.mailer.token_to("mridul@example.com").unwrap();
    let preview = studio.kitaab.invitations(&Actor::nobody()).preview(holding(&token).into()).await.unwrap();
    assert_eq!(preview.projects.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Kept"]);
    let joined = studio.kitaab.invitations(&Actor::nobody()).accept(accept("Mridul", &token).into(), None).await.unwrap();
    // Brought back, it is still none of hers: she was told of one project.
    let restore = UpdateProject { archived: Some(false), ..UpdateProject::default() };
    studio.kitaab.projects(&studio.nikhil).update(studio.workspace, archived, restore.into(), None).await.unwrap();
    assert_eq!(names(&studio, &Actor::person(joined.user.id), ProjectsAsk::default()).await, ["Kept"]);
}

async fn once_nikhil_has_left_asha_is_asked_for_the_new_invitation(db: Database) {
    let studio = Studio::on(db).await;
    studio.invite_client("Mridul", &[]).await;
    let token = studio.mailer.token_to("mridul@example.com").unwrap();
    let asha = studio.colleague("Asha").await;
    let person = |actor: &Actor| actor.user().unwrap();
    let people = studio.kitaab.people(&studio.nikhil);
    let owner = UpdateMember { role: Some(Role::Owner) };
    people.update(studio.workspace, person(&asha), owner.into()).await.unwrap();
    studio.kitaab.people(&asha).remove(studio.workspace, person(&studio.nikhil)).await.unwrap();
    studio.clock.advance(Duration::from_hours(8 * 24));
    studio.mail().await;
    studio.kitaab.invitations(&Actor::nobody()).ask_again(holding(&token).into()).await.unwrap();
    studio.mail().await;
    let last = studio.mailer.mails().pop().unwrap();
    assert_eq!(last.to, "asha@example.com");
    assert!(last.content.text.contains("Mridul"));
}

async fn bad_input_is_told_all_at_once_and_changes_nothing(db: Database) {
    let studio = Studio::on(db).await;
    let bad = NewInvitation {
        client: Some(kitaab_core::invitation::InvitedClient { name: "\u{202e}".into(), email: "no".into(), company: None }),
        project_ids: vec![kitaab_core::ids::ProjectId(uuid::Uuid::from_u128(7))],
        message: Some("x".repeat(2_001)),
        ..NewInvitation::default()
    };
    let Err(Error::Invalid(problems)) = studio.invite(bad).await else { panic!("accepted") };
    let fields: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.code)).collect();
    assert_eq!(fields, [("client.name", "invalid"), ("client.email", "invalid"), ("message", "too_long"), ("project_ids[0]", "not_found")]);
    let list = studio.kitaab.invitations(&studio.nikhil).list(studio.workspace, PageAsk::default().into()).await.unwrap();
    assert!(list.items.is_empty());
}

async fn a_colleague_joins_as_member_and_works_but_does_not_invite(db: Database) {
    let studio = Studio::on(db).await;
    let asha = studio.colleague("Asha").await;
    studio.kitaab.clients(&asha).list(studio.workspace, kitaab_core::client::ClientsAsk::default().into()).await.unwrap();
    let refused = studio.kitaab.invitations(&asha).send(studio.workspace, for_client("Mridul", &[]).into()).await;
    assert_eq!(code(refused), "forbidden");
}

on_both_engines! {
    mridul_gets_a_mail_and_sees_her_project_alone,
    the_state_goes_from_pending_to_sent_to_opened_to_accepted,
    of_twenty_who_accept_at_once_one_joins,
    a_copied_link_lets_mridul_in_but_does_not_verify_her_email,
    somebody_who_took_her_address_before_does_not_stand_in_mriduls_way,
    whoever_is_signed_in_as_somebody_else_is_told_so,
    a_second_invitation_names_the_first_and_an_expired_one_makes_room,
    a_resend_makes_new_links_and_kills_the_old_ones,
    what_was_taken_back_or_used_is_not_revived,
    an_expired_link_lets_mridul_ask_and_tells_nikhil_once,
    all_bad_tokens_answer_alike,
    a_mail_that_is_refused_shows_on_the_invitation_and_one_that_fails_is_tried_again,
    a_recipient_gets_three_invitations_a_day_and_the_fourth_is_withheld,
    changing_a_clients_email_takes_the_open_invitation_back,
    only_projects_that_still_exist_are_shared,
    once_nikhil_has_left_asha_is_asked_for_the_new_invitation,
    bad_input_is_told_all_at_once_and_changes_nothing,
    a_colleague_joins_as_member_and_works_but_does_not_invite,
}
