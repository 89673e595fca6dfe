//! What bad input gets, and in which order things are looked at.

use crate::support::{House, Reply};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn every_bad_field_is_named_at_once() {
    let house = House::open().await;
    let body = json!({"email": "no", "password": "short", "display_name": 5, "surprise": true});
    let reply = house.anybody().post("/auth/sign-up", &body).await.refused(422, "invalid");
    assert_eq!(
        reply.fields(),
        ["display_name invalid", "email invalid", "password too_short", "surprise unknown_field", "workspace_name required"]
    );
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.text("/request_id"), reply.header("x-request-id"));
}

#[tokio::test]
async fn a_body_that_cannot_be_read_says_how() {
    let house = House::open().await;
    let send = |kind: &'static str, body: String| {
        let request = house.anybody().ask(Method::POST, "/auth/sign-in").header("content-type", kind).body(body);
        async move { Reply::of(request).await }
    };
    let json = "application/json";
    for body in ["", "{", "[]", "null", "{\"email\":1,\"email\":2}", "{\"email\":\"\\ud800\"}"] {
        send(json, body.into()).await.refused(400, "malformed_json");
    }
    send(json, format!("{{\"email\":{}1{}}}", "[".repeat(70), "]".repeat(70))).await.refused(400, "malformed_json");
    send("text/plain", "{}".into()).await.refused(415, "unsupported_media_type");
    send("application/x-www-form-urlencoded", "email=a".into()).await.refused(415, "unsupported_media_type");
    send(json, format!("{{\"email\":\"{}\"}}", "a".repeat(256 * 1024))).await.refused(413, "too_large");
    send(json, format!("{{\"email\":\"{}\"}}", "a".repeat(900 * 1024))).await.refused(413, "too_large");
    let packed = house.anybody().with("content-encoding", "gzip");
    packed.post("/auth/sign-in", &json!({"email": "a@example.com", "password": "x"})).await.refused(415, "unsupported_media_type");
    send(json, "{\"email\":\"a\\u0000@example.com\",\"password\":\"x\\u0000\"}".into()).await.refused(422, "invalid");
}

#[tokio::test]
async fn who_may_not_is_told_so_before_what_they_sent_is_looked_at() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let (mridul, card) = house.client(&nikhil, &studio, "Mridul", &[]).await;
    let (olga, _) = house.freelancer("Olga").await;
    let bad = "{\"nonsense\":".to_owned();
    let send = |person: &crate::support::Person, method: Method, path: &str| {
        let request = person.ask(method, path).header("content-type", "text/plain").header("idempotency-key", "no uuid").body(bad.clone());
        async move { Reply::of(request).await }
    };
    let clients = format!("/workspaces/{studio}/clients?nonsense=1");
    send(&house.anybody(), Method::POST, &clients).await.refused(401, "unauthenticated");
    send(&house.anybody(), Method::POST, "/workspaces/no-id/clients").await.refused(401, "unauthenticated");
    send(&olga, Method::POST, &clients).await.refused(404, "not_found");
    send(&nikhil, Method::POST, "/workspaces/no-id/clients").await.refused(404, "not_found");
    send(&mridul, Method::POST, &clients).await.refused(404, "not_found");
    send(&mridul, Method::PATCH, &format!("/workspaces/{studio}/clients/{card}")).await.refused(403, "forbidden");
    send(&nikhil, Method::POST, &clients).await.refused(415, "unsupported_media_type");
    // The method comes before everything, and looks at nothing.
    let reply = send(&house.anybody(), Method::PUT, "/workspaces/no-id/clients").await.refused(405, "method_not_allowed");
    let mut allowed: Vec<&str> = reply.header("allow").split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
}

