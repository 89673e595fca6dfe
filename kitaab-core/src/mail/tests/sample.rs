//! Every mail, made from friendly and from hostile text.

use crate::mail::*;

pub(super) const LINK: &str = "https://kitaab.example/somewhere?token=kti_AbC-123_xyz&a=b";
pub(super) const UNSUBSCRIBE: &str = "https://kitaab.example/unsubscribe?token=ktu_AbC-123_xyz";
pub(super) const UNTIL: &str = "22 October 2025, 09:14 IST";

/// What people may have typed, in every place where they may type.
pub(super) struct Typed {
    pub name: &'static str,
    other: &'static str,
    workspace: &'static str,
    message: &'static str,
    project: &'static str,
    email: &'static str,
}

pub(super) const FRIENDLY: Typed = Typed {
    name: "Nikhil Rao",
    other: "Mridul Sharma",
    workspace: "Nikhil Rao Studio",
    message: "Hi Mridul, this is where we keep the website together: the drafts, the open questions and what we decided.\n\nHave a look at the first header when you are in.",
    project: "Website Redesign",
    email: "mridul@example.com",
};

pub(super) const HOSTILE: Typed = Typed {
    name: "Nikhil\r\nBcc: x@y <script>alert(1)</script> http://evil.example \u{202E}dlrow",
    other: "دانا\r\nTo: x@y <img src=http://evil.example>",
    workspace: "www.evil.com\u{2066}\u{200B}</title><img src=x onerror=y>\u{0}",
    message: "See http://evil.example/login\r\n</td></table>\n{{ 7*7 }} www.evil.com pay@evil.example\u{1b}[31m",
    project: "\"><a href=\"https://evil.example\">Project</a>",
    email: "\"<b>x\"@evil.example",
};

/// Every mail, by name, each made from `typed`.
pub(super) fn all(typed: &Typed) -> Vec<(&'static str, Rendered)> {
    let rendered = invitations(typed).into_iter().chain(of_the_account(typed)).chain(of_conversations(typed));
    rendered.map(|(mail, result)| (mail, result.expect(mail))).collect()
}

type Attempt = (&'static str, Result<Rendered, askama::Error>);

fn invitations(typed: &Typed) -> Vec<Attempt> {
    let Typed { name, other, workspace, message, project, email } = *typed;
    let projects = [project.to_owned(), "Product Catalogue".to_owned()];
    let channels = [project.to_owned()];
    let full = Invitation {
        inviter: name,
        workspace,
        role_is_client: true,
        message: Some(message),
        projects: &projects,
        channels: &channels,
        link: LINK,
        expires: UNTIL,
        recipient_name: Some(other),
    };
    let bare = Invitation { message: Some(" \n"), projects: &[], channels: &[], ..full };
    let colleague = Invitation { role_is_client: false, message: None, recipient_name: None, ..bare };
    let welcome = Welcome { name: other, inviter: name, workspace, role_is_client: true, link: LINK };
    let asked = AskedAgain { owner_name: name, who: other, email, workspace, expired: UNTIL, link: LINK };
    vec![
        ("invitation", full.render()),
        ("invitation-bare", bare.render()),
        ("invitation-colleague", colleague.render()),
        ("welcome", welcome.render()),
        ("welcome-colleague", Welcome { role_is_client: false, ..welcome }.render()),
        ("asked-again", asked.render()),
    ]
}

fn of_conversations(typed: &Typed) -> Vec<Attempt> {
    let Typed { name, other, workspace, message, project, .. } = *typed;
    let said = |author: &str, at: &str, text: &str| Said { author: author.to_owned(), at: at.to_owned(), text: text.to_owned() };
    let said = [
        said(other, "21 October, 18:40", "Thank you. The footer goes live with the rest."),
        said(name, "09:14", message),
        said(name, "09:20", &"On and on it goes. ".repeat(40)),
    ];
    let (link, unsubscribe) = (LINK, UNSUBSCRIBE);
    let full = NewMessages { workspace, conversation: project, direct: false, count: 5, said: &said, content: true, link, unsubscribe };
    let direct = NewMessages { conversation: name, direct: true, count: 1, said: &said[1..2], ..full };
    vec![
        ("new-messages", full.render()),
        ("new-messages-direct", direct.render()),
        ("new-messages-without-content", NewMessages { content: false, ..full }.render()),
    ]
}

fn of_the_account(typed: &Typed) -> Vec<Attempt> {
    let Typed { name, email: new_email, .. } = *typed;
    let (link, at, valid_for) = (LINK, UNTIL, "30 minutes");
    vec![
        ("verify", Verify { name, link, valid_for: "24 hours" }.render()),
        ("reset", Reset { name, link, valid_for }.render()),
        ("password-changed", PasswordChanged { name, at, link }.render()),
        ("magic-link", MagicLink { name, link, valid_for: "15 minutes" }.render()),
        ("change-email", ChangeEmail { name, new_email, link, valid_for: "24 hours" }.render()),
        ("email-changed", EmailChanged { name, new_email, at, link }.render()),
    ]
}
