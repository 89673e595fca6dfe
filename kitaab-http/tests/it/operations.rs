//! What whoever runs the server sees, and the mailbox that only they see.

use crate::support::{House, Reply};
use kitaab_core::provider::{Email, Mailer, Outbox};
use kitaab_http::HttpConfig;

#[tokio::test]
async fn the_server_says_that_it_lives_and_that_it_can_work() {
    let house = House::open().await;
    house.anybody().get("!/healthz").await.expect(200);
    house.anybody().get("!/readyz").await.expect(200);
    house.anybody().get("!/metrics").await.refused(404, "not_found");
    house.kitaab.store().close().await;
    house.anybody().get("!/healthz").await.expect(200);
    let away = house.anybody().get("!/readyz").await.refused(503, "database_unreachable");
    assert_eq!(away.header("retry-after"), "1");
    house
        .anybody()
        .post("/auth/sign-in", &serde_json::json!({"email": "a@example.com", "password": "x"}))
        .await
        .refused(503, "unavailable");
}

#[tokio::test]
async fn counts_are_by_route_and_hold_no_id_and_no_secret() {
    let metrics = kitaab_http::Metrics::install().unwrap();
    let house = House::with(|setup| setup.config = HttpConfig::default().metrics(metrics)).await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    nikhil.get(&format!("/workspaces/{studio}")).await.expect(200);
    nikhil.get("!/accept-invitation?token=kti_secret").await.expect(404);
    let counted = house.anybody().get("!/metrics").await.expect(200);
    assert!(counted.body.contains("path=\"/api/v1/workspaces/{workspace_id}\""), "{}", counted.body);
    assert!(counted.body.contains("kitaab_http_requests_in_flight"));
    assert!(!counted.body.contains(&studio) && !counted.body.contains("kti_secret"));
}

#[tokio::test]
async fn the_api_describes_itself_and_the_reference_page_can_be_switched_off() {
    let house = House::open().await;
    let document = house.anybody().get("/openapi.json").await.expect(200);
    assert_eq!(document.body, kitaab_http::openapi::document());
    let page = house.anybody().get("!/docs/").await.expect(200);
    assert!(page.header("content-security-policy").contains("connect-src 'self'"));
    assert_eq!(house.anybody().get("!/docs").await.expect(303).header("location"), "/docs/");
    let script = house.anybody().get("!/docs/swagger-initializer.js").await.expect(200);
    assert!(script.body.contains("/api/v1/openapi.json") && script.body.contains("\"supportedSubmitMethods\": []"), "{}", script.body);
    let quiet = House::with(|setup| setup.config = HttpConfig::default().docs(false)).await;
    quiet.anybody().get("!/docs/").await.refused(404, "not_found");
}

/// A house with a mailbox that has one mail.
async fn with_mail(change: impl FnOnce(&mut crate::support::Setup)) -> (House, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let house = House::with(|setup| {
        setup.config = HttpConfig::default().mailbox(Some(path));
        change(setup);
    })
    .await;
    let content = kitaab_core::mail::Rendered {
        subject: "Hello <Mridul>".into(),
        html: "<p>Hello</p><script>alert(1)</script>".into(),
        text: "Hello\nhttp://127.0.0.1:8080/accept-invitation?token=kti_abc\n".into(),
    };
    let mail = Email {
        message_id: "0195f3a2-7c1e@kitaab.example".into(),
        at: kitaab_core::time::Timestamp::from_micros(1_775_000_000_000_000),
        from: "Kitaab <kitaab@example.com>".into(),
        to: "mridul@example.com".into(),
        content,
        thread: None,
        unsubscribe: None,
    };
    Outbox::new(folder.path()).send(&mail).await.unwrap();
    (house, folder)
}

#[tokio::test]
async fn mails_that_are_not_sent_are_read_at_this_machine() {
    let (house, _folder) = with_mail(|_| {}).await;
    let list = house.anybody().get("!/dev/mailbox").await.expect(200);
    assert!(list.body.contains("Hello &#60;Mridul&#62;") && list.body.contains("mridul@example.com"), "{}", list.body);
    let path =
        list.body.split("href=\"").find_map(|rest| rest.strip_prefix("/dev/mailbox/")?.split('"').next()).expect("a mail").to_owned();
    let mail = house.anybody().get(&format!("!/dev/mailbox/{path}")).await.expect(200);
    assert!(mail.body.contains("href=\"http://127.0.0.1:8080/accept-invitation?token=kti_abc\"") && mail.body.contains("<iframe"));
    let html = house.anybody().get(&format!("!/dev/mailbox/{path}/html")).await.expect(200);
    assert!(html.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    for missing in ["nothing", "..%2F..%2Fetc%2Fpasswd", ".."] {
        assert_eq!(house.anybody().get(&format!("!/dev/mailbox/{missing}")).await.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn to_everybody_else_there_is_no_mailbox() {
    let (house, _folder) = with_mail(|_| {}).await;
    let gone = house.anybody().get("!/nowhere").await.refused(404, "not_found").without_id();
    let headers = [
        ("forwarded", "for=203.0.113.9"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-proto", "https"),
        ("host", "evil.example"),
        ("host", "127.0.0.1.evil.example:8080"),
    ];
    for (name, value) in headers {
        let reply = house.anybody().with(name, value).get("!/dev/mailbox").await.refused(404, "not_found");
        assert_eq!(reply.without_id(), gone, "{name}: {value}");
    }
    for name in ["localhost", "127.0.0.1:9", "[::1]:8080"] {
        house.anybody().with("host", name).get("!/dev/mailbox").await.expect(200);
    }
    let (public, _folder) = with_mail(|setup| setup.settings.public_url = "https://kitaab.example".into()).await;
    public.anybody().get("!/dev/mailbox").await.refused(404, "not_found");
    let (proxied, _folder) =
        with_mail(|setup| setup.config = setup.config.clone().trusted_proxies(vec!["10.0.0.0/8".parse().unwrap()])).await;
    proxied.anybody().get("!/dev/mailbox").await.refused(404, "not_found");
    House::open().await.anybody().get("!/dev/mailbox").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_host_application_with_its_own_sign_in_says_who_calls() {
    use kitaab_core::access::Actor;
    use kitaab_core::ids::UserId;
    let house = House::with(|setup| {
        setup.config = HttpConfig::default().sign_in(|request| {
            let user: UserId = request.headers.get("x-host-user")?.to_str().ok()?.parse().ok()?;
            Some(Actor::person(user))
        });
    })
    .await;
    let (nikhil, studio) = house.freelancer("Nikhil").await;
    let known = house.anybody().with("x-host-user", &nikhil.id);
    known.get(&format!("/workspaces/{studio}")).await.expect(200);
    known.patch(&format!("/workspaces/{studio}"), &serde_json::json!({"name": "Verma"})).await.expect(200);
    let browser = known.with("cookie", "host=session");
    browser.patch(&format!("/workspaces/{studio}"), &serde_json::json!({"name": "Eve"})).await.refused(403, "cross_site");
    let own = browser.with("sec-fetch-site", "same-origin");
    own.patch(&format!("/workspaces/{studio}"), &serde_json::json!({"name": "Verma"})).await.expect(200);
    Reply::of(house.anybody().ask(reqwest::Method::GET, "/auth/session")).await.refused(401, "unauthenticated");
}
