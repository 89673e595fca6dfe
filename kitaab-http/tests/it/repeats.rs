//! Repeats of the same call.

use crate::support::{House, difference};
use serde_json::{Value, json};

const KEY: &str = "0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50";

#[tokio::test]
async fn the_same_key_gives_the_first_answer_also_with_another_body() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let clients = format!("/workspaces/{studio}/clients");
    let keyed = nikhil.clone().with("idempotency-key", KEY);
    let first = keyed.post(&clients, &json!({"name": "Mridul", "email": "mridul@example.com"})).await.expect(201);
    let second = keyed.post(&clients, &json!({"name": "Somebody else", "email": "else@example.com"})).await.expect(201);
    assert_eq!(first.body, second.body);
    keyed.post(&clients, &json!("no object")).await.expect(201);
    assert_eq!(nikhil.get(&clients).await.expect(200).at("/items").as_array().unwrap().len(), 1);
    // Another path is another call.
    keyed.post(&format!("/workspaces/{studio}/projects"), &json!({"name": "Website"})).await.expect(201);
    // Without the key it is a new call, and the card is there already.
    let duplicate = nikhil.post(&clients, &json!({"name": "Mridul", "email": "MRIDUL@example.com"})).await.refused(409, "duplicate_client");
    assert_eq!(duplicate.text("/existing_id"), first.text("/id"));
}

#[tokio::test]
async fn a_repeated_invitation_shows_no_secret() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let keyed = nikhil.with("idempotency-key", KEY);
    let (path, body) = (format!("/workspaces/{studio}/invitations"), json!({"client": {"name": "Mridul", "email": "mridul@example.com"}}));
    let first = keyed.post(&path, &body).await.expect(201);
    let second = keyed.post(&path, &body).await.expect(201);
    assert!(first.at("/link").is_string());
    assert_eq!((second.at("/link"), second.text("/id")), (Value::Null, first.text("/id")));
}

#[tokio::test]
async fn who_lost_access_gets_no_stored_answer_and_nobody_gets_another_persons() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let sent = nikhil
        .post(&format!("/workspaces/{studio}/invitations"), &json!({"role": "member", "email": "sara@example.com"}))
        .await
        .expect(201);
    let sara = house.accept("Sara", sent.text("/link")).await;
    let (projects, keyed) = (format!("/workspaces/{studio}/projects"), sara.clone().with("idempotency-key", KEY));
    let hers = keyed.post(&projects, &json!({"name": "Website"})).await.expect(201);
    let his = nikhil.clone().with("idempotency-key", KEY).post(&projects, &json!({"name": "Logo"})).await.expect(201);
    assert_ne!(hers.text("/id"), his.text("/id"));
    nikhil.delete(&format!("/workspaces/{studio}/members/{}", sara.id)).await.expect(204);
    keyed.post(&projects, &json!({"name": "Website"})).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_refusal_is_not_kept_and_a_key_that_is_none_is_a_bad_field() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let clients = format!("/workspaces/{studio}/clients");
    let keyed = nikhil.clone().with("idempotency-key", KEY);
    keyed.post(&clients, &json!({"name": "", "email": "x"})).await.refused(422, "invalid");
    keyed.post(&clients, &json!({"name": "Mridul", "email": "mridul@example.com"})).await.expect(201);
    let odd = nikhil.with("idempotency-key", "once").post(&clients, &json!({"name": "Ines", "email": "ines@example.com"})).await;
    assert_eq!(odd.refused(422, "invalid").fields(), ["Idempotency-Key invalid"]);
}

#[tokio::test]
async fn whatever_is_made_is_made_once_for_a_key() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let inside = |path: &str| format!("/workspaces/{studio}{path}");
    let project = nikhil.post(&inside("/projects"), &json!({"name": "Website"})).await.expect(201).text("/id");
    let task = nikhil.post(&inside(&format!("/projects/{project}/tasks")), &json!({"title": "Logo"})).await.expect(201).text("/id");
    let money = json!({"money": {"amount": "12.50", "currency": "EUR"}, "on": "2026-05-01"});
    let hour = json!({"started_at": "2026-05-01T08:00:00Z", "ended_at": "2026-05-01T09:00:00Z"});
    let keyed = nikhil.clone().with("idempotency-key", KEY);
    for (path, body, status) in [
        (format!("/projects/{project}/tasks"), json!({"title": "Signs"}), 201),
        (format!("/tasks/{task}/comments"), json!({"text": "In blue?"}), 201),
        (format!("/projects/{project}/updates"), json!({"text": "Half way there."}), 201),
        ("/expenses".into(), money.clone(), 201),
        ("/income".into(), money, 201),
        ("/time-entries".into(), hour, 201),
        ("/time-entries/start".into(), json!({}), 201),
        ("/exports".into(), json!({"scope": "mine"}), 202),
        ("/channels".into(), json!({"kind": "group", "name": "Shop opening"}), 201),
    ] {
        let before = house.database.dump().await;
        let first = keyed.post(&inside(&path), &body).await.expect(status);
        let between = house.database.dump().await;
        assert!(!difference(&before, &between).is_empty(), "{path} makes something");
        assert_eq!(keyed.post(&inside(&path), &json!({"nonsense": 1})).await.expect(status).body, first.body, "{path}");
        let changed = difference(&between, &house.database.dump().await);
        assert!(changed.is_empty(), "{path} made something again: {changed:?}");
    }
}
