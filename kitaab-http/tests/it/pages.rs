//! The doors, as a browser without JavaScript goes through them.

use crate::support::{House, PASSWORD, Person, Reply, token_of};
use reqwest::Method;
use serde_json::json;

async fn look(person: &Person, path: &str) -> Reply {
    Reply::of(person.ask(Method::GET, &format!("!{path}")).header("accept", "text/html")).await
}

async fn invitation(house: &House, nikhil: &Person, studio: &str, email: &str) -> (String, String) {
    let body = json!({"client": {"name": "Mridul Rao", "email": email, "company": "Rao Tea"}, "message": "Welcome <b>here</b>"});
    let sent = nikhil.post(&format!("/workspaces/{studio}/invitations"), &body).await.expect(201);
    house.deliver().await;
    (format!("/workspaces/{studio}/invitations/{}", sent.text("/id")), house.mail.token_to(email).expect("a link"))
}

#[tokio::test]
async fn mridul_accepts_on_the_page_and_is_led_to_his_projects() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let (path, token) = invitation(&house, &nikhil, &studio, "mridul@example.com").await;
    let door = format!("/accept-invitation?token={token}");
    let anybody = house.anybody();

    // Machines look first: that is not opening it.
    Reply::of(anybody.ask(Method::HEAD, &format!("!{door}"))).await.expect(200);
    look(&anybody.clone().with("sec-purpose", "prefetch"), &door).await.expect(200);
    look(&anybody.clone().with("user-agent", "Mozilla/5.0 (compatible; BingPreview/1.0b)"), &door).await.expect(200);
    assert_eq!(nikhil.get(&path).await.text("/status"), "sent");

    let shown = look(&anybody, &door).await.expect(200);
    assert_eq!(nikhil.get(&path).await.text("/status"), "opened");
    for part in ["Nikhil", "Mridul Rao", "Rao Tea", "mridul@example.com", "Welcome &#60;b&#62;here"] {
        assert!(shown.body.contains(part), "{part}\n{}", shown.body);
    }

    // What he types wrong is said, and what he typed is kept, but for passwords.
    let typed = [("token", token.as_str()), ("display_name", ""), ("company", "Rao & Sons"), ("password", "short"), ("again", "short")];
    let wrong = anybody.send_form("/accept-invitation", &typed).await.expect(422);
    assert!(wrong.body.contains("Rao &#38; Sons") && wrong.body.contains("password-error") && wrong.body.contains("display_name-error"));
    let typed = [("token", token.as_str()), ("display_name", "Mridul"), ("password", PASSWORD), ("again", "something else")];
    assert!(anybody.send_form("/accept-invitation", &typed).await.expect(422).body.contains("again-error"));

    let typed = [("token", token.as_str()), ("display_name", "Mridul"), ("company", ""), ("password", PASSWORD), ("again", PASSWORD)];
    let entered = anybody.send_form("/accept-invitation", &typed).await.expect(303);
    assert_eq!(entered.header("location"), "/");
    let mridul = anybody.clone().with("cookie", &entered.cookie().expect("a session"));
    assert!(look(&mridul, "/").await.expect(200).body.contains("studio"));

    // The link once more: he is led in, others are told to sign in.
    assert_eq!(look(&mridul, &door).await.expect(303).header("location"), "/");
    assert!(look(&anybody, &door).await.expect(200).body.contains("This invitation was accepted"));
}

#[tokio::test]
async fn links_that_lead_nowhere_say_so_and_expired_ones_can_be_asked_for_anew() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let (path, revoked) = invitation(&house, &nikhil, &studio, "mridul@example.com").await;
    nikhil.delete(&path).await.expect(204);
    let (_, expired) = invitation(&house, &nikhil, &studio, "ines@example.com").await;
    house.clock.advance(std::time::Duration::from_hours(8 * 24));
    let anybody = house.anybody();
    let unknown = look(&anybody, "/accept-invitation?token=kti_nonsense").await.expect(404);
    let taken_back = look(&anybody, &format!("/accept-invitation?token={revoked}")).await.expect(404);
    let none = look(&anybody, "/accept-invitation").await.expect(404);
    assert!(unknown.body == taken_back.body && unknown.body == none.body, "revoked reads as unknown");
    let shown = look(&anybody, &format!("/accept-invitation?token={expired}")).await.expect(410);
    assert!(shown.body.contains("Ask for a new invitation"));
    anybody.send_form("/accept-invitation/request-new", &[("token", &expired)]).await.expect(200);
    house.deliver().await;
    assert!(house.mail.last_to("nikhil@example.com").expect("a mail").content.text.contains("Mridul Rao"));
    let before = house.mail.mails().len();
    anybody.send_form("/accept-invitation/request-new", &[("token", &revoked)]).await.expect(200);
    house.deliver().await;
    assert_eq!(house.mail.mails().len(), before, "nobody is told of a link that was taken back");
}

