//! Links that do something: opening them only shows a button, since mail scanners open links, too.

use askama::Template;

use super::paths;

/// What a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Signs in without a password.
    SignIn,
    /// Confirms the address of an account.
    VerifyEmail,
    /// Confirms the new address of an account.
    ChangeEmail,
}

impl Kind {
    /// Where the button sends the token.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::SignIn => paths::MAGIC_LINK,
            Self::VerifyEmail => paths::VERIFY,
            Self::ChangeEmail => paths::CHANGE_EMAIL,
        }
    }
}

/// The one button behind a link.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/confirm/ask.html")]
pub struct Confirm {
    /// What the button does.
    pub kind: Kind,
    /// The token of the link, sent along with the button.
    pub token: String,
}

/// An address is confirmed.
#[derive(Debug, Clone, Copy, Template)]
#[template(path = "pages/confirm/done.html")]
pub struct Confirmed {
    /// It replaced another address.
    pub is_new_address: bool,
}

/// The link is used, too old, replaced or garbage: alike.
#[derive(Debug, Clone, Copy, Template)]
#[template(path = "pages/confirm/bad_link.html")]
pub struct BadLink {
    /// What the link would have done.
    pub kind: Kind,
}
