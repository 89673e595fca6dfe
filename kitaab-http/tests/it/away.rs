//! Mail to those who are away, as it comes, and the link that ends it.

use std::time::Duration;

use crate::support::{House, Person, Reply, token_of};
use kitaab_core::provider::Email;
use reqwest::Method;
use serde_json::json;

/// Nikhil said something to Mridul, who is away.
struct Studio {
    house: House,
    nikhil: Person,
    mridul: Person,
    workspace: String,
    channel: String,
}

impl Studio {
    async fn open() -> Self {
        let house = House::open().await;
        let (nikhil, workspace) = house.freelancer("Nikhil").await;
        let project = nikhil.post(&format!("/workspaces/{workspace}/projects"), &json!({"name": "Shop"})).await.expect(201);
        let (mridul, _) = house.client(&nikhil, &workspace, "Mridul", &[project.text("/id")]).await;
        let channel = mridul.get(&format!("/workspaces/{workspace}/channels")).await.expect(200).text("/items/0/id").to_owned();
        Self { house, nikhil, mridul, workspace, channel }
    }

    fn at(&self, path: &str) -> String {
        format!("/workspaces/{}{path}", self.workspace)
    }

    /// Nikhil says something; the mail that Mridul got of it, if he got one.
    async fn say(&self, text: &str) -> Option<Email> {
        let before = self.house.mail.mails().len();
        let body = json!({"client_message_id": format!("m{before}"), "text": text});
        self.nikhil.post(&self.at(&format!("/channels/{}/messages", self.channel)), &body).await.expect(201);
        // Long enough for the waits between two mails.
        for _ in 0..16 {
            self.house.clock.advance(Duration::from_hours(1));
            self.house.deliver().await;
        }
        self.house.mail.mails().into_iter().skip(before).find(|mail| mail.to == "mridul@example.com" && mail.thread.is_some())
    }
}

fn link(mail: &Email) -> String {
    mail.unsubscribe.clone().expect("a link that ends mail")
}

/// The path of a page of ours.
fn page_of(link: &str) -> String {
    format!("!/{}", link.splitn(4, '/').nth(3).expect("a path"))
}

#[tokio::test]
async fn a_mail_program_ends_mail_with_one_click_and_looking_ends_nothing() {
    let studio = Studio::open().await;
    let mail = studio.say("The logo is done").await.expect("a mail");
    let text = String::from_utf8(mail.message().unwrap().formatted()).unwrap();
    let page = page_of(&link(&mail));
    for header in [format!("List-Unsubscribe: <{}>", link(&mail)), "List-Unsubscribe-Post: List-Unsubscribe=One-Click".into()] {
        assert!(text.contains(&header), "{header}\n{text}");
    }
    let anybody = studio.house.anybody();
    Reply::of(anybody.ask(Method::HEAD, &page)).await.expect(200);
    let asked = anybody.get(&page).await.expect(200);
    assert!(asked.body.contains("Turn off mail about this conversation?") && asked.body.contains("Nikhil"), "{}", asked.body);
    assert!(studio.say("Looking ended nothing").await.is_some());

    // As RFC 8058 has it: no cookie, no origin, a form of one field.
    let click = anybody.ask(Method::POST, &page).header("content-type", "application/x-www-form-urlencoded");
    let ended = Reply::of(click.body("List-Unsubscribe=One-Click")).await.expect(200);
    assert!(ended.body.contains("Mail about this conversation is off"), "{}", ended.body);
    assert!(studio.say("He hears no more of it").await.is_none());
    assert!(anybody.get(&page).await.expect(200).body.contains("is off"));
    let preferences = studio.mridul.get(&studio.at("/notification-preferences")).await.expect(200);
    assert_eq!(preferences.at("/channels/0/email"), json!("none"));
    assert_eq!((preferences.text("/email"), preferences.text("/channels/0/level")), ("all", "mentions"));
    assert_eq!(studio.mridul.get(&studio.at("/notifications")).await.expect(200).at("/unread_count"), json!(0));
}

#[tokio::test]
async fn a_person_ends_mail_on_the_page_of_one_conversation_and_then_of_all() {
    let studio = Studio::open().await;
    let mail = studio.say("The logo is done").await.expect("a mail");
    let page = page_of(&link(&mail));
    let path = page.trim_start_matches('!').to_owned();
    // Signed in as somebody else: the link decides whose mail it is.
    let nikhil = studio.nikhil.in_browser();
    let ended = nikhil.send_form(&path, &[]).await.expect(200);
    assert!(ended.body.contains("Turn off mail about all of them"));
    nikhil.send_form(&format!("{path}&from=workspace"), &[]).await.expect(200);
    let preferences = studio.mridul.get(&studio.at("/notification-preferences")).await.expect(200);
    assert_eq!((preferences.text("/email"), preferences.at("/channels")), ("none", json!([])));
    let his = studio.nikhil.get(&studio.at("/notification-preferences")).await.expect(200);
    assert_eq!(his.text("/email"), "all", "nobody else's");
    for bad in ["/unsubscribe", "/unsubscribe?token=ktu_AbC", "/unsubscribe?token=%00", "/unsubscribe?token="] {
        let shown = studio.house.anybody().get(&format!("!{bad}")).await.expect(404);
        assert!(shown.body.contains("This link does not work"));
        assert_eq!(studio.house.anybody().send_form(bad, &[]).await.expect(404).body, shown.body);
    }
}