#[tokio::test]
async fn ines_signs_in_on_the_page_to_accept_and_somebody_else_is_asked_to_sign_out() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let (ines, _) = house.freelancer("Ines").await;
    let (_, token) = invitation(&house, &nikhil, &studio, "ines@example.com").await;
    let door = format!("/accept-invitation?token={token}");
    let other = nikhil.in_browser();
    assert!(look(&other, &door).await.expect(200).body.contains("You are signed in as somebody else"));
    other.send_form("/accept-invitation", &[("token", &token)]).await.expect(403);
    let out = other.send_form("/sign-out", &[("invitation", &token)]).await.expect(303);
    assert!(out.header("location").starts_with("/accept-invitation?token=kti%5F"), "{}", out.header("location"));
    assert!(look(&house.anybody(), &door).await.expect(200).body.contains("Sign in to accept"));
    let wrong = house.anybody().send_form("/accept-invitation", &[("token", &token), ("password", "not-her-password-1")]).await.expect(422);
    assert!(wrong.body.contains("password-error"));
    assert!(look(&ines.in_browser(), &door).await.expect(200).body.contains("Join with your account"));
    let entered = house.anybody().send_form("/accept-invitation", &[("token", &token), ("password", PASSWORD)]).await.expect(303);
    assert!(entered.cookie().is_some());
    assert_eq!(ines.get("/auth/session").await.expect(200).at("/workspaces").as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn nikhil_signs_up_in_and_out_and_sets_a_new_password() {
    let house = House::open().await;
    let anybody = house.anybody();
    assert!(look(&anybody, "/").await.expect(200).body.contains("Sign in"));
    let typed = [("display_name", "Nikhil"), ("workspace_name", "Verma Studio"), ("email", "nikhil@example.com"), ("password", PASSWORD)];
    let entered = anybody.send_form("/sign-up", &typed).await.expect(303);
    let nikhil = anybody.clone().with("cookie", &entered.cookie().expect("a session"));
    assert!(look(&nikhil, "/").await.expect(200).body.contains("Your address is not confirmed yet"));
    assert_eq!(look(&nikhil, "/sign-in").await.expect(303).header("location"), "/");
    let again = anybody.send_form("/sign-up", &typed).await.expect(409);
    assert!(again.body.contains("email-error"));

    house.deliver().await;
    let token = house.mail.token_to("nikhil@example.com").expect("a link");
    let confirm = look(&anybody, &format!("/verify-email?token={token}")).await.expect(200);
    assert!(confirm.body.contains("Confirm address"), "opening it does nothing yet");
    anybody.send_form("/verify-email", &[("token", &token)]).await.expect(200);
    anybody.send_form("/verify-email", &[("token", &token)]).await.expect(404);
    assert!(!look(&nikhil, "/").await.expect(200).body.contains("not confirmed yet"));

    nikhil.send_form("/sign-out", &[]).await.expect(303);
    assert!(look(&nikhil, "/").await.expect(200).body.contains("Sign in"));
    let wrong = anybody.send_form("/sign-in", &[("email", "nikhil@example.com"), ("password", "not-the-password-1")]).await.expect(422);
    assert!(wrong.body.contains("do not fit together") && wrong.body.contains("nikhil@example.com"));

    anybody.send_form("/reset-password", &[("email", "nikhil@example.com")]).await.expect(200);
    house.deliver().await;
    let token = house.mail.token_to("nikhil@example.com").expect("a link");
    for door in ["/reset-password/choose", "/reset-password"] {
        assert!(look(&anybody, &format!("{door}?token={token}")).await.expect(200).body.contains("Choose a new password"));
    }
    let new = "harbor-lagoon-cedar-42";
    let typed = [("token", token.as_str()), ("password", new), ("again", "x")];
    assert!(anybody.send_form("/reset-password/choose", &typed).await.expect(422).body.contains("again-error"));
    anybody.send_form("/reset-password/choose", &[("token", &token), ("password", new), ("again", new)]).await.expect(200);
    anybody.send_form("/reset-password/choose", &[("token", &token), ("password", new), ("again", new)]).await.expect(404);
    anybody.send_form("/sign-in", &[("email", "nikhil@example.com"), ("password", new)]).await.expect(303);

    let asked = anybody.send_form("/sign-in/link", &[("email", "nikhil@example.com"), ("password", "")]).await.expect(200);
    house.deliver().await;
    let token = house.mail.token_to("nikhil@example.com").expect("a link");
    anybody.send_form("/sign-in/confirm", &[("token", &token)]).await.expect(404);
    let same = anybody.clone().with("cookie", asked.header("set-cookie").split(';').next().unwrap());
    assert!(same.send_form("/sign-in/confirm", &[("token", &token)]).await.expect(303).cookie().is_some());
}

#[tokio::test]
async fn a_form_of_another_site_signs_nobody_in_and_does_nothing() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let (_, token) = invitation(&house, &nikhil, &studio, "mridul@example.com").await;
    let before = house.database.dump().await;
    let token = token.as_str();
    let forms: &[(&str, &[(&str, &str)])] = &[
        ("/sign-in", &[("email", "nikhil@example.com"), ("password", PASSWORD)]),
        ("/sign-in/link", &[("email", "nikhil@example.com")]),
        ("/sign-up", &[("email", "eve@example.com"), ("password", PASSWORD), ("display_name", "Eve"), ("workspace_name", "Eve")]),
        ("/accept-invitation", &[("token", token), ("display_name", "Eve"), ("password", PASSWORD), ("again", PASSWORD)]),
        ("/reset-password", &[("email", "nikhil@example.com")]),
        ("/sign-out", &[]),
        ("/verify-email/resend", &[]),
    ];
    for origin in [None, Some(("origin", "https://evil.example")), Some(("sec-fetch-site", "cross-site")), Some(("origin", "null"))] {
        let person = origin.iter().fold(nikhil.in_browser(), |person, (name, value)| person.with(name, value));
        for (path, fields) in forms {
            let reply = Reply::of(person.form(path, fields)).await.expect(403);
            assert!(reply.cookie().is_none() && reply.header("content-type").starts_with("text/html"), "{path}");
        }
    }
    assert_eq!(crate::support::difference(&before, &house.database.dump().await), Vec::<String>::new());
}

