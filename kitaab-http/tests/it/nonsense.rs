//! Requests that nobody would send on purpose: never an error of ours, never a hang.

use std::time::Duration;

use proptest::prelude::*;
use reqwest::Method;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::support::{House, Person, Reply, cases};

/// Paths of the API, with the workspace's id or nonsense in them.
fn path(studio: String) -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("workspaces".to_owned()),
        Just("clients".to_owned()),
        Just("projects".to_owned()),
        Just("invitations".to_owned()),
        Just("members".to_owned()),
        Just("channels".to_owned()),
        Just("messages".to_owned()),
        Just("presence".to_owned()),
        Just("auth".to_owned()),
        Just("sign-in".to_owned()),
        Just(studio),
        Just("0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50".to_owned()),
        "[a-z0-9%.~-]{0,8}",
    ];
    let query = prop_oneof![Just(String::new()), "\\?[a-z=&%0-9+]{0,30}"];
    (prop::collection::vec(part, 1..6), query).prop_map(|(parts, query)| format!("/{}{query}", parts.join("/")))
}

fn body() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|b| b.to_string()),
        any::<f64>().prop_map(|n| serde_json::to_string(&n).unwrap_or_else(|_| "1e999".into())),
        any::<i128>().prop_map(|n| n.to_string()),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just("\"\\ud800\"".to_owned()),
        Just("\"2026-02-30\"".to_owned()),
    ];
    let key = prop_oneof![
        Just("name"),
        Just("email"),
        Just("password"),
        Just("client"),
        Just("grant"),
        Just("brand"),
        Just("tags"),
        Just("due_on"),
        Just("project_ids"),
        Just("token"),
        Just("kind"),
        Just("text"),
        Just("seq"),
        Just("client_message_id"),
        Just("x"),
    ];
    let tree = leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|pairs| format!("{{{}}}", pairs.iter().map(|(k, v)| format!("\"{k}\":{v}")).collect::<Vec<_>>().join(","))),
        ]
    });
    prop_oneof![8 => tree, 1 => any::<String>(), 1 => Just("[".repeat(5_000))]
}

fn method() -> impl Strategy<Value = Method> {
    prop::sample::select(vec![Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS])
}

async fn send(person: &Person, method: Method, path: &str, body: String) -> u16 {
    let request = person.ask(method, path).header("content-type", "application/json").body(body);
    timeout(Duration::from_secs(10), Reply::of(request)).await.expect("an answer within ten seconds").status
}

#[test]
fn nothing_that_is_sent_is_an_error_of_ours() {
    let runtime = Runtime::new().unwrap();
    let (house, nikhil, studio) = runtime.block_on(async {
        let house = House::open().await;
        let (nikhil, studio) = house.freelancer("Nikhil").await;
        (house, nikhil, studio)
    });
    let people = [nikhil, house.anybody()];
    let strategy = (prop::sample::select(people.to_vec()), method(), path(studio), body());
    let held = cases(400).run(&strategy, |(person, method, path, body)| {
        let status = runtime.block_on(send(&person, method, &path, body));
        prop_assert!(status < 500, "{status} to {path}");
        Ok(())
    });
    held.unwrap();
}