#[tokio::test]
async fn what_is_missing_and_what_is_hidden_answer_alike_to_the_byte() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let (mridul, _) = house.client(&nikhil, &studio, "Mridul", &[]).await;
    let hidden = nikhil.post(&format!("/workspaces/{studio}/projects"), &json!({"name": "Hidden"})).await.expect(201).text("/id");
    let (olga, other) = house.freelancer("Olga").await;
    let foreign = olga.post(&format!("/workspaces/{other}/projects"), &json!({"name": "Foreign"})).await.expect(201).text("/id");
    let missing = "0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50";
    let paths = [
        format!("/workspaces/{studio}/projects/{hidden}"),
        format!("/workspaces/{studio}/projects/{missing}"),
        format!("/workspaces/{studio}/projects/{foreign}"),
        format!("/workspaces/{studio}/projects/nonsense"),
        format!("/workspaces/{studio}/projects/{}", missing.replace('-', "")),
        format!("/workspaces/{studio}/projects/%FF"),
        format!("/workspaces/{other}/projects/{foreign}"),
        format!("/workspaces/{missing}/projects/{foreign}"),
        format!("/workspaces/{studio}/clients"),
        format!("/workspaces/{studio}/audit"),
        "/nowhere".to_owned(),
    ];
    let mut bodies = Vec::new();
    for path in &paths {
        let reply = mridul.get(path).await.refused(404, "not_found");
        let mut headers: Vec<String> = reply.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        headers.retain(|line| !line.starts_with("x-request-id") && !line.starts_with("date"));
        headers.sort();
        bodies.push((reply.without_id(), headers));
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:#?}");
}

#[tokio::test]
async fn a_query_that_makes_no_sense_names_its_parameters() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let inside = |path: &str| format!("/workspaces/{studio}{path}");
    let reply = nikhil.get(&inside("/projects?limit=abc&status=gone&archived=2&x=1&q=a&q=b&client_id=7")).await.refused(422, "invalid");
    assert_eq!(
        reply.fields(),
        ["archived invalid", "client_id invalid", "limit invalid", "q invalid", "status invalid", "x unknown_field"]
    );
    assert_eq!(nikhil.get(&inside("/projects?limit=201")).await.refused(422, "invalid").fields(), ["limit out_of_range"]);
    assert_eq!(nikhil.get(&inside("/clients?cursor=nonsense")).await.refused(422, "invalid").fields(), ["cursor invalid"]);
    let missing = "0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50";
    assert_eq!(
        nikhil.get(&inside(&format!("/projects?client_id={missing}"))).await.refused(422, "invalid").fields(),
        ["client_id not_found"]
    );
    let project = nikhil.post(&inside("/projects"), &json!({"name": "Website"})).await.expect(201).text("/id");
    let reply = nikhil.delete(&inside(&format!("/projects/{project}?permanent=maybe"))).await.refused(422, "invalid");
    assert_eq!(reply.fields(), ["permanent invalid"]);
    nikhil.delete(&inside(&format!("/projects/{project}?permanent=true"))).await.expect(204);
    nikhil.delete(&inside(&format!("/projects/{project}?permanent=maybe"))).await.refused(404, "not_found");
}

#[tokio::test]
async fn pages_of_a_list_follow_one_another_without_holes() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    for number in 0..7 {
        let card = json!({"name": format!("Client {number}"), "email": format!("c{number}@example.com")});
        nikhil.post(&format!("/workspaces/{studio}/clients"), &card).await.expect(201);
    }
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = nikhil.get(&format!("/workspaces/{studio}/clients?limit=3{cursor}")).await.expect(200).json();
        names.extend(page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        nikhil.get(&format!("/workspaces/{studio}/projects?cursor={next}")).await.refused(422, "invalid");
    }
    assert_eq!(names, (0..7).map(|number| format!("Client {number}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_change_of_an_older_version_is_refused_and_says_which_is_current() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let project = nikhil.post(&format!("/workspaces/{studio}/projects"), &json!({"name": "Website"})).await.expect(201).text("/id");
    let path = format!("/workspaces/{studio}/projects/{project}");
    let first = nikhil.clone().with("if-match", "\"1\"");
    assert_eq!(first.patch(&path, &json!({"progress": 10})).await.expect(200).header("etag"), "\"2\"");
    let stale = first.patch(&path, &json!({"progress": 20})).await.refused(412, "stale");
    assert_eq!(stale.at("/current_version"), json!(2));
    nikhil.clone().with("if-match", "\"nonsense\"").patch(&path, &json!({"progress": 20})).await.refused(412, "stale");
    nikhil.clone().with("if-match", "*").patch(&path, &json!({"progress": 30})).await.expect(200);
    nikhil.patch(&path, &json!({"progress": 40, "due_on": "2026-07-01"})).await.expect(200);
    let cleared = nikhil.patch(&path, &json!({"due_on": null})).await.expect(200);
    assert_eq!((cleared.at("/due_on"), cleared.at("/progress")), (json!(null), json!(40)));
}
