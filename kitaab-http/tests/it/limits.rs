//! Limits on how often, from where, how much and how slowly.

use std::time::Duration;

use crate::support::{House, PASSWORD, quiet_account};
use axum::Router;
use axum::routing::get;
use kitaab_http::server;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

async fn strict() -> House {
    House::with(|setup| {
        setup.settings.limits = true;
        setup.config =
            kitaab_http::HttpConfig::default().trusted_proxies(vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()]);
    })
    .await
}

#[tokio::test]
async fn the_eleventh_sign_in_of_an_address_waits_on_page_and_api_alike() {
    let house = strict().await;
    let eve = house.anybody().with("x-forwarded-for", "203.0.113.9");
    for number in 0..10 {
        eve.post("/auth/sign-in", &json!({"email": format!("p{number}@example.com"), "password": "x"}))
            .await
            .refused(401, "wrong_credentials");
    }
    let waits = eve.post("/auth/sign-in", &json!("not even looked at")).await.refused(429, "too_many_requests");
    let seconds: u64 = waits.header("retry-after").parse().unwrap();
    assert!((1..=20).contains(&seconds) && waits.at("/temporary") == json!(true), "{seconds}");
    eve.send_form("/sign-in", &[("email", "a@example.com"), ("password", "x")]).await.expect(429);
    // Her neighbour is not held, whatever stands before the proxy's own words.
    let neighbour = house.anybody().with("x-forwarded-for", "203.0.113.9, 198.51.100.7, 10.1.2.3");
    neighbour.post("/auth/sign-in", &json!({"email": "a@example.com", "password": "x"})).await.refused(401, "wrong_credentials");
}

#[tokio::test]
async fn after_ten_wrong_passwords_an_account_makes_everybody_wait_and_unknown_ones_too() {
    let house = strict().await;
    quiet_account(&house.kitaab, "Nikhil").await;
    for email in ["nikhil@example.com", "nobody@example.com"] {
        for number in 0..11 {
            let eve = house.anybody().with("x-forwarded-for", &format!("203.0.113.{number}"));
            eve.post("/auth/sign-in", &json!({"email": email, "password": "wrong"})).await.refused(401, "wrong_credentials");
        }
        let other = house.anybody().with("x-forwarded-for", "198.51.100.7");
        let waits = other.post("/auth/sign-in", &json!({"email": email, "password": PASSWORD})).await.refused(429, "too_many_requests");
        assert_eq!(waits.header("retry-after"), "1");
    }
    house.clock.advance(Duration::from_secs(2));
    let other = house.anybody().with("x-forwarded-for", "198.51.100.7");
    other.post("/auth/sign-in", &json!({"email": "nikhil@example.com", "password": PASSWORD})).await.expect(200);
}

#[tokio::test]
async fn links_are_tried_twenty_times_a_minute() {
    let house = strict().await;
    for _ in 0..20 {
        house.anybody().post("/invitations/preview", &json!({"token": "kti_x"})).await.refused(404, "not_found");
    }
    house.anybody().post("/invitations/accept", &json!({"token": "kti_x"})).await.refused(429, "too_many_requests");
    house.anybody().get("!/accept-invitation?token=kti_x").await.expect(429);
}

#[tokio::test]
async fn a_session_calls_six_hundred_times_a_minute_and_the_health_page_is_free() {
    let house = strict().await;
    let nikhil = house.holder_of(&quiet_account(&house.kitaab, "Nikhil").await);
    let mut statuses = Vec::new();
    for _ in 0..900 {
        statuses.push(nikhil.get("/auth/session").await.status);
    }
    let held = statuses.iter().filter(|status| **status == 429).count();
    assert!(statuses[..600].iter().all(|status| *status == 200) && held > 0, "{held}");
    for _ in 0..20 {
        house.anybody().get("!/healthz").await.expect(200);
    }
}

#[tokio::test]
async fn addresses_and_request_ids_are_believed_from_trusted_proxies_only() {
    let proud = strict().await;
    let reply = proud.anybody().with("x-request-id", "from-the-proxy.1").get("/auth/session").await;
    assert_eq!(reply.header("x-request-id"), "from-the-proxy.1");
    let odd = proud.anybody().with("x-request-id", "no good id").get("/auth/session").await;
    assert_ne!(odd.header("x-request-id"), "no good id");
    let (nikhil, studio) = proud.freelancer("Nikhil").await;
    nikhil
        .clone()
        .with("x-forwarded-for", "1.2.3.4, 203.0.113.9")
        .patch(&format!("/workspaces/{studio}"), &json!({"name": "V"}))
        .await
        .expect(200);
    assert_eq!(nikhil.get(&format!("/workspaces/{studio}/audit")).await.text("/items/0/address"), "203.0.113.9");

    let plain = House::open().await;
    let reply = plain.anybody().with("x-request-id", "from-anybody").get("/auth/session").await;
    assert_ne!(reply.header("x-request-id"), "from-anybody");
    let (nikhil, studio) = plain.freelancer("Nikhil").await;
    nikhil.clone().with("x-forwarded-for", "203.0.113.9").patch(&format!("/workspaces/{studio}"), &json!({"name": "V"})).await.expect(200);
    assert_eq!(nikhil.get(&format!("/workspaces/{studio}/audit")).await.text("/items/0/address"), "127.0.0.1");
}

/// A server with nothing behind it, on a clock that tests move.
async fn bare() -> (std::net::SocketAddr, CancellationToken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    tokio::spawn(server::serve(listener, Router::new().route("/", get(|| async { "here" })), stop.clone()));
    (address, stop)
}

async fn answer_to(address: std::net::SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    // A server that gives up may reset the connection after its answer.
    stream.read_to_end(&mut answer).await.ok();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn heads_of_over_a_hundred_headers_or_sixteen_kib_are_refused() {
    let (address, _stop) = bare().await;
    let head = |lines: String| format!("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{lines}\r\n");
    let many = |count: usize| (0..count).fold(String::new(), |lines, n| lines + &format!("x-{n}: y\r\n"));
    assert!(answer_to(address, head(many(90)).as_bytes()).await.starts_with("HTTP/1.1 200"));
    assert!(answer_to(address, head(many(120)).as_bytes()).await.starts_with("HTTP/1.1 431"));
    let long = |size: usize| format!("x-long: {}\r\n", "y".repeat(size));
    assert!(answer_to(address, head(long(15_000)).as_bytes()).await.starts_with("HTTP/1.1 200"));
    assert!(answer_to(address, head(long(17_000)).as_bytes()).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test(start_paused = true)]
async fn who_does_not_finish_a_head_within_ten_seconds_is_let_go() {
    let (address, _stop) = bare().await;
    for begun in [&b""[..], b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ", b"PRI * HT"] {
        let before = tokio::time::Instant::now();
        answer_to(address, begun).await;
        let took = before.elapsed();
        assert!(took >= Duration::from_secs(9) && took <= Duration::from_secs(12), "{took:?} after {:?}", String::from_utf8_lossy(begun));
    }
}
