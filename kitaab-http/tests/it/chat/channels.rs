//! Channels: opened, named, archived, entered and left.

use serde_json::json;

use super::{MISSING, Studio, message};
use crate::support::difference;

#[tokio::test]
async fn two_people_have_one_direct_channel_whoever_opens_it() {
    let studio = Studio::open().await;
    let with = |id: &str| json!({"kind": "direct", "user_id": id});
    let first = studio.mridul.post(&studio.at("/channels"), &with(&studio.nikhil.id)).await.expect(201);
    assert_eq!((first.text("/kind"), first.text("/peer/display_name")), ("direct", "Nikhil"));
    assert_eq!((first.header("etag"), first.at("/last_seq"), first.at("/unread_count")), ("\"1\"", json!(0), json!(0)));
    for (person, peer) in [(&studio.mridul, &studio.nikhil), (&studio.nikhil, &studio.mridul)] {
        let again = person.post(&studio.at("/channels"), &with(&peer.id)).await.expect(200);
        assert_eq!((again.text("/id"), again.text("/peer/id")), (first.text("/id"), peer.id.as_str()));
    }
    studio.meera.get(&studio.at(&format!("/channels/{}", first.text("/id")))).await.refused(404, "not_found");
    let keyed = studio.meera.clone().with("idempotency-key", MISSING);
    let made = keyed.post(&studio.at("/channels"), &with(&studio.nikhil.id)).await.expect(201);
    assert_eq!(keyed.post(&studio.at("/channels"), &with(&studio.mridul.id)).await.expect(201).body, made.body);
}

#[tokio::test]
async fn a_client_makes_no_group_and_writes_to_nobody_they_share_nothing_with() {
    let studio = Studio::open().await;
    let (ines, _) = studio.house.client(&studio.nikhil, &studio.id, "Ines", &[]).await;
    let (olga, _) = studio.house.freelancer("Olga").await;
    let channels = studio.at("/channels");
    let before = studio.house.database.dump().await;
    studio.mridul.post(&channels, &json!({"kind": "group", "name": "Ours", "member_ids": []})).await.refused(403, "forbidden");
    let mut answers = Vec::new();
    for id in [ines.id.as_str(), &olga.id, MISSING] {
        let reply = studio.mridul.post(&channels, &json!({"kind": "direct", "user_id": id})).await.refused(422, "invalid");
        assert_eq!(reply.fields(), ["user_id not_found"]);
        answers.push(reply.without_id());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "hidden, foreign and missing answer alike");
    for (body, fields) in [
        (json!({}), vec!["kind required"]),
        (json!({"kind": "direct"}), vec!["user_id required"]),
        (json!({"kind": "project"}), vec!["kind invalid"]),
        (json!({"kind": "direct", "user_id": studio.mridul.id, "name": "x"}), vec!["name not_allowed"]),
        (json!({"kind": "direct", "user_id": studio.nikhil.id}), vec!["user_id invalid"]),
        (json!({"kind": "group", "name": " ", "user_id": studio.meera.id}), vec!["name required", "user_id not_allowed"]),
        (json!({"kind": "group", "name": "x", "member_ids": [studio.meera.id, olga.id]}), vec!["member_ids[1] not_found"]),
        (json!({"kind": "group", "name": "x", "topic": "y"}), vec!["topic unknown_field"]),
    ] {
        assert_eq!(studio.nikhil.post(&channels, &body).await.refused(422, "invalid").fields(), fields, "{body}");
    }
    assert_eq!(difference(&before, &studio.house.database.dump().await), Vec::<String>::new());
    // In one channel they know each other.
    studio.nikhil.put(&studio.at(&format!("/channels/{}/members/{}", studio.group, ines.id)), &json!({})).await.expect(200);
    studio.mridul.post(&channels, &json!({"kind": "direct", "user_id": ines.id})).await.expect(201);
}

#[tokio::test]
async fn who_is_in_a_channel_of_a_project_or_of_two_follows_from_what_it_is_for() {
    let studio = Studio::open().await;
    let project = studio.nikhil.post(&studio.at("/projects"), &json!({"name": "Website"})).await.expect(201).text("/id");
    let listed = studio.nikhil.get(&studio.at("/channels")).await.expect(200).at("/items");
    let of_project = listed.as_array().unwrap().iter().find(|channel| channel["project_id"] == json!(project)).unwrap().clone();
    assert_eq!((&of_project["kind"], &of_project["name"]), (&json!("project"), &json!("Website")));
    let direct = studio.direct(&studio.meera).await;
    for channel in [of_project["id"].as_str().unwrap(), &direct] {
        let path = studio.at(&format!("/channels/{channel}"));
        studio.nikhil.put(&format!("{path}/members/{}", studio.mridul.id), &json!({})).await.refused(409, "membership_fixed");
        studio.nikhil.delete(&format!("{path}/members/{}", studio.meera.id)).await.refused(409, "membership_fixed");
        studio.meera.delete(&format!("{path}/members/{}", studio.meera.id)).await.refused(409, "membership_fixed");
        studio.nikhil.patch(&path, &json!({"name": "Other"})).await.refused(409, "channel_fixed");
    }
}

