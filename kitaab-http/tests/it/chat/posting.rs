//! Sending messages.

use serde_json::{Value, json};

use super::{MISSING, Studio, message, texts};
use crate::support::difference;

#[tokio::test]
async fn mridul_sends_the_same_message_again_and_it_is_there_once() {
    let studio = Studio::open().await;
    let named = |text: &str| json!({"client_message_id": "draft-1", "text": text});
    let first = studio.mridul.post(&studio.messages(), &named("Which blue?")).await.expect(201);
    assert_eq!((first.at("/seq"), first.text("/client_message_id")), (json!(1), "draft-1"));
    for other in [named("Which green?"), named(""), json!({"client_message_id": "draft-1", "text": 5, "surprise": true})] {
        let again = studio.mridul.post(&studio.messages(), &other).await.expect(200);
        assert_eq!((again.text("/id"), again.text("/text")), (first.text("/id"), "Which blue?"), "{other}");
    }
    // The name is the author's own, in one channel, and nobody else sees it.
    let meeras = studio.meera.post(&studio.messages(), &named("The dark one.")).await.expect(201);
    assert_eq!(meeras.at("/seq"), json!(2));
    let direct = studio.direct(&studio.mridul).await;
    let elsewhere = studio.mridul.post(&studio.at(&format!("/channels/{direct}/messages")), &named("Which blue?")).await.expect(201);
    assert_ne!(elsewhere.text("/id"), first.text("/id"));
    let page = studio.meera.get(&studio.messages()).await.expect(200);
    assert_eq!(texts(&page), ["Which blue?", "The dark one."]);
    assert_eq!(page.at("/items/0").get("client_message_id"), None);
    assert_eq!(page.text("/items/1/client_message_id"), "draft-1");
    // It answers the message as it is now.
    let path = studio.at(&format!("/messages/{}", first.text("/id")));
    studio.mridul.patch(&path, &json!({"text": "Which red?"})).await.expect(200);
    assert_eq!(studio.mridul.post(&studio.messages(), &named("x")).await.expect(200).text("/text"), "Which red?");
    studio.mridul.delete(&path).await.expect(204);
    assert_eq!(studio.mridul.post(&studio.messages(), &named("x")).await.expect(200).at("/text"), Value::Null);
}

#[tokio::test]
async fn a_message_sent_twenty_times_at_once_is_there_once() {
    let studio = Studio::open().await;
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..20 {
        let (mridul, path) = (studio.mridul.clone(), studio.messages());
        tries.spawn(async move {
            let sent = mridul.post(&path, &json!({"client_message_id": "once", "text": format!("Try {number}")})).await;
            (sent.status, sent.text("/id"))
        });
    }
    let mut answers = tries.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|(status, id)| [200, 201].contains(status) && *id == answers[0].1), "{answers:?}");
    assert_eq!(studio.seen_by(&studio.nikhil).await.at("/last_seq"), json!(1));
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_why_and_changes_nothing() {
    let studio = Studio::open().await;
    let (olga, _) = studio.house.freelancer("Olga").await;
    let direct = studio.direct(&studio.mridul).await;
    let elsewhere = studio.at(&format!("/channels/{direct}/messages"));
    let other = studio.mridul.post(&elsewhere, &message("Between us")).await.expect(201).text("/id");
    let with = |more: Value| {
        let mut body = json!({"client_message_id": "m", "text": "Hello"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let table: &[(Value, &[&str])] = &[
        (json!({}), &["client_message_id required", "text required"]),
        (with(json!({"text": "a".repeat(10_001)})), &["text too_long"]),
        (with(json!({"text": ""})), &["text required"]),
        (with(json!({"text": " \n\t "})), &["text required"]),
        (with(json!({"text": format!("Ask <@{}>", olga.id)})), &["text mention_unknown"]),
        (with(json!({"text": format!("Ask <@{MISSING}>")})), &["text mention_unknown"]),
        (with(json!({"reply_to": other})), &["reply_to not_found"]),
        (with(json!({"reply_to": MISSING, "quote_of": other})), &["quote_of not_found", "reply_to not_found"]),
        (with(json!({"reply_to": "nonsense"})), &["reply_to invalid"]),
        (with(json!({"client_message_id": "a b"})), &["client_message_id invalid"]),
        (with(json!({"client_message_id": "a".repeat(65)})), &["client_message_id invalid"]),
        (with(json!({"client_message_id": "é"})), &["client_message_id invalid"]),
        (with(json!({"file_ids": [MISSING]})), &["file_ids[0] not_found"]),
        (with(json!({"surprise": true, "author": olga.id})), &["author unknown_field", "surprise unknown_field"]),
        (
            with(json!({"text": "", "file_ids": [MISSING], "reply_to": MISSING})),
            &["file_ids[0] not_found", "reply_to not_found", "text required"],
        ),
    ];
    let before = studio.house.database.dump().await;
    for (body, fields) in table {
        assert_eq!(studio.mridul.post(&studio.messages(), body).await.refused(422, "invalid").fields(), *fields, "{body}");
    }
    // What is refused to those inside is not looked at for those outside.
    olga.post(&studio.messages(), &json!({})).await.refused(404, "not_found");
    assert_eq!(difference(&before, &studio.house.database.dump().await), Vec::<String>::new());
    studio.mridul.post(&studio.messages(), &with(json!({"text": "क".repeat(10_000)}))).await.expect(201);
}

#[tokio::test]
async fn who_is_mentioned_hears_of_it_and_the_text_comes_as_a_tree() {
    let studio = Studio::open().await;
    let text = format!("<@{}> the *dark* one, `<@{}>`", studio.mridul.id, studio.nikhil.id);
    let said = studio.meera.post(&studio.messages(), &message(&text)).await.expect(201);
    assert_eq!(said.at("/mentions"), json!([studio.mridul.id]));
    assert_eq!(said.at("/blocks/0/children/0"), json!({"type": "mention", "user_id": studio.mridul.id}));
    assert_eq!(said.at("/blocks/0/children/2"), json!({"type": "italic", "children": [{"type": "text", "text": "dark"}]}));
    studio.say(&studio.meera, "<!channel> lunch").await;
    let counts = |seen: crate::support::Reply| (seen.at("/unread_count"), seen.at("/mention_count"));
    assert_eq!(counts(studio.seen_by(&studio.mridul).await), (json!(2), json!(2)));
    assert_eq!(counts(studio.seen_by(&studio.nikhil).await), (json!(2), json!(1)));
    assert_eq!(counts(studio.seen_by(&studio.meera).await), (json!(0), json!(0)));
}

#[tokio::test]
async fn a_text_that_nests_as_deep_as_it_can_is_answered() {
    let studio = Studio::open().await;
    for (open, close) in [(">", ""), ("- ", ""), ("![", "](a)"), ("[", "](a)"), ("*a **b ", ""), ("<", ">")] {
        let many = 9_990 / (open.len() + close.len());
        let text = format!("{}a{}", open.repeat(many), close.repeat(many));
        studio.mridul.post(&studio.messages(), &message(&text)).await.expect(201);
    }
    // Readers of JSON take a hundred levels or so.
    assert_eq!(texts(&studio.nikhil.get(&studio.messages()).await.expect(200)).len(), 6);
}
