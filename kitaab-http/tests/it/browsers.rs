//! Cookies, and requests that come from somewhere else.

use crate::support::{House, PASSWORD, Person, Reply};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_cookie_changes_something_only_from_our_own_pages() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let browser = nikhil.in_browser();
    let path = format!("/workspaces/{studio}");
    let table: &[(&[(&str, &str)], u16)] = &[
        (&[], 403),
        (&[("sec-fetch-site", "same-origin")], 200),
        (&[("sec-fetch-site", "none")], 200),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8080")], 403),
        (&[("origin", "http://127.0.0.1:8080")], 200),
        (&[("origin", "http://localhost:8080")], 200),
        (&[("origin", "http://[::1]:8080")], 200),
        (&[("origin", "http://127.0.0.1:9090")], 403),
        (&[("origin", "https://127.0.0.1:8080")], 403),
        (&[("origin", "https://evil.example")], 403),
        (&[("origin", "null")], 403),
    ];
    for (headers, status) in table {
        let person = headers.iter().fold(browser.clone(), |person, (name, value)| person.with(name, value));
        let reply = person.patch(&path, &json!({"name": "Verma Studio"})).await;
        assert_eq!(reply.status, *status, "{headers:?}: {}", reply.body);
        if *status == 403 {
            reply.refused(403, "cross_site");
        }
        person.get(&path).await.expect(200);
    }
    // A header cannot be sent by another site, so it passes from anywhere.
    nikhil.with("sec-fetch-site", "cross-site").patch(&path, &json!({"name": "Verma"})).await.expect(200);
}

#[tokio::test]
async fn a_bad_header_counts_beside_a_good_cookie() {
    let house = House::open().await;
    let (nikhil, _) = house.freelancer("Nikhil").await;
    let browser = nikhil.in_browser();
    browser.get("/auth/session").await.expect(200);
    for bad in ["Bearer kts_nonsense", "Bearer", "Basic bmlraGls", "kts_x", ""] {
        let reply = browser.clone().with("authorization", bad).get("/auth/session").await.refused(401, "unauthenticated");
        assert_eq!(reply.header("www-authenticate"), "Bearer error=\"invalid_token\"", "{bad}");
    }
    let twice = nikhil.clone().with("authorization", &format!("Bearer {}", nikhil.token()));
    twice.get("/auth/session").await.refused(401, "unauthenticated");
    assert_eq!(house.anybody().get("/auth/session").await.refused(401, "unauthenticated").header("www-authenticate"), "Bearer");
    let stale = house.anybody().with("cookie", "kitaab=kts_nonsense");
    stale.get("/auth/session").await.refused(401, "unauthenticated");
    stale.post("/invitations/preview", &json!({"token": "kti_x"})).await.refused(404, "not_found");
}

#[tokio::test]
async fn signing_in_sets_a_cookie_and_signing_out_takes_it_back() {
    let house = House::open().await;
    house.freelancer("Nikhil").await;
    let credentials = json!({"email": "nikhil@example.com", "password": PASSWORD});
    let signed = house.anybody().post("/auth/sign-in", &credentials).await.expect(200);
    let line = signed.header("set-cookie").to_owned();
    assert!(line.starts_with("kitaab=kts_") && line.contains("; Path=/; ") && line.ends_with("; HttpOnly; SameSite=Lax"), "{line}");
    let browser = house.anybody().with("cookie", &signed.cookie().unwrap());
    browser.get("/auth/session").await.expect(200);
    let out = browser.clone().with("sec-fetch-site", "same-origin").post_nothing("/auth/sign-out").await.expect(204);
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{out:?}");
    browser.get("/auth/session").await.refused(401, "unauthenticated");
    // Nobody is signed in by another site as somebody else.
    let elsewhere = house.anybody().with("sec-fetch-site", "cross-site");
    let reply = elsewhere.post("/auth/sign-in", &credentials).await.refused(403, "cross_site");
    assert_eq!(reply.cookie(), None);
}

