//! A freelancer's way in.

use askama::Template;

use super::field::{Field, Problem, problems};
use super::paths;

/// Creates an account and its workspace.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "pages/sign_up.html")]
pub struct SignUp {
    /// How others see the person.
    pub display_name: Field,
    /// The brand that clients see.
    pub workspace_name: Field,
    /// The address to sign in with; one that is taken is an error of this field.
    pub email: Field,
    /// Its value is not shown.
    pub password: Field,
    /// What is wrong with the form as a whole.
    pub problem: Option<String>,
}

impl SignUp {
    fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[
            ("display_name", &self.display_name),
            ("workspace_name", &self.workspace_name),
            ("email", &self.email),
            ("password", &self.password),
        ])
    }
}
