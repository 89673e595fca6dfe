//! A storm: servers that are killed, connections that drop, calls that are repeated. Nothing acknowledged is lost, doubled
//! or out of order, and everybody ends up with the same view.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kitaab_core::testing::{TemporaryPostgres, TestDatabase};
use tokio_util::sync::CancellationToken;

use crate::breach::{Breach, Breaches};
use crate::follower::{Seeded, Seen, compare_views, follow};
use crate::proxy::{Fault, Proxy};
use crate::room::{History, Room, Sent, view_of};
use crate::server::{Server, settings};
use crate::{figure, is_full};

/// How a storm is to be.
struct Storm<'d> {
    /// None for SQLite.
    database: Option<&'d TestDatabase>,
    nodes: usize,
    senders: u64,
    /// One message in so many is sent once more.
    repeated: u64,
    kills: usize,
    /// How often followers drop at least.
    drops: usize,
    /// How long until everybody is to have the same view.
    patience: Duration,
    /// What stands before the servers; none is nothing at all.
    fault: Option<Fault>,
    /// What is done to the database behind everybody's back, before it is compared with what was told.
    meddling: Option<&'static str>,
}

/// What came of it.
struct Outcome {
    sent: usize,
    repeats: usize,
    drops: usize,
    breaches: Breaches,
}

impl<'d> Storm<'d> {
    fn full(database: Option<&'d TestDatabase>, nodes: usize, kills: usize) -> Self {
        // Two seconds are promised, of a build that is optimised on a machine that does nothing else.
        let patience = Duration::from_secs(if is_full() { 2 } else { 8 });
        let (senders, repeated, kills, drops) = (32, 20, figure(kills), figure(1_000));
        Self { database, nodes, senders, repeated, kills, drops, patience, fault: None, meddling: None }
    }

    /// One of a few seconds.
    fn small(fault: Fault) -> Self {
        let patience = Duration::from_secs(if fault == Fault::None { 8 } else { 2 });
        Self { database: None, nodes: 1, senders: 8, repeated: 3, kills: 1, drops: 32, patience, fault: Some(fault), meddling: None }
    }

    async fn run(&self) -> Outcome {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut servers, mut proxies) = (Vec::new(), Vec::new());
        for _ in 0..self.nodes {
            let server = Server::start(folder.path(), &settings(self.database.map(TestDatabase::url))).await;
            proxies.extend(self.fault.map(|fault| Proxy::before(&server, fault)));
            servers.push(server);
        }
        let direct = servers.iter().map(|server| server.url.clone());
        let urls = if proxies.is_empty() { direct.collect() } else { proxies.iter().map(|proxy| proxy.url.clone()).collect() };
        let room = Room::open(&servers[0], urls).await;
        let (stop_sending, stop_following) = (CancellationToken::new(), CancellationToken::new());
        let followers: Vec<Arc<Mutex<Seen>>> = (0..8).map(|_| Arc::default()).collect();
        let following: Vec<_> = followers
            .iter()
            .zip(0_u64..)
            .map(|(seen, seed)| {
                let (urls, token, workspace) = (room.urls.clone(), room.token.clone(), room.workspace.clone());
                tokio::spawn(follow(urls, token, workspace, seed, Arc::clone(seen), stop_following.clone()))
            })
            .collect();
        let sending: Vec<_> =
            (0..self.senders).map(|sender| tokio::spawn(room.clone().send(sender, self.repeated, stop_sending.clone()))).collect();
        let mut random = Seeded::new(7);
        for _ in 0..self.kills {
            tokio::time::sleep(Duration::from_millis(150 + random.below(300))).await;
            let node = usize::try_from(random.below(self.nodes as u64)).expect("small");
            servers[node].crash_and_restart().await;
        }
        let dropped = || followers.iter().map(|seen| seen.lock().expect("sound").drops).sum::<usize>();
        while dropped() < self.drops {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop_sending.cancel();
        let mut sent = Vec::new();
        for sender in sending {
            sent.push(sender.await.expect("a sender"));
        }
        if let (Some(database), Some(meddling)) = (self.database, self.meddling) {
            database.say(meddling).expect("it is done");
        }
        let history = room.history().await;
        let mut breaches = compare_acknowledged(&sent, &history);
        breaches.add(&compare_views(&followers, &view_of(&history), self.patience).await);
        stop_following.cancel();
        for follower in following {
            follower.await.expect("a follower");
        }
        let repeats = sent.iter().map(|sent| sent.repeats).sum();
        Outcome { sent: sent.iter().map(|sent| sent.told.len()).sum(), repeats, drops: dropped(), breaches }
    }
}

