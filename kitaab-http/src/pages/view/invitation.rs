//! The way in by invitation.

use askama::Template;

use super::field::{Field, Moment, Problem, problems};
use super::paths;

/// An open invitation, and the step that leads in.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/accept.html")]
pub struct Accept {
    /// What the invitation says.
    pub invitation: Invitation,
    /// The token of the link, sent along with every form of the page.
    pub token: String,
    /// What this visitor has to do.
    pub step: Step,
}

/// What is shown of an invitation to the holder of its link.
#[derive(Debug, Clone, Default)]
pub struct Invitation {
    /// Who invites, by display name.
    pub inviter: String,
    /// The workspace one is invited to.
    pub workspace: String,
    /// A client sees what is shared; otherwise the page speaks to a colleague.
    pub role_is_client: bool,
    /// What the inviter wrote, with its line breaks.
    pub message: Option<String>,
    /// Names of the projects to be shared.
    pub projects: Vec<String>,
    /// Names of the channels to join.
    pub channels: Vec<String>,
    /// The invited address; shown, never sent back.
    pub email: String,
    /// When the link ends.
    pub expires: Moment,
}

/// What stands between the visitor and the workspace.
#[derive(Debug, Clone)]
pub enum Step {
    /// Nobody is signed in and the address has no account: one is created.
    NewPerson(NewPerson),
    /// Nobody is signed in and the address has an account.
    SignIn(WithPassword),
    /// Signed in as the invited address: one press.
    SignedIn,
    /// Signed in with another address, which this names.
    OtherAccount(String),
}

/// The form that creates an account.
#[derive(Debug, Clone, Default)]
pub struct NewPerson {
    /// Filled in from the client's card.
    pub display_name: Field,
    /// Filled in from the client's card; colleagues have none.
    pub company: Option<Field>,
    /// Its value is not shown.
    pub password: Field,
    /// The password once more.
    pub again: Field,
    /// What is wrong with the form as a whole.
    pub problem: Option<String>,
}

impl NewPerson {
    /// The errors in the order of the fields.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem<'_>> {
        let mut fields = vec![("display_name", &self.display_name)];
        fields.extend(self.company.as_ref().map(|company| ("company", company)));
        fields.extend([("password", &self.password), ("again", &self.again)]);
        problems(&fields)
    }
}

/// The form that accepts with an account; the address is that of the invitation.
#[derive(Debug, Clone, Default)]
pub struct WithPassword {
    /// Its value is not shown.
    pub password: Field,
    /// What is wrong with the form as a whole, as a wrong password is.
    pub problem: Option<String>,
}

impl WithPassword {
    /// The errors in the order of the fields.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("password", &self.password)])
    }
}

impl Invitation {
    /// The inviter's face: the first letters of the first and the last name.
    fn initials(&self) -> String {
        let mut names = self.inviter.split_whitespace().filter_map(|name| name.chars().find(|c| c.is_alphanumeric()));
        let first = names.next();
        first.into_iter().chain(names.next_back()).flat_map(char::to_uppercase).collect()
    }
}

impl Accept {
    fn failed(&self) -> bool {
        match &self.step {
            Step::NewPerson(form) => form.problem.is_some() || !form.problems().is_empty(),
            Step::SignIn(form) => form.problem.is_some() || !form.problems().is_empty(),
            Step::SignedIn | Step::OtherAccount(_) => false,
        }
    }
}

/// An invitation that leads nowhere any more.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/ended.html")]
pub enum Ended {
    /// Its time is over; carries the token with which a new one is asked for.
    Expired(String),
    /// It was accepted; says whether the visitor is signed in.
    Used(bool),
    /// Unknown, withdrawn, replaced or garbage: alike.
    Unknown,
    /// A new one was asked for; also after a request that told nobody.
    Asked,
}