#[tokio::test]
async fn a_group_is_named_entered_left_and_archived() {
    let studio = Studio::open().await;
    let path = studio.at(&format!("/channels/{}", studio.group));
    let named = studio.meera.clone().with("if-match", "\"1\"").patch(&path, &json!({"name": "Opening"})).await.expect(200);
    assert_eq!((named.text("/name"), named.header("etag")), ("Opening", "\"2\""));
    let stale = studio.nikhil.clone().with("if-match", "\"1\"").patch(&path, &json!({"name": "Closing"})).await.refused(412, "stale");
    assert_eq!(stale.at("/current_version"), json!(2));
    studio.mridul.patch(&path, &json!({"name": "Mine"})).await.refused(403, "forbidden");

    let inside = |person: &crate::support::Person| format!("{path}/members/{}", person.id);
    let mut members: Vec<String> = Vec::new();
    for person in studio.mridul.get(&format!("{path}/members")).await.expect(200).at("/items").as_array().unwrap() {
        members.push(person["display_name"].as_str().unwrap().to_owned());
    }
    members.sort();
    assert_eq!(members, ["Meera", "Mridul", "Nikhil"]);
    studio.mridul.delete(&inside(&studio.meera)).await.refused(403, "forbidden");
    studio.meera.delete(&inside(&studio.nikhil)).await.refused(409, "owner_stays");
    studio.mridul.delete(&inside(&studio.mridul)).await.expect(204);
    studio.mridul.get(&path).await.refused(404, "not_found");
    studio.mridul.delete(&inside(&studio.mridul)).await.refused(404, "not_found");
    let back = studio.meera.put(&inside(&studio.mridul), &json!({})).await.expect(200);
    assert_eq!(back.json(), json!({"id": studio.mridul.id, "display_name": "Mridul"}));

    let said = studio.say(&studio.mridul, "Which blue?").await;
    studio.nikhil.patch(&path, &json!({"archived": true, "name": "x"})).await.refused(422, "invalid");
    assert!(studio.nikhil.patch(&path, &json!({"archived": true})).await.expect(200).at("/archived_at").is_string());
    studio.mridul.get(&said).await.expect(200);
    studio.mridul.post(&studio.messages(), &message("More")).await.refused(403, "archived");
    studio.nikhil.patch(&path, &json!({"archived": false})).await.expect(200);
    studio.mridul.post(&studio.messages(), &message("More")).await.expect(201);
}

#[tokio::test]
async fn an_invitation_names_the_groups_it_opens_on_its_page_and_they_are_there_after_joining() {
    let studio = Studio::open().await;
    let body = json!({"client": {"name": "Ines", "email": "ines@example.com"}, "channel_ids": [studio.group]});
    let sent = studio.nikhil.post(&studio.at("/invitations"), &body).await.expect(201);
    let token = crate::support::token_of(sent.text("/link"));
    let preview = studio.house.anybody().post("/invitations/preview", &json!({"token": token})).await.expect(200);
    assert_eq!(preview.at("/channels"), json!([{"name": "Shop opening"}]));
    let page = studio.house.anybody().get(&format!("!/accept-invitation?token={token}")).await.expect(200);
    assert!(page.body.contains("Channels you join") && page.body.contains("Shop opening"), "{}", page.body);
    let ines = studio.house.accept("Ines", sent.text("/link")).await;
    let home = ines.in_browser().get("!/").await.expect(200);
    assert!(home.body.contains("<h3>Channels</h3>") && home.body.contains("Shop opening"), "{}", home.body);
    assert_eq!(ines.get(&studio.at("/channels")).await.expect(200).text("/items/0/name"), "Shop opening");
    // A group that is archived is not a place to go to.
    studio.nikhil.patch(&studio.at(&format!("/channels/{}", studio.group)), &json!({"archived": true})).await.expect(200);
    assert!(!ines.in_browser().get("!/").await.expect(200).body.contains("Shop opening"));
}
