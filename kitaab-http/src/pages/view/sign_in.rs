//! Sign-in, by password or by a mailed link.

use askama::Template;

use super::field::{Field, Problem, problems};
use super::paths;

/// The sign-in page; also what `/` shows to who is not signed in.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "pages/sign_in.html")]
pub struct SignIn {
    /// The address, kept after a failure.
    pub email: Field,
    /// Its value is not shown.
    pub password: Field,
    /// What is wrong as a whole: wrong address or password are told alike.
    pub problem: Option<String>,
}

impl SignIn {
    fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("email", &self.email), ("password", &self.password)])
    }
}

/// After asking for a sign-in link; the same words for every address.
#[derive(Debug, Clone, Copy, Default, Template)]
#[template(path = "pages/link_sent.html")]
pub struct LinkSent;