#[tokio::test]
async fn behind_https_the_cookie_is_bound_to_the_host_and_browsers_are_told_to_stay() {
    let house = House::with(|setup| setup.settings.public_url = "https://kitaab.example".into()).await;
    let body = json!({"email": "nikhil@example.com", "password": PASSWORD, "display_name": "Nikhil", "workspace_name": "Verma"});
    let signed = house.anybody().post("/auth/sign-up", &body).await.expect(201);
    let line = signed.header("set-cookie");
    assert!(line.starts_with("__Host-kitaab=kts_") && line.contains("; Secure"), "{line}");
    assert_eq!(signed.header("strict-transport-security"), "max-age=31536000");
    let browser = house.anybody().with("cookie", line.split(';').next().unwrap());
    browser.clone().with("origin", "https://kitaab.example").post_nothing("/auth/sign-out").await.expect(204);
    browser.with("origin", "http://kitaab.example").get("/auth/session").await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_sign_in_link_works_in_the_browser_that_asked_for_it() {
    let house = House::open().await;
    house.freelancer("Nikhil").await;
    let asked = house.anybody().post("/auth/magic-link", &json!({"email": "nikhil@example.com"})).await.expect(202);
    let unknown = house.anybody().post("/auth/magic-link", &json!({"email": "nobody@example.com"})).await.expect(202);
    assert_eq!(asked.text("/request").len(), unknown.text("/request").len());
    house.deliver().await;
    let token = house.mail.token_to("nikhil@example.com").expect("a link");
    assert!(house.mail.last_to("nobody@example.com").is_none());
    let confirm = json!({"token": token});
    let elsewhere = house.anybody().post("/auth/magic-link/confirm", &confirm).await.refused(404, "not_found");
    let nonsense = house.anybody().post("/auth/magic-link/confirm", &json!({"token": "ktm_x"})).await.refused(404, "not_found");
    assert_eq!(elsewhere.without_id(), nonsense.without_id());
    let cookie = asked.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(asked.header("set-cookie").contains("HttpOnly"));
    house.anybody().with("cookie", &cookie).post("/auth/magic-link/confirm", &confirm).await.expect(200);
    house.anybody().with("cookie", &cookie).post("/auth/magic-link/confirm", &confirm).await.refused(404, "not_found");
}

#[tokio::test]
async fn every_answer_takes_from_browsers_what_it_does_not_need() {
    let house = House::open().await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let api = nikhil.get(&format!("/workspaces/{studio}")).await.expect(200);
    let page = page(&house.anybody(), "/sign-in").await.expect(200);
    let docs = house.anybody().get("!/docs/").await.expect(200);
    for reply in [&api, &page, &docs] {
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("x-frame-options"), "DENY");
        assert!(reply.header("content-security-policy").contains("default-src 'none'"));
        assert!(reply.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(reply.header("x-request-id").len(), 32);
        assert_eq!(reply.header("strict-transport-security"), "");
    }
    assert_eq!((api.header("cache-control"), page.header("cache-control")), ("no-store", "no-store"));
    assert_eq!((api.header("referrer-policy"), page.header("referrer-policy")), ("no-referrer", "same-origin"));
    let policy = page.header("content-security-policy");
    assert_eq!(policy, "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    assert!(!docs.header("content-security-policy").contains("script-src 'self' 'unsafe"));
}

async fn page(person: &Person, path: &str) -> Reply {
    Reply::of(person.ask(Method::GET, &format!("!{path}")).header("accept", "text/html")).await
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_page_for_browsers_and_a_problem_for_programs() {
    let house = House::open().await;
    let shown = page(&house.anybody(), "/nowhere").await.expect(404);
    assert!(shown.header("content-type").starts_with("text/html") && shown.body.contains(shown.header("x-request-id")));
    house.anybody().get("!/nowhere").await.refused(404, "not_found");
    let program = Reply::of(house.anybody().ask(Method::GET, "/nowhere").header("accept", "text/html")).await;
    program.refused(404, "not_found");
}
