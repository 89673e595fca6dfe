//! What holds for every page.

use super::*;

mod sample;
use sample::{FRIENDLY, HOSTILE, Page, accepting, all, inside};

fn everything() -> impl Iterator<Item = Page> {
    all(&FRIENDLY).into_iter().chain(all(&HOSTILE))
}

#[test]
fn nothing_active_and_no_inline_style() {
    for (name, html) in everything() {
        for banned in ["<style", "<script", "<img", "<b ", " style=\"", "href=\"javascript:"] {
            assert!(!html.contains(banned), "{name}: {banned}\n{html}");
        }
        for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            // Every second piece between quotation marks is a value, and stays one.
            let names: String = tag.split('"').step_by(2).collect();
            assert!(!names.contains(" on") && !names.contains("style="), "{name}: <{tag}>");
        }
    }
}

#[test]
fn every_page_is_whole() {
    for (name, html) in everything() {
        assert_eq!(html.matches("<h1>").count(), 1, "{name}: one h1");
        assert_eq!(html.matches("<main id=\"main\"").count() + html.matches("<main class=\"page\" id=\"main\"").count(), 1, "{name}: main");
        for part in ["<!doctype html>\n<html lang=\"en\"", "<title>", "href=\"#main\"", "<header", "/assets/doors.css"] {
            assert!(html.contains(part), "{name}: {part}");
        }
        for tag in ["div", "section", "form", "p", "ul", "li", "header", "main", "button", "h1", "h2", "h3"] {
            let opened = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{name}: <{tag}>\n{html}");
        }
    }
}

#[test]
fn every_field_has_a_label_and_every_error_its_field() {
    for (name, html) in everything() {
        let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "{name}: ids are unique: {ids:?}");
        for input in html.split("<input ").skip(1).filter(|input| !input.starts_with("type=\"hidden\"")) {
            let id = input.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
            assert!(html.contains(&format!("<label for=\"{id}\">")), "{name}: no label for {id}");
        }
        for described in html.split("aria-describedby=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(described.split(' ').all(|id| ids.contains(&id)), "{name}: {described}");
        }
        for target in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&target), "{name}: #{target}");
        }
        let invalid = html.matches("aria-invalid=\"true\"").count();
        assert_eq!(invalid, ids.iter().filter(|id| id.ends_with("-error")).count(), "{name}: each invalid field says why");
        assert_eq!(html.contains("<title>Error: "), html.contains("role=\"alert\""), "{name}: the title tells of errors");
    }
}

#[test]
fn passwords_are_never_shown_again() {
    for (name, html) in everything() {
        for typed in ["hunter2", "a secret typed", "password1234"] {
            assert!(!html.contains(typed), "{name}");
        }
        for input in
            html.split("<input ").skip(1).filter_map(|rest| rest.split('>').next()).filter(|input| input.contains("type=\"password\""))
        {
            assert!(!input.contains("value="), "{name}: {input}");
            assert!(input.contains("minlength=\"12\" maxlength=\"128\"") && input.contains("autocomplete=\""), "{name}: {input}");
        }
    }
}

#[test]
fn the_invited_address_is_not_sent_back_for_acceptance() {
    for (name, html) in accepting(&FRIENDLY) {
        for form in html.split("<form ").skip(1).filter(|form| form.contains(&format!("action=\"{}\"", paths::ACCEPT))) {
            let form = form.split("</form>").next().unwrap_or_default();
            assert!(!form.contains("name=\"email\""), "{name}");
            assert!(form.contains("name=\"token\" value=\"kti_abc\""), "{name}");
        }
    }
}

#[test]
fn forms_are_posted_to_our_own_paths() {
    for (name, html) in everything() {
        for form in html.split("<form ").skip(1).filter_map(|rest| rest.split('>').next()) {
            assert!(form.contains("method=\"post\" action=\"/"), "{name}: {form}");
        }
    }
}

#[test]
fn unknown_and_expired_invitations_have_one_title() {
    let pages = accepting(&FRIENDLY);
    let title = |name| {
        pages.iter().find(|page| page.0 == name).and_then(|page| page.1.split("<h1>").nth(1)?.split("</h1>").next()).expect("a title")
    };
    assert_eq!(title("ended-unknown"), title("ended-expired"));
}

#[test]
fn only_web_links_of_a_captured_mail_can_be_pressed() {
    let (_, html) = inside(&FRIENDLY).pop().expect("a mail");
    assert!(html.contains("<a href=\"http://127.0.0.1:8080/accept-invitation?token=kti_abc\">"));
    assert!(html.contains("<li>javascript:alert(1)</li>"));
    assert!(html.contains("<iframe class=\"frame\" sandbox src=\"/dev/mailbox/1/html\""));
}

/// Writes every page: into the folder that `PAGES` names, to be looked at, or into one that goes again.
#[test]
fn every_page_can_be_looked_at() {
    let room = tempfile::tempdir().expect("a folder");
    let folder = std::env::var_os("PAGES").map_or_else(|| room.path().to_owned(), std::path::PathBuf::from);
    for (set, typed) in [("a", &FRIENDLY), ("hostile", &HOSTILE)] {
        for (name, html) in all(typed) {
            std::fs::write(folder.join(format!("{set}-{name}.html")), &html).expect("written");
            assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"), "{name} is a whole document");
        }
    }
}
