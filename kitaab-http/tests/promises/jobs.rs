//! A server that stops hands back what it was doing in the background: its successor need not wait for a lease to end.

use std::time::{Duration, Instant};

use kitaab_core::testing::{Behaviour, PlannedSmtp};

use crate::server::Server;

/// A lease lasts a minute: what comes sooner was handed back.
const SOON: Duration = Duration::from_secs(20);

/// A server is ended while its mail server keeps it waiting, and started again. When the mail is there, if it is soon.
async fn mail_after(ended: impl AsyncFnOnce(&mut Server)) -> Option<Duration> {
    let smtp = PlannedSmtp::start([Behaviour::Stall]).await.expect("a mail server");
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [("KITAAB_SMTP_URL", smtp.url()), ("KITAAB_MAIL_FROM", "Kitaab <kitaab@example.com>".into())];
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut server = Server::start(folder.path(), &settings).await;
    server.sign_up(&reqwest::Client::new(), "nikhil").await;
    smtp.until_stalled(1).await;
    ended(&mut server).await;
    let asked = Instant::now();
    let _successor = Server::start(folder.path(), &settings).await;
    tokio::time::timeout(SOON, smtp.until(|received| !received.is_empty())).await.ok().map(|()| asked.elapsed())
}

#[tokio::test]
async fn a_server_that_stops_hands_its_jobs_back() {
    let taken = mail_after(async |server: &mut Server| {
        let asked = Instant::now();
        server.terminate().await;
        assert!(asked.elapsed() < Duration::from_secs(10), "it took {:?} to stop", asked.elapsed());
    });
    let taken = taken.await.expect("the mail, before a lease has ended");
    println!("promise R9: a mail that was under way is sent by the next server {taken:?} after the stop");
}

#[tokio::test]
async fn a_job_that_is_not_handed_back_is_found_out() {
    assert_eq!(mail_after(async |server: &mut Server| server.crash()).await, None);
}
