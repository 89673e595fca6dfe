//! The way to a new password.

use askama::Template;

use super::field::{Field, Problem, problems};
use super::paths;

/// Asks for the address.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "pages/reset/ask.html")]
pub struct ResetAsk {
    /// The address; only its form can be wrong, never its being unknown.
    pub email: Field,
}

impl ResetAsk {
    fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("email", &self.email)])
    }
}

/// After asking; the same words for every address.
#[derive(Debug, Clone, Copy, Default, Template)]
#[template(path = "pages/reset/asked.html")]
pub struct ResetAsked;

/// Chooses the new password.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "pages/reset/choose.html")]
pub struct ResetChoose {
    /// The token of the link, sent along with the form.
    pub token: String,
    /// The address of the account, where it is known; shown, never sent back.
    pub email: Option<String>,
    /// Its value is not shown.
    pub password: Field,
    /// The password once more.
    pub again: Field,
    /// What is wrong with the form as a whole.
    pub problem: Option<String>,
}

impl ResetChoose {
    fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("password", &self.password), ("again", &self.again)])
    }
}

/// The new password is set.
#[derive(Debug, Clone, Copy, Default, Template)]
#[template(path = "pages/reset/done.html")]
pub struct ResetDone;

/// The link is used, too old, replaced or garbage: alike.
#[derive(Debug, Clone, Copy, Default, Template)]
#[template(path = "pages/reset/bad_link.html")]
pub struct ResetBadLink;
