//! What can go wrong, in one type: a stable code for programs, a sentence for people, a source for the log.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use uuid::Uuid;

use crate::store::StoreError;

/// The result of every use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case did not happen. Whatever the variant: nothing was half done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It does not exist, or the caller may not know that it does. The two are never told apart.
    #[error("There is nothing here, or nothing that you may see.")]
    NotFound,
    /// The caller may see the thing but not do this to it.
    #[error("{}", .0.sentence())]
    Forbidden(Refusal),
    /// Nobody is signed in, or the session ended.
    #[error("{}", .0.sentence())]
    Unauthenticated(Unauthenticated),
    /// Fields that break a rule, all of them at once.
    #[error("Some fields need another look: {0}.")]
    Invalid(Problems),
    /// The input could not be read at all.
    #[error("{detail}")]
    Unreadable {
        /// What kind of unreadable.
        why: Unreadable,
        /// What to mend.
        detail: String,
    },
    /// It clashes with what exists.
    #[error("{detail}")]
    Conflict {
        /// Stable name, such as `duplicate_client`.
        code: &'static str,
        /// What to do about it.
        detail: &'static str,
        /// The thing that is in the way, if the caller may know it.
        existing: Option<Uuid>,
    },
    /// Somebody else changed it since the caller read it.
    #[error("Somebody changed this in the meantime. Load it again and repeat your change.")]
    Stale {
        /// The version it has now.
        current_version: i64,
    },
    /// Too often, or too many at once.
    #[error("That was too often. Wait a moment, then try again.")]
    TooMany {
        /// After this long it may work.
        retry_after: Duration,
    },
    /// Nothing is configured that could do this.
    #[error("This installation has no {0}. Ask whoever runs it to configure one.")]
    Unsupported(&'static str),
    /// The server is busy; the same call may work in a moment.
    #[error("The server is busy. Try again in a moment.")]
    Busy {
        /// After this long it may work.
        retry_after: Duration,
    },
    /// A service that Kitaab relies on failed.
    #[error("A service that this needs did not answer as it should. Try again later.")]
    Provider(#[source] crate::provider::ProviderError),
    /// The store failed.
    #[error("{}", store_sentence(.0))]
    Store(#[from] StoreError),
    /// A bug of ours. The source says more, for the log only.
    #[error("Something went wrong on our side. Nothing was changed.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why somebody who may see a thing may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The role does not allow it.
    Role,
    /// It needs a password typed within the last 15 minutes.
    ReauthRequired,
    /// Somebody else is signed in than the invitation names.
    OtherAccount,
    /// The owner has not granted this part of the project.
    NotGranted,
    /// The thing is archived, and so only to be read.
    Archived,
    /// The password given was wrong.
    WrongPassword,
    /// Somebody else wrote it.
    NotAuthor,
    /// It was written too long ago to be changed. Told as a clash (409).
    EditWindowOver,
}

impl Refusal {
    fn code(self) -> &'static str {
        match self {
            Self::Role => "forbidden",
            Self::ReauthRequired => "reauth_required",
            Self::OtherAccount => "other_account",
            Self::NotGranted => "not_granted",
            Self::Archived => "archived",
            Self::WrongPassword => "wrong_password",
            Self::NotAuthor => "not_author",
            Self::EditWindowOver => "edit_window_over",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Role => "You can see this, but your role does not let you change it.",
            Self::ReauthRequired => "Confirm your password first.",
            Self::OtherAccount => "You are signed in as somebody else. Sign out, then open the invitation again.",
            Self::NotGranted => "The owner has not shared this part of the project with you.",
            Self::Archived => "This is archived. Bring it back first.",
            Self::WrongPassword => "That password is not right.",
            Self::NotAuthor => "Somebody else wrote this. Only its author can change it.",
            Self::EditWindowOver => "A message can be changed for a while after it was sent, and that is over.",
        }
    }
}

/// Why nobody is taken to be signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unauthenticated {
    /// No session was presented, or one that does not exist or has ended.
    NoSession,
    /// Email and password do not fit together.
    WrongCredentials,
}

fn store_sentence(error: &StoreError) -> &'static str {
    match error {
        StoreError::Full(_) => "There is no room left to store this. Nothing was changed; tell whoever runs this server.",
        _ => "The data could not be reached. Nothing was changed; try again in a moment.",
    }
}

