//! Text is text: whatever people call themselves and their work, it stays in its field, its line and its mail.

use kitaab_core::provider::Email;
use mail_parser::{HeaderName, MessageParser};
use proptest::prelude::*;
use serde_json::json;
use tokio::runtime::Runtime;
use unicode_normalization::is_nfc;

use crate::support::{House, Person, cases};

/// Text that means harm, in every place of it.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "\r\nBcc: eve@example.com\r\n",
        "\n",
        "\r",
        "\0",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{200d}",
        "\u{feff}",
        "\u{e0041}",
        "e\u{301}",
        "=cmd|' /C calc'!A1",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=a>",
        "https://evil.example",
        "{{7*7}}",
        "=?utf-8?B?QUJD?=",
        "🙂",
        "ﬁ",
        "ا",
        "क्ष",
        " ",
    ]);
    let part = prop_oneof![3 => "[a-zA-Z ]{0,6}", 2 => odd.prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(part, 1..5).prop_map(|parts| parts.concat())
}

fn is_plain(name: &str) -> bool {
    let hidden = |c: char| matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}');
    is_nfc(name) && !name.contains(char::is_control) && !name.contains(['\u{2028}', '\u{2029}']) && !name.chars().any(hidden)
}

/// Invites somebody by this name with these words; what became of the name, and the mail.
async fn invite(house: &House, nikhil: &Person, studio: &str, number: usize, name: &str, message: &str) -> Option<(String, Email)> {
    let email = format!("p{number}@example.com");
    let body = json!({"client": {"name": name, "email": email}, "message": message});
    let sent = nikhil.post(&format!("/workspaces/{studio}/invitations"), &body).await;
    if sent.status == 422 {
        return None;
    }
    let card = sent.expect(201);
    let card = nikhil.get(&format!("/workspaces/{studio}/clients/{}", card.text("/client_id"))).await.expect(200);
    house.deliver().await;
    Some((card.text("/name").to_owned(), house.mail.last_to(&email).expect("a mail")))
}

/// The mail has the headers of a mail of ours, one recipient, and no markup from outside.
fn is_ours(mail: &Email, to: &str) -> Result<(), TestCaseError> {
    let bytes = mail.message().expect("a mail").formatted();
    let parsed = MessageParser::default().parse(&bytes).expect("a mail");
    let count = |name: &HeaderName<'_>| parsed.headers().iter().filter(|header| header.name == *name).count();
    for name in [HeaderName::To, HeaderName::From, HeaderName::Subject, HeaderName::MessageId] {
        prop_assert_eq!(count(&name), 1, "{}", name);
    }
    prop_assert_eq!(count(&HeaderName::Bcc) + count(&HeaderName::Cc), 0);
    prop_assert_eq!(parsed.to().and_then(|to| to.first()).and_then(|to| to.address()), Some(to));
    prop_assert!(!parsed.subject().unwrap_or_default().contains(['\r', '\n']));
    let html = parsed.body_html(0).unwrap_or_default().to_lowercase();
    prop_assert!(!html.contains("<script") && !html.contains("<img src=x"), "{}", html);
    prop_assert!(!html.contains("href=\"https://evil"), "a link of a stranger's");
    Ok(())
}

#[test]
fn no_text_leaves_its_field_its_line_or_its_mail() {
    let runtime = Runtime::new().unwrap();
    let (house, nikhil, studio) = runtime.block_on(async {
        let house = House::open().await;
        let (nikhil, studio) = house.freelancer("Nikhil").await;
        (house, nikhil, studio)
    });
    let (number, taken) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let held = cases(200).run(&(text(), text()), |(name, message)| {
        number.set(number.get() + 1);
        let Some((kept, mail)) = runtime.block_on(invite(&house, &nikhil, &studio, number.get(), &name, &message)) else { return Ok(()) };
        taken.set(taken.get() + 1);
        prop_assert!(is_plain(&kept), "{kept:?}");
        is_ours(&mail, &format!("p{}@example.com", number.get()))
    });
    held.unwrap();
    assert!((20..180).contains(&taken.get()), "{} of 200 were taken: the strings prove little", taken.get());
}
