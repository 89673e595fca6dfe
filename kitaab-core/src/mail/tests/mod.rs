//! What holds for every mail.

use super::*;

mod sample;
use sample::{FRIENDLY, HOSTILE, LINK, UNSUBSCRIBE, UNTIL, all};

/// The words that a reader of the HTML part sees, blanks folded.
fn words(html: &str) -> String {
    let body = &html[html.find("<body").expect("a body")..];
    let mut seen = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                seen.push(' ');
            }
            _ if !inside => seen.push(c),
            _ => {}
        }
    }
    for (entity, c) in
        [("&nbsp;", " "), ("&#847;", ""), ("&zwnj;", ""), ("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
    {
        seen = seen.replace(entity, c);
    }
    folded(&seen)
}

fn folded(text: &str) -> String {
    text.split([' ', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn both_parts_say_the_same() {
    for (mail, Rendered { html, text, .. }) in all(&FRIENDLY) {
        let html = words(&html);
        for paragraph in text.split("\n\n") {
            let unmarked = paragraph.lines().map(|line| line.trim_start_matches([' ', '*', '>'])).collect::<Vec<_>>().join(" ");
            // The text names the button with a colon; the HTML part shows it.
            let fact = folded(&unmarked).replace(": https", " https");
            let shown = fact.split(" https").next().unwrap_or_default();
            assert!(html.contains(shown), "{mail}: {shown:?} is not in the HTML part:\n{html}");
        }
        assert!(text.contains(LINK) && html.contains(LINK), "{mail}: the link");
    }
}

#[test]
fn every_mail_has_its_facts() {
    let facts = [
        (
            "invitation",
            vec![
                "Nikhil Rao",
                "Nikhil Rao Studio",
                "Website Redesign",
                "Product Catalogue",
                "first header",
                UNTIL,
                "works once",
                "Hello Mridul Sharma",
            ],
        ),
        ("invitation-bare", vec!["decides what is shared with you", UNTIL]),
        ("invitation-colleague", vec!["work as a colleague", UNTIL]),
        ("welcome", vec!["projects", "chat", "files", "accepted the invitation of Nikhil Rao"]),
        ("verify", vec!["24 hours", "once"]),
        ("reset", vec!["30 minutes", "once", "stays as it is"]),
        ("password-changed", vec![UNTIL, "not you"]),
        ("magic-link", vec!["15 minutes", "once", "browser"]),
        ("change-email", vec!["24 hours", "nothing changes"]),
        ("email-changed", vec![UNTIL, "m…@"]),
        ("asked-again", vec![UNTIL, "Nikhil Rao Studio"]),
        (
            "new-messages",
            vec![
                "5 new messages in Website Redesign",
                "Mridul Sharma · 21 October, 18:40",
                "first header",
                "2 more",
                "is not read",
                "Turn it off",
            ],
        ),
        ("new-messages-direct", vec!["1 new message from Nikhil Rao", "first header"]),
        ("new-messages-without-content", vec!["5 new messages in Nikhil Rao Studio", "Turn it off"]),
    ];
    let mails = all(&FRIENDLY);
    for (mail, facts) in facts {
        let (_, rendered) = mails.iter().find(|(name, _)| *name == mail).expect(mail);
        for fact in facts {
            assert!(words(&rendered.html).contains(fact), "{mail}, HTML: {fact}");
            assert!(folded(&rendered.text).contains(fact), "{mail}, text: {fact}\n{}", rendered.text);
        }
    }
}

#[test]
fn a_mail_without_content_names_nobody_and_nothing() {
    let mails = all(&FRIENDLY);
    let (_, mail) = mails.iter().find(|(name, _)| *name == "new-messages-without-content").expect("the mail");
    for part in [&mail.subject, &mail.html, &mail.text] {
        for told in ["Website Redesign", "Mridul", "first header", "footer"] {
            assert!(!part.contains(told), "{told} is in\n{part}");
        }
    }
}

#[test]
fn mails_of_one_conversation_have_one_subject() {
    let mail = |count| NewMessages {
        workspace: "Studio",
        conversation: "Website",
        direct: false,
        count,
        said: &[],
        content: true,
        link: LINK,
        unsubscribe: UNSUBSCRIBE,
    };
    assert_eq!(mail(1).render().expect("renders").subject, mail(7).render().expect("renders").subject);
}

#[test]
fn hostile_text_does_no_harm() {
    for (mail, Rendered { subject, html, text }) in all(&HOSTILE) {
        assert!(!subject.contains(|c: char| c.is_control()) && subject.chars().count() <= 150, "{mail}: {subject:?}");
        for part in [&html, &text] {
            for harm in ["http://evil", "www.evil", "evil.com", "evil.example", "x@y", "pay@evil"] {
                assert!(!part.contains(harm), "{mail}: {harm} survived:\n{part}");
            }
            let is_harmful = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}' | '\u{200B}');
            assert!(!part.contains(is_harmful), "{mail}: control characters");
        }
        for harm in ["<script", "<img", "<b>", "</title><", "<a href=\"https://evil"] {
            assert!(!html.contains(harm), "{mail}: {harm}");
        }
        assert_eq!(html.matches("<table").count(), html.matches("</table").count(), "{mail}: the layout holds");
    }
}

#[test]
fn the_only_links_are_our_own() {
    for (mail, Rendered { html, text, .. }) in all(&HOSTILE).into_iter().chain(all(&FRIENDLY)) {
        let escaped = LINK.replace('&', "&#38;");
        let ends = usize::from(mail.starts_with("new-messages"));
        assert_eq!(html.matches("<a ").count(), 2 + ends, "{mail}: the button and the address below it");
        assert_eq!(html.matches(&format!("href=\"{escaped}\"")).count(), 2, "{mail}");
        assert_eq!(html.matches(&format!("href=\"{UNSUBSCRIBE}\"")).count(), ends, "{mail}");
        assert_eq!(text.matches("://").count(), 1 + ends, "{mail}");
    }
}

#[test]
fn nothing_is_loaded() {
    for (mail, Rendered { html, .. }) in all(&FRIENDLY) {
        for remote in ["src=", "background=", "url(", "@import", "<link", "<script", "<img", "<iframe"] {
            assert!(!html.contains(remote), "{mail}: {remote}");
        }
    }
}

#[test]
fn messages_keep_their_line_breaks() {
    let (_, mail) = all(&FRIENDLY).swap_remove(0);
    assert!(mail.html.contains("decided.<br><br>Have a look"));
    assert!(mail.text.contains("decided.\n  >\n  > Have a look"), "{}", mail.text);
}

#[test]
fn mails_are_small_and_lines_short() {
    for (mail, Rendered { html, text, .. }) in all(&FRIENDLY).into_iter().chain(all(&HOSTILE)) {
        assert!(html.len() < 30_000, "{mail}: {} bytes", html.len());
        let longest = text.lines().filter(|line| !line.contains("://")).map(|line| line.chars().count()).max();
        assert!(longest <= Some(72), "{mail}: {longest:?}\n{text}");
        assert!(!text.contains("\n\n\n") && text.ends_with('\n') && !text.ends_with("\n\n"), "{mail}:\n{text}");
        assert!(text.lines().all(|line| line.trim_end() == line), "{mail}: blanks at the end of a line\n{text}");
    }
}

#[test]
fn long_input_stays_below_the_limit() {
    let long = "So many words. ".repeat(130);
    let projects: Vec<String> = (0..10).map(|n| format!("Project {n} {}", "with a long name ".repeat(5))).collect();
    let mail = Invitation {
        inviter: &"N".repeat(100),
        workspace: &"W".repeat(100),
        role_is_client: true,
        message: Some(&long),
        projects: &projects,
        channels: &[],
        link: LINK,
        expires: UNTIL,
        recipient_name: None,
    };
    let mail = mail.render().expect("renders");
    assert!(mail.html.len() < 30_000, "{} bytes", mail.html.len());
    assert!(mail.subject.chars().count() <= 150);
    let longest = Said { author: "N".repeat(100), at: "21 October, 18:40".into(), text: "長い話\n".repeat(2_500) };
    let said = vec![longest; 10];
    let (workspace, conversation) = (&"W".repeat(100), &"C".repeat(100));
    let (link, unsubscribe) = (LINK, UNSUBSCRIBE);
    let mail = NewMessages { workspace, conversation, direct: false, count: 200, said: &said, content: true, link, unsubscribe };
    let mail = mail.render().expect("renders");
    assert!(mail.html.len() < 30_000, "{} bytes", mail.html.len());
}

/// A template that forgets the filter would let a name become a link.
#[test]
fn every_word_of_the_templates_is_plain() {
    let ours = ["letter.link", "letter.button", "letter.initial()", "pixels", "initial", "link", "label", "loop.index"];
    for template in [
        include_str!("../../../templates/mail/letter.html"),
        include_str!("../../../templates/mail/parts.html"),
        include_str!("../../../templates/mail/letter.txt"),
    ] {
        for expression in template.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()).map(str::trim) {
            let allowed = expression.contains("|plain")
                || ours.contains(&expression)
                || expression.starts_with("part::")
                || expression.ends_with(')');
            assert!(allowed, "{{{{ {expression} }}}} is not plain");
        }
    }
}

/// Writes every mail as a person would see it: into the folder that `MAILS` names, to be looked at, or into one that
/// goes again.
#[test]
fn every_mail_can_be_looked_at() {
    let room = tempfile::tempdir().expect("a folder");
    let folder = std::env::var_os("MAILS").map_or_else(|| room.path().to_owned(), std::path::PathBuf::from);
    for (set, typed) in [("a", &FRIENDLY), ("hostile", &HOSTILE)] {
        for (mail, rendered) in all(typed) {
            let file = folder.join(format!("{set}-{mail}"));
            std::fs::write(file.with_extension("html"), &rendered.html).expect("written");
            std::fs::write(file.with_extension("txt"), format!("Subject: {}\n\n{}", rendered.subject, rendered.text)).expect("written");
            assert!(
                rendered.html.starts_with("<!doctype html>") && rendered.html.trim_end().ends_with("</html>"),
                "{mail} is a whole document"
            );
        }
    }
}