impl Unauthenticated {
    fn sentence(self) -> &'static str {
        match self {
            Self::NoSession => "Sign in first.",
            Self::WrongCredentials => "Email and password do not fit together. Try again, or ask for a link to set a new password.",
        }
    }
}

/// In which way an input could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// No JSON, or JSON that nests too deep.
    Malformed,
    /// Larger than allowed.
    TooLarge,
    /// Of another media type than this takes.
    MediaType,
}

/// A missing or hidden thing is none, and every other failure stays one: a database that is away has hidden nothing.
pub(crate) fn found<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Err(Error::NotFound) => Ok(None),
        other => other.map(Some),
    }
}

impl Error {
    /// A clash that names no other thing.
    #[must_use]
    pub fn conflict(code: &'static str, detail: &'static str) -> Self {
        Self::Conflict { code, detail, existing: None }
    }

    /// A clash with a thing that the caller may know.
    #[must_use]
    pub fn duplicate(code: &'static str, detail: &'static str, existing: Uuid) -> Self {
        Self::Conflict { code, detail, existing: Some(existing) }
    }

    /// One bad field.
    #[must_use]
    pub fn field(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        let mut problems = Problems::default();
        problems.add(field, code, message);
        Self::Invalid(problems)
    }

    /// A bug of ours, with what is known of it.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// The stable name of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Forbidden(refusal) => refusal.code(),
            Self::Unauthenticated(Unauthenticated::NoSession) => "unauthenticated",
            Self::Unauthenticated(Unauthenticated::WrongCredentials) => "wrong_credentials",
            Self::Invalid(_) => "invalid",
            Self::Unreadable { why: Unreadable::Malformed, .. } => "malformed_json",
            Self::Unreadable { why: Unreadable::TooLarge, .. } => "too_large",
            Self::Unreadable { why: Unreadable::MediaType, .. } => "unsupported_media_type",
            Self::Conflict { code, .. } => code,
            Self::Stale { .. } => "stale",
            Self::TooMany { .. } => "too_many_requests",
            Self::Unsupported(_) => "unsupported",
            Self::Busy { .. } => "busy",
            Self::Provider(_) => "provider_failed",
            Self::Store(error) if error.is_temporary() => "unavailable",
            Self::Store(_) | Self::Internal(_) => "internal",
        }
    }

    /// Whether the same call may work later without anything being changed.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::TooMany { .. } | Self::Busy { .. } => true,
            Self::Conflict { code, .. } => *code == "in_progress",
            Self::Provider(error) => error.is_transient(),
            Self::Store(error) => error.is_temporary(),
            _ => false,
        }
    }
}

/// Bad fields, each with a stable code and a sentence that says what would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Problem>);

/// One bad field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Where: `email`, `client.email`, `project_ids[2]`.
    pub field: String,
    /// `required`, `invalid`, `too_long`, `not_found` …
    pub code: &'static str,
    /// What would do.
    pub message: String,
}

impl Problems {
    /// Notes a bad field. The first finding about a field stands: later ones follow from it.
    pub fn add(&mut self, field: impl Into<String>, code: &'static str, message: impl Into<String>) {
        let field = field.into();
        if !self.names(&field) {
            self.0.push(Problem { field, code, message: message.into() });
        }
    }

    /// Whether something was found about this field.
    #[must_use]
    pub fn names(&self, field: &str) -> bool {
        self.0.iter().any(|problem| problem.field == field)
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All findings, in the order in which they were made.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    /// Nothing found, or the error that says what.
    pub fn into_result(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { ", " };
            write!(f, "{gap}{} ({})", problem.field, problem.code)?;
        }
        Ok(())
    }
}

/// A text that names none of an enum's values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {0} has this name")]
pub struct UnknownName(pub &'static str);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_none_and_a_database_that_is_away_is_an_error() {
        assert!(matches!(found::<()>(Err(Error::NotFound)), Ok(None)));
        assert!(matches!(found(Ok(7)), Ok(Some(7))));
        assert!(matches!(found::<()>(Err(Error::Store(StoreError::Conflict))), Err(Error::Store(_))));
    }
}
