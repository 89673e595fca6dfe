//! The whole way, as one story: a freelancer invites a client by email, and the client sees their project.

use crate::support::{House, PASSWORD, token_of};
use serde_json::{Value, json};

#[tokio::test]
async fn nikhil_invites_mridul_and_mridul_sees_his_project_and_nothing_else() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let inside = |path: &str| format!("/workspaces/{studio}{path}");

    // He adds a client, and two projects.
    let card = json!({"name": "Mridul Rao", "email": " Mridul@Example.com ", "company": "Rao Tea", "phone": "+91 98", "notes": "haggles"});
    let card = nikhil.post(&inside("/clients"), &card).await.expect(201);
    assert_eq!((card.text("/email"), card.text("/notes")), ("mridul@example.com", "haggles"));
    assert_eq!(card.header("etag"), "\"1\"");
    let website = json!({"name": "Website", "status": "active", "progress": 40, "due_on": "2026-06-30", "internal_notes": "quoted low"});
    let website = nikhil.post(&inside("/projects"), &website).await.expect(201).text("/id");
    nikhil.post(&inside("/projects"), &json!({"name": "Secret rebranding of a rival"})).await.expect(201);

    // He invites him, with a message and the project.
    let invitation = json!({"client_id": card.text("/id"), "project_ids": [website], "message": "Everything is here from now on."});
    let invitation = nikhil.post(&inside("/invitations"), &invitation).await.expect(201);
    assert_eq!((invitation.text("/status"), invitation.text("/delivery/state")), ("pending", "queued"));
    assert!(invitation.text("/link").starts_with("http://127.0.0.1:8080/accept-invitation?token=kti_"));
    house.deliver().await;
    let sent = inside(&format!("/invitations/{}", invitation.text("/id")));
    assert_eq!(nikhil.get(&sent).await.expect(200).text("/status"), "sent");
    assert_eq!(nikhil.get(&sent).await.at("/link"), Value::Null, "only the answer to the sending has the link");

    // Mridul opens the mail, and looks.
    let mail = house.mail.last_to("mridul@example.com").expect("a mail").content;
    assert!(mail.subject.contains("Nikhil") && mail.text.contains("Everything is here") && mail.html.contains("Website"));
    let token = house.mail.token_to("mridul@example.com").expect("a link");
    assert_ne!(token, token_of(invitation.text("/link")), "the mailed link and the one to copy are two secrets");
    let preview = house.anybody().post("/invitations/preview", &json!({"token": token})).await.expect(200);
    assert_eq!((preview.text("/inviter"), preview.text("/workspace_name")), ("Nikhil", "Nikhil's studio"));
    assert_eq!(preview.at("/projects"), json!([{"name": "Website"}]));
    assert_eq!(nikhil.get(&sent).await.text("/status"), "opened");

    // He accepts, and is signed in.
    let acceptance = json!({"token": format!(" {token}\n"), "display_name": "Mridul Rao", "password": PASSWORD, "company": "Rao Tea"});
    let joined = house.anybody().post("/invitations/accept", &acceptance).await.expect(201);
    assert_eq!((joined.text("/workspace/role"), joined.text("/user/email")), ("client", "mridul@example.com"));
    assert!(joined.at("/user/email_verified_at").is_string(), "who has the mailed link can read the mailbox");
    assert!(joined.cookie().is_some());
    let mridul = house.holder_of(joined.text("/session/token"));
    assert_eq!(nikhil.get(&sent).await.text("/status"), "accepted");
    house.deliver().await;
    assert!(house.mail.last_to("mridul@example.com").expect("a mail").content.subject.contains("Welcome"));

    // He sees his project and nothing else.
    let projects = mridul.get(&inside("/projects")).await.expect(200).at("/items");
    assert_eq!(projects.as_array().unwrap().len(), 1);
    assert_eq!(projects[0]["grant"], json!({"tasks": false, "comments": false, "upload": true}));
    let seen = mridul.get(&inside(&format!("/projects/{website}"))).await.expect(200);
    assert_eq!((seen.text("/name"), seen.at("/progress")), ("Website", json!(40)));
    assert!(!seen.body.contains("quoted low") && !seen.body.contains("internal_notes"));
    mridul.get(&inside("/clients")).await.refused(404, "not_found");
    mridul.get(&inside("/audit")).await.refused(404, "not_found");
    let own = mridul.get(&inside(&format!("/clients/{}", card.text("/id")))).await.expect(200);
    assert!(!own.body.contains("haggles") && !own.body.contains("invitation_status"));

    // The link is used up, and answers as one that never was.
    let again = house.anybody().post("/invitations/accept", &acceptance).await.refused(404, "not_found");
    let never = house.anybody().post("/invitations/accept", &json!({"token": "kti_x", "display_name": "x", "password": PASSWORD})).await;
    assert_eq!(again.without_id(), never.without_id());

    // Nikhil takes the project away, and it is gone at once.
    let collaborator = inside(&format!("/projects/{website}/collaborators/{}", card.text("/id")));
    nikhil.delete(&collaborator).await.expect(204);
    mridul.get(&inside(&format!("/projects/{website}"))).await.refused(404, "not_found");
    let log = nikhil.get(&inside("/audit")).await.expect(200);
    for done in ["workspace.create_client", "workspace.send_invitation", "invitation.join", "project.edit_collaborators"] {
        assert!(log.body.contains(done), "{done}");
    }
}

#[tokio::test]
async fn ines_who_has_an_account_accepts_by_signing_in_and_her_password_is_not_touched() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let (ines, _) = house.freelancer("Ines").await;
    let (olga, _) = house.freelancer("Olga").await;
    let sent =
        nikhil.post(&format!("/workspaces/{studio}/invitations"), &json!({"client": {"name": "Ines", "email": "ines@example.com"}})).await;
    let token = token_of(sent.expect(201).text("/link"));
    let new = json!({"token": token, "display_name": "Eve", "password": "another-password-of-eve-9"});
    house.anybody().post("/invitations/accept", &new).await.refused(409, "sign_in_required");
    olga.post("/invitations/accept", &json!({"token": token})).await.refused(403, "other_account");
    let joined = ines.post("/invitations/accept", &json!({"token": token})).await.expect(200);
    assert!(joined.json().get("session").is_none());
    let signed = house.anybody().post("/auth/sign-in", &json!({"email": "ines@example.com", "password": PASSWORD})).await.expect(200);
    assert_eq!(signed.at("/workspaces").as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn twenty_tries_at_once_make_one_membership() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let sent = nikhil
        .post(&format!("/workspaces/{studio}/invitations"), &json!({"client": {"name": "Mridul", "email": "mridul@example.com"}}))
        .await;
    let body = json!({"token": token_of(sent.expect(201).text("/link")), "display_name": "Mridul", "password": PASSWORD});
    let anybody = house.anybody();
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (anybody, body) = (anybody.clone(), body.clone());
        tries.spawn(async move { anybody.post("/invitations/accept", &body).await.status });
    }
    let mut statuses = tries.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 404, 409].contains(status)), "{statuses:?}");
    assert_eq!(nikhil.get(&format!("/workspaces/{studio}/members")).await.expect(200).at("/items").as_array().unwrap().len(), 2);
}
