//! Mail over real SMTP: through an MTA with STARTTLS and AUTH, and with a server that refuses, stalls and cuts by plan.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod exim;

use std::sync::Arc;
use std::time::Duration;

use exim::Exim;
use kitaab_core::Kitaab;
use kitaab_core::access::Actor;
use kitaab_core::account::SignUp;
use kitaab_core::mail::Rendered;
use kitaab_core::provider::{Email, Mailer, Smtp};
use kitaab_core::store::Store;
use kitaab_core::testing::{Behaviour, ManualClock, PlannedSmtp};
use kitaab_core::time::Timestamp;
use kitaab_store_sqlite::SqliteStore;
use mail_parser::MessageParser;

fn mail() -> Email {
    Email {
        message_id: "0190@kitaab.example".into(),
        at: Timestamp::from_micros(1_775_000_000_000_000),
        from: "Kitaab <kitaab@example.com>".into(),
        to: "mridul@example.com".into(),
        content: Rendered {
            subject: "Nikhil lädt dich ein".into(),
            html: "<p>Grüße</p>\r\n.\r\n<p>after a dot</p>".into(),
            text: "Grüße\r\n.\r\nafter a dot".into(),
        },
        thread: None,
        unsubscribe: None,
    }
}

/// Reads a mail as a mail program does, and says what matters of it.
fn check(bytes: &[u8]) {
    let parsed = MessageParser::default().parse(bytes).expect("a mail");
    assert_eq!(parsed.subject(), Some("Nikhil lädt dich ein"));
    assert_eq!(parsed.message_id(), Some("0190@kitaab.example"));
    assert_eq!(parsed.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    let text = parsed.body_text(0).expect("a text part");
    assert!(text.contains("Grüße") && text.contains("after a dot"), "{text}");
    assert!(parsed.body_html(0).expect("an HTML part").contains("<p>after a dot</p>"));
}

#[tokio::test]
async fn a_mail_goes_through_an_mta_with_starttls_and_a_password() {
    rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
    let exim = Exim::start().await;
    let smtp = Smtp::trusting(&exim.url("kitaab", "secret").into(), "localhost", &exim.certificate()).unwrap();
    smtp.send(&mail()).await.unwrap();
    check(&exim.delivered().await);
}

#[tokio::test]
async fn a_wrong_password_and_an_untrusted_certificate_are_refused() {
    rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
    let exim = Exim::start().await;
    let wrong = Smtp::trusting(&exim.url("kitaab", "guess").into(), "localhost", &exim.certificate()).unwrap();
    let refused = wrong.send(&mail()).await.unwrap_err();
    assert!(refused.to_string().contains("535"), "{refused}");
    assert!(refused.is_transient(), "the operator mends the setting, and no mail was lost meanwhile");
    let url = format!("{}?tls=required", exim.url("kitaab", "secret"));
    assert!(Smtp::new(&url.into()).unwrap().send(&mail()).await.is_err(), "nobody vouches for this certificate");
}

#[tokio::test]
async fn what_a_server_says_decides_whether_a_mail_is_tried_again() {
    use Behaviour::{CutAfterData, CutAtOnce, RefuseForGood, RefuseForNow, Take};
    for (behaviour, transient) in [(RefuseForNow, true), (RefuseForGood, false), (CutAtOnce, true), (CutAfterData, true)] {
        let server = PlannedSmtp::start([behaviour]).await.unwrap();
        let error = Smtp::new(&server.url().into()).unwrap().send(&mail()).await.unwrap_err();
        assert_eq!(error.is_transient(), transient, "{behaviour:?}: {error}");
    }
    let server = PlannedSmtp::start([Take]).await.unwrap();
    Smtp::new(&server.url().into()).unwrap().send(&mail()).await.unwrap();
    check(&server.received()[0].data);
}

/// A studio whose mail goes to this server.
async fn studio(server: &PlannedSmtp) -> (Kitaab, ManualClock) {
    let store = SqliteStore::in_memory().await.unwrap();
    store.migrate().await.unwrap();
    let clock = ManualClock::default();
    let kitaab = Kitaab::builder(Arc::new(store)).clock(clock.clone()).mailer(Smtp::new(&server.url().into()).unwrap()).build();
    let sign_up = SignUp {
        email: "nikhil@example.com".into(),
        password: "violet anchors drift at noon".into(),
        display_name: "Nikhil".into(),
        workspace_name: "Nikhil Design".into(),
    };
    kitaab.accounts(&Actor::nobody()).sign_up(sign_up.into(), None).await.unwrap();
    (kitaab, clock)
}

#[tokio::test]
async fn a_mail_taken_by_a_server_that_cuts_the_line_comes_twice_with_one_message_id() {
    let server = PlannedSmtp::start([Behaviour::CutAfterData, Behaviour::RefuseForNow]).await.unwrap();
    let (kitaab, clock) = studio(&server).await;
    for _ in 0..3 {
        kitaab.run_due_jobs().await.unwrap();
        clock.advance(Duration::from_mins(5));
    }
    let ids: Vec<_> =
        server.received().iter().map(|mail| MessageParser::default().parse(&mail.data).unwrap().message_id().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 2, "taken, refused for now, taken");
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_server_that_stalls_is_given_up_and_the_mail_tried_again() {
    let server = PlannedSmtp::start([Behaviour::Stall]).await.unwrap();
    let (kitaab, clock) = studio(&server).await;
    let before = tokio::time::Instant::now();
    kitaab.run_due_jobs().await.unwrap();
    assert!(before.elapsed() < Duration::from_secs(15) && server.received().is_empty());
    clock.advance(Duration::from_mins(5));
    kitaab.run_due_jobs().await.unwrap();
    assert_eq!(server.received().len(), 1);
}
