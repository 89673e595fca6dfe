//! Stopping cuts nobody off.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use reqwest::StatusCode;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::breach::{Breach, Breaches};
use crate::follower::{Stream, subscribe};
use crate::proxy::{Fault, Proxy};
use crate::room::Room;
use crate::server::Server;

/// How long a server may take to stop.
const WITHIN: Duration = Duration::from_secs(10);
/// The code with which a socket is closed by a server that stops.
const STOPPING: u16 = 4001;

struct Outcome {
    answered: usize,
    gone: Duration,
    breaches: Breaches,
}

/// One message after the other until the server is gone: those that were answered, and the one that was not.
async fn call(room: Room, caller: usize) -> (usize, Option<String>) {
    for n in 0.. {
        let name = format!("c{caller}-{n}");
        let body = json!({"client_message_id": name, "text": name});
        match room.client.post(room.messages()).bearer_auth(&room.token).json(&body).send().await {
            Ok(answer) => assert_eq!(answer.status(), StatusCode::CREATED),
            // Nobody is there any more.
            Err(error) if error.is_connect() => return (n, None),
            // An idle connection that ended just as it was used, or an answer that was cut off.
            Err(_) => return (n, Some(name)),
        }
    }
    unreachable!("it calls until it is not answered")
}

async fn close_code(mut socket: Stream) -> u16 {
    loop {
        match socket.next().await {
            Some(Ok(Message::Close(frame))) => return frame.map_or(1005, |frame| frame.code.into()),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return 1006,
        }
    }
}

/// A server is asked to stop while 16 call it and 20 sockets listen.
async fn stop(fault: Option<Fault>) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(folder.path(), &[]).await;
    let proxy = fault.map(|fault| Proxy::before(&server, fault));
    let url = proxy.as_ref().map_or(&server.url, |proxy| &proxy.url).clone();
    let room = Room::open(&server, vec![url.clone()]).await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        sockets.push(subscribe(&url, &room.token, &room.workspace, None).await.expect("a socket").0);
    }
    let callers: Vec<_> = (0..16).map(|caller| tokio::spawn(call(room.clone(), caller))).collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let asked = Instant::now();
    let closing: Vec<_> = sockets.into_iter().map(|socket| tokio::spawn(close_code(socket))).collect();
    server.terminate().await;
    let (gone, mut breaches) = (asked.elapsed(), Breaches::default());
    if gone >= WITHIN {
        breaches.note(Breach::Late, format!("it took {gone:?} to stop"));
    }
    for socket in closing {
        let code = socket.await.expect("a socket");
        if code != STOPPING {
            breaches.note(Breach::Untold, format!("a socket ended with {code}"));
        }
    }
    let (mut answered, mut unanswered) = (0, Vec::new());
    for caller in callers {
        let (of_caller, not) = caller.await.expect("a caller");
        answered += of_caller;
        unanswered.extend(not);
    }
    // What was begun was answered: of what was not answered nothing was done, and what was is there.
    let again = Server::start(folder.path(), &[]).await;
    let said = Room { urls: vec![again.url.clone()], ..room }.history().await;
    if said.len() < answered {
        breaches.note(Breach::Lost, format!("{answered} were answered, {} are there", said.len()));
    }
    for name in unanswered {
        if said.values().any(|(_, text)| text.as_ref() == Some(&name)) {
            breaches.note(Breach::CutOff, format!("{name} was done and not answered"));
        }
    }
    Outcome { answered, gone, breaches }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_asked_to_stop_cuts_nobody_off() {
    let Outcome { answered, gone, breaches } = stop(None).await;
    breaches.assert_none();
    assert!(answered > 0);
    println!("promise R9: stopped under load in {gone:?}, {answered} calls answered, none cut off, sockets told {STOPPING}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_cut_off_is_found_out() {
    stop(Some(Fault::None)).await.breaches.assert_none();
    stop(Some(Fault::CutAnswers)).await.breaches.assert_some(Breach::CutOff);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_is_not_told_is_found_out() {
    stop(Some(Fault::HideClose)).await.breaches.assert_some(Breach::Untold);
}
