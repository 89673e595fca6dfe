//! A crowd: whoever listens to a channel hears everything that is said in it, once and in order, however many they are.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio_util::sync::CancellationToken;

use crate::breach::{Breach, Breaches};
use crate::follower::{Seeded, Seen, Stream, compare_views, listen, subscribe};
use crate::is_full;
use crate::proxy::{Fault, Proxy};
use crate::room::{Room, view_of};
use crate::server::Server;

/// Sockets that are opened at once.
const AT_ONCE: usize = 50;
/// Of each of the four people who talk.
const MESSAGES: usize = 10;

/// As many files as are allowed, for this process and the server that it starts: each socket is one in both.
fn allow_files(sockets: usize) {
    let limit = getrlimit(Resource::Nofile);
    let wanted = Some(sockets as u64 + 1_000);
    assert!(limit.maximum.is_none() || limit.maximum >= wanted, "{sockets} sockets want more open files than are allowed here: {limit:?}");
    if limit.current.is_some() && limit.current < wanted {
        setrlimit(Resource::Nofile, Rlimit { current: wanted, maximum: limit.maximum }).expect("up to the maximum");
    }
}

/// Four people, each with a quarter of the sockets, of which each hears all that the four say.
async fn crowd(sockets: usize, patience: Duration, fault: Option<Fault>) -> Breaches {
    allow_files(sockets);
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[]).await;
    let proxy = fault.map(|fault| Proxy::before(&server, fault));
    let live = proxy.as_ref().map_or(&server.url, |proxy| &proxy.url);
    let nikhil = Room::open(&server, vec![server.url.clone()]).await;
    let people = [nikhil.joined_by("mridul").await, nikhil.joined_by("asha").await, nikhil.joined_by("olga").await, nikhil];
    let opening = stream::iter(0..sockets).map(|n| subscribe(live, &people[n % 4].token, &people[n % 4].workspace, None));
    let opened: Vec<_> = opening.buffered(AT_ONCE).collect().await;
    let (stop, mut listeners, mut listening) = (CancellationToken::new(), Vec::new(), Vec::new());
    for opened in opened {
        let (socket, answer) = opened.expect("a socket");
        let seen = Arc::new(Mutex::new(Seen::default()));
        listeners.push(Arc::clone(&seen));
        let cursor = answer["cursor"].as_str().expect("a cursor").to_owned();
        listening.push(tokio::spawn(hear(socket, cursor, seen, stop.clone())));
    }
    let talking = people.iter().zip(0..).map(|(person, number)| async move {
        for n in 0..MESSAGES {
            person.post(&mut Seeded::new(number), &format!("p{number}-{n}"), &format!("{n} of {number}")).await;
        }
    });
    futures_util::future::join_all(talking).await;
    let history = people[0].history().await;
    assert_eq!(history.len(), people.len() * MESSAGES);
    let found = compare_views(&listeners, &view_of(&history), patience).await;
    stop.cancel();
    for listener in listening {
        listener.await.expect("a listener");
    }
    found
}

/// Listens until `stop`; a socket that ends before heard too little.
async fn hear(mut socket: Stream, mut cursor: String, seen: Arc<Mutex<Seen>>, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = listen(&mut socket, &mut cursor, &seen, u64::MAX) => {
            seen.lock().expect("nobody panicked").breaches.note(Breach::Lost, "a socket");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everyone_in_a_crowd_hears_everything_once() {
    let sizes: &[usize] = if is_full() { &[100, 1_000, 5_000] } else { &[100] };
    for sockets in sizes {
        crowd(*sockets, Duration::from_secs(20), None).await.assert_none();
        println!("promise R8: {sockets} sockets of four people each hear all of {} messages, once and in order", 4 * MESSAGES);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_which_some_hear_less_or_more_is_found_out() {
    crowd(8, Duration::from_secs(8), Some(Fault::None)).await.assert_none();
    crowd(8, Duration::from_secs(1), Some(Fault::LoseFrames)).await.assert_some(Breach::Differs);
    crowd(8, Duration::from_secs(8), Some(Fault::RepeatFrames)).await.assert_some(Breach::Twice);
    crowd(8, Duration::from_secs(1), Some(Fault::SwapFrames)).await.assert_some(Breach::OutOfOrder);
}