#[tokio::test]
async fn the_api_ends_mail_by_the_same_link() {
    let studio = Studio::open().await;
    let token = token_of(&link(&studio.say("The logo is done").await.expect("a mail")));
    let (anybody, path) = (studio.house.anybody(), format!("/unsubscribe?token={token}"));
    assert_eq!(anybody.get(&path).await.expect(200).json(), json!({"workspace_name": "Nikhil's studio", "email": "all"}));
    anybody.post_nothing(&path).await.expect(204);
    anybody.post_nothing(&path).await.expect(204);
    assert_eq!(anybody.get(&path).await.expect(200).text("/email"), "none");
    anybody.get("/unsubscribe?token=ktu_AbC").await.refused(404, "not_found");
    anybody.post_nothing("/unsubscribe?token=").await.refused(404, "not_found");
    anybody.get("/unsubscribe").await.refused(422, "invalid");
    anybody.get(&format!("{path}&all=true")).await.refused(422, "invalid");
}

#[tokio::test]
async fn what_nobody_can_mean_by_preferences_is_refused_and_nothing_changes() {
    let studio = Studio::open().await;
    let path = studio.at("/notification-preferences");
    let good = json!({"email": "mentions", "email_content": false, "quiet_hours": {"from": "22:00", "to": "07:00", "time_zone": "Asia/Kolkata"},
        "channels": [{"channel_id": studio.channel, "email": "none"}]});
    let kept = studio.mridul.put(&path, &good).await.expect(200);
    assert_eq!((kept.text("/quiet_hours/from"), kept.text("/quiet_hours/time_zone")), ("22:00", "Asia/Kolkata"));
    assert_eq!(kept.at("/channels/0"), json!({"channel_id": studio.channel, "level": "mentions", "email": "none"}));
    for bad in [
        json!({"sound": true}),
        json!({"email": "sometimes"}),
        json!({"email_content": "no"}),
        json!({"silenced": ["everything"]}),
        json!({"quiet_hours": {"from": "25:00", "to": "07:00"}}),
        json!({"quiet_hours": {"from": "22:00"}}),
        json!({"quiet_hours": {"from": "22:00", "to": "22:00"}}),
        json!({"quiet_hours": {"from": "22:00", "to": "07:00", "time_zone": "Mars/Olympus"}}),
        json!({"quiet_hours": {"from": "22:00", "to": "07:00", "days": ["monday"]}}),
        json!({"channels": [{"channel_id": studio.channel, "level": "loud"}]}),
        json!({"channels": [{"channel_id": studio.channel, "colour": "red"}]}),
        json!({"channels": [{"channel_id": "0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50", "level": "all"}], "email": "all"}),
    ] {
        studio.mridul.put(&path, &bad).await.refused(422, "invalid");
    }
    studio.mridul.patch("/auth/profile", &json!({"time_zone": "Mars/Olympus"})).await.refused(422, "invalid");
    assert_eq!(studio.mridul.get(&path).await.expect(200).json(), kept.json());
    let cleared = studio.mridul.put(&path, &json!({"quiet_hours": null})).await.expect(200);
    assert_eq!((cleared.at("/quiet_hours"), cleared.text("/email")), (json!(null), "mentions"));
}

#[tokio::test]
async fn the_mail_leads_to_the_conversation_which_is_read_there() {
    let studio = Studio::open().await;
    let mail = studio.say("Hello **Mridul** <script>").await.expect("a mail");
    let path = format!("/conversations/{}/{}", studio.workspace, studio.channel);
    assert!(mail.content.text.contains(&path));
    let (anybody, mridul) = (studio.house.anybody(), studio.mridul.in_browser());
    assert!(anybody.get(&format!("!{path}")).await.expect(200).body.contains("<h1>Sign in</h1>"));
    let home = mridul.get("!/").await.expect(200);
    assert!(home.body.contains(&format!("<a href=\"{path}\">Shop</a>")), "{}", home.body);
    let shown = mridul.get(&format!("!{path}")).await.expect(200);
    assert!(shown.body.contains("Hello Mridul &#60;script&#62;") && shown.body.contains("1 new message."), "{}", shown.body);
    assert_eq!(mridul.send_form(&path, &[("seq", "1")]).await.expect(303).header("location"), path);
    assert!(mridul.get(&format!("!{path}")).await.expect(200).body.contains("You have read everything."));
    Reply::of(mridul.form(&path, &[("seq", "1")]).header("sec-fetch-site", "cross-site")).await.expect(403);
    let stranger = studio.house.freelancer("Dev").await.0.in_browser();
    let hidden = stranger.get(&format!("!{path}")).await.expect(404);
    let missing = stranger.get("!/conversations/0195f3a2-7c1e-7bbb-9c3d-2f6b8a1e4d50/nonsense").await.expect(404);
    assert!(hidden.body.contains("404") == missing.body.contains("404") && !hidden.body.contains("Shop"));
}