/// Each acknowledged message is there once, under the number that was told, and each sender's in the order of sending. And
/// no other: all were sent until they were acknowledged.
fn compare_acknowledged(sent: &[Sent], history: &History) -> Breaches {
    let mut found = Breaches::default();
    if let Some((number, _)) = history.keys().zip(1..).find(|(number, expected)| *number != expected) {
        found.note(Breach::Lost, format!("there is a gap before the number {number}"));
    }
    let told: usize = sent.iter().map(|sent| sent.told.len()).sum();
    if history.len() > told {
        found.note(Breach::Twice, format!("{} messages are there, and {told} were sent", history.len()));
    }
    for sender in sent {
        found.add(&sender.breaches);
        let mut last = 0;
        for (name, (id, seq)) in &sender.told {
            if history.get(seq).is_none_or(|(there, _)| there != id) {
                found.note(Breach::Lost, format!("{name} was acknowledged as {seq}"));
            }
            if *seq <= last {
                found.note(Breach::OutOfOrder, format!("{name} is {seq}, and was sent after {last}"));
            }
            last = *seq;
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    let Outcome { sent, repeats, drops, breaches } = Storm::full(None, 1, 50).run().await;
    breaches.assert_none();
    println!("promise R1: {sent} acknowledged messages on SQLite after {} kills: none lost, doubled or out of order", figure(50));
    println!("promise R3: {repeats} of them sent again, with another text, on SQLite after {} kills: each the same message", figure(50));
    println!("promise R4: after {drops} drops and {} kills on SQLite every view equals the history, nothing twice", figure(50));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_postgresql() {
    let database = TemporaryPostgres::shared().database();
    let Outcome { sent, repeats, drops, breaches } = Storm::full(Some(&database), 1, 50).run().await;
    breaches.assert_none();
    println!("promise R1: {sent} acknowledged messages on PostgreSQL after {} kills: none lost, doubled or out of order", figure(50));
    println!(
        "promise R3: {repeats} of them sent again, with another text, on PostgreSQL after {} kills: each the same message",
        figure(50)
    );
    println!("promise R4: after {drops} drops and {} kills on PostgreSQL every view equals the history, nothing twice", figure(50));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_of_one_database_tell_the_same_story() {
    let database = TemporaryPostgres::shared().database();
    let Outcome { sent, drops, breaches, .. } = Storm::full(Some(&database), 2, 20).run().await;
    breaches.assert_none();
    println!("promise R5: {sent} messages through two servers on one PostgreSQL, {} kills, {drops} drops: no cursor skipped", figure(20));
}

// What follows plants one fault each, and sees that it is found.

/// A storm after which the database is changed behind everybody's back.
async fn meddled_with(meddling: &'static str) -> Breaches {
    let database = TemporaryPostgres::shared().database();
    let storm = Storm { database: Some(&database), meddling: Some(meddling), ..Storm::small(Fault::None) };
    Storm { patience: Duration::ZERO, ..storm }.run().await.breaches
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_carries_the_faults_adds_none() {
    Storm::small(Fault::None).run().await.breaches.assert_none();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_message_is_found_out() {
    meddled_with("DELETE FROM messages WHERE seq = (SELECT max(seq) FROM messages)").await.assert_some(Breach::Lost);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_in_each_others_place_are_found_out() {
    let swap = "UPDATE messages SET seq = -seq WHERE seq IN (2, 3); UPDATE messages SET seq = 5 + seq WHERE seq < 0";
    meddled_with(swap).await.assert_some(Breach::Lost);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeat_that_has_effect_again_is_found_out() {
    let found = Storm::small(Fault::RenameRepeats).run().await.breaches;
    found.assert_some(Breach::OtherAnswer);
    found.assert_some(Breach::Twice);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_is_not_told_is_found_out() {
    let found = Storm::small(Fault::LoseFrames).run().await.breaches;
    found.assert_some(Breach::Differs);
    found.assert_some(Breach::Gap);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_is_told_twice_is_found_out() {
    Storm::small(Fault::RepeatFrames).run().await.breaches.assert_some(Breach::Twice);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_in_the_wrong_order_are_found_out() {
    Storm::small(Fault::SwapFrames).run().await.breaches.assert_some(Breach::OutOfOrder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_tells_less_than_the_other_is_found_out() {
    let database = TemporaryPostgres::shared().database();
    let storm = Storm { database: Some(&database), nodes: 2, ..Storm::small(Fault::LoseFrames) };
    storm.run().await.breaches.assert_some(Breach::Differs);
}
