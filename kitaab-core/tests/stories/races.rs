//! Things that happen at the same time: each has its effect, or is told clearly why not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use kitaab_core::access::{Actor, Origin};
use kitaab_core::account::{ChangePassword, SignIn};
use kitaab_core::project::{ProjectGrant, Share};
use kitaab_core::store::Store;
use secrecy::ExposeSecret;

use crate::common::{PASSWORD, Studio, accept, email, on_both_engines};

type Database = Arc<dyn Store>;

async fn twelve_people_who_accept_at_once_all_join(db: Database) {
    let studio = Studio::on(db).await;
    let names: Vec<String> = ('a'..='l').map(|letter| format!("Client{letter}")).collect();
    for name in &names {
        studio.invite_client(name, &[]).await;
    }
    let (kitaab, nobody) = (&studio.kitaab, &Actor::nobody());
    let joined = join_all(names.iter().map(|name| {
        let token = studio.mailer.token_to(&email(name)).unwrap();
        async move { kitaab.invitations(nobody).accept(accept(name, &token).into(), None).await }
    }))
    .await;
    for (name, joined) in names.iter().zip(joined) {
        assert!(joined.is_ok(), "{name}: {joined:?}");
    }
}

async fn twenty_grants_that_change_at_once_all_change(db: Database) {
    let studio = Studio::on(db).await;
    let (_, mridul) = studio.client("Mridul", &[]).await;
    let mut projects = vec![];
    for index in 0..20 {
        projects.push(studio.project(&format!("P{index}")).await);
    }
    let (all, workspace) = (studio.kitaab.projects(&studio.nikhil), studio.workspace);
    let all = &all;
    let shared = join_all(projects.iter().map(|project| {
        let grant = ProjectGrant { tasks: true, comments: false, upload: true };
        let share = Share { grant: Some(grant) };
        async move { all.share(workspace, *project, mridul, share.into()).await }
    }))
    .await;
    for shared in shared {
        assert!(shared.is_ok(), "{shared:?}");
    }
}

async fn a_link_that_is_replaced_while_it_is_used_lets_nobody_in(db: Database) {
    let studio = Studio::on(db).await;
    for round in 0..6 {
        let name = format!("Client{round}");
        let invited = studio.invite_client(&name, &[]).await;
        let token = studio.mailer.token_to(&email(&name)).unwrap();
        studio.clock.advance(Duration::from_mins(1));
        let (nobody, resending) = (Actor::nobody(), studio.kitaab.invitations(&studio.nikhil));
        let accepting = studio.kitaab.invitations(&nobody);
        let (accepted, resent) =
            tokio::join!(accepting.accept(accept(&name, &token).into(), None), resending.resend(studio.workspace, invited.id));
        assert!(accepted.is_ok() != resent.is_ok(), "round {round}: {accepted:?} {resent:?}");
    }
}

async fn no_session_of_the_old_password_outlives_its_change(db: Database) {
    let studio = Studio::on(db).await;
    let (nobody, changed) = (&Actor::nobody(), &AtomicBool::new(false));
    let accounts = &studio.kitaab.accounts(nobody);
    let change = ChangePassword { current_password: PASSWORD.into(), new_password: "copper lanterns over the lake".into() };
    let ((), sessions) = tokio::join!(
        async {
            studio.kitaab.accounts(&studio.nikhil).change_password(change.into()).await.unwrap();
            changed.store(true, Ordering::Relaxed);
        },
        // Signs in again and again, so that some passwords are being looked at as the change commits.
        join_all((0..4).map(|_| async move {
            let mut last = None;
            while !changed.load(Ordering::Relaxed) {
                let given = SignIn { email: email("Nikhil"), password: PASSWORD.into() };
                last = accounts.sign_in(given.into(), None).await.ok().or(last);
            }
            last
        }))
    );
    for session in sessions.into_iter().flatten() {
        let token = session.session.token.expose_secret();
        assert!(studio.kitaab.authenticate(token, Origin::default()).await.unwrap().is_none());
    }
}

on_both_engines! {
    twelve_people_who_accept_at_once_all_join,
    twenty_grants_that_change_at_once_all_change,
    a_link_that_is_replaced_while_it_is_used_lets_nobody_in,
    no_session_of_the_old_password_outlives_its_change,
}
