//! Reactions, pins and stars.

use serde_json::json;

use super::{Studio, THUMB};
use crate::support::difference;

#[tokio::test]
async fn a_heart_with_and_without_its_variation_selector_is_one_reaction() {
    let studio = Studio::open().await;
    let path = studio.say(&studio.nikhil, "Which blue?").await;
    let react = |emoji: &str| format!("{path}/reactions/{emoji}");
    studio.mridul.put(&react("%E2%9D%A4%EF%B8%8F"), &json!({})).await.expect(200);
    let once = studio.mridul.put(&react("%E2%9D%A4"), &json!({})).await.expect(200);
    assert_eq!(once.at("/reactions"), json!([{"emoji": "❤️", "count": 1, "me": true}]));
    let two = studio.meera.put(&react("❤"), &json!({})).await.expect(200);
    assert_eq!(two.at("/reactions"), json!([{"emoji": "❤️", "count": 2, "me": true}]));
    assert_eq!(studio.nikhil.get(&path).await.at("/reactions/0/me"), json!(false));
    studio.meera.put(&react(THUMB), &json!({})).await.expect(200);
    studio.meera.put(&react("%F0%9F%91%8D%F0%9F%8F%BD"), &json!({})).await.expect(200);
    assert_eq!(studio.nikhil.get(&path).await.at("/reactions").as_array().unwrap().len(), 3, "a tone of skin is another");
    studio.mridul.delete(&react("%E2%9D%A4")).await.expect(204);
    studio.mridul.delete(&react("%E2%9D%A4")).await.expect(204);
    assert_eq!(studio.nikhil.get(&path).await.at("/reactions/0/count"), json!(1), "Meera's is still there");
}

#[tokio::test]
async fn what_is_no_single_emoji_is_no_reaction() {
    let studio = Studio::open().await;
    let path = studio.say(&studio.nikhil, "Which blue?").await;
    let before = studio.house.database.dump().await;
    for text in
        ["a", "1", "%3Athumbsup%3A", ":thumbsup:", "%20", "%2F", "%3Cb%3E", "%EF%B8%8F", "%F0%9F%91%8D%F0%9F%91%8D", "%F0%9F%91%8Da"]
    {
        let reaction = format!("{path}/reactions/{text}");
        assert_eq!(studio.mridul.put(&reaction, &json!({})).await.refused(422, "invalid").fields(), ["emoji invalid"], "{text}");
        assert_eq!(studio.mridul.delete(&reaction).await.refused(422, "invalid").fields(), ["emoji invalid"], "{text}");
    }
    assert_eq!(difference(&before, &studio.house.database.dump().await), Vec::<String>::new());
}

#[tokio::test]
async fn a_pin_is_everybodys_and_whoever_is_inside_takes_it_off() {
    let studio = Studio::open().await;
    let (first, second) = (studio.say(&studio.nikhil, "First").await, studio.say(&studio.nikhil, "Second").await);
    studio.house.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(studio.mridul.put(&format!("{first}/pin"), &json!({})).await.expect(200).at("/pinned"), json!(true));
    studio.house.clock.advance(std::time::Duration::from_secs(1));
    studio.meera.put(&format!("{second}/pin"), &json!({})).await.expect(200);
    studio.meera.put(&format!("{first}/pin"), &json!({})).await.expect(200);
    let pins = studio.at(&format!("/channels/{}/pins", studio.group));
    assert_eq!(super::texts(&studio.nikhil.get(&pins).await.expect(200)), ["Second", "First"], "the newest pin first, each once");
    studio.mridul.delete(&format!("{second}/pin")).await.expect(204);
    studio.mridul.delete(&format!("{second}/pin")).await.expect(204);
    assert_eq!(super::texts(&studio.nikhil.get(&pins).await.expect(200)), ["First"]);
    assert_eq!(studio.nikhil.get(&second).await.at("/pinned"), json!(false));
}

#[tokio::test]
async fn a_star_is_seen_by_the_one_who_put_it_there_as_long_as_they_see_the_message() {
    let studio = Studio::open().await;
    for text in ["First", "Second", "Third"] {
        let path = studio.say(&studio.nikhil, text).await;
        studio.house.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(studio.mridul.put(&format!("{path}/star"), &json!({})).await.expect(200).at("/starred"), json!(true));
        assert_eq!(studio.nikhil.get(&path).await.at("/starred"), json!(false));
    }
    let starred = studio.at("/starred");
    let page = studio.mridul.get(&format!("{starred}?limit=2")).await.expect(200);
    assert_eq!(super::texts(&page), ["Third", "Second"]);
    let rest = studio.mridul.get(&format!("{starred}?limit=2&cursor={}", page.text("/next_cursor"))).await.expect(200);
    assert_eq!((super::texts(&rest), rest.at("/next_cursor")), (vec!["First".to_owned()], json!(null)));
    assert_eq!(studio.nikhil.get(&starred).await.expect(200).at("/items"), json!([]));
    let third = studio.at(&format!("/messages/{}/star", page.text("/items/0/id")));
    studio.mridul.delete(&third).await.expect(204);
    studio.mridul.delete(&third).await.expect(204);
    assert_eq!(super::texts(&studio.mridul.get(&starred).await.expect(200)), ["Second", "First"]);
    studio.nikhil.delete(&studio.at(&format!("/channels/{}/members/{}", studio.group, studio.mridul.id))).await.expect(204);
    assert_eq!(studio.mridul.get(&starred).await.expect(200).at("/items"), json!([]));
}
