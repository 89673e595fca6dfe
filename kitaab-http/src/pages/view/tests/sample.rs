//! Every page, made from friendly and from hostile text.

use askama::Template;

use crate::pages::view::*;

/// Text in every place where people may type.
pub(super) struct Typed {
    name: &'static str,
    workspace: &'static str,
    message: &'static str,
    project: &'static str,
    email: &'static str,
}

pub(super) const FRIENDLY: Typed = Typed {
    name: "Nikhil Rao",
    workspace: "Nikhil Rao Studio",
    message: "Hi Mridul, this is where we keep the website together: the drafts, the open questions and what we decided.\n\nHave a look at the first header when you are in.",
    project: "Website Redesign",
    email: "mridul@example.com",
};

pub(super) const HOSTILE: Typed = Typed {
    name: "Nik\"hil' onfocus=x <script>alert(1)</script>",
    workspace: "</title><style>*{display:none}</style>",
    message: "</blockquote><img src=x onerror=alert(1)>\nVerylongwordwithoutanyblanksinitsothatitmustbebrokensomewhereorelseitrunsout",
    project: "<b style=\"color:red\">Project</b> {{ 7*7 }}",
    email: "\"><script>x</script>@evil.example",
};

pub(super) type Page = (&'static str, String);

pub(super) fn all(typed: &Typed) -> Vec<Page> {
    [accepting(typed), entering(typed), resetting(), confirming(), unsubscribing(typed), inside(typed), failing()].concat()
}

fn page(name: &'static str, page: &impl Template) -> Page {
    (name, page.render().expect(name))
}

fn at(text: &str) -> Moment {
    Moment { text: text.into(), datetime: "2025-10-22T09:14+05:30".into() }
}

fn wrong(value: &str, error: &str) -> Field {
    Field { value: value.into(), error: Some(error.into()) }
}

pub(super) fn accepting(typed: &Typed) -> Vec<Page> {
    let invitation = Invitation {
        inviter: typed.name.into(),
        workspace: typed.workspace.into(),
        role_is_client: true,
        message: Some(typed.message.into()),
        projects: vec![typed.project.into(), "Product Catalogue".into()],
        channels: vec![typed.project.into()],
        email: typed.email.into(),
        expires: at("22 October 2025, 09:14 IST"),
    };
    let bare = Invitation { role_is_client: false, message: None, projects: vec![], channels: vec![], ..invitation.clone() };
    let form = NewPerson { display_name: Field::new(typed.name), company: Some(Field::new(typed.project)), ..Default::default() };
    let failed = NewPerson {
        display_name: wrong("", "Enter your name."),
        password: wrong("hunter2hunter2", "This password is easy to guess. Three words that do not belong together work well."),
        again: wrong("hunter2", "The two passwords are not the same."),
        problem: Some("The account could not be created yet.".into()),
        ..form.clone()
    };
    let wrong_password = WithPassword { problem: Some("This password is not right.".into()), ..Default::default() };
    let accept =
        |name, invitation: &Invitation, step| page(name, &Accept { invitation: invitation.clone(), token: "kti_abc".into(), step });
    vec![
        accept("accept-new", &invitation, Step::NewPerson(form.clone())),
        accept("accept-new-errors", &invitation, Step::NewPerson(failed)),
        accept("accept-colleague", &bare, Step::NewPerson(NewPerson { company: None, ..form })),
        accept("accept-sign-in", &invitation, Step::SignIn(wrong_password)),
        accept("accept-signed-in", &invitation, Step::SignedIn),
        accept("accept-other", &invitation, Step::OtherAccount(typed.email.into())),
        page("ended-expired", &Ended::Expired("kti_abc".into())),
        page("ended-used", &Ended::Used(false)),
        page("ended-used-inside", &Ended::Used(true)),
        page("ended-unknown", &Ended::Unknown),
        page("ended-asked", &Ended::Asked),
    ]
}

fn entering(typed: &Typed) -> Vec<Page> {
    let failed = SignIn {
        email: Field::new(typed.email),
        password: Field::new("a secret typed by somebody"),
        problem: Some("Email or password is not right.".into()),
    };
    let taken = SignUp {
        display_name: Field::new(typed.name),
        workspace_name: Field::new(typed.workspace),
        email: wrong(typed.email, "There is an account with this address. Sign in, or set a new password."),
        ..Default::default()
    };
    vec![
        page("sign-in", &SignIn::default()),
        page("sign-in-error", &failed),
        page("link-sent", &LinkSent),
        page("sign-up", &SignUp::default()),
        page("sign-up-error", &taken),
    ]
}

fn resetting() -> Vec<Page> {
    let choose = ResetChoose {
        token: "ktr_abc".into(),
        email: Some("mridul@example.com".into()),
        password: wrong("password1234", "This password is easy to guess."),
        ..Default::default()
    };
    vec![
        page("reset-ask", &ResetAsk { email: wrong("nobody", "Enter an address like name@example.com.") }),
        page("reset-asked", &ResetAsked),
        page("reset-choose", &choose),
        page("reset-done", &ResetDone),
        page("reset-bad-link", &ResetBadLink),
    ]
}

fn confirming() -> Vec<Page> {
    let confirm = |name, kind| page(name, &Confirm { kind, token: "ktv_abc".into() });
    vec![
        confirm("magic-link", Kind::SignIn),
        confirm("verify", Kind::VerifyEmail),
        confirm("change-email", Kind::ChangeEmail),
        page("verify-done", &Confirmed { is_new_address: false }),
        page("change-email-done", &Confirmed { is_new_address: true }),
        page("magic-link-bad", &BadLink { kind: Kind::SignIn }),
        page("verify-bad", &BadLink { kind: Kind::VerifyEmail }),
        page("change-email-bad", &BadLink { kind: Kind::ChangeEmail }),
    ]
}

fn unsubscribing(typed: &Typed) -> Vec<Page> {
    let (workspace, ends) = (typed.workspace.to_owned(), "/unsubscribe?token=ktu_abc".to_owned());
    vec![
        page("unsubscribe", &Unsubscribe::Ask { workspace: workspace.clone(), ends: ends.clone() }),
        page("unsubscribe-ended", &Unsubscribe::Ended { workspace: workspace.clone(), ends }),
        page("unsubscribe-all-ended", &Unsubscribe::AllEnded { workspace }),
        page("unsubscribe-unknown", &Unsubscribe::Unknown),
    ]
}

pub(super) fn inside(typed: &Typed) -> Vec<Page> {
    let project = |name: &str, status, progress, due: Option<&str>, overdue| Project {
        name: name.into(),
        status,
        progress,
        due: due.map(at),
        overdue,
        conversation: due.map(|_| "/conversations/1/2".into()),
    };
    let channel = |name: &str| Channel { name: name.into(), path: "/conversations/1/3".into() };
    let workspace = |name: &str, role, projects, channels| Workspace { name: name.into(), role, projects, channels };
    let projects = vec![
        project(typed.project, Status::Active, 62, Some("14 November 2025"), false),
        project("Product Catalogue", Status::OnHold, 10, Some("3 October 2025"), true),
        project("A name that is rather long, as names of projects sometimes are", Status::Proposed, 0, None, false),
    ];
    let home = Home { name: typed.name.into(), email: typed.email.into(), email_verified: true, workspaces: vec![] };
    let full = Home {
        workspaces: vec![
            workspace(typed.workspace, Role::Client, projects, vec![channel(typed.project), channel("Shop opening")]),
            workspace("Mridul Sharma", Role::Owner, vec![], vec![channel(typed.project)]),
            workspace("Asha Menon Architects", Role::Client, vec![], vec![]),
        ],
        ..home.clone()
    };
    let line = |subject: &str| MailLine {
        href: "/dev/mailbox/1".into(),
        to: typed.email.into(),
        subject: subject.into(),
        at: at("16 October 2025, 09:14"),
    };
    let mail = CapturedMail {
        subject: typed.project.into(),
        to: typed.email.into(),
        from: "Kitaab <no-reply@localhost>".into(),
        at: at("16 October 2025, 09:14"),
        links: vec!["http://127.0.0.1:8080/accept-invitation?token=kti_abc".into(), "javascript:alert(1)".into()],
        text: typed.message.into(),
        html_src: Some("/dev/mailbox/1/html".into()),
    };
    let said = |author: &str, text: Option<&str>, new| Said {
        author: author.into(),
        at: at("16 October 2025, 09:14"),
        text: text.map(Into::into),
        new,
    };
    let conversation = Conversation {
        title: typed.project.into(),
        said: vec![
            said("Mridul Sharma", Some("Which blue?"), false),
            said(typed.name, None, false),
            said(typed.name, Some(typed.message), true),
        ],
        more: true,
        unread: 1,
        last_seq: 3,
        path: "/conversations/1/2".into(),
    };
    vec![
        page("conversation", &conversation),
        page("conversation-empty", &Conversation { title: typed.project.into(), ..Conversation::default() }),
        page("home", &full),
        page("home-empty", &Home { email_verified: false, ..home }),
        page("mailbox", &Mailbox { mails: vec![line(typed.project), line("Confirm your email address")] }),
        page("mailbox-empty", &Mailbox::default()),
        page("mailbox-mail", &mail),
    ]
}

fn failing() -> Vec<Page> {
    let failure = |name, status, retry_after| page(name, &Failure { status, retry_after, request_id: "0199ec2a-7b1d".into() });
    vec![
        failure("failure-404", 404, None),
        failure("failure-403", 403, None),
        failure("failure-429", 429, Some(45)),
        failure("failure-500", 500, None),
        failure("failure-503", 503, Some(2)),
        failure("failure-400", 400, None),
    ]
}