#[tokio::test]
async fn the_copied_link_does_not_verify_the_email() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let sent = nikhil
        .post(&format!("/workspaces/{studio}/invitations"), &json!({"client": {"name": "Mridul", "email": "mridul@example.com"}}))
        .await;
    let token = token_of(sent.expect(201).text("/link"));
    let typed = [("token", token.as_str()), ("display_name", "Mridul"), ("password", PASSWORD), ("again", PASSWORD)];
    let entered = house.anybody().send_form("/accept-invitation", &typed).await.expect(303);
    let mridul = house.anybody().with("cookie", &entered.cookie().expect("a session"));
    assert!(look(&mridul, "/").await.expect(200).body.contains("Your address is not confirmed yet"));
}

#[tokio::test]
async fn a_form_with_a_nul_is_refused_and_no_error_of_ours() {
    let house = House::open().await;
    for path in ["/sign-in", "/sign-up", "/reset-password", "/accept-invitation", "/verify-email"] {
        house.anybody().send_form(path, &[("email", "a\0b@example.com"), ("password", "x"), ("token", "kti_\0")]).await.expect(400);
    }
}

#[tokio::test]
async fn a_link_that_lost_its_token_says_so_at_once() {
    let house = House::open().await;
    for path in ["/verify-email", "/sign-in/confirm", "/change-email"] {
        let page = look(&house.anybody(), path).await.expect(404);
        assert!(!page.body.contains("<form"), "{path}");
    }
}
