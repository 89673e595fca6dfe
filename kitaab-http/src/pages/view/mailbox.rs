//! The mailbox for trying out: mails that were written to a folder, since no mail server is set.

use askama::Template;

use super::field::Moment;
use super::paths;

/// All captured mails.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "pages/mailbox/list.html")]
pub struct Mailbox {
    /// Newest first.
    pub mails: Vec<MailLine>,
}

/// A mail in the list.
#[derive(Debug, Clone)]
pub struct MailLine {
    /// The page of the mail.
    pub href: String,
    /// To whom it would have gone.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it was written.
    pub at: Moment,
}

/// One captured mail.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "pages/mailbox/mail.html")]
pub struct CapturedMail {
    /// Its subject.
    pub subject: String,
    /// To whom it would have gone.
    pub to: String,
    /// By whom it would have been sent.
    pub from: String,
    /// When it was written.
    pub at: Moment,
    /// The links of the mail, in order; only those to http and https can be pressed.
    pub links: Vec<String>,
    /// The text part.
    pub text: String,
    /// Where the HTML part is served, for a frame without any right.
    pub html_src: Option<String>,
}

/// A captured mail may hold anything: no `javascript:` behind a press.
fn is_web(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}
