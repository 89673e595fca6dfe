//! What is hidden takes as long as what is missing.

use std::time::{Duration, Instant};

use reqwest::{Client, Method, StatusCode};
use serde_json::json;

use crate::figure;
use crate::server::Server;

const MISSING: &str = "0190aaaa-0000-7000-8000-ffffffffffff";
/// Two medians are alike within this, …
const ALIKE: Duration = Duration::from_millis(2);
/// … or within this part of the larger one.
const PART: f64 = 0.15;

/// What can be told by timing is told each time; a busy machine is busy once.
const ROUNDS: usize = 5;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn are_alike(a: Duration, b: Duration) -> bool {
    a.abs_diff(b) <= ALIKE.max(a.max(b).mul_f64(PART))
}

#[tokio::test]
async fn nobody_can_time_whether_a_hidden_thing_exists() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[]).await;
    let client = Client::new();
    let (nikhil, studio) = server.sign_up(&client, "nikhil").await;
    let (olga, other) = server.sign_up(&client, "olga").await;
    let made = async |token: &str, path: &str, body: serde_json::Value| {
        let answer = client.post(format!("{}/api/v1{path}", server.url)).bearer_auth(token).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::CREATED, "{path}");
        answer.json::<serde_json::Value>().await.expect("JSON")["id"].as_str().expect("an id").to_owned()
    };
    let project = made(&nikhil, &format!("/workspaces/{studio}/projects"), json!({ "name": "Secret" })).await;
    let card = made(&nikhil, &format!("/workspaces/{studio}/clients"), json!({ "name": "Mridul", "email": "mridul@example.com" })).await;
    // Olga asks for what is Nikhil's, and for what is nobody's.
    let cases = [
        (Method::GET, format!("/workspaces/{studio}"), format!("/workspaces/{MISSING}")),
        (Method::GET, format!("/workspaces/{studio}/projects/{project}"), format!("/workspaces/{MISSING}/projects/{MISSING}")),
        (Method::GET, format!("/workspaces/{other}/projects/{project}"), format!("/workspaces/{other}/projects/{MISSING}")),
        (Method::GET, format!("/workspaces/{other}/clients/{card}"), format!("/workspaces/{other}/clients/{MISSING}")),
        (Method::PATCH, format!("/workspaces/{studio}/projects/{project}"), format!("/workspaces/{MISSING}/projects/{MISSING}")),
        (Method::DELETE, format!("/workspaces/{studio}/clients/{card}"), format!("/workspaces/{MISSING}/clients/{MISSING}")),
        (Method::GET, format!("/workspaces/{studio}/audit"), format!("/workspaces/{MISSING}/audit")),
    ];
    let mut worst = Duration::ZERO;
    for (method, hidden, missing) in cases {
        let timed = async |path: &str| {
            let begun = Instant::now();
            let request = client.request(method.clone(), format!("{}/api/v1{path}", server.url)).bearer_auth(&olga);
            let status = request.json(&json!({})).send().await.expect("an answer").status();
            assert_eq!(status, StatusCode::NOT_FOUND, "{method} {path}");
            begun.elapsed()
        };
        let (mut a, mut b) = (Duration::MAX, Duration::ZERO);
        for _ in 0..ROUNDS {
            let (mut of_hidden, mut of_missing) = (Vec::new(), Vec::new());
            for _ in 0..figure(200) {
                // By turns, so that both meet the same weather.
                of_hidden.push(timed(&hidden).await);
                of_missing.push(timed(&missing).await);
            }
            (a, b) = (median(of_hidden), median(of_missing));
            println!("{method} {hidden}: hidden {a:?}, missing {b:?}");
            if are_alike(a, b) {
                break;
            }
        }
        worst = worst.max(a.abs_diff(b));
        assert!(are_alike(a, b), "{method} {hidden}: hidden {a:?}, missing {b:?}");
    }
    println!("promise S1: medians of {} timings, hidden against missing, differ by {worst:?} at most", figure(200));
}

#[test]
fn a_difference_that_can_be_timed_is_seen() {
    let ms = Duration::from_millis;
    assert!(are_alike(ms(1), ms(3)) && are_alike(ms(100), ms(114)));
    assert!(!are_alike(ms(1), ms(4)) && !are_alike(ms(100), ms(120)));
}
